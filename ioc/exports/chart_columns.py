"""What the columns of a sheet are to a chart: its names, its amounts, its target, its status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from ioc.domain.messages import say
from ioc.domain.times import date_words, moment_words
from ioc.domain.words import number
from ioc.exports.extract import Column, Kind, Sheet
from ioc.exports.table import PLACES, Value

AMOUNTS = (Kind.WHOLE, Kind.DECIMAL)
INDEX = "index"
"""A series on a common base: it has neither the unit nor the target of its figures."""
MAIN = (INDEX, "value")
"""The amount that is drawn, best first; without either, every amount that is no side column."""
TARGET = "target"
SIDE = frozenset(
    {
        TARGET, "numerator", "denominator", "rank", "change", "gap", "held", "base", "near",
        "before_value", "rank_before", "rank_change", "left", "workdays", "lon", "lat",
    }
)  # fmt: skip
"""Amounts that say more of a figure and are not drawn for themselves."""
CODES = frozenset({"unit_key", "indicator_code", "code", "measure", "bound", "empty", "coverage"})
LOOSE = 2
"""Decimals of an amount whose column does not say how many the screen shows."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A sheet with its columns by their roles (numbers of columns)."""

    sheet: Sheet
    lang: str

    def at(self, key: str) -> int | None:
        """The number of the column of this key."""
        return next((n for n, one in enumerate(self.sheet.columns) if one.key == key), None)

    def texts(self, key: str) -> tuple[str, ...]:
        """The words of a column, row by row; empty texts where there is none."""
        at = self.at(key)
        if at is None:
            return ("",) * len(self.sheet.rows)
        return tuple(self.words(n, at) for n in range(len(self.sheet.rows)))

    def said(self, row: int, key: str) -> str:
        """The words of one cell by the key of its column; empty where there is none."""
        at = self.at(key)
        return "" if at is None else self.words(row, at)

    def numbers(self, at: int) -> tuple[int | Fraction | None, ...]:
        """The amounts of a column, exactly; None is "no figure"."""
        return tuple(amount(row[at]) for row in self.sheet.rows)

    @property
    def names(self) -> tuple[int, ...]:
        """What a row is of: columns of words before the first amount, and the part."""
        columns = self.sheet.columns
        first = next((n for n, one in enumerate(columns) if one.kind in AMOUNTS), len(columns))
        return tuple(
            n
            for n, one in enumerate(columns)
            if one.kind not in AMOUNTS
            and one.key not in CODES
            and not one.key.endswith(("_key", "_code"))
            and (n < first or one.key == "part")
            and one.key not in ("from", "to")
        )

    @property
    def amounts(self) -> tuple[int, ...]:
        """What is drawn: the main amount, or all that are no side columns."""
        for key in MAIN:
            at = self.at(key)
            if at is not None and self.sheet.columns[at].kind in AMOUNTS:
                return (at,)
        return tuple(
            n
            for n, one in enumerate(self.sheet.columns)
            if one.kind in AMOUNTS and one.key not in SIDE
        )

    @property
    def target(self) -> int | None:
        """The target of each row."""
        return None if self.at(INDEX) is not None else self.at(TARGET)

    def varying(self, columns: Iterable[int]) -> tuple[int, ...]:
        """Those of the columns whose words differ between rows."""
        rows = self.sheet.rows
        return tuple(n for n in columns if len({row[n] for row in rows}) > 1)

    def unit(self, at: int) -> str | None:
        """The unit of measure of a column; None where rows have different ones."""
        if self.sheet.columns[at].unit or self.sheet.columns[at].key == INDEX:
            return self.sheet.columns[at].unit
        found = {one for one in self.texts("measure") if one}
        return None if len(found) > 1 else next(iter(found), "")

    def words(self, row: int, at: int) -> str:
        """A cell as the screen says it, with the decimals of its row where rows differ."""
        own = getattr(self.sheet, "places", ())
        places = own[row] if own and self.sheet.columns[at].kind is Kind.DECIMAL else None
        return cell_words(self.sheet.rows[row][at], self.sheet.columns[at], self.lang, places)


def amount(value: Value) -> int | Fraction | None:
    """A cell's amount, or None where it holds none."""
    return value if isinstance(value, (int, Fraction)) else None


def cell_words(value: Value, column: Column, lang: str, places: int | None = None) -> str:
    """A cell in words: `1.234,50`, `01/07/2025`; empty where there is no figure."""
    if value is None:
        return ""
    if isinstance(value, int):
        return number(value, lang, (column.places or 0) if column.kind is Kind.DECIMAL else 0)
    if isinstance(value, Fraction):
        shown = places if places is not None else column.places
        if shown is None:
            return number(value, lang, PLACES, trim=True)
        return number(value, lang, shown)
    if isinstance(value, datetime):
        return moment_words(value, lang)
    return date_words(value, lang) if isinstance(value, date) else value


def measured(words: str, unit: str | None) -> str:
    """An amount in words with its unit: `85,00%`, `12 hồ sơ`."""
    return words + unit if unit == "%" else f"{words} {unit or ''}".strip()


def heading(column: Column, lang: str) -> str:
    """A column's name with its unit of measure: `Giá trị (%)`."""
    if not column.unit or f"({column.unit})" in column.words:
        return column.words
    return say(lang, "slides.column", name=column.words, unit=column.unit)
