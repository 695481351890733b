"""Links from any figure on the desk to the page that tells it down to its source record."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Cell
from layouts.attributes import attributes

_UNIT, _CODE = "UNIT-KEY", "INDICATOR-CODE"


def record_href(
    view: View, unit: str, code: str, period: Period | None, breakdown: str | None = None
) -> str:
    """The address of one figure's record; the moment and map asked about are kept."""
    address = _address(_kept(view), period, breakdown or None)
    key = unit if unit.isalnum() else quote(unit, safe="")
    return address.replace(_UNIT, key).replace(_CODE, code)


def cell_href(view: View, cell: Cell) -> str:
    """The address of a cell's record."""
    return record_href(view, cell.unit.key, cell.indicator.code, cell.period, cell.part)


def record_link(view: View, cell: Cell, shown: Component) -> Component:
    """A figure that itself leads to its record; bare on a wall, and where there is no figure
    or one of several units that were only chosen together."""
    if view.wall or cell.period is None or not cell.unit.key:
        return shown
    words = say(view.lang, "record.to_record")
    return dcc.Link(shown, href=cell_href(view, cell), className="to-record", title=words)


def record_mark(view: View, cell: Cell) -> dcc.Link | None:
    """A small sign beside a figure that leads to its record; a wall has no hands, so none there."""
    if view.wall or cell.period is None or not cell.unit.key:
        return None
    words = say(
        view.lang,
        "record.to_record_of",
        indicator=cell.indicator.short.say(view.lang),
        unit=cell.unit.short,
    )
    sign = html.Span("i", **attributes(aria_hidden="true"))
    said = html.Span(words, className="visually-hidden")
    return dcc.Link(
        [sign, said],
        href=cell_href(view, cell),
        className="record-mark",
        title=say(view.lang, "record.to_record"),
    )


@lru_cache(maxsize=64)
def _kept(view: View) -> View:
    """What of a view the record page goes on with."""
    return View(
        basis=view.basis,
        known_at=view.known_at,
        meeting=view.meeting,
        exercise=view.exercise,
        lang=view.lang,
    )


@lru_cache(maxsize=1024)
def _address(view: View, period: Period | None, breakdown: str | None) -> str:
    calendar = period.calendar if period else view.calendar
    return view.href(
        page="record",
        unit=_UNIT,
        indicator=_CODE,
        period=period,
        calendar=calendar,
        breakdown=breakdown,
    )
