"""Tables: a unit's scorecard, children in a grid, sources, runs and rejections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash_ag_grid import AgGrid

from ioc.domain.messages import explain, say
from ioc.domain.view import View
from ioc.domain.words import (
    age_words,
    change_words,
    counts_words,
    figure_words,
    gap_words,
    moment_words,
    number,
    period_words,
    status_sign,
    status_words,
)
from ioc.queries.answers import Cell, RejectionRow, RunRow, SourceRow
from layouts import components as parts
from layouts.goals import target_short
from layouts.links import unit_links

GRID_ROW = 34


def scorecard(cells: Iterable[Cell], view: View, now: datetime, *, focus: str) -> html.Table:
    """All indicators of a unit, in groups; the one in focus is marked, a name leads to charts."""
    lang = view.lang
    body: list[Component] = []
    for group, members in groupby(cells, key=lambda cell: cell.indicator.group):
        title = say(lang, f"indicator.group_{group.value}")
        body.append(html.Tr(html.Th(title, colSpan=6, scope="rowgroup"), className="group"))
        body += [_score_row(cell, view, now, cell.indicator.code == focus) for cell in members]
    heads = ("indicator", "value", "target", "status", "change", "age")
    names = [
        html.Th(say(lang, f"screen.col_{one}"), scope="col", className=f"col-{one}")
        for one in heads
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="scorecard")


def _score_row(cell: Cell, view: View, now: datetime, chosen: bool) -> html.Tr:
    lang = view.lang
    name = dcc.Link(
        cell.indicator.short.say(lang),
        href=view.href(indicator=cell.indicator.code),
        title=cell.indicator.name.say(lang),
    )
    counts = parts.counts_line(cell, lang)
    value = [
        parts.figure_span(cell, lang),
        html.Span(counts, className="counts-line") if counts else None,
    ]
    goal = target_short(cell.indicator, cell.target, lang)
    when = period_words(cell.period, lang, short=True) if cell.period else ""
    age = [
        html.Span(when, className="when"),
        parts.age_span(cell.received, now, lang),
        *parts.warnings(cell, now, lang),
        parts.illustrative_mark(lang, cell.figure.illustrative),
    ]
    return html.Tr(
        [
            html.Th(name, scope="row", className="indicator"),
            html.Td(value, className="value"),
            html.Td(goal, className="target"),
            html.Td(parts.chip(cell.status, lang), className="status"),
            html.Td(parts.change_span(cell, lang), className="change-cell"),
            html.Td([one for one in age if one is not None], className="age-cell"),
        ],
        className="is-chosen" if chosen else "",
    )


def grid(name: str, cells: Sequence[Cell], view: View) -> AgGrid:
    """Units as a table to sort and filter; Vietnamese order and numbers, words made here."""
    link = unit_links(view, cells[0].indicator.code if cells else None)
    return AgGrid(
        id={"type": "grid", "name": name},
        rowData=[_grid_row(cell, link(cell.unit), view.lang) for cell in cells],
        columnDefs=_columns(cells, view.lang),
        defaultColDef={"sortable": True, "resizable": True, "minWidth": 90, "filter": True},
        columnSize="responsiveSizeToFit",
        dashGridOptions={
            "rowHeight": GRID_ROW,
            "headerHeight": 36,
            "animateRows": False,
            "suppressCellFocus": False,
            "enableCellTextSelection": True,
            "getRowId": {"function": "params.data.key"},
            "localeText": _grid_words(view.lang),
        },
        getRowId="params.data.key",
        style={"height": f"{min(len(cells), 14) * GRID_ROW + 40}px", "width": "100%"},
        className="ag-theme-quartz grid",
        dangerously_allow_code=False,
    )


def _grid_row(cell: Cell, href: str, lang: str) -> dict[str, Any]:
    of, figure = cell.indicator, cell.figure
    both = figure.numerator is not None and figure.denominator is not None
    return {
        "key": cell.unit.key,
        "href": href,
        "name": cell.unit.name,
        "value": None if figure.value is None else float(figure.value * of.unit_factor),
        "value_words": figure_words(of, figure, lang),
        "counts": counts_words(of, figure, lang) if both else "",
        "status": status_words(cell.status, lang),
        "status_sign": status_sign(cell.status),
        "status_code": cell.status.value,
        "target": None if cell.target is None else float(cell.target.value * of.unit_factor),
        "target_words": target_short(of, cell.target, lang),
        "gap": None if cell.gap is None else float(cell.gap * of.unit_factor),
        "gap_words": gap_words(of, cell.gap, lang) if cell.gap is not None else "",
        "change": None if cell.change is None else float(cell.change * of.unit_factor),
        "change_words": change_words(of, cell.change, lang) if cell.change is not None else "",
        "period": period_words(cell.period, lang, short=True) if cell.period else "",
        "illustrative": say(lang, "words.illustrative") if figure.illustrative else "",
    }


def _columns(cells: Sequence[Cell], lang: str) -> list[dict[str, Any]]:
    """The columns; those that would say the same in every row are left to the head of the card."""

    def head(name: str, **more: Any) -> dict[str, Any]:
        return {"field": name, "headerName": say(lang, f"screen.col_{name}"), **more}

    def figures(name: str, width: int) -> dict[str, Any]:
        return head(
            name,
            minWidth=width,
            filter="agNumberColumnFilter",
            type="rightAligned",
            comparator={"function": "emptyLast"},
            valueFormatter={"function": f"words(params, '{name}_words')"},
            cellClass=["figure", "ag-right-aligned-cell"],
        )

    name = head(
        "name",
        cellRenderer="UnitLink",
        comparator={"function": "vietnamese"},
        filter="agTextColumnFilter",
        filterParams={"textFormatter": {"function": "folded"}},
        pinned="left",
        minWidth=190,
        flex=2,
    )
    columns = [
        name,
        figures("value", 105),
        head("counts", minWidth=150, sortable=False, cellClass="figure"),
        figures("target", 110),
        figures("gap", 135),
        head("status", cellRenderer="StatusChip", minWidth=145),
        figures("change", 135),
    ]
    if len({cell.period for cell in cells}) > 1:
        columns.append(head("period", minWidth=95))
    if len({cell.figure.illustrative for cell in cells}) > 1:
        columns.append(head("illustrative", minWidth=135))
    return columns


def _grid_words(lang: str) -> dict[str, str]:
    names = (
        "contains", "notContains", "equals", "notEqual", "startsWith", "endsWith", "blank",
        "notBlank", "lessThan", "greaterThan", "lessThanOrEqual", "greaterThanOrEqual", "inRange",
        "andCondition", "orCondition", "filterOoo", "noRowsToShow", "applyFilter", "resetFilter",
    )  # fmt: skip
    return {name: say(lang, f"screen.grid_{name.lower()}") for name in names}


def sources(rows: Sequence[SourceRow], now: datetime, view: View) -> html.Table:
    """All sources: state in words, last and next run, age, rows and rejections."""
    lang = view.lang
    heads = ("source", "state", "last", "next", "rows", "rejections", "event")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [_source_row(row, now, view) for row in rows]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="sources")


def state_chip(state: str, lang: str) -> html.Span:
    """The state of a source as shape, colour and word."""
    known = state if state in ("ok", "failing", "never", "stopped", "late") else "never"
    sign = {"ok": "●", "failing": "▼", "late": "◆", "stopped": "■", "never": "○"}[known]
    word = html.Span(say(lang, f"sources_page.state_{known}"), className="word")
    return html.Span([html.Span(sign, className="sign"), word], className=f"chip state-{known}")


def _source_row(row: SourceRow, now: datetime, view: View) -> html.Tr:
    lang = view.lang
    name = [
        dcc.Link(
            row.title, href=view.href(page="source", source=row.name), className="source-name"
        ),
        html.Span(f"{row.name} · {row.connector} · {row.schedule}", className="source-code"),
        parts.illustrative_mark(lang, row.illustrative),
    ]
    last = (
        [
            parts.age_span(row.last.finished or row.last.started, now, lang),
            html.Span(say(lang, f"sources_page.outcome_{row.last.outcome}"), className="outcome"),
        ]
        if row.last
        else say(lang, "sources_page.no_run")
    )
    coming = moment_words(row.next_run, lang) if row.next_run else "–"
    return html.Tr(
        [
            html.Th([one for one in name if one is not None], scope="row", className="source"),
            html.Td(state_chip(row.state, lang), className="state"),
            html.Td(last, className="last"),
            html.Td(coming, className="next"),
            html.Td(number(row.observations, lang), className="rows figure"),
            html.Td(number(row.rejections, lang), className="rejections figure"),
            html.Td(event_words(row, now, lang), className="event"),
        ],
        className=f"source-row state-{row.state}",
    )


def event_words(row: SourceRow, now: datetime, lang: str) -> list[Component]:
    """When the source broke and why, when it came back, and the last good reading."""
    said: list[Component] = []
    if row.broken_since is not None:
        broken = say(
            lang,
            "sources_page.broken",
            moment=moment_words(row.broken_since, lang),
            age=age_words(now - row.broken_since, lang),
        )
        said.append(html.Span(broken, className="log is-break"))
        if row.last is not None and row.last.code:
            reason = explain(lang, row.last.code, row.last.params)
            said.append(html.Span(reason, className="log-reason"))
    elif row.recovered_at is not None:
        moment = moment_words(row.recovered_at, lang)
        said.append(
            html.Span(say(lang, "sources_page.recovered", moment=moment), className="log is-back")
        )
    if row.state != "ok" and row.last_good is not None:
        moment = moment_words(row.last_good, lang)
        words = say(lang, "sources_page.last_good", moment=moment)
        said.append(html.Span(words, className="log"))
    return said


def runs(rows: Sequence[RunRow], view: View) -> html.Table:
    """The runs of a source, newest first, with the reason where one failed."""
    lang = view.lang
    heads = ("started", "outcome", "read", "added", "unchanged", "rejected", "reason")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [
        html.Tr(
            [
                html.Td(moment_words(row.started, lang), className="figure"),
                html.Td(
                    html.Span(
                        say(lang, f"sources_page.outcome_{row.outcome}"),
                        className=f"outcome outcome-{row.outcome}",
                    )
                ),
                *(
                    html.Td(number(count, lang), className="figure number")
                    for count in (row.read, row.added, row.unchanged, row.rejected)
                ),
                html.Td(explain(lang, row.code, row.params) if row.code else ""),
            ]
        )
        for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="runs")


def rejections(rows: Sequence[RejectionRow], view: View) -> html.Table:
    """Refused records: where each stood, why it was refused, and what it said."""
    lang = view.lang
    heads = ("place", "reason", "record")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [
        html.Tr(
            [
                html.Td(row.place),
                html.Td(explain(lang, row.code, row.params)),
                html.Td(html.Code(_record(row.record))),
            ]
        )
        for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="rejected")


def _record(text: str) -> str:
    with suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text if len(text) <= 300 else text[:299] + "…"
