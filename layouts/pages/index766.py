"""The 766 index: official scores, what they come from, and where a recomputation differs."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import period_words
from ioc.queries.desk import Desk
from ioc.queries.index766_answers import Index766Page
from ioc.web.page import Page
from layouts import (
    analysis_picks,
    cards,
    heads,
    index766_cards,
    index766_rows,
    index766_wall,
    states,
)
from layouts import components as parts
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage


def _load(desk: Desk, view: View, scope: Scope) -> Index766Page:
    from ioc.queries.index766 import index766

    return index766(desk, view, scope)


def title(answer: Index766Page, view: View) -> str:
    """What the page is about, and of whom."""
    key = "title_list" if answer.placed else "title"
    return say(view.lang, f"index766.{key}", unit=answer.unit.name)


def render(answer: Index766Page, view: View) -> Component:
    """The page on the desk; the wall shows its totals, groups and trend."""
    if view.wall:
        return _wall(answer, view)
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
            *_body(answer, view),
        ],
        className="page page-index766",
    )


def _facts(answer: Index766Page, view: View) -> tuple[str | None, ...]:
    lang = view.lang
    when = period_words(answer.period, lang) if answer.period else say(lang, "screen.no_period")
    version = None
    if answer.version is not None:
        version = say(lang, "index766.version_line", version=answer.version.name.say(lang))
    return answer.indicator.code, when, version


def _body(answer: Index766Page, view: View) -> list[Component | None]:
    lang = view.lang
    if answer.placed:
        return [index766_cards.listed(answer, view), index766_cards.versions(answer, view)]
    if answer.period is None:
        blank = states.blank(say(lang, "index766.empty"), say(lang, "index766.empty_hint"))
        return [cards.panel(say(lang, "index766.scores"), blank)]
    return [
        html.Div(
            [index766_cards.totals(answer, view), index766_cards.differences(answer, view)],
            className="row-index",
        ),
        index766_rows.panel(answer, view),
        states.part(lambda: index766_cards.line(answer, view), lang),
        index766_cards.versions(answer, view),
    ]


def _picks(answer: Index766Page, view: View) -> html.Div | None:
    """Which unit and which period: the units beside this one, the periods told row by row."""
    lang = view.lang
    shown = []
    if answer.siblings:
        above = "gov" if answer.unit.level == "ministry" else "local"
        options = [analysis_picks.option(say(lang, "index766.all_units"), view.href(unit=above))]
        options += [
            analysis_picks.option(one.name, view.href(unit=one.key)) for one in answer.siblings
        ]
        here = view.href(unit=answer.unit.key)
        shown.append(
            analysis_picks.pick(
                "index766-unit", say(lang, "index766.pick_unit"), options, here, view
            )
        )
    periods = list(answer.periods)
    if answer.period is not None and answer.period not in periods:
        periods.insert(0, answer.period)
    if periods and answer.period is not None:
        options = [
            analysis_picks.option(period_words(one, lang), view.href(period=one)) for one in periods
        ]
        here = view.href(period=answer.period)
        words = say(lang, "index766.pick_period")
        shown.append(analysis_picks.pick("index766-period", words, options, here, view))
    return analysis_picks.bar(shown, title(answer, view)) if shown else None


def _wall(answer: Index766Page, view: View) -> Component:
    told = [one.cell for one in answer.placed]
    if answer.official is not None:
        told.append(answer.official)
    code, when, _ = _facts(answer, view)
    name = wall_head(
        say(view.lang, "index766.title", unit=answer.unit.short),
        view,
        answer.stamp,
        cells=told,
        facts=(code,) if told else (code, when),
    )
    return stage("index766", name, index766_wall.body(answer, view), view, answer.stamp)


PAGE = Page(
    name="index766",
    title=title,
    load=_load,
    render=render,
    nav="index766.nav",
    order=35,
    filters=True,
)
