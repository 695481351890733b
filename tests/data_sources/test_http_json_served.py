"""JSON sources against a real server: paging, units, gaps, conditions, exchanges."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, select
from support.server import answer, serving
from support.sources import source_of

from data_sources.http_json import CONNECTOR, HttpJsonConfig
from ioc.domain.catalogue import Catalogue
from ioc.domain.messages import say
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.connector import Batch, Record, Tools
from ioc.ingest.http import open_client
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.run import poll
from ioc.ingest.unit_codes import codes_of
from ioc.store import payloads, runs
from tests.conftest import Clock

Handler = BaseHTTPRequestHandler
PEOPLE = [{"n": n} for n in range(7)]


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture(scope="module")
def catalogue(units: Units) -> Catalogue:
    return Catalogue.load(units=units)


def fetch(host: str, clock: Clock, config: dict[str, Any], **tools: Any) -> Batch:
    given = HttpJsonConfig.model_validate({"url": f"http://{host}/x", "attempts": 1, **config})
    tools.setdefault("sleep", lambda seconds: None)
    with open_client([host]) as client:
        return CONNECTOR.fetch(given, Tools(client, clock, Path("/nowhere"), **tools))


def fields(batch: Batch) -> list[dict[str, object]]:
    return [dict(one.fields) for one in batch.records if isinstance(one, Record)]


def query(handler: Handler) -> dict[str, str]:
    return {name: given[0] for name, given in parse_qs(urlsplit(handler.path).query).items()}


# --- paging --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["query", "body"])
@pytest.mark.parametrize(
    "paging",
    [
        {"kind": "page", "param": "trang", "size_param": "cỡ", "size": 3},
        {"kind": "page", "param": "trang", "pages": "pages"},
        {"kind": "offset", "param": "bo", "size_param": "cỡ", "size": 3},
        {"kind": "offset", "param": "bo", "size_param": "cỡ", "size": 3, "total": "total"},
        {"kind": "cursor", "param": "sau", "next": "next"},
        {"kind": "link"},
        {"kind": "link", "next": "link"},
    ],
)
def test_every_way_of_paging_brings_each_record_once(
    paging: dict[str, Any], place: str, clock: Clock
) -> None:
    if paging["kind"] == "link" and place == "body":
        return

    def respond(handler: Handler, content: bytes) -> None:
        asked = query(handler) | (json.loads(content) if content else {})
        assert asked.get("loc") == "a b&c"
        start = int(asked.get("bo", 0) or asked.get("sau") or 3 * (int(asked.get("trang", 1)) - 1))
        rest = PEOPLE[start + 3 :]
        link = f"/x?loc=a+b%26c&sau={start + 3}" if rest else None
        document = {"rows": PEOPLE[start : start + 3], "next": str(start + 3) if rest else None,
                    "pages": 3, "total": 7, "link": link}  # fmt: skip
        headers = {"Link": f'<{link}>; rel="next", </x>; rel="first"'} if link else {}
        answer(handler, json.dumps(document).encode(), **headers)

    config: dict[str, Any] = {"records": "rows", "query": {"loc": "a b&c"}, "paging": paging}
    if place == "body":
        config |= {"method": "POST", "paging": {**paging, "in": "body"}}
    with serving(respond) as host:
        batch = fetch(host, clock, config)
    assert fields(batch) == PEOPLE
    assert len(batch.payloads) == 3


def test_a_pause_lies_between_two_requests_and_not_before_the_first(clock: Clock) -> None:
    pauses: list[float] = []
    with serving(lambda handler, _: answer(handler, b"[{}]")) as host:
        fetch(host, clock, {"pause": 1.5, "each": {"values": ["a", "b", "c"]}}, sleep=pauses.append)
    assert pauses == [1.5, 1.5]


# --- several requests in one poll ----------------------------------------------------------------


def test_one_request_per_unit_with_the_codes_of_the_period_s_day(
    clock: Clock, units: Units
) -> None:
    asked: list[str] = []

    def respond(handler: Handler, _: bytes) -> None:
        asked.append(handler.path)
        answer(handler, b'[{"so": 1}]')

    config = {
        "url": "http://HOST/{period}/{unit}",
        "each": {
            "units": {"system": "nso", "level": "province"},
            "periods": {"grain": "year", "last": 2, "again": 1},
        },
    }
    with serving(respond) as host:
        config["url"] = f"http://{host}/{{period}}/{{unit}}"
        batch = fetch(host, clock, config, codes=codes_of(units))
    assert len([one for one in asked if one.startswith("/2026/")]) == 34
    assert len([one for one in asked if one.startswith("/2025/")]) == 63, (
        "the map of 1 January 2025"
    )
    assert "/2025/24" in asked
    first = fields(batch)[0]
    assert (first["_period"], len(str(first["_unit"]))) == ("2026", 2)
    again = [
        one
        for kept in batch.payloads
        for one in CONNECTOR.reread(HttpJsonConfig.model_validate(config), kept)
    ]
    assert [one.fields for one in again if isinstance(one, Record)] == fields(batch)


def test_units_of_today_where_no_period_is_asked_for(clock: Clock, units: Units) -> None:
    asked: list[str] = []

    def respond(handler: Handler, _: bytes) -> None:
        asked.append(query(handler)["ma"])
        answer(handler, b"[]")

    with serving(respond) as host:
        fetch(
            host, clock,
            {"query": {"ma": "{unit}"}, "each": {"units": {"system": "nso", "level": "province"}}},
            codes=codes_of(units),
        )  # fmt: skip
    assert len(asked) == len(set(asked)) == 34
    assert "38" in asked


def test_a_gap_asks_for_its_periods_and_leaves_the_watermark(clock: Clock) -> None:
    asked: list[dict[str, str]] = []

    def respond(handler: Handler, _: bytes) -> None:
        asked.append(query(handler))
        answer(handler, b"[{}]")

    config = {
        "query": {"ky": "{period}", "tu": "{since}"},
        "each": {"periods": {"grain": "month", "last": 36, "again": 2}},
    }
    with serving(respond) as host:
        span = (date(2025, 2, 1), date(2025, 4, 30))
        batch = fetch(host, clock, config, span=span, watermark='{"since": "x"}')
        assert fetch(host, clock, config, span=(date(2025, 2, 2), date(2025, 2, 27))).records == []
    assert [one["ky"] for one in asked] == ["2025-04", "2025-03", "2025-02"]
    assert {one["tu"] for one in asked} == {"2025-02-01"}
    assert (batch.watermark, batch.more, batch.progress) == ('{"since": "x"}', False, None)


# --- only what changed ---------------------------------------------------------------------------


class Conditional:
    """A server that knows what it has: by its mark, or by its moment."""

    def __init__(self, etag: bool) -> None:
        self.version, self.etag = 1, etag
        self.told: list[tuple[str | None, str | None]] = []

    def respond(self, handler: Handler, _: bytes) -> None:
        told = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
        self.told.append(told)
        mark = f'"v{self.version}"'
        moment = format_datetime(datetime(2026, 1, self.version, tzinfo=UTC), usegmt=True)
        if (mark if self.etag else moment) in told:
            handler.send_response(304)
            handler.end_headers()
            return
        row = {"ma": "38", "ky": "2025-06", "tu": self.version, "mau": 10}
        named = {"ETag": mark} if self.etag else {"Last_Modified": moment}
        answer(handler, json.dumps([row]).encode(), **named)


MAPPING = """
unit: {code: ma, system: nso}
period: {field: ky}
values: [{indicator: OPS-01, numerator: tu, denominator: mau}]
"""


@pytest.mark.parametrize("etag", [True, False])
def test_not_modified_is_an_unchanged_delivery_and_the_last_one_stands(
    engine: Engine, units: Units, catalogue: Catalogue, clock: Clock, tmp_path: Path, etag: bool
) -> None:
    server = Conditional(etag)
    with serving(server.respond) as host:

        def run(mapping: str = MAPPING) -> str:
            config = HttpJsonConfig(url=f"http://{host}/", conditional=True, attempts=1)
            source = source_of(mapping, contract={"min_records": 1}).model_copy(
                update={"config": config}
            )
            intake = Intake(
                engine=engine, catalogue=catalogue, units=units,
                connectors={"http_json": CONNECTOR},
                client=lambda one: client_for(one, CONNECTOR, tmp_path, [host]),
                home=tmp_path, env={}, now=clock, owner="one", sources={"thu": source},
            )  # fmt: skip
            intake.prepare()
            clock.advance(seconds=60)
            report = poll(intake, source)
            return report.outcome if report else "busy"

        assert [run(), run(), run()] == ["ok", "unchanged", "unchanged"]
        server.version = 2
        assert [run(), run()] == ["ok", "unchanged"]
        assert server.told[0] == (None, None)
        assert all(any(one) for one in server.told[1:])
        # Read by other rules, the whole answer is needed again.
        assert run(MAPPING + "missing: [không có]\n") == "unchanged"
        assert server.told[-1] == (None, None)
    with engine.connect() as connection:
        kept = connection.execute(select(payloads.run_payload)).all()
        outcomes = connection.execute(select(runs.run.c.outcome)).scalars().all()
    assert len(kept) >= 2
    assert "failed" not in outcomes


def test_a_304_nobody_asked_for_is_an_error(clock: Clock) -> None:
    for config in ({}, {"conditional": True}):
        with (
            serving(lambda handler, _: answer(handler, b"", 304)) as host,
            pytest.raises(PermanentSourceError) as caught,
        ):
            fetch(host, clock, config)
        assert caught.value.code == "http_status"


# --- exchanges -----------------------------------------------------------------------------------


def test_x_road_says_who_asks(clock: Clock) -> None:
    seen: dict[str, str | None] = {}

    def respond(handler: Handler, _: bytes) -> None:
        for name in ("X-Road-Client", "X-Road-UserId"):
            seen[name] = handler.headers.get(name)
        seen["path"] = handler.path
        answer(handler, b'[{"a": 1}]', X_Road_Id="GOV-1")

    road = {"client": "VN/GOV/000.00.00.H56/ioc", "user": "ioc-38"}
    with serving(respond) as host:
        url = f"http://{host}/r1/VN/GOV/000.00.00.G22/dvc/bao-cao/2026"
        assert fields(fetch(host, clock, {"url": url, "xroad": road})) == [{"a": 1}]
    assert seen == {
        "X-Road-Client": "VN/GOV/000.00.00.H56/ioc", "X-Road-UserId": "ioc-38",
        "path": "/r1/VN/GOV/000.00.00.G22/dvc/bao-cao/2026",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "code", "kind"),
    [
        ("Server.ServerProxy.AccessDenied", "xroad_denied", PermanentSourceError),
        ("Server.ServerProxy.ServiceDisabled", "xroad_disabled", PermanentSourceError),
        ("Server.ClientProxy.UnknownMember", "xroad_unknown", PermanentSourceError),
        ("Server.ServerProxy.UnknownService", "xroad_unknown", PermanentSourceError),
        ("Client.BadRequest", "xroad_failed", PermanentSourceError),
        ("Server.ServerProxy.ServiceFailed.HttpError", "xroad_failed", TransientSourceError),
        ("Server.ClientProxy.NetworkError", "xroad_failed", TransientSourceError),
        ("<script>alert(1)</script>", "xroad_failed", TransientSourceError),
    ],
)
@pytest.mark.parametrize("status", [200, 403, 500])
def test_what_the_exchange_says_is_told_in_words(
    clock: Clock, fault: str, code: str, kind: type[SourceError], status: int
) -> None:
    def respond(handler: Handler, _: bytes) -> None:
        body = b'{"type": "x", "message": "stack trace at 10.0.0.41", "detail": "d"}'
        answer(handler, body, status, X_Road_Error=fault)

    with serving(respond) as host, pytest.raises(kind) as caught:
        fetch(host, clock, {})
    error = caught.value
    assert error.code == code
    assert "stack trace" not in f"{error} {error.params}"
    assert "script" not in f"{error} {error.params}"
    for lang in ("vi", "en"):
        assert say(lang, f"source.{code}", **error.params)


@pytest.mark.parametrize("provider", [True, False])
def test_an_adapter_forwards_to_the_provider(clock: Clock, provider: bool) -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    def respond(handler: Handler, _: bytes) -> None:
        asked.append((urlsplit(handler.path).path, query(handler)))
        answer(handler, b"[]" if len(asked) > 1 else b'[{"a": 1}]')

    with serving(respond) as host:
        batch = fetch(
            host,
            clock,
            {
                "url": "https://api.bo.gov.vn:8443/v1/bao cao/{value}?loai=a",
                "query": {"don_vi": "tất cả"},
                "each": {"values": ["a/b"]},
                "paging": {"kind": "page", "param": "trang"},
                "adapter": {
                    "address": f"http://{host}/XrdAdapter/RestService/forward/",
                    "destination": "VN:GOV:000.00.00.G22:vpcpdvcprovider",
                    "provider": provider,
                },
            },
        )
    about = {
        "loai": "a",
        "don_vi": "tất cả",
        "dstcode": "VN:GOV:000.00.00.G22:vpcpdvcprovider",
        **({"providerurl": "https://api.bo.gov.vn:8443"} if provider else {}),
    }
    path = "/XrdAdapter/RestService/forward/v1/bao%20cao/a%2Fb"
    assert asked == [(path, {**about, "trang": "1"}), (path, {**about, "trang": "2"})]
    assert fields(batch) == [{"a": 1, "_value": "a/b"}]


def test_the_declared_name_is_for_the_adapter(clock: Clock) -> None:
    seen: list[str | None] = []

    def respond(handler: Handler, _: bytes) -> None:
        seen.append(handler.headers.get("Authorization"))
        answer(handler)

    with serving(respond) as host:
        adapter = {"address": f"http://{host}/forward", "destination": "VN:GOV:G22:x"}
        config = {"url": "https://a.gov.vn/x", "adapter": adapter}
        fetch(host, clock, {**config, "auth": {"kind": "bearer", "token": "the-nao"}})
    assert seen == ["Bearer the-nao"]


# --- what a source asks us to wait, and wrong files ----------------------------------------------


def test_c9_a_source_s_wish_to_wait_is_respected(clock: Clock) -> None:
    statuses = iter([503, 200])
    pauses: list[float] = []

    def respond(handler: Handler, _: bytes) -> None:
        answer(handler, b"[]", next(statuses), Retry_After="7")

    with serving(respond) as host:
        fetch(host, clock, {"attempts": 2}, sleep=pauses.append)
    assert pauses == [7]


@pytest.mark.parametrize(
    "config",
    [
        {"conditional": True, "paging": {"kind": "link"}},
        {"conditional": True, "each": {"values": [1]}},
        {"conditional": True, "method": "POST"},
        {"conditional": True, "query": {"tu": "{since}"}},
        {"query": {"a": "{unit}"}},
        {"each": {"units": {"system": "gso", "level": "province"}}},
        {"each": {"units": {"system": "nso"}}},
        {"url": "https://{value}.vn/", "each": {"values": ["a"]}},
        {"xroad": {"client": "VN/GOV"}},
        {"xroad": {"client": "VN/GOV/G22/ioc\r\nX: y"}},
        {"adapter": {"address": "ss.vn", "destination": "VN:GOV:G22:x"}},
        {"adapter": {"address": "http://ss.vn", "destination": "VN GOV"}},
        {"hosts": ["https://a.vn"]},
        {"tls": {"verify": False}},
        {"pause": -1},
    ],
)
def test_a_wrong_config_is_refused_at_the_start(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HttpJsonConfig.model_validate({"url": "https://a.example/x", **config})
