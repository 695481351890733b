"""Units of a similar structure: who improved most, and what practices they recorded."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.period import Grain, Period
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import period_words
from ioc.queries.desk import Desk
from ioc.queries.peers_answers import Known, Peers
from ioc.web.page import Page
from layouts import analysis_picks, cards, heads, peers_cards, states
from layouts import components as parts
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage

BACK = {Grain.MONTH: 24, Grain.QUARTER: 8, Grain.HALF: 4, Grain.YEAR: 3}


def _load(desk: Desk, view: View, scope: Scope) -> Peers:
    from ioc.queries.peers import similar

    return similar(desk, view, scope)


def title(answer: Peers, view: View) -> str:
    """Of whom, and by which indicator."""
    if answer.known is Known.NO_UNIT:
        return say(view.lang, "peers.title", unit=answer.unit.name)
    name = answer.indicator.short.say(view.lang)
    return say(view.lang, "peers.title_of", unit=answer.unit.name, indicator=name)


def render(answer: Peers, view: View) -> Component:
    """The page; a wall shows who improved."""
    shown = _body(answer, view)
    if view.wall:
        facts = (answer.indicator.code,) if answer.cells else ()
        name = wall_head(title(answer, view), view, answer.stamp, cells=answer.cells, facts=facts)
        return stage("peers", name, shown[:1], view, answer.stamp)
    span = None
    if answer.period is not None and answer.before is not None:
        words = {
            "before": period_words(answer.before, view.lang),
            "now": period_words(answer.period, view.lang),
        }
        span = say(view.lang, "why.span", **words)
    return html.Div(
        [
            heads.desk_head(
                title(answer, view),
                view,
                answer.stamp,
                above=parts.crumbs(answer.crumbs, view),
                under=(answer.indicator.code, span),
            ),
            _picks(answer, view),
            *shown,
        ],
        className="page page-peers",
    )


def _body(answer: Peers, view: View) -> list[Component | None]:
    if answer.known is Known.NO_UNIT:
        lang = view.lang
        words = say(lang, "peers.choose"), say(lang, "peers.choose_hint")
        blank = states.blank(*words, className="wall-blank" if view.wall else "")
        return [cards.panel(say(lang, "peers.rows"), blank)]
    return [
        peers_cards.improved(answer, view),
        peers_cards.features(answer, view),
        states.part(lambda: peers_cards.practices(answer, view), view.lang),
    ]


def _picks(answer: Peers, view: View) -> html.Div:
    """Whose peers, by which indicator, between which periods."""
    lang, option = view.lang, analysis_picks.option
    here = view.href(unit=answer.unit.key)
    units = [option(one.name, view.href(unit=one.key)) for one in answer.units]
    if all(one["value"] != here for one in units):
        units.insert(0, option(say(lang, "peers.choose"), here))
    shown = [analysis_picks.pick("peers-unit", say(lang, "peers.pick_unit"), units, here, view)]
    listed = [
        option(
            f"{one.code} · {one.short.say(lang)}",
            view.href(indicator=one.code, period=None, before=None, calendar=one.calendar)
            if one.calendar is not answer.indicator.calendar
            else view.href(indicator=one.code),
        )
        for one in answer.indicators
    ]
    chosen = view.href(indicator=answer.indicator.code)
    if all(one["value"] != chosen for one in listed):
        listed.insert(0, option(answer.indicator.short.say(lang), chosen))
    words = say(lang, "peers.pick_indicator")
    shown.append(analysis_picks.pick("peers-indicator", words, listed, chosen, view))
    if answer.period is not None and answer.before is not None:
        shown.append(_periods("period", answer.period, answer.before, view))
        shown.append(_periods("before", answer.period, answer.before, view))
    return analysis_picks.bar(shown, say(lang, "peers.pick"))


def _periods(part: str, now: Period, before: Period, view: View) -> html.Div:
    lang, count = view.lang, BACK.get(now.grain, 12)
    options = []
    for step in range(-1 if part == "period" else 1, count + 1):
        one = now.shift(-step)
        kept = before if before < one else None
        changes = {"period": one, "before": kept} if part == "period" else {"before": one}
        given = {"period": now, "calendar": now.calendar, **changes}
        options.append(analysis_picks.option(period_words(one, lang), view.href(**given)))
    here = view.href(period=now, before=before, calendar=now.calendar)
    if all(one["value"] != here for one in options):
        chosen = now if part == "period" else before
        options.append(analysis_picks.option(period_words(chosen, lang), here))
    words = say(lang, f"peers.pick_{part}")
    return analysis_picks.pick(f"peers-{part}", words, options, here, view)


PAGE = Page(
    name="peers", title=title, load=_load, render=render, nav="peers.nav", order=51, filters=True
)
