"""Tables and their CSV: numbers stay numbers, and no text can become a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

Value = str | int | Fraction | date | datetime | None
BOM = "\ufeff"
PLACES = 6
"""Decimals a fraction keeps in a file; numerator and denominator stand beside it exactly."""
_FORMULA = tuple("=+-@\t\r＝＋－＠|")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Style:
    """How the numbers and cells of a file are separated: Excel reads what its country writes."""

    separator: str
    decimal: str


STYLES = {"vi": Style(";", ","), "en": Style(",", ".")}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; `about` are lines of (name, words) that stand above them."""

    about: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def to_csv(table: Table, lang: str) -> bytes:
    """The table as UTF-8 with a byte order mark, in the number format of the language.

    Vietnamese files separate cells by `;` and decimals by `,`, English ones by `,` and `.`: so
    numbers stay numbers when the spreadsheet program of that language opens them.
    """
    style = STYLES[lang]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.separator, lineterminator="\r\n")
    writer.writerows([plain(name), plain(words)] for name, words in table.about)
    writer.writerow([])
    writer.writerow([plain(name) for name in table.columns])
    return (BOM + text.getvalue()).encode("utf-8") + to_lines(table.rows, lang)


def to_lines(rows: Iterable[Iterable[Value]], lang: str) -> bytes:
    """More rows of the same file, for one that is sent as it is read."""
    style = STYLES[lang]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.separator, lineterminator="\r\n")
    writer.writerows(_cells(row, style) for row in rows)
    return text.getvalue().encode("utf-8")


def _cells(row: Iterable[Value], style: Style) -> list[str]:
    return [cell(value, style) for value in row]


def cell(value: Value, style: Style) -> str:
    """One value as a file says it; nothing for None, which is not zero."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return decimal_text(value).replace(".", style.decimal)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return plain(value)


def decimal_text(value: Fraction) -> str:
    """A fraction rounded half to even to PLACES decimals, without idle zeros."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_EVEN):f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plain(text: str) -> str:
    """Text that a spreadsheet shows as it is: an apostrophe before what could be a formula."""
    clean = _INVISIBLE.sub("", text.replace("\r\n", " ").replace("\n", " "))
    risky = clean.startswith(_FORMULA) or clean.lstrip().startswith(_FORMULA)
    return f"'{clean}" if risky else clean
