"""The grid of units as a plain table, for files: all rows, and heads that repeat on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.attributes import attributes

_SILENT = ("picked", "record")
"""Columns that are only there to be clicked."""


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> html.Table:
    """The same rows and columns as the grid's, in their order, as the words people read."""
    shown = [one for one in columns if one["field"] not in _SILENT]
    heads = [html.Th(one["headerName"], scope="col", className=_look(one)) for one in shown]
    body = [html.Tr([_cell(row, one) for one in shown], className=_step(row)) for row in rows]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="grid-table")


def _cell(row: Mapping[str, Any], column: Mapping[str, Any]) -> Component:
    field = str(column["field"])
    words = row.get(f"{field}_words" if "valueFormatter" in column else field)
    if field == "name":
        return html.Th(words, scope="row")
    if field == "status":
        sign = html.Span(row["status_sign"], className="sign", **attributes(aria_hidden="true"))
        chip = f"chip is-{str(row['status_code']).replace('_', '-')}"
        return html.Td(html.Span([sign, html.Span(words)], className=chip))
    return html.Td(words, className=_look(column))


def _look(column: Mapping[str, Any]) -> str:
    return "is-figure is-right" if column.get("type") == "rightAligned" else ""


def _step(row: Mapping[str, Any]) -> str:
    return "is-back" if row.get("back") else ""
