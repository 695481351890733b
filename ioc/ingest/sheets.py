"""Rows of CSV and XLSX files, within limits; a file that is refused says why in one code."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ioc.ingest.values import Share

_MACROS = re.compile(r"(^|/)(vbaProject|xlm|macrosheets)", re.IGNORECASE)
_TRICKS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_PARTS = 5_000
_COLUMNS = 500
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SEPARATORS = {";": ";", ",": ",", "tab": "\t"}

Row = Sequence[object]


class FileRefused(Exception):
    """A file that is not read at all; becomes one rejection with this code and these params."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, or of a CSV file read with one separator."""

    name: str
    rows: list[Row]


def csv_sheets(content: bytes, encoding: str, separator: str, most: int) -> Iterator[Sheet]:
    """The file as each possible separator reads it; raises FileRefused."""
    text = _decoded(content, encoding)
    marks = SEPARATORS.values() if separator == "auto" else (SEPARATORS[separator],)
    for mark in marks:
        rows: list[Row] = []
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
                rows.append(row[:_COLUMNS])
                if len(rows) > most:
                    raise FileRefused("file_too_many_rows", most=most)
        except csv.Error as error:
            if separator != "auto" or mark == "\t":
                raise FileRefused("file_broken", reason=str(error)[:100]) from None
            continue
        yield Sheet("", rows)


def _decoded(content: bytes, encoding: str) -> str:
    if b"\x00" in content:
        raise FileRefused("file_not_text")
    try:
        if encoding == "utf-8":
            return content.decode("utf-8-sig")
        return content.decode("cp1258")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused("file_encoding", encoding=encoding, line=line) from None


def xlsx_sheets(content: bytes, wanted: str | None, most: int, unpacked: int) -> Iterator[Sheet]:
    """The sheets of a workbook, values only; `unpacked` limits its bytes. Raises FileRefused."""
    _check_workbook(content, unpacked)
    import openpyxl  # heavy; only when a workbook is there

    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
    except _READ_ERRORS as error:
        raise FileRefused("file_broken", reason=type(error).__name__) from None
    try:
        if wanted is not None and wanted not in book.sheetnames:
            raise FileRefused("file_no_sheet", sheet=wanted, given=", ".join(book.sheetnames)[:200])
        for sheet in book.worksheets:
            if wanted is None or sheet.title == wanted:
                yield Sheet(sheet.title, _rows(sheet, most))
    finally:
        book.close()


_READ_ERRORS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,
    zipfile.BadZipFile,
    NotImplementedError,
    OverflowError,
)
"""What the workbook library raises for broken files; a ParseError of XML is a SyntaxError."""


def _rows(sheet: Any, most: int) -> list[Row]:
    # The size a workbook claims to have is not to be believed.
    sheet.reset_dimensions()
    rows: list[Row] = []
    try:
        for cells in sheet.iter_rows(max_col=_COLUMNS):
            rows.append([_value(cell) for cell in cells])
            if len(rows) > most:
                raise FileRefused("file_too_many_rows", most=most)
    except _READ_ERRORS as error:
        raise FileRefused("file_broken", reason=type(error).__name__) from None
    return rows


def _value(cell: Any) -> object:
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        shape = cell.number_format or ""
        if "%" in shape and '"%"' not in shape:
            return Share(Decimal(format(value, ".15g")))
    return value


def _check_workbook(content: bytes, unpacked: int) -> None:
    if content.startswith(_OLD_OFFICE):
        raise FileRefused("file_encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS or sum(one.file_size for one in parts) > unpacked:
                raise FileRefused("file_bomb")
            left = unpacked
            for part in parts:
                if part.flag_bits & 1:
                    raise FileRefused("file_encrypted")
                if _MACROS.search(part.filename):
                    raise FileRefused("file_macros")
                left -= _check_part(archive, part, left)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        raise FileRefused("file_not_workbook") from None


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack a part within the limit (its header may lie) and look at how it begins."""
    size = 0
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            if size == 0 and _TRICKS.search(piece[:4096]):
                raise FileRefused("file_entities")
            size += len(piece)
            if size > left:
                raise FileRefused("file_bomb")
    return size
