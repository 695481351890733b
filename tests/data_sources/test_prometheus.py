"""Prometheus for real: instant queries, availability over past months, errors in its own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from support.prometheus import PrometheusServer, Sample, running_prometheus
from support.server import answer, serving
from support.whole import Whole

from data_sources.prometheus import CONNECTOR, PrometheusConfig
from ioc.domain.messages import say
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.backfill import fill, span_of
from ioc.ingest.client import open_client
from ioc.ingest.connector import Batch, Record, Rejected, Tools

HANOI = "+07:00"
STEP = 3600
METRICS = """# TYPE nguon gauge
nguon_dung_nhip{ma_tinh="38"} 12
nguon_ket_noi{ma_tinh="38"} 15
nguon_dung_nhip{ma_tinh="01"} NaN
nguon_ket_noi{ma_tinh="01"} 9
nguon_ket_noi{ma_tinh="30"} 4
lon 1e+06
vo_han{ma_tinh="38"} +Inf
hai{ma_tinh="38",may="a"} 1
hai{ma_tinh="38",may="b"} 2
"""
# Of province 38 one source of two was there for more than 99% of October; of 01 the only one.
DOWN = {("38", "b"): 0.1}


def now() -> datetime:
    """The real clock: the server has no other."""
    return datetime.now(UTC)


def months() -> tuple[datetime, datetime, datetime]:
    """Beginning of the month before the last, of the last and of this one, as in Hà Nội."""
    this = datetime.fromisoformat(f"{now() + timedelta(hours=7):%Y-%m}-01T00:00:00{HANOI}")
    last = (this - timedelta(days=1)).replace(day=1)
    return (last - timedelta(days=1)).replace(day=1), last, this


def history() -> Iterator[Sample]:
    """An `up` per hour of the last full month, and one before it that must not count."""
    _, last, this = months()
    hours = int((this - last).total_seconds() // STEP)
    for unit, machine in (("38", "a"), ("38", "b"), ("01", "c")):
        series = f'up{{job="nguon",ma_tinh="{unit}",may="{machine}"}}'
        yield series, 0, last.timestamp() - STEP
        for at in range(hours):
            down = at < hours * DOWN.get((unit, machine), 0)
            yield series, 0 if down else 1, last.timestamp() + at * STEP + 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, METRICS.encode(), media="text/plain")

    folder = tmp_path_factory.mktemp("prometheus")
    with serving(respond) as target, running_prometheus(folder, target, history()) as running:
        running.wait_for("count_over_time(nguon_ket_noi[20s]) >= 2")
        yield running


def fetch(host: str, mark: str | None = None, **config: Any) -> Batch:
    span = config.pop("span", None)
    rules = config.pop("rules", "1")
    settings = PrometheusConfig.model_validate(
        {"url": f"http://{host}", "attempts": 1, "kept": 4000, **config}
    )
    with open_client([host], declared=CONNECTOR.reach(settings, Path()).hosts) as client:
        tools = Tools(client, now, Path(), mark, span=span, rules=rules)
        batch = CONNECTOR.fetch(settings, tools)
        batch = replace(batch, records=list(batch.records))
    again = [one for kept in batch.payloads for one in CONNECTOR.reread(settings, kept)]
    kept_back = [one for one in batch.records if getattr(one, "code", "") != "beyond_kept"]
    assert [replace(one, payload=0) for one in kept_back] == again
    return batch


def rows(batch: Batch) -> dict[str, dict[str, Any]]:
    found = [dict(one.fields) for one in batch.records if isinstance(one, Record)]
    return {str(one.get("ma", "")): one for one in found}


def refused(host: str, **config: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(host, **config)
    for lang in ("vi", "en"):
        assert say(lang, f"source.{caught.value.code}", **caught.value.params)
    return caught.value


def test_what_queries_say_of_the_same_labels_is_one_record(server: PrometheusServer) -> None:
    batch = fetch(
        server.host,
        queries={"tu": "nguon_dung_nhip", "mau": {"query": "nguon_ket_noi"}},
        labels={"ma": "ma_tinh"},
    )
    found = rows(batch)
    assert set(found) == {"38", "01", "30"}
    assert (found["38"]["tu"], found["38"]["mau"]) == (Decimal(12), Decimal(15))
    assert (found["01"]["tu"], found["01"]["mau"]) == ("NaN", Decimal(9))
    assert (found["30"]["tu"], found["30"]["mau"]) == (None, Decimal(4))
    moment = datetime.fromisoformat(found["38"]["_time"])
    assert abs(now() - moment) < timedelta(seconds=10)
    assert moment.utcoffset() == timedelta(hours=7)


def test_without_labels_every_label_is_a_field_and_a_scalar_has_none(
    server: PrometheusServer,
) -> None:
    (found,) = fetch(server.host, queries={"so": 'hai{may="b"}'}).records
    assert isinstance(found, Record)
    assert (found.fields["ma_tinh"], found.fields["may"], found.fields["so"]) == ("38", "b", 2)
    assert found.fields["job"] == "thu"
    scalar = rows(fetch(server.host, queries={"so": "scalar(lon) * 1.5", "hai": "2"}))[""]
    assert (scalar["so"], scalar["hai"]) == (Decimal(1_500_000), Decimal(2))


def test_infinity_and_what_is_absent_are_missing(server: PrometheusServer) -> None:
    found = rows(fetch(server.host, queries={"so": "vo_han"}, labels={"ma": "ma_tinh"}))
    assert found["38"]["so"] == "+Inf"
    assert list(fetch(server.host, queries={"so": "khong_co"}).records) == []


def test_two_series_of_the_same_labels_are_not_added_up(server: PrometheusServer) -> None:
    first, second = fetch(server.host, queries={"so": "hai"}, labels={"ma": "ma_tinh"}).records
    assert isinstance(first, Record)
    assert isinstance(second, Rejected)
    assert second.code == "series_twice"
    assert '"may": "b"' in second.record_text
    for lang in ("vi", "en"):
        assert say(lang, "reject.series_twice", **second.params)


AVAILABLE = {
    "dung": 'sum by (ma_tinh) (avg_over_time(up{job="nguon"}[{range}]) >= bool 0.99)',
    "tong": 'count by (ma_tinh) (count_over_time(up{job="nguon"}[{range}]))',
    "trung_binh": 'avg by (ma_tinh) (avg_over_time(up{job="nguon"}[{range}]))',
}
PERIODS = {"grain": "month", "last": 3, "again": 2}


def test_availability_over_a_past_month_is_counted_by_the_server(
    server: PrometheusServer,
) -> None:
    _, last, this = months()
    span = (last.date(), this.date() - timedelta(days=1))
    batch = fetch(
        server.host, '{"kept": "mark"}', queries=AVAILABLE, labels={"ma": "ma_tinh"},
        periods=PERIODS, span=span,
    )  # fmt: skip
    found = rows(batch)
    assert {one["_period"] for one in found.values()} == {f"{last:%Y-%m}"}
    assert (found["38"]["dung"], found["38"]["tong"]) == (1, 2)
    assert (found["01"]["dung"], found["01"]["tong"]) == (1, 1)
    assert found["01"]["trung_binh"] == 1
    assert abs(found["38"]["trung_binh"] - Decimal("0.95")) < Decimal("0.001")
    moment = datetime.fromisoformat(found["38"]["_time"])
    assert moment == this - timedelta(seconds=1)
    assert batch.watermark == '{"kept": "mark"}'


def test_the_history_is_asked_for_once_and_again_under_other_rules(
    server: PrometheusServer,
) -> None:
    config = {"queries": AVAILABLE, "labels": {"ma": "ma_tinh"}, "periods": PERIODS}
    first = fetch(server.host, **config)
    assert [len(json.loads(one.content)) for one in first.payloads] == [4, 4, 4]
    assert first.progress == (3, 3)
    assert len(fetch(server.host, first.watermark, **config).payloads) == 2
    assert len(fetch(server.host, first.watermark, rules="2", **config).payloads) == 3


def test_what_reaches_beyond_the_data_kept_is_told(server: PrometheusServer) -> None:
    config = {"labels": {"ma": "ma_tinh"}, "periods": PERIODS, "kept": 20}
    batch = fetch(server.host, queries=AVAILABLE, **config)
    told = [one for one in batch.records if isinstance(one, Rejected)]
    first = months()[0]
    assert f"{first:%Y-%m}" in [one.place for one in told]
    assert {one.code for one in told} == {"beyond_kept"}
    for lang in ("vi", "en"):
        assert "20" in say(lang, "reject.beyond_kept", **told[0].params)
    # A query about the last moment of the period needs no more than that moment.
    batch = fetch(server.host, queries={"so": "lon"}, **{**config, "kept": 4000})
    assert not [one for one in batch.records if isinstance(one, Rejected)]


@pytest.mark.parametrize(
    ("query", "code", "part"),
    [
        ("sum(", "prometheus_refused", "bad_data: invalid parameter"),
        ("up[5m]", "prometheus_kind", "matrix"),
        ('"chu"', "prometheus_kind", "string"),
        ("a + on(x) group_left b + lon * on() hai", "prometheus_refused", "execution"),
    ],
)
def test_what_the_server_refuses_is_told_in_its_words(
    server: PrometheusServer, query: str, code: str, part: str
) -> None:
    error = refused(server.host, queries={"lon": query})
    assert isinstance(error, PermanentSourceError)
    assert error.code == code
    assert part in " ".join(str(one) for one in error.params.values())


def _vector(*series: tuple[dict[str, str], str]) -> dict[str, Any]:
    result = [{"metric": labels, "value": [1.5, value]} for labels, value in series]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


HISTOGRAM = {"metric": {}, "histogram": [1.5, {"count": "1"}]}


@pytest.mark.parametrize(
    ("content", "status", "code", "kind"),
    [
        ({"status": "error", "errorType": "timeout", "error": "query timed out"}, 503,
         "prometheus_refused", TransientSourceError),
        ({**_vector(({}, "1")), "warnings": ["store-2: no answer"]}, 200,
         "prometheus_partial", TransientSourceError),
        ({"status": "success", "data": {"resultType": "vector", "result": [HISTOGRAM]}}, 200,
         "prometheus_kind", PermanentSourceError),
        ({"status": "success", "data": [1]}, 200, "prometheus_kind", PermanentSourceError),
        (["x"], 200, "prometheus_refused", PermanentSourceError),
        ({"status": "error"}, 400, "prometheus_refused", PermanentSourceError),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_says_why(
    content: object, status: int, code: str, kind: type[SourceError]
) -> None:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, json.dumps(content).encode(), status)

    with serving(respond) as host:
        error = refused(host, queries={"so": "x"})
    assert (error.code, type(error)) == (code, kind)


def test_warnings_may_be_taken() -> None:
    def respond(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answer(handler, json.dumps({**_vector(({"ma": "38"}, "1")), "warnings": ["x"]}).encode())

    with serving(respond) as host:
        assert rows(fetch(host, queries={"so": "x"}, warnings="take"))["38"]["so"] == 1


def test_a_page_of_a_proxy_is_told_by_its_status() -> None:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, b"<h1>Bad request</h1>", 400, "text/html")

    with serving(respond) as host:
        assert refused(host, queries={"so": "x"}).code == "http_status"


SOURCE = """
name: giam-sat
title: {{vi: Giám sát, en: Monitoring}}
connector: prometheus
illustrative: false
schedule: {{every: 15m}}
config:
  url: http://{host}
  attempts: 1
  labels: {{ma: ma_tinh}}
  queries:
    dung: 'sum by (ma_tinh) (avg_over_time(up{{job="nguon"}}[{{range}}]) >= bool 0.99)'
    tong: 'count by (ma_tinh) (count_over_time(up{{job="nguon"}}[{{range}}]))'
  periods: {{grain: month, last: 1, again: 1, lag: 1}}
  kept: 100
mapping:
  locale: plain
  unit: {{code: ma, system: nso}}
  period: {{field: _period, grains: [month]}}
  values:
    - {{indicator: DB-01, numerator: dung, denominator: tong}}
contract: {{min_records: 1}}
"""


def test_availability_becomes_figures_and_they_stay_when_the_server_breaks(
    server: PrometheusServer, engine: Engine, tmp_path: Path
) -> None:
    down: list[bool] = []

    def between(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """A proxy before the real server, which fails when it is told to."""
        if down:
            return answer(handler, b'{"status": "error", "error": "no disk"}', 422)
        headers = {"Content-Type": handler.headers["Content-Type"]}
        found = httpx.post(server.url + handler.path, content=body, headers=headers)
        answer(handler, found.content, found.status_code)

    with serving(between) as host:
        whole = Whole.of(engine, tmp_path, SOURCE.format(host=host), hosts=[host], now=now)
        assert whole.run() == "ok", whole.refused()
        before = whole.figures()
        _, last, _ = months()
        named = int(f"{last:%Y}") * 1000 + last.month
        assert before == {
            ("DB-01", "38", named, ""): (1, 2, None),
            ("DB-01", "01", named, ""): (1, 1, None),
        }
        down.append(True)
        assert whole.run() == "failed"
        assert whole.figures() == before
        assert whole.state().broken_since is not None
        assert whole.last().params["reason"] == "no disk"
        down.clear()
        assert whole.run() == "unchanged"
        assert whole.state().broken_since is None
        assert whole.figures() == before


def test_a_gap_is_filled_from_the_server_s_own_past(
    server: PrometheusServer, engine: Engine, tmp_path: Path
) -> None:
    text = SOURCE.format(host=server.host)
    whole = Whole.of(engine, tmp_path, text, hosts=[server.host], now=now)
    code = f"{months()[1]:%Y-%m}"
    source = whole.intake.sources[whole.name]
    found = fill(whole.intake, source, span_of(code, code), by="tests")
    assert (found.added, found.filled, found.missing) == (2, (f"DB-01 {code}",), ())
    assert sorted(whole.figures().values()) == [(1, 1, None), (1, 2, None)]
    assert whole.state().watermark is None
    assert whole.run() == "unchanged"


def test_settings_say_what_is_asked() -> None:
    for config in ({}, {"queries": {}}, {"queries": {"a": ""}}, {"queries": {"a": "1"}, "x": 1}):
        with pytest.raises(ValueError, match=r"queries|String|extra|\bx\b"):
            PrometheusConfig.model_validate({"url": "https://a.example", **config})
