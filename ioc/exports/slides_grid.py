"""What the native tables of a sheet say: which columns, on how many slides, how wide and high."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.words import status_sign, status_words
from ioc.exports.chart_columns import AMOUNTS, MAIN, Columns, heading
from ioc.exports.extract import Shape, Sheet

HIDDEN = frozenset(
    {
        "unit_key", "indicator_code", "code", "from", "to", "numerator", "denominator", "empty",
        "coverage", "received", "checked", "source", "citation", "held", "held_source",
        "illustrative", "mark", "recorded", "valid_from", "due_code", "lon", "lat", "missing",
    }
)  # fmt: skip
"""Columns that the workbook has and slides do not; what they say stands in the speaker's notes."""
MOST_FIXED = 2
FEW = 6
"""Units of a matrix that stand beside each other where there are more indicators."""
LISTED = 6
"""A single row with more columns than this is told as a list of names and words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words, whether it is a figure, and its status where it shows one."""

    words: str
    figure: bool = False
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is read: `fixed` is how many columns on the left name a row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fixed: int
    shared: str = ""


def grid_of(sheet: Sheet, lang: str) -> Grid:
    """The cells of a sheet in words; units by indicators where it is a matrix."""
    of = Columns(sheet, lang)
    if sheet.shape in (Shape.MATRIX, Shape.SERIES, Shape.SCATTER):
        crossed = _crossed(of)
        if crossed is not None:
            return crossed
    filled = [
        n
        for n in range(len(sheet.columns))
        if any(row[n] is not None and row[n] != "" for row in sheet.rows)
    ]
    hidden = _hidden(of)
    kept = [n for n in filled if sheet.columns[n].key not in hidden and not _exact(of, n)] or filled
    same = _same(of, kept)
    kept = [n for n in kept if n not in same]
    shared = " · ".join(
        say(lang, "slides.shared", name=sheet.columns[n].words, words=of.words(0, n)) for n in same
    )
    fixed = max(1, sum(1 for n in kept if n in of.names and sheet.columns[n].key != "part"))
    heads = tuple(heading(sheet.columns[n], lang) for n in kept)
    rows = tuple(tuple(_cell(of, row, n) for n in kept) for row in range(len(sheet.rows)))
    if len(rows) == 1 and len(kept) > LISTED:
        listed = zip(heads, rows[0], strict=True)
        names = (say(lang, "slides.listed_name"), say(lang, "slides.listed_words"))
        return Grid(names, tuple((Cell(head), cell) for head, cell in listed), 1, shared)
    return Grid(heads, rows, min(fixed, MOST_FIXED, max(1, len(kept) - 1)), shared)


def _hidden(of: Columns) -> frozenset[str]:
    """Columns not shown; counts are, where a figure is nothing else than its counts."""
    more = {"measure"} if any(of.sheet.columns[n].unit for n in of.amounts) else set()
    value, count = of.at("value"), of.at("numerator")
    lone = (
        value is not None
        and count is not None
        and any(row[value] is None and row[count] is not None for row in of.sheet.rows)
    )
    return (HIDDEN - {"numerator", "denominator"} if lone else HIDDEN) | more


def _exact(of: Columns, at: int) -> bool:
    """Whether a column only says that all figures are exact."""
    exact = say(of.lang, "export.bound_exact")
    return of.sheet.columns[at].key == "bound" and set(of.texts("bound")) <= {"", exact}


def _same(of: Columns, kept: list[int]) -> list[int]:
    """Columns of words that say the same of every row: they are told once, above the table."""
    rows = of.sheet.rows
    if len(rows) < 2:
        return []
    texts = [n for n in kept if of.sheet.columns[n].kind not in AMOUNTS]
    same = [n for n in texts if len({row[n] for row in rows}) == 1]
    return same if len(same) < len(kept) else []


def _cell(of: Columns, row: int, at: int) -> Cell:
    column, words = of.sheet.columns[at], of.words(row, at)
    figure = column.kind in AMOUNTS
    if column.key in MAIN and not words:
        words = of.said(row, "empty")
    status = _status(of, row) if column.key == "status" else None
    if status is not None:
        words = f"{status_sign(status)} {words}"
    return Cell(words or ("–" if figure else ""), figure, status)


def _status(of: Columns, row: int) -> Status | None:
    words = of.said(row, "status")
    return next((one for one in Status if status_words(one, of.lang) == words), None)


def _crossed(of: Columns) -> Grid | None:
    """Rows of (unit, indicator, value) as units by indicators; None where they are not such."""
    varying = of.varying(of.names)
    down, across = of.at("unit"), of.at("indicator")
    if down not in varying or across not in varying:
        if len(varying) != 2:
            return None
        down, across = varying
    if down is None or across is None or len(of.amounts) != 1:
        return None
    size = len(of.sheet.rows)
    lines = list(dict.fromkeys(of.words(n, down) for n in range(size)))
    heads = list(dict.fromkeys(of.words(n, across) for n in range(size)))
    found: dict[tuple[str, str], Cell] = {}
    units: dict[str, str] = {}
    others: dict[str, Counter[str]] = {}
    rest = [n for n in varying if n not in (down, across)]
    beside = [" · ".join(of.words(n, at) for at in rest) for n in range(size)]
    for n in range(size):
        head = of.words(n, across)
        units[head] = of.said(n, "measure") or of.sheet.columns[of.amounts[0]].unit
        others.setdefault(head, Counter())[beside[n]] += 1
    usual = {head: counts.most_common(1)[0][0] for head, counts in others.items()}
    for n in range(size):
        place = (of.words(n, down), of.words(n, across))
        if place in found:
            return None
        words = of.words(n, of.amounts[0])
        status = _status(of, n)
        judged = status is not None and status is not Status.NOT_JUDGED  # whose sign reads as minus
        sign = f"{status_sign(status)} " if status and judged and words else ""
        own = f" ({beside[n]})" if words and beside[n] != usual[place[1]] else ""
        told = f"{sign}{words}{own}" if words else of.said(n, "empty") or "–"
        found[place] = Cell(told, bool(words), status)
    named = []
    for one in heads:
        more = ", ".join(part for part in (units[one], usual[one]) if part)
        named.append(say(of.lang, "slides.column", name=one, unit=more) if more else one)
    if of.sheet.shape is Shape.MATRIX and len(lines) <= FEW < len(heads):
        # A few units stand beside each other: their many indicators go down, on one slide.
        rows = tuple(
            (Cell(name), *(found.get((line, head), Cell("–")) for line in lines))
            for name, head in zip(named, heads, strict=True)
        )
        return Grid((of.sheet.columns[across].words, *lines), rows, 1)
    rows = tuple(
        (Cell(line), *(found.get((line, head), Cell("–")) for head in heads)) for line in lines
    )
    return Grid((of.sheet.columns[down].words, *named), rows, 1)
