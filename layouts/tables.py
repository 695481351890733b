"""Tables: a unit's scorecard, children in a grid, sources, runs and rejections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import (
    period_words,
)
from ioc.queries.answers import Cell
from layouts import changed, pace_rule, states
from layouts import components as parts
from layouts.attributes import attributes
from layouts.goals import target_short
from layouts.record_links import record_link


def scorecard(cells: Iterable[Cell], view: View, now: datetime, *, focus: str) -> html.Table:
    """All indicators of a unit, in groups; the one in focus is marked, a name leads to charts.

    Rows say that they are illustrative where some are and some are not; otherwise the card does.
    """
    lang = view.lang
    cells = list(cells)
    mixed = len({cell.figure.illustrative for cell in cells if tells(cell)}) > 1
    body: list[Component] = []
    for group, members in groupby(cells, key=lambda cell: cell.indicator.group):
        title = say(lang, f"indicator.group_{group.value}")
        body.append(html.Tr(html.Th(title, colSpan=6, scope="rowgroup"), className="group"))
        body += [
            _score_row(cell, view, now, cell.indicator.code == focus, mark=mixed)
            for cell in members
        ]
    heads = ("indicator", "value", "target", "status", "change", "age")
    names = [
        html.Th(say(lang, f"screen.col_{one}"), scope="col", className=f"col-{one}")
        for one in heads
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="scorecard")


def tells(cell: Cell) -> bool:
    """Whether a cell holds a figure, of which one can ask if it is made up."""
    return cell.figure.value is not None or cell.figure.numerator is not None


def _score_row(cell: Cell, view: View, now: datetime, chosen: bool, *, mark: bool) -> html.Tr:
    lang = view.lang
    name = dcc.Link(
        cell.indicator.short.say(lang),
        href=view.href(indicator=cell.indicator.code),
        title=cell.indicator.name.say(lang),
    )
    counts = parts.counts_line(cell, lang)
    value = [
        record_link(view, cell, parts.figure_span(cell, lang)),
        changed.now_line(cell, lang),
        html.Span(counts, className="counts-line") if counts else None,
    ]
    goal = target_short(cell.indicator, cell.target, lang)
    labelled = attributes(data_label=say(lang, "screen.col_target")) if goal else {}
    when = period_words(cell.period, lang, short=True) if cell.period else ""
    age = [
        html.Span(when, className="score-when"),
        parts.age_span(cell.received, now, lang),
        *states.warnings(cell, now, lang),
        parts.illustrative_mark(lang, mark and cell.figure.illustrative),
    ]
    return html.Tr(
        [
            html.Th(name, scope="row", className="indicator"),
            html.Td(value, className="value"),
            html.Td(goal, className="target", **labelled),
            html.Td(pace_rule.chip(cell, view, short=True), className="status"),
            html.Td(parts.change_span(cell, lang), className="change-cell"),
            html.Td([one for one in age if one is not None], className="age-cell"),
        ],
        className="is-chosen" if chosen else "",
    )
