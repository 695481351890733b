"""One read-only SELECT against another system's database, with bind parameters and a watermark."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta, timezone
from typing import ClassVar

from pydantic import BaseModel

from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Tools
from ioc.ingest.database import selecting
from ioc.ingest.database_access import POSTGRESQL, SQLITE, Access
from ioc.ingest.json_lines import MEDIA, JsonLines, JsonRecords
from ioc.ingest.reach import Tls
from ioc.ingest.secrets import Masks
from ioc.ingest.sql_config import SqlConfig, Watermark, parsed
from ioc.ingest.statement import gaps
from ioc.ingest.wire import seconds_left

_ZONE = timezone(timedelta(hours=7))


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
        mark = config.watermark.column if config.watermark else None
        kept = JsonLines(config.rows, config.megabytes, mark)
        with selecting(access, config.query, _values(config, tools, access.kind)) as (
            columns,
            rows,
        ):
            kept.begin(columns)
            for row in rows:
                kept.add(row)
        payload = Payload(access.where, b"".join(kept.lines), MEDIA)
        # A gap that was filled says nothing about what is new.
        newest = None if tools.span is not None else kept.newest
        if newest is not None:
            newest = json.dumps([newest, _asked(config, tools)])
        return Batch(JsonRecords(payload.content), [payload], watermark=newest)

    def finish(self, config: SqlConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up: the connection was closed with the fetch."""

    def reread(self, config: SqlConfig, payload: Payload) -> list[Record]:
        """The records of a kept answer."""
        return list(JsonRecords(payload.content))


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
    found["now"] = now if kind == POSTGRESQL else now.replace(tzinfo=None)
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
    value = parsed(mark.kind, kept or mark.first)
    if isinstance(value, datetime) and kept is not None:
        return value - timedelta(seconds=mark.overlap)
    return value


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(max(1, count // 12), count % 12 + 1, 1)


__all__ = ["CONNECTOR", "SqlConfig"]
CONNECTOR = Sql()
