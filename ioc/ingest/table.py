"""From the rows of a sheet to records: header found, group and total rows passed over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ioc.ingest.sheets import FileRefused, Row, Sheet
from ioc.ingest.values import as_text, clean

_GROUP = re.compile(r"^(?=[IVXLC])C{0,3}(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})\.?$|^[A-HJ-UWYZ]\.?$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is looked for: short name → the headings it may have, as declared."""

    headings: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    header_rows: int = 1
    stt: str | None = None
    skip: tuple[re.Pattern[str], ...] = ()
    fill_down: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is: index of its last row, and the column of each short name."""

    last: int
    at: Mapping[str, int]
    stt: int | None


def heading(text: object) -> str:
    """A heading as it is compared: composed, one space between words, small letters."""
    return _SPACES.sub(" ", clean(as_text(text))).casefold()


def find_header(sheet: Sheet, columns: Columns) -> Header | None:
    """The first row that has all declared headings; None when there is none.

    Raises FileRefused when a declared heading stands there twice: nobody can tell which is meant.
    """
    wanted = {
        name: {heading(one) for one in headings} for name, headings in columns.headings.items()
    }
    for last in range(columns.header_rows - 1, len(sheet.head)):
        given = _headings(sheet.head[last + 1 - columns.header_rows : last + 1])
        at: dict[str, int] = {}
        for name, accepted in wanted.items():
            places = [i for i, texts in enumerate(given) if not accepted.isdisjoint(texts)]
            if len(places) > 1:
                exact = [i for i in places if given[i] and given[i][0] in accepted]
                places = exact if len(exact) == 1 else places
            if len(places) > 1:
                at[name] = -1
            elif places:
                at[name] = places[0]
        if all(name in at for name in wanted if name not in columns.optional):
            for name, place in at.items():
                if place < 0:
                    raise FileRefused(
                        "file_heading_twice", heading=columns.headings[name][0], row=last + 1
                    )
            return Header(last, at, _stt(columns.stt, given))
    return None


def missing_headings(sheet: Sheet, columns: Columns) -> list[str]:
    """The headings that are nowhere near the top: what to tell the person who made the file."""
    seen: set[str] = set()
    for last in range(columns.header_rows - 1, len(sheet.head)):
        for texts in _headings(sheet.head[last + 1 - columns.header_rows : last + 1]):
            seen.update(texts)
    return [
        headings[0]
        for name, headings in columns.headings.items()
        if name not in columns.optional and not any(heading(one) in seen for one in headings)
    ]


def records(
    sheet: Sheet, header: Header, columns: Columns
) -> Iterator[tuple[int, dict[str, object]]]:
    """The records below the header with their row numbers (from 1, as a spreadsheet counts)."""
    above: dict[str, object] = {}
    for number, row in enumerate(islice(sheet.rows, header.last + 1, None), header.last + 2):
        if all(_blank(cell) for cell in row) or _passed_over(row, header, columns):
            continue
        found = {
            name: row[place] if place < len(row) else None for name, place in header.at.items()
        }
        for name in columns.fill_down:
            if _blank(found.get(name)):
                found[name] = above.get(name)
            above[name] = found.get(name)
        if all(_blank(cell) for cell in found.values()):
            continue
        yield number, found


def _headings(rows: list[Row]) -> list[tuple[str, ...]]:
    """Per column the texts it goes by: all header rows joined, and the lowest alone.

    A blank cell in an upper row belongs to the merged cell on its left.
    """
    width = max((len(row) for row in rows), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        left = ""
        for place in range(width):
            text = heading(row[place]) if place < len(row) else ""
            if not text and depth < len(rows) - 1:
                text = left
            left = text
            if text and text not in columns[place]:
                columns[place].append(text)
    return [(" / ".join(texts), texts[-1]) if texts else () for texts in columns]


def _stt(name: str | None, given: list[tuple[str, ...]]) -> int | None:
    wanted = heading(name) if name else None
    return next((i for i, texts in enumerate(given) if wanted in texts), None) if wanted else None


def _passed_over(row: Row, header: Header, columns: Columns) -> bool:
    if header.stt is not None and header.stt < len(row):
        given = row[header.stt]
        if isinstance(given, str) and _GROUP.match(clean(given)):
            return True
    if columns.skip:
        text = next((cell for cell in row if isinstance(cell, str) and _worded(cell)), "")
        return any(pattern.search(clean(text)) for pattern in columns.skip)
    return False


def _worded(text: str) -> bool:
    return any(unicodedata.category(letter)[0] == "L" for letter in text)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not clean(cell))
