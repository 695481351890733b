"""One read-only SELECT against another system's database, with bind parameters and a watermark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Tools
from ioc.ingest.database import SQLITE, Access, address, selecting
from ioc.ingest.reach import Tls
from ioc.ingest.secrets import Masks
from ioc.ingest.statement import check_gaps, check_select, gaps
from ioc.ingest.wire import seconds_left

_ZONE = timezone(timedelta(hours=7))
_OWN = ("since", "now", "period_start", "period_end")
_MEDIA = "application/x-ndjson"


class Watermark(BaseModel):
    """Which column tells what is new; equal values are read again, so no row is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str = Field(
        min_length=1, description="Column of the answer that grows, such as updated_at."
    )
    kind: Literal["moment", "day", "number", "text"] = Field(
        default="moment", description="What the column holds; numbers are whole."
    )
    first: str = Field(
        default="1975-01-01",
        description="Value of :since in the first run; of the column's kind.",
    )
    overlap: float = Field(
        default=600,
        ge=0,
        le=30 * 86400,
        description="Seconds that :since lies before the newest value seen (kind moment), for "
        "rows whose transaction ended later than others.",
    )

    @model_validator(mode="after")
    def _readable(self) -> Watermark:
        try:
            _parsed(self.kind, self.first)
        except ValueError:
            raise ValueError(f"first: a {self.kind}") from None
        return self


class SqlConfig(BaseModel):
    """Which database is asked, and what.

    One SELECT (or WITH ... SELECT) runs in a read-only transaction with a time limit that the
    server keeps; it is refused when it holds `;`, comments or a word that writes. Give it an
    account that may read one view and nothing else: that is the last line of defence, and the
    only one for kinds of databases that are not built in.

    Bind parameters: `:since` (newest watermark), `:now`, `:period_start` and `:period_end` (days;
    the gap that is being filled, or the last months up to today) and those under `params`. The
    answer's columns are the fields of the records. Numbers are exact, NULL is missing, moments
    without a zone are Vietnamese time. What was answered is kept, so that a figure can be traced.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        description="Address: postgresql://user@host:5432/name, mariadb://user@host/name (also "
        "mysql://), sqlite:///file inside the home directory, or that of an installed SQLAlchemy "
        "driver. The password may stand in it as ${env:NAME} or under password.",
        repr=False,
    )
    password: str = Field(
        default="",
        description="The account's password, as ${env:NAME} or ${file:/path}.",
        repr=False,
    )
    query: str = Field(
        min_length=8,
        max_length=20_000,
        description="One SELECT, or WITH ... SELECT, that only reads.",
    )
    params: dict[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="Further bind parameters and their values."
    )
    watermark: Watermark | None = Field(
        default=None, description="Which column tells what is new since the last run."
    )
    months: int = Field(
        default=36,
        ge=1,
        le=1200,
        description="Months before today in which :period_start lies, unless a gap is filled.",
    )
    encrypted: bool = Field(
        default=True,
        description="Connect by TLS and verify the server's certificate against its name; false "
        "only where the network between is trusted.",
    )
    tls: Tls | None = Field(default=None, description="Certificates of a private network.")
    seconds: float = Field(
        default=60, gt=0, le=3600, description="Seconds that the statement may take."
    )
    lock: float = Field(
        default=5, ge=1, le=60, description="Seconds that the statement may wait for a lock."
    )
    connect: float = Field(default=10, ge=2, le=60, description="Seconds to connect.")
    rows: int = Field(
        default=200_000,
        ge=1,
        le=5_000_000,
        description="Most rows of an answer; more are an error, never a silent cut.",
    )
    megabytes: float = Field(
        default=50, gt=0, le=500, description="Largest answer in megabytes, as JSON lines."
    )

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        address(given)
        return given

    @field_validator("query")
    @classmethod
    def _only_reads(cls, given: str) -> str:
        return check_select(given)

    @model_validator(mode="after")
    def _filled(self) -> SqlConfig:
        for name in self.params:
            if name in _OWN or not name.isidentifier():
                raise ValueError(f"params: other names than {', '.join(_OWN)}; given {name!r}")
        check_gaps(self.query, (*_OWN, *self.params))
        if "since" in gaps(self.query) and self.watermark is None:
            raise ValueError("watermark, because the query uses :since")
        return self

    @cached_property
    def place(self) -> Any:
        """The address with its password."""
        found = address(self.url)
        return found.set(password=self.password) if self.password else found


class Sql:
    """The connector."""

    name: ClassVar[str] = "sql"
    Config: ClassVar[type[BaseModel]] = SqlConfig
    EXAMPLE: ClassVar[str] = """
        name: mot-cua-tinh
        title: {vi: "Hệ thống một cửa tỉnh (CSDL)", en: "Provincial one-stop system (database)"}
        connector: sql
        illustrative: false
        schedule: {cron: "30 6 * * *"}
        timeout: 3m
        config:
          url: postgresql://ioc_doc@csdl.tinh.example.gov.vn:5432/motcua
          password: ${env:MOTCUA_MATKHAU}
          query: |
            SELECT ma_don_vi, ky, dung_han, tong_ho_so, updated_at
            FROM ioc_ops_01
            WHERE updated_at >= :since
            ORDER BY updated_at
          watermark: {column: updated_at, first: "2025-01-01"}
          tls: {ca: certs/tinh-ca.pem}
        mapping:
          locale: plain
          unit: {code: ma_don_vi, system: nso, pad: 2}
          period: {field: ky}
          values:
            - indicator: OPS-01
              numerator: dung_han
              denominator: tong_ho_so
        contract:
          required: [ma_don_vi, ky, dung_han, tong_ho_so]
        """

    def reach(self, config: SqlConfig, home: object) -> Reach:
        """The database's host, and no other."""
        return Reach((config.place.host,)) if config.place.host else Reach()

    def fetch(self, config: SqlConfig, tools: Tools) -> Batch:
        """Ask once. Raises SourceError: refused, too slow, too much, or not to be reached."""
        access = _access(config, tools)
        kept = _Lines(config)
        with selecting(access, config.query, _values(config, tools, access.kind)) as (
            columns,
            rows,
        ):
            kept.begin(columns)
            for row in rows:
                kept.add(row)
        payload = Payload(access.where, b"".join(kept.lines), _MEDIA)
        # A gap that was filled says nothing about what is new.
        newest = None if tools.span is not None else kept.newest
        mark = json.dumps([newest, _asked(config, tools)]) if newest is not None else None
        return Batch(_Records(payload.content), [payload], watermark=mark)

    def finish(self, config: SqlConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up: the connection was closed with the fetch."""

    def reread(self, config: SqlConfig, payload: Payload) -> list[Record]:
        """The records of a kept answer."""
        return list(_Records(payload.content))


class _Records:
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


class _Lines:
    """Rows becoming JSON lines, within the limits, with the newest watermark among them."""

    def __init__(self, config: SqlConfig) -> None:
        self._config = config
        self._left = int(config.megabytes * 2**20)
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
        mark = self._config.watermark
        if mark is not None and mark.column not in columns:
            raise PermanentSourceError(
                f"no column {mark.column}", code="sql_no_column", column=mark.column
            )
        self._at = columns.index(mark.column) if mark else None
        self._names = [f"{json.dumps(one, ensure_ascii=False)}:" for one in columns]

    def add(self, row: tuple[object, ...]) -> None:
        """Keep one row."""
        if len(self.lines) >= self._config.rows:
            raise PermanentSourceError(
                f"more than {self._config.rows} rows",
                code="sql_too_many_rows",
                most=self._config.rows,
            )
        parts = (name + _json(value) for name, value in zip(self._names, row, strict=True))
        line = ("{" + ",".join(parts) + "}\n").encode()
        self._left -= len(line)
        if self._left < 0:
            raise PermanentSourceError(
                f"more than {self._config.megabytes:g} MB",
                code="too_large_answer",
                megabytes=f"{self._config.megabytes:g}",
            )
        self.lines.append(line)
        if self._at is not None and row[self._at] is not None:
            self._see(row[self._at])

    def _see(self, value: Any) -> None:
        try:
            if self._top is None or value > self._top:
                self._top = value
        except TypeError:
            column = self._config.watermark.column if self._config.watermark else ""
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


def _access(config: SqlConfig, tools: Tools) -> Access:
    tls = config.tls or Tls()
    files = (tools.home / one if one else None for one in (tls.ca, tls.certificate, tls.key))
    ca, certificate, key = files
    masks = Masks((*tools.secrets, config.place.password or ""))
    return Access(
        url=config.place,
        encrypted=config.encrypted,
        certificates=(ca, certificate, key),
        home=tools.home,
        guard=tools.guard,
        seconds=seconds_left(tools.deadline, config.seconds),
        lock=config.lock,
        connect=seconds_left(tools.deadline, config.connect),
        hide=masks.hide,
    )


def _values(config: SqlConfig, tools: Tools, kind: str) -> dict[str, object]:
    """What fills the bind parameters that the query uses."""
    now = tools.now().astimezone(_ZONE)
    start, end = tools.span or (_months_before(now.date(), config.months), now.date())
    found: dict[str, object] = {"period_start": start, "period_end": end, **config.params}
    found["now"] = now if kind == "postgresql" else now.replace(tzinfo=None)
    if config.watermark is not None:
        found["since"] = _since(config.watermark, _newest(config, tools))
    used = {name: value for name, value in found.items() if name in gaps(config.query)}
    if kind == SQLITE:
        # SQLite has no dates of its own; they are texts in the standard form.
        texts = {name: _text(one) for name, one in used.items() if isinstance(one, date)}
        used |= texts
    return used


def _text(value: date) -> str:
    return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()


def _asked(config: SqlConfig, tools: Tools) -> str:
    """A short form of what is asked and how it is read; a change asks for everything again."""
    asked = json.dumps([config.query, config.params, tools.rules], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def _newest(config: SqlConfig, tools: Tools) -> str | None:
    """The newest watermark that was kept, where it answers what is asked now."""
    if tools.span is not None or not tools.watermark:
        return None
    newest, asked = json.loads(tools.watermark)
    return str(newest) if asked == _asked(config, tools) else None


def _since(mark: Watermark, kept: str | None) -> object:
    value = _parsed(mark.kind, kept or mark.first)
    if isinstance(value, datetime) and kept is not None:
        return value - timedelta(seconds=mark.overlap)
    return value


def _parsed(kind: str, text: str) -> object:
    readers: dict[str, Callable[[str], object]] = {
        "moment": datetime.fromisoformat,
        "day": lambda one: date.fromisoformat(one[:10]),
        "number": int,
        "text": str,
    }
    return readers[kind](text)


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(max(1, count // 12), count % 12 + 1, 1)


CONNECTOR = Sql()
