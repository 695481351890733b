"""The last revisions: figures that changed after they were shown, from, to, when, by whom."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import change_words, moment_words, number, period_words
from ioc.queries.desk import Desk
from ioc.queries.revision_answers import RevisionRow, Revisions
from ioc.web.page import Page
from layouts import cards, heads, sheets, states
from layouts.attributes import attributes
from layouts.record_links import record_href
from layouts.revised_marks import both

_HEADS = ("at", "what", "unit", "period", "then", "now", "moved", "source")


def _load(desk: Desk, view: View, scope: Scope) -> Revisions:
    from ioc.queries.revisions import revisions

    return revisions(desk, view, scope)


def title(answer: Revisions, view: View) -> str:
    """The page's name."""
    return say(view.lang, "revisions.title")


def render(answer: Revisions, view: View) -> Component:
    """The list, newest first, with its filters and as a file."""
    lang = view.lang
    key = "revisions.count_more" if answer.more else "revisions.count"
    count = say(lang, key, count=number(answer.count, lang))
    head = heads.desk_head(title(answer, view), view, answer.stamp, under=(answer.unit.name, count))
    hint = "revisions.none_past" if view.known_at else "revisions.none_hint"
    body: list[Component | None] = [
        states.blank(say(lang, "revisions.none"), say(lang, hint), sign="●")
    ]
    tools: list[Component] = []
    if answer.rows:
        body = [
            html.Div(_table(answer, view), className="scroll-x", tabIndex=0),
            sheets.turner(answer.sheet, answer.sheets, view),
        ]
        csv = say(lang, "revisions.csv")
        tools = [html.A(csv, href=cards.csv_href(view, "rows"), className="refused-csv")]
    listed = cards.panel(
        say(lang, "revisions.title"),
        [sheets.chips(_narrowed(answer, view), lang), *body],
        say(lang, "revisions.line"),
        *tools,
        className="revisions-card",
    )
    return html.Div([head, listed], className="page page-revisions")


def _narrowed(answer: Revisions, view: View) -> list[tuple[str, str]]:
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


def _table(answer: Revisions, view: View) -> html.Table:
    lang = view.lang
    names = [
        html.Th(say(lang, f"revisions.col_{one}"), scope="col", className=f"col-{one}")
        for one in _HEADS
    ]
    body = [_row(one, view) for one in answer.rows]
    return html.Table(
        [html.Thead(html.Tr(names)), html.Tbody(body)], className="quality-rows revisions-rows"
    )


def _row(one: RevisionRow, view: View) -> html.Tr:
    lang, of = view.lang, one.indicator
    then, now = both(of, one.then, one.now, lang)
    record = record_href(view, one.unit.key, of.code, one.period, one.part)
    since = say(lang, "revisions.shown_since", moment=moment_words(one.shown_at, lang))
    moved = ""
    if one.then.value is not None and one.now.value is not None:
        moved = change_words(of, one.now.value - one.then.value, lang)
    part = of.breakdown_words(one.part)
    what = [
        dcc.Link(of.short.say(lang), href=view.href(indicator=of.code, sheet=1)),
        html.Span(part.say(lang), className="hint") if part else None,
    ]

    def label(name: str) -> dict[str, Any]:
        return attributes(data_label=say(lang, f"revisions.col_{name}"))

    return html.Tr(
        [
            html.Td(moment_words(one.at, lang), className="figure", **label("at")),
            html.Th([item for item in what if item is not None], scope="row"),
            html.Td(dcc.Link(one.unit.short, href=view.href(unit=one.unit.key, sheet=1))),
            html.Td(period_words(one.period, lang, short=True), **label("period")),
            html.Td(then, className="figure number", title=since, **label("then")),
            html.Td(
                dcc.Link(now, href=record, title=say(lang, "revisions.record")),
                className="figure number is-now",
                **label("now"),
            ),
            html.Td(moved, className="figure number", **label("moved")),
            html.Td(_source(one, lang), **label("source")),
        ]
    )


def _source(one: RevisionRow, lang: str) -> Component | str:
    if one.name is None or one.source is None:
        return say(lang, "revisions.source_sum")
    return dcc.Link(one.source, href=View(page="source", source=one.name, lang=lang).href())


PAGE = Page(name="revisions", title=title, load=_load, render=render, filters=True)
