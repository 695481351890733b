"""Where figures disagree: two sources, a total and its parts, the parts of an item."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import number, period_words
from ioc.queries.desk import Desk
from ioc.queries.difference_answers import PERIODS, Differences
from ioc.web.page import Page
from layouts import cards, difference_tables, heads, sheets, states
from layouts import components as parts


def _load(desk: Desk, view: View, scope: Scope) -> Differences:
    from ioc.queries.differences import differences

    return differences(desk, view, scope)


def title(answer: Differences, view: View) -> str:
    """The page's name."""
    return say(view.lang, "quality.differences_title")


def render(answer: Differences, view: View) -> Component:
    """The list of one kind of differences, the biggest first."""
    lang = view.lang
    periods = number(PERIODS, lang)
    looked = say(lang, "quality.differences_looked", periods=periods)
    head = heads.desk_head(
        title(answer, view), view, answer.stamp, under=(answer.unit.name, looked)
    )
    if not answer.asked:
        past = states.blank(
            say(lang, "quality.differences_past"), say(lang, "quality.differences_past_hint")
        )
        return html.Div([head, cards.panel(title(answer, view), past)], className="page")
    options = [
        (
            f"{say(lang, f'quality.form_{name}')} ({number(count, lang)})",
            view.href(form=name, sheet=1),
            name == answer.form,
        )
        for name, count in answer.counts
    ]
    body: list[Component | None] = [
        sheets.chips(_narrowed(answer, view), lang),
        _listed(answer, view),
        sheets.turner(answer.sheet, answer.sheets, view),
    ]
    listed = cards.panel(
        say(lang, f"quality.form_{answer.form}"),
        [one for one in body if one is not None],
        say(lang, f"quality.differences_line_{answer.form}"),
    )
    switch = parts.pills(options, say(lang, "quality.switch"))
    return html.Div([head, switch, listed], className="page page-differences")


def _listed(answer: Differences, view: View) -> Component:
    lang = view.lang
    if answer.pairs:
        table = difference_tables.pairs(answer.pairs, view)
    elif answer.sums:
        table = difference_tables.sums(answer.sums, view)
    elif answer.items:
        table = difference_tables.items(answer.items, view)
    else:
        hint = say(lang, "quality.differences_none_hint", periods=number(PERIODS, lang))
        return states.blank(say(lang, "quality.differences_none"), hint, sign="●")
    return html.Div(table, className="scroll-x", tabIndex=0)


def _narrowed(answer: Differences, view: View) -> list[tuple[str, str]]:
    lang = view.lang
    found = []
    if view.unit != "vn":
        words = say(lang, "revisions.only_unit", unit=answer.unit.short)
        found.append((words, view.href(unit="vn", sheet=1)))
    if answer.chosen is not None:
        words = say(lang, "revisions.only_indicator", code=answer.chosen.code)
        found.append((words, view.href(indicator=None, sheet=1)))
    if view.period is not None:
        words = say(lang, "revisions.only_period", period=period_words(view.period, lang))
        found.append((words, view.href(period=None, sheet=1)))
    return found


PAGE = Page(name="differences", title=title, load=_load, render=render, filters=True)
