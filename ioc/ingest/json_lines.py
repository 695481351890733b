"""Rows of a database kept as JSON lines, exactly, and read again as records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Record

MEDIA = "application/x-ndjson"


class JsonRecords:
    """The records of an answer, read from its lines each time they are asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[Record]:
        start, number = 0, 0
        while start < len(self._content):
            end = self._content.index(b"\n", start)
            number += 1
            line = self._content[start:end]
            yield Record(str(number), json.loads(line, parse_float=Decimal))
            start = end + 1


class JsonLines:
    """Rows becoming JSON lines, within the limits; `mark` is the column whose newest is kept."""

    def __init__(self, rows: int, megabytes: float, mark: str | None) -> None:
        self._most = rows
        self._megabytes = f"{megabytes:g}"
        self._left = int(megabytes * 2**20)
        self._mark = mark
        self._names: list[str] = []
        self._at: int | None = None
        self._top: Any = None
        self.lines: list[bytes] = []

    def begin(self, columns: list[str]) -> None:
        """Take the names of the columns."""
        twice = sorted({one for one in columns if columns.count(one) > 1})
        if twice:
            raise PermanentSourceError(
                f"the column {twice[0]} stands twice", code="sql_column_twice", column=twice[0]
            )
        mark = self._mark
        if mark is not None and mark not in columns:
            raise PermanentSourceError(f"no column {mark}", code="sql_no_column", column=mark)
        self._at = columns.index(mark) if mark else None
        self._names = [f"{json.dumps(one, ensure_ascii=False)}:" for one in columns]

    def add(self, row: tuple[object, ...]) -> None:
        """Keep one row."""
        if len(self.lines) >= self._most:
            raise PermanentSourceError(
                f"more than {self._most} rows",
                code="sql_too_many_rows",
                most=self._most,
            )
        parts = (name + _json(value) for name, value in zip(self._names, row, strict=True))
        line = ("{" + ",".join(parts) + "}\n").encode()
        self._left -= len(line)
        if self._left < 0:
            raise PermanentSourceError(
                f"more than {self._megabytes} MB",
                code="too_large_answer",
                megabytes=self._megabytes,
            )
        self.lines.append(line)
        if self._at is not None and row[self._at] is not None:
            self._see(row[self._at])

    def _see(self, value: Any) -> None:
        try:
            if self._top is None or value > self._top:
                self._top = value
        except TypeError:
            column = self._mark or ""
            raise PermanentSourceError(
                f"{column} holds values of several kinds", code="sql_mixed_column", column=column
            ) from None

    @property
    def newest(self) -> str | None:
        """The newest watermark as it is kept; None when no row had one."""
        if self._top is None:
            return None
        return self._top.isoformat() if isinstance(self._top, date) else str(self._top)


def _json(value: object) -> str:
    """A value as JSON: numbers exact, moments in their standard form, NULL as null."""
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return json.dumps(value)
    if isinstance(value, float):
        # A double carries fifteen digits; what follows is noise of binary arithmetic.
        text = format(value, ".15g")
        return text if text.lstrip("-").isdigit() or "." in text or "e" in text else f'"{text}"'
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else f'"{value}"'
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return json.dumps(bytes(value).decode("utf-8", "replace"), ensure_ascii=False)
    return json.dumps(str(value), ensure_ascii=False)
