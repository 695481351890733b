"""Prometheus, and what speaks its interface: named queries, each answered for one moment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ioc.ingest.asking import Asking
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.http import Ask
from ioc.ingest.marks import remembered, to_remember
from ioc.ingest.moments import Moment, moment_of
from ioc.ingest.periods import Periods
from ioc.ingest.promql import TOLD, check, series
from ioc.ingest.rounds import Each, rounds

_RANGE = "{range}"


class Query(BaseModel):
    """One query and the fields that its labels fill."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str = Field(
        min_length=1,
        max_length=20_000,
        description="PromQL that gives one value per series, or one value at all; `{range}` "
        "stands for the time from the beginning of the period to the moment asked about, so "
        "`avg_over_time(up[{range}])` is the availability over the period.",
    )
    labels: dict[str, str] | None = Field(
        default=None, description="Fields and the labels that fill them, where this query differs."
    )


class PrometheusConfig(Asking):
    """Asks Prometheus (or Thanos, Mimir, VictoriaMetrics) by instant queries.

    Each query has a name; its value becomes the field of that name. What several queries say of
    the same labels stands in one record, so that one may be the numerator and another the
    denominator; a query that says nothing of them leaves its field empty, which is missing and
    never zero, as are NaN and infinity. Every record has `_time`, the moment asked about.

    Without `periods` the queries are asked for the moment of the run. With `periods` they are
    asked for the last moment of each period (or now, while it lasts), and the records have
    `_period`; gaps of the past are filled alike, as far as the data are kept. An average over
    time belongs into the query (`avg_over_time`, `sum_over_time`), where Prometheus computes it
    from every sample. Values have as many decimals as a computer gives; say `decimals: round`
    in the mapping.

    A query that fails, or an answer that warns of being partial, fails the run as a whole with
    the server's own words; the last good figures stay.
    """

    queries: dict[str, Query] = Field(
        min_length=1, max_length=50, description="What is asked, by the name of the field."
    )
    labels: dict[str, str] = Field(
        default_factory=dict,
        description="Fields and the labels that fill them; without any, every label of a series "
        "is a field under its own name.",
    )
    periods: Periods | None = Field(
        default=None, description="Asks for periods; for the moment of the run if not given."
    )
    kept: int = Field(
        default=15,
        ge=1,
        le=36_500,
        description="Days for which the server keeps its data (15 is its default): what reaches "
        "further back is rejected, because the remaining samples would not stand for the period.",
    )
    warnings: Literal["refuse", "take"] = Field(
        default="refuse",
        description="What becomes of an answer with warnings, such as one that lacks a store.",
    )

    @field_validator("queries", mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        if isinstance(given, dict):
            return {key: {"query": one} if isinstance(one, str) else one
                    for key, one in given.items()}  # fmt: skip
        return given

    def fields_of(self, name: str) -> Mapping[str, str]:
        """Fields and labels of a query."""
        own = self.queries[name].labels
        return self.labels if own is None else own


class Prometheus:
    """The connector."""

    name: ClassVar[str] = "prometheus"
    Config: ClassVar[type[BaseModel]] = PrometheusConfig
    EXAMPLE: ClassVar[str] = """
        # Databases of a province that answered for at least 99% of the month, of those assigned.
        name: giam-sat-csdl
        title: {vi: Giám sát vận hành cơ sở dữ liệu, en: Monitoring of databases in operation}
        connector: prometheus
        illustrative: false
        schedule: {every: 15m}
        config:
          url: https://prometheus.example.gov.vn
          auth: {kind: basic, user: ioc, password: "${env:PROMETHEUS_PASSWORD}"}
          labels: {ma_tinh: ma_tinh}
          queries:
            van_hanh: 'sum by (ma_tinh) (avg_over_time(up{job="csdl"}[{range}]) >= bool 0.99)'
            duoc_giao: 'count by (ma_tinh) (count_over_time(up{job="csdl"}[{range}]))'
          periods: {grain: month, last: 12, again: 2}
          kept: 400
        mapping:
          locale: plain
          unit: {code: ma_tinh, system: nso}
          period: {field: _period, grains: [month]}
          values:
            - {indicator: DB-01, numerator: van_hanh, denominator: duoc_giao}
        contract:
          min_records: 1
    """

    def reach(self, config: PrometheusConfig, home: Path) -> Reach:
        """The server."""
        return config.reach(home)

    def fetch(self, config: PrometheusConfig, tools: Tools) -> Batch:
        """Every query for every moment that is due; raises SourceError when one of them fails."""
        each = Each(periods=config.periods) if config.periods else None
        due = rounds(each, tools, remembered(tools))
        payloads: list[Payload] = []
        found: list[Record | Rejected] = []
        for values in due.values:
            moment = moment_of(values, tools.now())
            if (refused := _forgotten(config, moment, tools.now())) is not None:
                found.append(refused)
                continue
            payload = self._asked(config, moment, tools)
            found += _records(config, payload, len(payloads))
            payloads.append(payload)
        return Batch(found, payloads, to_remember(due.watermark, tools), due.more, due.progress)

    def finish(
        self, config: PrometheusConfig, batch: Batch, outcome: Outcome, tools: Tools
    ) -> None:
        """Nothing to clear up."""

    def reread(self, config: PrometheusConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of the kept answers for one moment."""
        return list(_records(config, payload, 0))

    def _asked(self, config: PrometheusConfig, moment: Moment, tools: Tools) -> Payload:
        """The answers of all queries for one moment, side by side, each byte for byte."""
        parts: list[bytes] = []
        label = ""
        for name, one in config.queries.items():
            form = {
                "query": one.query.replace(_RANGE, f"{moment.seconds}s"),
                "time": f"{moment.time.timestamp():.3f}",
                "timeout": f"{config.limits.total:g}s",
            }
            url = f"{config.url}/api/v1/query"
            request = Ask("POST", url, config.headers, form=form, answers=TOLD)
            answer = config.ask(request, tools)
            check(name, answer, partial=config.warnings == "take")
            parts.append(json.dumps(name).encode() + b": " + answer.content.strip())
            label = answer.label
        about = {"time": moment.time.isoformat(timespec="seconds"), **moment.fields}
        parts.insert(0, b'"": ' + json.dumps(about).encode())
        content = b"{" + b",\n".join(parts) + b"}"
        return Payload(f"{label} {moment.label}", content, "application/json")


def _forgotten(config: PrometheusConfig, moment: Moment, now: datetime) -> Rejected | None:
    """A rejection where the server cannot have all the data of what is asked about."""
    ranged = any(_RANGE in one.query for one in config.queries.values())
    oldest = moment.first if ranged and moment.first else moment.time
    if now - oldest <= timedelta(days=config.kept):
        return None
    return Rejected(moment.label, "beyond_kept", {"period": moment.label, "days": config.kept})


def _records(config: PrometheusConfig, payload: Payload, index: int) -> Iterator[Record | Rejected]:
    """One record per set of labels; a series whose labels were there before is rejected."""
    document = json.loads(payload.content, parse_float=Decimal)
    about = document.pop("")
    label = about.get("_period", "") or about["time"]
    beside = {"_time": about["time"], **{k: v for k, v in about.items() if k != "time"}}
    merged: dict[tuple[tuple[str, str], ...], dict[str, object]] = {}
    refused: list[Rejected] = []
    for name in config.queries:
        for at, (labels, value) in enumerate(series(document.get(name)), 1):
            chosen = config.fields_of(name)
            fields = {field: labels.get(one) for field, one in chosen.items()} if chosen else labels
            key = tuple(sorted((field, str(one)) for field, one in fields.items()))
            row = merged.setdefault(key, {**fields, **dict.fromkeys(config.queries), **beside})
            if row[name] is not None:
                given = json.dumps(labels, ensure_ascii=False)
                place = f"{label} · {name} · {at}"
                refused.append(Rejected(place, "series_twice", {"query": name}, given[:500], index))
                continue
            row[name] = value
    for at, row in enumerate(merged.values(), 1):
        yield Record(f"{label} · {at}", row, index)
    yield from refused


CONNECTOR = Prometheus()
