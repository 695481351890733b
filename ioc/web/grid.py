"""A grid: typed columns and rows, as files, sheets and slides take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.exports.extract import Column, Kind
from ioc.exports.table import Value

Row = tuple[Value, ...]
DATES = ("from", "to", "deadline")
MOMENTS = ("received", "at", "shown_at")
WHOLES = ("numerator", "denominator", "rank")
AMOUNTS = ("value", "target", "held", "change", "gap")
DIFFERENCES = ("change", "gap", "moved", "gain", "apart", "needed", "daily")
"""Differences of shares are told in points."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows; `places` are the decimals of the amounts of each row, where rows differ."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    places: tuple[int, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in words."""
        return tuple(one.words for one in self.columns)


def named(keys: Iterable[str], lang: str, file: str = "export.column_") -> tuple[Column, ...]:
    """Columns by their keys, named by the messages that begin with `file`; kinds by the key."""
    return tuple(Column(key, say(lang, f"{file}{key}"), _kind(key)) for key in keys)


def _kind(key: str) -> Kind:
    if key in DATES:
        return Kind.DATE
    if key in MOMENTS:
        return Kind.MOMENT
    if key in WHOLES:
        return Kind.WHOLE
    return Kind.DECIMAL if key in AMOUNTS else Kind.TEXT


def decimal(columns: Sequence[Column], keys: Iterable[str]) -> tuple[Column, ...]:
    """The columns, of which these hold amounts."""
    chosen = frozenset(keys)
    return tuple(replace(one, kind=Kind.DECIMAL) if one.key in chosen else one for one in columns)


def measured(
    columns: Sequence[Column], rows: Iterable[Row], of: Sequence[Indicator], lang: str
) -> Grid:
    """The grid of rows of figures; `of` says of which indicator each row is.

    Columns of amounts get the unit and decimals of the screen where all rows share them; else
    each row has its own decimals, and its unit stands in its column `measure`.
    """
    kept = tuple(rows)
    same = {(one.decimals, one.unit_of_measure.say(lang), one.unit_factor) for one in of}
    if len(same) == 1:
        places, unit, factor = next(iter(same))
        made = tuple(_amount(one, places, unit, factor, lang) for one in columns)
        return Grid(counted(made, kept), kept)
    return Grid(counted(tuple(columns), kept), kept, tuple(one.decimals for one in of))


def _amount(one: Column, places: int, unit: str, factor: int, lang: str) -> Column:
    if one.kind is not Kind.DECIMAL:
        return one
    points = factor == 100 and one.key in DIFFERENCES
    return replace(one, unit=say(lang, "sheets.points") if points else unit, places=places)


def counted(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> tuple[Column, ...]:
    """Columns of counts, as amounts where any count has decimals."""
    found = []
    for at, one in enumerate(columns):
        if one.kind is Kind.WHOLE:
            depth = max((_depth(row[at]) for row in rows), default=0)
            if depth:
                one = replace(one, kind=Kind.DECIMAL, places=depth)
        found.append(one)
    return tuple(found)


def _depth(value: Value) -> int:
    """How many decimals an exact value has, up to six."""
    if not isinstance(value, Fraction):
        return 0
    return next((at for at in range(6) if (value * 10**at).denominator == 1), 6)


def whole(value: Fraction | None) -> Value:
    """A count as a whole number where it is one."""
    if value is not None and value.denominator == 1:
        return value.numerator
    return value
