"""Why a figure changed between two periods: an exact account by the units below."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.period import Grain, Period
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import period_words
from ioc.queries.desk import Desk
from ioc.queries.why_answers import Why
from ioc.web.page import Page
from layouts import analysis_picks, heads, states, why_cards
from layouts import components as parts
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage

BACK = {Grain.MONTH: 24, Grain.QUARTER: 8, Grain.HALF: 4, Grain.YEAR: 3}


def _load(desk: Desk, view: View, scope: Scope) -> Why:
    from ioc.queries.why import why

    return why(desk, view, scope)


def title(answer: Why, view: View) -> str:
    """What changed, and of whom."""
    name = answer.indicator.short.say(view.lang)
    return say(view.lang, "why.title", indicator=name, unit=answer.unit.name)


def render(answer: Why, view: View) -> Component:
    """The page; a wall shows the account and its chart."""
    lang = view.lang
    if view.wall:
        short = say(
            lang, "why.title", indicator=answer.indicator.short.say(lang), unit=answer.unit.short
        )
        # The times of the figures name both periods.
        facts = _facts(answer, view)[: 1 if answer.cells else None]
        name = wall_head(short, view, answer.stamp, cells=answer.cells, facts=facts)
        shown = [why_cards.chart(answer, view) or why_cards.summary(answer, view)]
        return stage("why", name, list(shown), view, answer.stamp)
    return html.Div(
        [
            heads.desk_head(
                title(answer, view),
                view,
                answer.stamp,
                above=parts.crumbs(answer.crumbs, view),
                under=_facts(answer, view),
            ),
            _picks(answer, view),
            why_cards.summary(answer, view),
            states.part(lambda: why_cards.chart(answer, view), lang),
            why_cards.table(answer, view),
            why_cards.method(answer, view),
        ],
        className="page page-why",
    )


def _facts(answer: Why, view: View) -> tuple[str | None, ...]:
    lang = view.lang
    if answer.period is None or answer.before is None:
        return answer.indicator.code, say(lang, "screen.no_period")
    span = {
        "before": period_words(answer.before, lang),
        "now": period_words(answer.period, lang),
    }
    return answer.indicator.code, say(lang, "why.span", **span)


def _picks(answer: Why, view: View) -> html.Div:
    """Whose change, of which indicator, between which periods."""
    lang, option = view.lang, analysis_picks.option
    units = [option(one.name, view.href(unit=one.key)) for one in answer.units]
    here = view.href(unit=answer.unit.key)
    if all(one["value"] != here for one in units):
        units.append(option(answer.unit.name, here))
    shown = [analysis_picks.pick("why-unit", say(lang, "why.pick_unit"), units, here, view)]
    offered = [one for one in answer.indicators if one != answer.indicator]
    listed = [
        option(f"{one.code} · {one.short.say(lang)}", _to(answer, view, one.code, one.calendar))
        for one in (answer.indicator, *offered)
    ]
    words = say(lang, "why.pick_indicator")
    chosen = _to(answer, view, answer.indicator.code, answer.indicator.calendar)
    shown.append(analysis_picks.pick("why-indicator", words, listed, chosen, view))
    if answer.period is not None and answer.before is not None:
        shown.append(_periods("period", answer.period, answer, view))
        shown.append(_periods("before", answer.before, answer, view))
    return analysis_picks.bar(shown, say(lang, "why.pick"))


def _to(answer: Why, view: View, code: str, calendar: object) -> str:
    """Another indicator; periods of another calendar say nothing there."""
    if calendar is answer.indicator.calendar:
        return view.href(indicator=code)
    return view.href(indicator=code, period=None, before=None, calendar=calendar)


def _periods(part: str, chosen: Period, answer: Why, view: View) -> html.Div:
    lang, now = view.lang, answer.period
    assert now is not None  # asked only then
    newest = now if part == "period" else now.previous
    count = BACK.get(now.grain, 12)
    offered = [newest.shift(-step) for step in range(count)]
    if part == "period":
        offered = [now.shift(step) for step in range(1, -count, -1)]
    if chosen not in offered:
        offered.append(chosen)
    options = []
    for one in offered:
        before = answer.before
        changes = {"period": one, "before": before if before and before < one else None}
        if part == "before":
            changes = {"period": now, "before": one}
        address = view.href(calendar=one.calendar, **changes)
        options.append(analysis_picks.option(period_words(one, lang), address))
    same = {"period": now, "before": answer.before, "calendar": chosen.calendar}
    words = say(lang, f"why.pick_{part}")
    return analysis_picks.pick(f"why-{part}", words, options, view.href(**same), view)


PAGE = Page(
    name="why", title=title, load=_load, render=render, nav="why.nav", order=50, filters=True
)
