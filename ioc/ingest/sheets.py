"""Rows of CSV and XLSX files, one after the other and within limits; a refusal is one code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from ioc.ingest.packed import READ_ERRORS, FileRefused, check_workbook
from ioc.ingest.values import Share

__all__ = ["SEPARATORS", "Book", "FileRefused", "Limits", "Row", "Sheet", "csv_sheets", "open_book"]

HEAD = 30
"""Rows in which a header is looked for; they are kept, all others are given once."""
_COLUMNS = 500
_LONGEST_CELL = 32_767
SEPARATORS = {";": ";", ",": ",", "tab": "\t"}

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may measure: rows of a sheet, and bytes when it is unpacked."""

    rows: int
    unpacked: int


class Sheet:
    """The rows of one sheet, or of a CSV file read with one separator.

    `head` is what stands at the top; `rows` gives everything, from the start each time while only
    the head was read, and then once.
    """

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        self.name = name
        self._rest = iter(rows)
        self.head: list[Row] = list(islice(self._rest, HEAD))

    @property
    def rows(self) -> Iterator[Row]:
        """The head, then the rest while it is being read."""
        return chain(self.head, self._rest)


def csv_sheets(content: bytes, encoding: str, separator: str, limits: Limits) -> Iterator[Sheet]:
    """The file as each possible separator reads it; raises FileRefused.

    The whole file was looked through before its first row is given, so that a file that breaks
    half-way is refused whole.
    """
    codec = _codec(content, encoding)
    marks = SEPARATORS.values() if separator == "auto" else (SEPARATORS[separator],)
    refused: FileRefused | None = None
    for mark in marks:
        try:
            for _ in _csv_rows(content, codec, mark, limits.rows):
                pass
        except csv.Error as error:
            refused = FileRefused("file_broken", reason=str(error)[:100])
            continue
        refused = None
        yield Sheet("", _csv_rows(content, codec, mark, limits.rows))
    if refused is not None:
        raise refused


def _csv_rows(content: bytes, codec: str, mark: str, most: int) -> Iterator[Row]:
    # A stream over the bytes: the text of a large file never stands in memory as a whole.
    text = io.TextIOWrapper(io.BytesIO(content), encoding=codec, newline="")
    for number, row in enumerate(csv.reader(text, delimiter=mark, strict=True), 1):
        yield _within(row, number, most)


def _within(row: list[Any], number: int, most: int) -> Row:
    if number > most:
        raise FileRefused("file_too_many_rows", most=most)
    for cell in row:
        if isinstance(cell, str) and len(cell) > _LONGEST_CELL:
            raise FileRefused("file_long_cell", row=number, most=_LONGEST_CELL)
    return row[:_COLUMNS]


def _codec(content: bytes, encoding: str) -> str:
    """The codec that reads every byte of the content.

    With `auto` a file is UTF-8 when all of it is; windows-1258 has no wrong bytes to speak of, so
    what is not UTF-8 is refused rather than guessed.
    """
    if b"\x00" in content:
        raise FileRefused("file_not_text")
    codec = "cp1258" if encoding == "windows-1258" else "utf-8-sig"
    try:
        for _ in io.TextIOWrapper(io.BytesIO(content), encoding=codec, newline="\n"):
            pass
    except UnicodeDecodeError:
        if encoding == "auto":
            raise FileRefused("file_encoding_unknown") from None
        line = _broken_line(content, codec)
        raise FileRefused("file_encoding", encoding=encoding, line=line) from None
    return codec


def _broken_line(content: bytes, codec: str) -> int:
    for number, line in enumerate(io.BytesIO(content), 1):
        try:
            line.decode(codec)
        except UnicodeDecodeError:
            return number
    return 0


class Book:
    """An open workbook; its sheets are read row by row, values only."""

    def __init__(self, book: Any, limits: Limits) -> None:
        self._book = book
        self._limits = limits

    @property
    def names(self) -> list[str]:
        """The names of its sheets in their order."""
        return [sheet.title for sheet in self._book.worksheets]

    def sheet(self, name: str) -> Sheet:
        """One sheet; raises FileRefused when there is none of this name."""
        for one in self._book.worksheets:
            if one.title == name:
                return Sheet(name, _rows(one, self._limits.rows))
        raise FileRefused("file_no_sheet", sheet=name, given=", ".join(self.names)[:200])

    def sheets(self, wanted: str | None = None) -> Iterator[Sheet]:
        """Every sheet, or the wanted one; raises FileRefused."""
        for name in self.names if wanted is None else [wanted]:
            yield self.sheet(name)


@contextmanager
def open_book(content: bytes, limits: Limits) -> Iterator[Book]:
    """The workbook, checked to be one and within its limits; raises FileRefused."""
    check_workbook(content, limits.unpacked)
    import openpyxl  # heavy; only when a workbook is there

    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
    except READ_ERRORS as error:
        raise FileRefused("file_broken", reason=type(error).__name__) from None
    try:
        yield Book(book, limits)
    finally:
        book.close()


def _rows(sheet: Any, most: int) -> Iterator[Row]:
    # The size a workbook claims to have is not to be believed.
    sheet.reset_dimensions()
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield _within([_value(cell) for cell in cells], number, most)
    except READ_ERRORS as error:
        raise FileRefused("file_broken", reason=type(error).__name__) from None


def _value(cell: Any) -> object:
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        shape = cell.number_format or ""
        if "%" in shape and '"%"' not in shape:
            return Share(Decimal(format(value, ".15g")))
    return value
