"""The extract: what a page shows as typed tables with all that says where its figures come from.

Every form of export is made from it, and its canonical JSON is what a snapshot freezes: the same
view asked again "as known at" the same moment gives the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

import orjson

from ioc.exports.table import Value


class Kind(StrEnum):
    """What the cells of a column are; a spreadsheet gives them its format."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"


class Shape(StrEnum):
    """What a sheet is drawn as where a form has native charts."""

    SERIES = "series"  # lines over periods
    BARS = "bars"  # one figure a unit
    SCATTER = "scatter"  # two figures a unit
    MATRIX = "matrix"  # units by indicators or periods
    MAP = "map"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `unit` is its unit of measure in words, `places` the decimals the screen shows.

    A column of kind DECIMAL holds amounts as they are shown: 87,5 % is 87.5, not 0.875.
    """

    key: str
    words: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of a page (`trend`, `ranking`, …) as rows; None in a cell is "no figure".

    `missing` is the sentence that says why the part could not be had; it has no rows then.
    `places` are the decimals of each row's amounts where rows differ in them: a column of kind
    DECIMAL whose own `places` is None follows it.
    """

    part: str
    title: str
    subtitle: str
    shape: Shape
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    illustrative: bool = False
    missing: str = ""
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator means, in words of the extract's language; `version` names its wording."""

    code: str
    name: str
    meaning: str
    formula: str
    unit: str
    direction: str
    version: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A source behind the figures: title, citation where published, and when it last gave news."""

    name: str
    citation: str | None
    received: datetime | None
    illustrative: bool


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A figure that is shown, by natural keys, so that what became of it can be asked later.

    `period` is Period.code, `calendar` its calendar; `value`, `numerator`, `denominator` are
    "p/q" texts or None; `state` is the kind of empty, "" for a figure.
    """

    indicator: str
    unit: str
    calendar: str
    period: str
    breakdown: str
    value: str | None
    numerator: str | None
    denominator: str | None
    state: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """A page's figures, complete; `address` is canonical and live, `about` the filters in words.

    `known_at` is the moment all figures were known at, `version` the data version of it.
    """

    address: str
    title: str
    lang: str
    about: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]
    definitions: tuple[Definition, ...]
    origins: tuple[Origin, ...]
    caveats: tuple[str, ...]
    facts: tuple[Fact, ...]
    illustrative: bool
    known_at: datetime
    version: int

    @property
    def complete(self) -> bool:
        """Whether no part is missing."""
        return not any(one.missing for one in self.sheets)


def canonical(extract: Extract) -> bytes:
    """The extract's figures as JSON that is the same for the same figures: keys sorted, exact.

    What belongs to the moment of asking and not to the figures stays out: the data version, the
    moments at which sources last gave news, and the as-known date.
    """
    content = {
        "address": extract.address,
        "lang": extract.lang,
        "title": extract.title,
        "sheets": [
            {
                "part": one.part,
                "title": one.title,
                "columns": [[c.key, c.kind.value, c.unit] for c in one.columns],
                "rows": [[_plain(cell) for cell in row] for row in one.rows],
                "missing": one.missing,
            }
            for one in extract.sheets
        ],
        "definitions": [[one.code, one.version] for one in extract.definitions],
        "facts": [
            [
                one.indicator, one.unit, one.calendar, one.period, one.breakdown, one.value,
                one.numerator, one.denominator, one.state, one.illustrative,
            ]
            for one in sorted(extract.facts)
        ],
        "illustrative": extract.illustrative,
    }  # fmt: skip
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def digest(content: bytes) -> str:
    """The data hash of canonical JSON: SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _plain(value: Value) -> object:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
