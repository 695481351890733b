"""The grid of units: to sort, filter and search, in Vietnamese order and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash_ag_grid import AgGrid

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import (
    change_words,
    counts_words,
    figure_words,
    gap_words,
    period_words,
    status_sign,
    status_words,
)
from ioc.queries.answers import Cell
from layouts.goals import target_short
from layouts.links import unit_links

GRID_ROW = 34


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
