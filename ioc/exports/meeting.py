"""What of a page slides and reports show: what a meeting reads, and no figure twice.

The workbook, the CSV file and the snapshot behind the verification code keep every row and column.
"""

from __future__ import annotations

from dataclasses import replace

from ioc.domain.messages import say
from ioc.exports.extract import Extract, Kind, Shape, Sheet

MOST_ROWS = 40
"""Rows of one table; of a longer ranking the first and the last half of them."""
MOST_COLUMNS = 9
READ = (
    "register", "key", "title", "indicator", "unit", "period", "value", "measure", "target",
    "status", "outlook", "change", "rank", "person", "state", "due", "late", "needed", "moved",
    "likely", "reached", "then", "now", "whole", "summed", "left", "population", "area_km2",
    "communes", "ward_share", "at",
)  # fmt: skip
"""Columns that are read at a meeting, in the order of their worth."""
RECENT = 13
"""Periods of a trend in a report: a year and the same period of the year before."""
MOST_CELLS = 9
"""Units or indicators up to which a matrix is a table; a larger one is a picture."""
AMOUNTS = (Kind.WHOLE, Kind.DECIMAL)
_RANKED = ("missing",)
"""Parts that say again what a ranking says."""
_TILES = ("tiles", "scorecard")


def meeting(extract: Extract) -> Extract:
    """The extract with what a meeting needs; what rows are left out is said under the title."""
    ranked = any(one.shape is Shape.BARS and one.rows for one in extract.sheets)
    tiled = any(one.part in _TILES and one.rows for one in extract.sheets)
    kept = (
        one
        for one in extract.sheets
        if not (ranked and one.part in _RANKED)
        and not (ranked and _aimless(one))
        and not (tiled and one.part == "total")
    )
    cut = (one if figureless(one) else _cut(_narrow(one), extract.lang) for one in kept)
    return replace(extract, sheets=tuple(cut))


def left_out(whole: Extract, shown: Extract) -> str:
    """The sentence that something of an extract is not shown; empty where all is."""
    # Of a matrix only the values are shown: ranks, changes and distances are in the workbook.
    apart = any(one.shape is Shape.MATRIX and one.rows for one in shown.sheets)
    told = say(whole.lang, "slides.left_out")
    return told if apart or tuple(whole.sheets) != tuple(shown.sheets) else ""


def recent(extract: Extract) -> Extract:
    """The extract with trends of their last periods, for paper that has no chart of them."""
    return replace(extract, sheets=tuple(_recent(one, extract.lang) for one in extract.sheets))


def figureless(sheet: Sheet) -> bool:
    """Whether a table that is there for its figures has none: its names alone tell nothing."""
    amounts = [
        at
        for at, one in enumerate(sheet.columns)
        if one.kind in AMOUNTS and one.key not in ("target", "distance")
    ]
    return bool(amounts and sheet.rows) and all(
        row[at] is None for row in sheet.rows for at in amounts
    )


def pictured(sheet: Sheet) -> bool:
    """Whether slides and reports need a picture of a sheet: no office program has such charts."""
    if sheet.missing or not sheet.rows:
        return False
    return sheet.shape is Shape.MAP or (sheet.shape is Shape.MATRIX and _large(sheet))


def told_apart(sheet: Sheet, extract: Extract) -> bool:
    """Whether the figures of a picture need no table: a ranking has them, or they are too many."""
    if sheet.shape is Shape.MATRIX:
        return _large(sheet)
    ranked = any(one.shape is Shape.BARS and not one.missing for one in extract.sheets)
    return sheet.shape is Shape.MAP and (ranked or len(sheet.rows) > MOST_ROWS)


def _large(sheet: Sheet) -> bool:
    keys = [at for at, one in enumerate(sheet.columns) if one.key in ("unit", "indicator")]
    counts = [len({row[at] for row in sheet.rows}) for at in keys]
    return len(counts) == 2 and min(counts) > MOST_CELLS


def _aimless(sheet: Sheet) -> bool:
    """Whether it is about the pace to targets and no unit has one."""
    target = next((at for at, one in enumerate(sheet.columns) if one.key == "target"), None)
    return (
        sheet.part == "paces"
        and target is not None
        and all(row[target] is None for row in sheet.rows)
    )


def _narrow(sheet: Sheet) -> Sheet:
    """Of a table with more columns than paper has room for those that are read first."""
    if sheet.shape is not Shape.TABLE or len(sheet.columns) <= MOST_COLUMNS:
        return sheet
    filled = [
        at for at, _ in enumerate(sheet.columns) if any(row[at] is not None for row in sheet.rows)
    ]
    worth = {key: number for number, key in enumerate(READ)}
    known = sorted(
        (at for at in filled if sheet.columns[at].key in worth),
        key=lambda at: worth[sheet.columns[at].key],
    )
    kept = sorted((known if len(known) > 2 else filled)[:MOST_COLUMNS])
    # Why a cell has no figure stands where the figure would.
    kept = sorted({*kept, *(at for at in filled if sheet.columns[at].key == "empty")})
    return replace(
        sheet,
        columns=tuple(sheet.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in sheet.rows),
    )


def _recent(sheet: Sheet, lang: str) -> Sheet:
    names = [
        at
        for at, one in enumerate(sheet.columns)
        if one.key in ("unit_key", "indicator_code", "part")
    ]
    single = len({tuple(row[at] for at in names) for row in sheet.rows}) == 1
    if sheet.shape is not Shape.SERIES or len(sheet.rows) <= RECENT or not single:
        return sheet
    told = say(lang, "slides.rows_recent", shown=RECENT, count=len(sheet.rows))
    return replace(
        sheet,
        rows=sheet.rows[-RECENT:],
        places=sheet.places[-RECENT:],
        subtitle=f"{sheet.subtitle} · {told}" if sheet.subtitle else told,
    )


def _cut(sheet: Sheet, lang: str) -> Sheet:
    if len(sheet.rows) <= MOST_ROWS or sheet.shape not in (Shape.TABLE, Shape.BARS):
        return sheet
    chosen, words = list(range(MOST_ROWS)), "slides.rows_first"
    if sheet.shape is Shape.BARS:
        value = next((at for at, one in enumerate(sheet.columns) if one.key == "value"), None)
        there = [at for at, row in enumerate(sheet.rows) if value is None or row[value] is not None]
        half = MOST_ROWS // 2
        if len(there) > MOST_ROWS:
            chosen, words = [*there[:half], *there[-half:]], "slides.rows_ends"
    told = say(lang, words, shown=MOST_ROWS, half=MOST_ROWS // 2, count=len(sheet.rows))
    return replace(
        sheet,
        rows=tuple(sheet.rows[at] for at in chosen),
        places=tuple(sheet.places[at] for at in chosen) if sheet.places else sheet.places,
        subtitle=f"{sheet.subtitle} · {told}" if sheet.subtitle else told,
    )
