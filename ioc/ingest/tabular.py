"""From the bytes of one file to records: a table, a workbook of the template, or summary sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ioc.ingest.connector import Record, Rejected
from ioc.ingest.drop import safe_name
from ioc.ingest.report import row_place
from ioc.ingest.sheets import FileRefused, Limits, Sheet, csv_sheets, open_book
from ioc.ingest.table import Columns, find_header, missing_headings, records
from ioc.ingest.workbook import DATA, META, workbook_records

MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The endings of files that are read, and what they are."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the files of a source look; `columns` are those of a table."""

    kind: Literal["table", "workbook", "sheets_766"]
    columns: Columns
    sheet: str | None
    separator: str
    encoding: str
    limits: Limits


def file_records(form: Form, name: str, content: bytes) -> Iterator[Record | Rejected]:
    """The records of one file, one after the other; raises FileRefused, mostly before the first."""
    if not content.strip():
        raise FileRefused("file_empty")
    packed = Path(name).suffix.lower() != ".csv"
    with ExitStack() as stack:
        if form.kind == "workbook":
            if not packed:
                raise FileRefused("file_not_workbook")
            book = stack.enter_context(open_book(content, form.limits))
            yield from workbook_records(book.sheet(META), book.sheet(DATA), safe_name(name))
            return
        if packed:
            sheets = stack.enter_context(open_book(content, form.limits)).sheets(form.sheet)
        else:
            sheets = csv_sheets(content, form.encoding, form.separator, form.limits)
        yield from _table(form.columns, sheets, safe_name(name))


def _table(columns: Columns, sheets: Iterator[Sheet], file: str) -> Iterator[Record | Rejected]:
    closest: list[str] | None = None
    for sheet in sheets:
        header = find_header(sheet, columns)
        if header is None:
            lacking = missing_headings(sheet, columns)
            closest = lacking if closest is None or len(lacking) < len(closest) else closest
            continue
        about = {"_file": file, "_sheet": sheet.name}
        for number, fields in records(sheet, header, columns):
            yield Record(row_place(sheet.name, number), {**fields, **about, "_row": number})
        return
    raise FileRefused("file_no_header", headings="; ".join(closest or []) or "–")
