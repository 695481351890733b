"""The grid of units: to sort, filter and search, in Vietnamese order and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash.development.base_component import Component
from dash_ag_grid import AgGrid

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import (
    change_words,
    figure_words,
    gap_words,
    moment_words,
    number,
    period_words,
    status_sign,
    status_words,
)
from ioc.queries.answers import Cell
from ioc.web.page import Ground, ground
from layouts import changed, grid_table, held_marks, rank_words, revised_marks
from layouts.goals import target_short
from layouts.links import chosen, unit_links
from layouts.record_links import cell_href

GRID_ROW = 34
_HEADS = {"rank": "pace.col_rank"}
HEAD = 48
"""Height of a row and of the head, in px; heads break into two lines."""


def grid(name: str, cells: Sequence[Cell], view: View) -> Component:
    """Units as a table to sort and filter; Vietnamese order and numbers, words made here.

    A file, in which nothing can be scrolled, gets all rows as a plain table.
    """
    link = unit_links(view, cells[0].indicator.code if cells else None)
    keys = chosen((cell.unit for cell in cells), view)
    rows = [
        _grid_row(cell, link(cell.unit), cell_href(view, cell), view.lang, keys) for cell in cells
    ]
    if ground() is not Ground.SCREEN:
        return grid_table.table(rows, _columns(cells, view.lang))
    made: Component = AgGrid(
        id={"type": "grid", "name": name},
        rowData=rows,
        columnDefs=[_picks(view.lang), *_columns(cells, view.lang)],
        rowClassRules={"is-back": "params.data.back", "is-picked": "params.data.picked"},
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "minWidth": 80,
            "filter": True,
            "wrapHeaderText": True,
        },
        columnSize="responsiveSizeToFit",
        dashGridOptions={
            "rowHeight": GRID_ROW,
            "headerHeight": HEAD,
            "animateRows": False,
            "suppressCellFocus": False,
            "enableCellTextSelection": True,
            "getRowId": {"function": "params.data.key"},
            "localeText": _grid_words(view.lang),
        },
        getRowId="params.data.key",
        style={"height": f"{min(len(cells), 14) * GRID_ROW + HEAD + 4}px", "width": "100%"},
        className="ag-theme-quartz grid",
        dangerously_allow_code=False,
    )
    return made


def _picks(lang: str) -> dict[str, Any]:
    """The column of boxes that choose units; the others step back."""
    return {
        "field": "picked",
        "headerName": say(lang, "filters.pick"),
        "headerTooltip": say(lang, "filters.pick"),
        "headerClass": "is-silent",
        "cellRenderer": "PickBox",
        "filter": False,
        "resizable": False,
        "minWidth": 42,
        "maxWidth": 42,
    }


def _grid_row(
    cell: Cell, href: str, record: str, lang: str, keys: frozenset[str]
) -> dict[str, Any]:
    of, figure = cell.indicator, cell.figure
    return {
        "key": cell.unit.key,
        "picked": cell.unit.key in keys,
        "back": bool(keys) and cell.unit.key not in keys,
        "href": href,
        "name": cell.unit.name,
        "rank": cell.rank,
        "rank_words": rank_words.short(cell.place),
        "likely": _likely(cell, lang),
        "value": None if figure.value is None else float(figure.value * of.unit_factor),
        "value_words": figure_words(of, figure, lang),
        "counts": _counts(cell, lang),
        "status": status_words(cell.status, lang),
        "status_sign": status_sign(cell.status),
        "status_code": cell.status.value,
        "target": None if cell.target is None else float(cell.target.value * of.unit_factor),
        "target_words": target_short(of, cell.target, lang),
        "gap": None if cell.gap is None else float(cell.gap * of.unit_factor),
        "gap_words": gap_words(of, cell.gap, lang) if cell.gap is not None else "",
        "change": None if cell.change is None else float(cell.change * of.unit_factor),
        "change_words": _change(cell, lang),
        "period": period_words(cell.period, lang, short=True) if cell.period else "",
        "illustrative": say(lang, "words.illustrative") if figure.illustrative else "",
        "now": changed.now_words(cell, lang),
        "held": _held(cell, lang),
        "corrected": _corrected(cell, lang),
        "record": record,
    }


def _likely(cell: Cell, lang: str) -> str:
    """How far chance alone may carry a share of few cases, and to which ranks."""
    its = rank_words.few(cell)
    if its is None or cell.place is None:
        return ""
    said = (rank_words.span(its, lang), rank_words.alike(cell.place, lang))
    return " · ".join(one for one in said if one)


def _counts(cell: Cell, lang: str) -> str:
    """Numerator over denominator; the head of the column says what is counted."""
    upper, lower = cell.figure.numerator, cell.figure.denominator
    if upper is None or lower is None:
        return ""
    scale = cell.indicator.scale
    return f"{number(upper, lang, scale, trim=True)}/{number(lower, lang, scale, trim=True)}"


def _held(cell: Cell, lang: str) -> str:
    """What was given instead and waits for a person, and by whom."""
    one = cell.waiting
    if one is None:
        return ""
    given = held_marks.given_words(cell.indicator, one.figure, lang)
    return f"{held_marks.SIGN} {given} · {one.source}"


def _corrected(cell: Cell, lang: str) -> str:
    """What the figure was before it changed after it had been shown, and when."""
    one = cell.corrected
    if one is None:
        return ""
    then, _ = revised_marks.both(cell.indicator, one.then, one.now, lang)
    return f"{revised_marks.SIGN} {then} · {moment_words(one.at, lang)}"


def _change(cell: Cell, lang: str) -> str:
    if cell.change is None:
        return ""
    words = change_words(cell.indicator, cell.change, lang)
    return f"{words} · {say(lang, 'screen.uneven')}" if cell.uneven else words


def _columns(cells: Sequence[Cell], lang: str) -> list[dict[str, Any]]:
    """The columns; those empty or alike in every row are left out or to the head of the card."""

    def head(name: str, **more: Any) -> dict[str, Any]:
        return {
            "field": name,
            "headerName": say(lang, _HEADS.get(name, f"screen.col_{name}")),
            **more,
        }

    def figures(name: str, width: int, **more: Any) -> dict[str, Any]:
        return head(
            name,
            **more,
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
        minWidth=190,
        width=215,
    )
    columns = [
        name,
        figures(
            "value", _room(84, (figure_words(one.indicator, one.figure, lang) for one in cells))
        ),
    ]
    if any(cell.place and cell.place.ranked for cell in cells):
        # Nobody filters by rank, and where nothing hovers the sign for it would break the head.
        columns.insert(0, {**figures("rank", 66, maxWidth=78), "filter": False})
    if any(_counts(cell, lang) for cell in cells):
        of = cells[0].indicator
        counted = (of.counted or of.unit_of_measure).say(lang)
        title = f"{say(lang, 'screen.col_counts')} ({counted})"
        right = {"cellClass": ["figure", "ag-right-aligned-cell"], "type": "rightAligned"}
        wide = _room(118, (_counts(one, lang) for one in cells))
        counts = head("counts", minWidth=wide, sortable=False, filter=False, **right)
        columns.append({**counts, "headerName": title})
    if any(rank_words.few(cell) for cell in cells):
        likely = {"field": "likely", "headerName": say(lang, "pace.col_likely"), "minWidth": 200}
        columns.append({**likely, "cellClass": ["figure"], "sortable": False, "filter": False})
    if any(cell.target for cell in cells):
        goals = (target_short(one.indicator, one.target, lang) for one in cells)
        gaps = (gap_words(one.indicator, one.gap, lang) for one in cells if one.gap is not None)
        columns += [figures("target", _room(84, goals)), figures("gap", _room(112, gaps))]
    if any(cell.status is not Status.NOT_JUDGED for cell in cells):
        columns.append(head("status", cellRenderer="StatusChip", minWidth=156))
    if any(cell.change is not None for cell in cells):
        columns.append(figures("change", 196 if any(cell.uneven for cell in cells) else 124))
    if len({cell.period for cell in cells}) > 1:
        columns.append(head("period", minWidth=90))
    if len({cell.figure.illustrative for cell in cells if cell.figure.value is not None}) > 1:
        columns.append(head("illustrative", minWidth=135))
    if any(cell.revised for cell in cells):
        now = {"field": "now", "headerName": say(lang, "record.col_now"), "minWidth": 84}
        columns.insert(2, {**now, "cellClass": ["figure", "revised-now"], "filter": False})
    if any(cell.waiting for cell in cells):
        held = {"field": "held", "headerName": say(lang, "held.title"), "minWidth": 190}
        columns.insert(2, {**held, "cellClass": ["is-held"], "filter": False})
    if any(cell.corrected for cell in cells):
        was = {"field": "corrected", "headerName": say(lang, "revisions.mark_short")}
        columns.append({**was, "minWidth": 190, "filter": False})
    columns.append(_to_record(lang))
    return columns


def _to_record(lang: str) -> dict[str, Any]:
    """The column of links down to the source records."""
    words = say(lang, "record.to_record")
    return {
        "field": "record",
        "headerName": words,
        "headerTooltip": words,
        "headerClass": "is-silent",
        "cellRenderer": "RecordLink",
        "cellRendererParams": {"words": words},
        "sortable": False,
        "filter": False,
        "resizable": False,
        "minWidth": 46,
        "maxWidth": 46,
    }


def _room(least: int, words: Iterable[str]) -> int:
    """The width of a column in px in which the longest of its words is not cut."""
    return max(least, 24 + round(7.8 * max(map(len, words), default=0)))


def _grid_words(lang: str) -> dict[str, str]:
    names = (
        "contains", "notContains", "equals", "notEqual", "startsWith", "endsWith", "blank",
        "notBlank", "lessThan", "greaterThan", "lessThanOrEqual", "greaterThanOrEqual", "inRange",
        "andCondition", "orCondition", "filterOoo", "noRowsToShow", "applyFilter", "resetFilter",
    )  # fmt: skip
    return {name: say(lang, f"screen.grid_{name.lower()}") for name in names}
