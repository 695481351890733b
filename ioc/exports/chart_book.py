"""The workbook inside a chart, which opens when someone edits its figures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ioc.exports.slides_text import clean
from ioc.exports.table import plain

SHEET = "Sheet1"
"""The name that the references in a chart use."""


def name_of(text: str) -> str:
    """A text as charts and their workbooks hold it: nothing that could compute."""
    return plain(clean(text))


def floating(value: int | Fraction | None) -> int | float | None:
    """An amount as a chart holds it: the nearest double, nothing rounded beyond that."""
    return float(value) if isinstance(value, Fraction) else value


def workbook(
    heads: Sequence[str],
    columns: Sequence[Sequence[str | int | float | None]],
    formats: Sequence[str],
) -> bytes:
    """A workbook of these columns from A1 on; texts are texts, whatever they begin with.

    The chart library writes its own, in which a name like `=1+1` computes and an address is a
    link; this one takes its place.
    """
    from openpyxl import Workbook  # heavy; only when a chart is made

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    for at, (head, values, form) in enumerate(zip(heads, columns, formats, strict=True), 1):
        _put(sheet, 1, at, head, form)
        for row, value in enumerate(values, 2):
            _put(sheet, row, at, value, form)
    book.properties.creator = "IOC"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(sheet: Any, row: int, column: int, value: str | int | float | None, form: str) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif form:
        cell.number_format = form
