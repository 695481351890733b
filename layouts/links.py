"""Addresses that marks lead to, made cheaply: a page has hundreds of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote

from ioc.domain.view import View
from ioc.queries.answers import Cell, UnitRef

_GAP = "UNIT-KEY"
_TOTALS = ("nation", "localities", "government", "region")


def unit_links(view: View, indicator: str | None = None) -> Callable[[UnitRef], str]:
    """A function from a unit to its address, with this view's other parts."""
    keep = indicator if indicator is not None else view.indicator
    page = _address(view, "unit", keep)

    def link(unit: UnitRef) -> str:
        address = _address(view, "overview", keep) if unit.level in _TOTALS else page
        key = unit.key if unit.key.isalnum() else quote(unit.key, safe="")
        return address.replace(_GAP, key)

    return link


@lru_cache(maxsize=1024)
def _address(view: View, page: str, indicator: str | None) -> str:
    return view.href(
        page=page,
        unit=_GAP,
        indicator=indicator,
        source=None,
        units=(),
        against=None,
        before=None,
        form=None,
    )


def marks(cells: Sequence[Cell], view: View) -> list[list[str]]:
    """What the marks of cells carry: where a click leads, and the unit that a choice adds."""
    link = unit_links(view, cells[0].indicator.code if cells else None)
    return [[link(cell.unit), cell.unit.key] for cell in cells]


def chosen(units: Iterable[UnitRef], view: View) -> frozenset[str]:
    """The keys of those units that the address chooses; the others step back where any is."""
    return frozenset(view.units) & {unit.key for unit in units}


def unit_link(view: View, unit: UnitRef, indicator: str | None = None) -> str:
    """The address of one unit."""
    return unit_links(view, indicator)(unit)


def indicator_link(view: View, code: str, unit: str | None = None) -> str:
    """The address of an indicator's page, for the same part of the country."""
    return view.href(page="indicator", indicator=code, unit=unit or view.unit, source=None)


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """A text broken between words into at most `lines` lines of about `width` letters."""
    rows: list[str] = []
    for word in text.split():
        if rows and len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += " " + word
        else:
            rows.append(word)
    return _shortened(rows, lines)


def _shortened(rows: Sequence[str], lines: int) -> list[str]:
    if len(rows) <= lines:
        return list(rows)
    return [*rows[: lines - 1], rows[lines - 1] + "…"]
