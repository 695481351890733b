"""From the rows of a sheet to records: header found, group and total rows told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeGuard

from ioc.ingest.sheets import FileRefused, Row, Sheet
from ioc.ingest.values import as_text, clean

_GROUP = re.compile(r"^(?=[IVXLC])C{0,3}(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})\.?$|^[A-HJ-UWYZ]\.?$")
_TWICE = -1
_FORMULA = re.compile(r"^[0-9()=+/\-*x:%\s]+$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is looked for: short name → the headings it may have, as declared.

    `numbered`: a row of column numbers may stand below the header. `summed` are the columns in
    which a totals row, whose first text matches `total`, must be the sum of the rows.
    """

    headings: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    header_rows: int = 1
    stt: str | None = None
    skip: tuple[re.Pattern[str], ...] = ()
    fill_down: frozenset[str] = frozenset()
    total: re.Pattern[str] | None = None
    summed: frozenset[str] = frozenset()
    numbered: bool = False


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

    Below merged headings it is the row, of those near it, that has the most of them.

    Raises FileRefused when a declared heading stands there twice: nobody can tell which is meant.
    """
    wanted = {
        name: {heading(one) for one in headings} for name, headings in columns.headings.items()
    }
    refused: FileRefused | None = None
    best: Header | None = None
    for last in range(columns.header_rows - 1, len(sheet.head)):
        if best is not None and last >= best.last + columns.header_rows:
            break
        given = _headings(sheet.head[last + 1 - columns.header_rows : last + 1])
        at = {name: _place(given, accepted) for name, accepted in wanted.items()}
        if any(at[name] is None for name in wanted if name not in columns.optional):
            continue
        twice = next((name for name, place in at.items() if place == _TWICE), None)
        if twice is not None:
            # Below merged headings the next row may tell the two columns apart.
            first = columns.headings[twice][0]
            refused = refused or FileRefused("file_heading_twice", heading=first, row=last + 1)
            continue
        found = {name: place for name, place in at.items() if place is not None}
        if best is None or len(found) > len(best.at):
            best = Header(last, found, _stt(columns.stt, given))
    if best is None and refused is not None:
        raise refused
    return best


def _place(given: list[tuple[str, ...]], accepted: set[str]) -> int | None:
    """The column that goes by one of the accepted headings, or _TWICE where several do."""
    places = [i for i, texts in enumerate(given) if not accepted.isdisjoint(texts)]
    if len(places) > 1:
        exact = [i for i in places if given[i][0] in accepted]
        places = exact if len(exact) == 1 else places
    if len(places) > 1:
        return _TWICE
    return places[0] if places else None


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


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the header: of a unit, of a group (I, II, III) or of the total."""

    number: int
    kind: Literal["row", "group", "total"]
    fields: dict[str, object]
    mark: str
    label: str


def records(
    sheet: Sheet, header: Header, columns: Columns
) -> Iterator[tuple[int, dict[str, object]]]:
    """The records below the header with their row numbers (from 1, as a spreadsheet counts)."""
    for line in lines(sheet, header, columns):
        if line.kind == "row":
            yield line.number, line.fields


def lines(sheet: Sheet, header: Header, columns: Columns) -> Iterator[Line]:
    """What stands below the header, without blank rows and rows that are passed over."""
    above: dict[str, object] = {}
    labelled = columns.total is not None or bool(columns.skip)
    for number, row in enumerate(islice(sheet.rows, header.last + 1, None), header.last + 2):
        if all(_blank(cell) for cell in row) or (
            columns.numbered and number == header.last + 2 and _numbering(row)
        ):
            continue
        found = {
            name: row[place] if place < len(row) else None for name, place in header.at.items()
        }
        mark = _group_mark(row, header)
        label = clean(next((cell for cell in row if _worded(cell)), "")) if labelled else ""
        if mark:
            words = (clean(cell) for cell in row if _worded(cell))
            label = next((one for one in words if one != mark), "")
            yield Line(number, "group", found, mark, label)
        elif columns.total is not None and columns.total.search(label):
            yield Line(number, "total", found, "", label)
        elif not any(pattern.search(label) for pattern in columns.skip):
            for name in columns.fill_down:
                if _blank(found.get(name)):
                    found[name] = above.get(name)
                above[name] = found.get(name)
            if not all(_blank(cell) for cell in found.values()):
                yield Line(number, "row", found, "", label)


def _headings(rows: list[Row]) -> list[tuple[str, ...]]:
    """Per column the texts it goes by: all header rows joined, the lower ones, the lowest alone.

    A blank cell in an upper row belongs to the merged cell on its left.
    """
    width = max((len(row) for row in rows), default=0)
    wide = max((at + 1 for row in rows for at, one in enumerate(row) if heading(one)), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        left = ""
        above: list[str] | None = None
        for place in range(width):
            text = heading(row[place]) if place < len(row) else ""
            if columns[place] != above:
                left = ""  # another merged cell stands above: this one cannot reach across
            above = list(columns[place])
            if not text and depth < len(rows) - 1 and place < wide:
                text = left
            left = text
            if text and text not in columns[place]:
                columns[place].append(text)
    return [tuple(" / ".join(texts[i:]) for i in range(len(texts))) for texts in columns]


def _stt(name: str | None, given: list[tuple[str, ...]]) -> int | None:
    wanted = heading(name) if name else None
    return next((i for i, texts in enumerate(given) if wanted in texts), None) if wanted else None


def _group_mark(row: Row, header: Header) -> str:
    """The number of a group row (I, II, A), where this row is one."""
    if header.stt is not None and header.stt < len(row):
        given = row[header.stt]
        if isinstance(given, str) and _GROUP.match(clean(given)):
            return clean(given)
    return ""


def _numbering(row: Row) -> bool:
    """True for the row of column numbers that official tables have below their header."""
    texts = [as_text(cell).strip("()") for cell in row if not _blank(cell)]
    numbers = [int(text) for text in texts if text.isdigit()]
    letters = [text for text in texts if not text.isdigit()]
    following = list(range(numbers[0], numbers[0] + len(numbers))) if numbers else []
    return (
        len(numbers) >= 3
        and numbers == following
        and all(len(text) == 1 or _FORMULA.match(text) for text in letters)
    )


def _worded(cell: object) -> TypeGuard[str]:
    """True for a text with a letter in it."""
    return isinstance(cell, str) and any(letter.isalpha() for letter in cell)


def _blank(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and not clean(cell))
