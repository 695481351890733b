"""From the bytes of one file to records: a table, a workbook of the template, or summary sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ioc.ingest.connector import Record, Rejected
from ioc.ingest.drop import safe_name
from ioc.ingest.presets import period_of, presets, titles
from ioc.ingest.report import row_place
from ioc.ingest.sheets import FileRefused, Limits, Sheet, csv_sheets, open_book
from ioc.ingest.table import Columns, Header, find_header, lines, missing_headings
from ioc.ingest.totals import Totals
from ioc.ingest.workbook import DATA, META, workbook_records

MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The endings of files that are read, and what they are."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the files of a source look; `columns` are those of a table, `fields` are
    put beside every record."""

    kind: Literal["table", "workbook", "sheets_766"]
    columns: Columns
    sheet: str | None
    separator: str
    encoding: str
    limits: Limits
    fields: Mapping[str, str]


def file_records(form: Form, name: str, content: bytes) -> Iterator[Record | Rejected]:
    """The records of one file, one after the other; raises FileRefused, mostly before the first."""
    for one in _read(form, name, content):
        if form.fields and isinstance(one, Record):
            yield replace(one, fields={**form.fields, **one.fields})
        else:
            yield one


def _read(form: Form, name: str, content: bytes) -> Iterator[Record | Rejected]:
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
        if form.kind == "sheets_766":
            yield from _summaries(sheets, safe_name(name))
            return
        yield from _table(form.columns, sheets, safe_name(name))


def _table(columns: Columns, sheets: Iterator[Sheet], file: str) -> Iterator[Record | Rejected]:
    closest: list[str] | None = None
    for sheet in sheets:
        header = find_header(sheet, columns)
        if header is None:
            lacking = missing_headings(sheet, columns)
            closest = lacking if closest is None or len(lacking) < len(closest) else closest
            continue
        yield from _lines(sheet, header, columns, {"_file": file, "_sheet": sheet.name})
        return
    raise FileRefused("file_no_header", headings="; ".join(closest or []) or "–")


def _summaries(sheets: Iterator[Sheet], file: str) -> Iterator[Record | Rejected]:
    """The records of every sheet that is one of the declared ones."""
    found = False
    for sheet in sheets:
        for name, ways in presets().items():
            pair = next(((one, at) for one in ways if (at := find_header(sheet, one))), None)
            if pair is None:
                continue
            found = True
            columns, header = pair
            texts = titles(sheet.head[: header.last + 1])
            period = period_of(texts)
            about: dict[str, object] = {"_file": file, "_sheet": sheet.name, "_form": name}
            about["_period"] = period.code if period else None
            about["_calendar"] = period.calendar.value if period else None
            yield from _lines(sheet, header, columns, about)
            break
    if not found:
        raise FileRefused("file_no_summary", known=", ".join(presets()))


def _lines(
    sheet: Sheet, header: Header, columns: Columns, about: Mapping[str, object]
) -> Iterator[Record | Rejected]:
    totals = Totals(columns.summed, columns.headings)
    group, group_name = "", ""
    for line in lines(sheet, header, columns):
        place = row_place(sheet.name, line.number)
        if line.kind == "group":
            group, group_name = line.mark.rstrip("."), line.label
            totals.group(place, line.label or line.mark, line.fields)
        elif line.kind == "total":
            totals.total(place, line.label, line.fields)
        else:
            totals.add(line.fields)
            beside: dict[str, object] = {"_row": line.number}
            if columns.stt is not None:
                beside |= {"_group": group, "_group_name": group_name}
            yield Record(place, {**line.fields, **about, **beside})
    yield from totals.differences()
