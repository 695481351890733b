"""What every connector promises; connectors are found, so a new one is tested by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import ValidationError
from support.moodle import TOKEN, Learner, MoodleSite

from ioc.errors import SourceError
from ioc.ingest.connector import Batch, Connector, Outcome, Record, Rejected, Rereader, Tools
from ioc.ingest.scheduler import connectors

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))


Reply = httpx.Response | Callable[[httpx.Request], httpx.Response]


@dataclass
class Stage:
    """A source that a test can make good or break, whatever its kind."""

    home: Path
    config: dict[str, Any]
    good: Callable[[Stage], None]
    broken: Callable[[Stage], None]
    records: int = 1
    named: tuple[str, str] = ("ma", "so")
    answer: Reply = field(default_factory=lambda: httpx.Response(200, json=[]))

    def reply(self, request: httpx.Request) -> httpx.Response:
        """What the server of this stage answers."""
        return self.answer(request) if callable(self.answer) else self.answer


def _answers(response: Callable[[], Reply]) -> Callable[[Stage], None]:
    def put(stage: Stage) -> None:
        stage.answer = response()

    return put


def _file(name: str, text: str) -> Callable[[Stage], None]:
    def put(stage: Stage) -> None:
        folder = stage.home / "drop"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return put


CKAN_PAGE = {
    "help": "",
    "success": True,
    "result": {
        "id": "r1",
        "datastore_active": True,
        "total": 1,
        "records": [{"ma": "38", "so": 1}],
    },
}
CKAN_ERROR = {"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}


def _map(features: int) -> httpx.Response:
    place = {"type": "Point", "coordinates": [105.8, 19.8]}
    one = {"type": "Feature", "id": "A1", "properties": {"ma": "38", "so": 1}, "geometry": place}
    return httpx.Response(200, json={"type": "FeatureCollection", "features": [one] * features})


INDEX = {
    "overview": {"departmentId": "38", "metrics": [{"code": "PUBLISH_ON_TIME", "numerator": 1}]},
    "evaluation": [],
}


PROMETHEUS_VECTOR = {
    "status": "success",
    "data": {"resultType": "vector", "result": [{"metric": {"ma": "38"}, "value": [1, "1"]}]},
}
PROMETHEUS_ERROR = {"status": "error", "errorType": "execution", "error": "query timed out"}


def _moodle(broken: str) -> Callable[[httpx.Request], httpx.Response]:
    site = MoodleSite([{"id": 2, "shortname": "K", "enddate": 0}], broken=broken)
    site.enrolled, site.completed = {2: [Learner(1, "38")]}, {(2, 1)}

    def reply(request: httpx.Request) -> httpx.Response:
        if site.broken:
            return httpx.Response(200, text=site.broken)
        return httpx.Response(200, json=site.answered(dict(parse_qsl(request.content.decode()))))

    return reply


def _database(*rows: tuple[object, ...]) -> Callable[[Stage], None]:
    """A SQLite file with these rows, or no database at all."""

    def put(stage: Stage) -> None:
        path = stage.home / "nguon.db"
        path.unlink(missing_ok=True)
        if not rows:
            path.write_text("<html>log in</html>", encoding="utf-8")
            return
        made = sqlite3.connect(path)
        made.execute("CREATE TABLE bao_cao (ma TEXT, so INTEGER)")
        made.executemany("INSERT INTO bao_cao VALUES (?, ?)", rows)
        made.commit()
        made.close()

    return put


STAGES: dict[str, dict[str, Any]] = {
    "geo": {
        "config": {
            "from": {"kind": "url", "url": "https://a.example/x.geojson", "attempts": 1},
            "count": {"unit": "ma", "sums": {"so": "so"}},
        },
        "good": _answers(lambda: _map(1)),
        "broken": _answers(lambda: _map(0)),
    },
    "http_json": {
        "config": {"url": "https://a.example/x", "attempts": 1},
        "good": _answers(lambda: httpx.Response(200, json=[{"ma": "38", "so": 1}])),
        "broken": _answers(lambda: httpx.Response(200, text="<html>log in</html>")),
    },
    "portal_766": {
        "config": {
            "departments": ["38"],
            "groups": ["transparency"],
            "periods": {"grain": "month", "last": 1, "again": 1},
        },
        "good": _answers(lambda: httpx.Response(200, json={"code": "OK", "data": INDEX})),
        "broken": _answers(lambda: httpx.Response(200, json={"code": "ERROR"})),
        "records": 2,
        "named": ("department", "numerator"),
    },
    "ckan": {
        "config": {"url": "https://a.example", "resource": "r1", "attempts": 1},
        "good": _answers(lambda: httpx.Response(200, json=CKAN_PAGE)),
        "broken": _answers(lambda: httpx.Response(404, json=CKAN_ERROR)),
    },
    "prometheus": {
        "config": {"url": "https://a.example", "queries": {"so": "up"}, "attempts": 1},
        "good": _answers(lambda: httpx.Response(200, json=PROMETHEUS_VECTOR)),
        "broken": _answers(lambda: httpx.Response(422, json=PROMETHEUS_ERROR)),
    },
    "moodle": {
        "config": {
            "url": "https://a.example",
            "token": TOKEN,
            "unit": {"by": "department"},
            "least": 1,
            "attempts": 1,
        },
        "good": _answers(lambda: _moodle("")),
        "broken": _answers(lambda: _moodle('{"exception": "x", "errorcode": "invalidtoken"}')),
        "named": ("unit", "completed"),
    },
    "sql": {
        "config": {"url": "sqlite:///nguon.db", "query": "SELECT ma, so FROM bao_cao"},
        "good": _database(("38", 1)),
        "broken": _database(),
    },
    "file_drop": {
        "config": {"folder": "drop", "settle": 0, "columns": {"ma": "Mã", "so": "Số"}},
        "good": _file("a.csv", "Mã;Số\n38;1\n"),
        "broken": _file("b.csv", "<html>log in</html>"),
    },
}


@pytest.fixture(params=sorted(connectors()))
def connector(request: pytest.FixtureRequest) -> Connector:
    return connectors()[request.param]


@pytest.fixture
def stage(connector: Connector, tmp_path: Path) -> Stage:
    assert connector.name in STAGES, f"add {connector.name} to STAGES: good, broken and its config"
    return Stage(tmp_path, **STAGES[connector.name])


def fetch(connector: Connector, stage: Stage) -> Batch:
    """One run as the kernel makes it: fetch, and finish once it is committed."""
    config = connector.Config.model_validate(stage.config)
    with httpx.Client(transport=httpx.MockTransport(stage.reply)) as client:
        tools = Tools(client, lambda: NOW, stage.home, sleep=lambda seconds: None)
        batch = connector.fetch(config, tools)
        records = list(batch.records)
        refused = tuple(one for one in records if isinstance(one, Rejected))
        outcome = Outcome(True, len(records) - len(refused), 0, refused)
        connector.finish(config, batch, outcome, tools)
    return batch


def test_good_then_broken_then_good_again(connector: Connector, stage: Stage) -> None:
    stage.good(stage)
    before = [one.fields for one in fetch(connector, stage).records if isinstance(one, Record)]
    stage.broken(stage)
    try:
        broken = fetch(connector, stage)
    except SourceError:
        pass
    else:
        assert broken.records
        assert all(isinstance(one, Rejected) for one in broken.records)
    stage.good(stage)
    after = [one.fields for one in fetch(connector, stage).records if isinstance(one, Record)]
    assert len(before) == stage.records
    assert before == after
    unit, figure = stage.named
    assert (before[0][unit], str(before[0][figure])) == ("38", "1")


def test_a_dry_run_changes_nothing(connector: Connector, stage: Stage) -> None:
    stage.good(stage)
    config = connector.Config.model_validate(stage.config)
    seen = sorted(str(one) for one in stage.home.rglob("*"))
    with httpx.Client(transport=httpx.MockTransport(stage.reply)) as client:
        tools = Tools(client, lambda: NOW, stage.home, sleep=lambda seconds: None)
        first, second = (connector.fetch(config, tools) for _ in range(2))
    assert list(first.records) == list(second.records)
    assert sorted(str(one) for one in stage.home.rglob("*")) == seen


def test_every_record_leads_to_its_payload(connector: Connector, stage: Stage) -> None:
    stage.good(stage)
    batch = fetch(connector, stage)
    assert batch.payloads
    assert all(one.place and 0 <= one.payload < len(batch.payloads) for one in batch.records)


def test_what_was_kept_can_be_read_again(connector: Connector, stage: Stage) -> None:
    if not isinstance(connector, Rereader):
        return
    stage.good(stage)
    batch = fetch(connector, stage)
    config = connector.Config.model_validate(stage.config)
    again = [one for kept in batch.payloads for one in connector.reread(config, kept)]
    assert again == [one for one in batch.records if isinstance(one, Record)]


def test_unknown_settings_are_refused(connector: Connector, stage: Stage) -> None:
    with pytest.raises(ValidationError):
        connector.Config.model_validate({**stage.config, "khong_co": 1})
