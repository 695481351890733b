"""The poller's promises: due times that a restart does not move, one job a source, misfires said,
long histories that do not hold up the others, and a heartbeat that stops with the scheduler."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from pydantic import BaseModel
from sqlalchemy import create_engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Batch, Outcome, Payload, Record, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.scheduler import chosen, end_dead_leases, schedule, trigger
from ioc.ingest.source import Source
from ioc.store import heartbeat, runs, source_state
from ioc.store.engine import open_engine, reading, utc_now
from ioc.store.migration import migrate


@dataclass
class Sliced:
    """A connector with as many slices a source as the test says; notes the order of fetches."""

    slices: dict[str, int]
    order: list[str] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    name: ClassVar[str] = "sliced"
    Config: ClassVar[type[BaseModel]] = BaseModel

    def fetch(self, config: Any, tools: Tools) -> Batch:
        name = config["name"]
        self.order.append(name)
        if config.get("slow"):
            self.hold.wait(10)
        self.slices[name] -= 1
        left = self.slices[name]
        period = f"2026-{left + 1:02d}"
        record = {"code": "38", "num": left + 1, "den": 99, "period": period}
        return Batch(
            [Record("item", record)],
            [Payload(name, f"{name}{left}".encode(), "text/plain")],
            more=left > 0,
        )

    def finish(self, config: Any, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        assert outcome.committed


def source(name: str, **changes: Any) -> Source:
    described = {
        "name": name,
        "title": {"vi": name, "en": name},
        "connector": "sliced",
        "config": {"name": name},
        "schedule": {"every": "1h"},
        "illustrative": True,
        "mapping": {
            "locale": "plain",
            "unit": {"code": "code", "system": "nso"},
            "period": {"field": "period"},
            "values": [{"indicator": "OPS-02", "numerator": "num", "denominator": "den"}],
        },
    }
    return Source.model_validate({**described, **changes})


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., tuple[Intake, Sliced]]]:
    """Start a scheduler over the given sources; it is stopped after the test."""
    running: list[tuple[BackgroundScheduler, Sliced]] = []
    units = Units.load()

    def begin(slices: dict[str, int], workers: int, **changes: Any) -> tuple[Intake, Sliced]:
        connector = Sliced(dict(slices))
        engine = open_engine(f"sqlite:///{tmp_path / 'ioc.sqlite'}")
        migrate(engine)
        intake = Intake(
            engine=engine,
            catalogue=Catalogue.load(units=units),
            units=units,
            connectors={"sliced": connector},
            client=lambda _: httpx.Client(
                transport=httpx.MockTransport(lambda _: httpx.Response(500)), trust_env=False
            ),
            home=tmp_path,
            env={},
            now=utc_now,
            owner="test",
            sources={name: source(name, **changes.get(name, {})) for name in slices},
        )
        intake.prepare()
        scheduler = BackgroundScheduler(
            timezone=ZONE,
            executors={
                "default": ThreadPoolExecutor(workers),
                "pulse": ThreadPoolExecutor(1),
            },
        )
        schedule(intake, scheduler, datetime.now(ZONE))
        scheduler.start()
        running.append((scheduler, connector))
        return intake, connector

    yield begin
    for one, connector in running:
        connector.hold.set()
        one.shutdown(wait=False)


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_a_long_history_does_not_hold_up_the_first_figures_of_others(
    start: Callable[..., tuple[Intake, Sliced]],
) -> None:
    intake, connector = start({"a-long": 5, "b-short": 1, "c-short": 1}, workers=1)
    assert until(lambda: len(connector.order) == 7)
    assert set(connector.order[:4]) == {"a-long", "b-short", "c-short"}
    assert connector.order[-3:] == ["a-long"] * 3
    assert until(lambda: next_run(intake, "a-long") > utc_now() + timedelta(seconds=1))


def next_run(intake: Intake, name: str) -> datetime:
    with reading(intake.engine) as connection:
        planned = source_state.state(connection, intake.facts[name].id).next_run
    return planned or datetime(2000, 1, 1, tzinfo=ZONE)


def test_a_slot_that_comes_while_a_run_lasts_is_recorded_not_doubled(
    start: Callable[..., tuple[Intake, Sliced]],
) -> None:
    slow = {"config": {"name": "slow", "slow": True}, "schedule": {"every": "5s"}}
    intake, connector = start({"slow": 9}, workers=2, slow=slow)
    portal = intake.facts["slow"].id

    def outcomes() -> list[tuple[str, str | None]]:
        with reading(intake.engine) as connection:
            return [(one.outcome, one.code) for one in runs.recent_runs(connection, portal, 9)]

    assert until(lambda: ("missed", "still_running") in outcomes())
    assert connector.order == ["slow"]
    connector.hold.set()


def test_the_heartbeat_stops_when_the_scheduler_does(
    start: Callable[..., tuple[Intake, Sliced]], tmp_path: Path
) -> None:
    intake, _ = start({"one": 1}, workers=1)

    def seen() -> datetime | None:
        with reading(intake.engine) as connection:
            return heartbeat.poller_seen(connection)

    assert until(lambda: seen() is not None)
    first = seen()
    assert first is not None
    assert abs(utc_now() - first) < timedelta(seconds=10)


def test_a_poller_on_a_server_database_beats_in_a_table(engine: Any) -> None:
    moment = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)
    heartbeat.beat(engine, moment)
    heartbeat.beat(engine, moment + timedelta(seconds=3))
    with reading(engine) as connection:
        assert heartbeat.poller_seen(connection) == moment + timedelta(seconds=3)


def test_no_beat_is_no_poller(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}").connect() as connection:
        assert heartbeat.poller_seen(connection) is None


def test_intervals_count_from_a_fixed_day_so_a_restart_moves_nothing() -> None:
    job = trigger(source("one", schedule={"every": "10m"}))
    for minute in (1, 7):
        started = datetime(2026, 11, 22, 10, minute, 30, tzinfo=ZONE)
        assert job.get_next_fire_time(None, started) == datetime(2026, 11, 22, 10, 10, tzinfo=ZONE)


def test_cron_is_in_vietnamese_time() -> None:
    job = trigger(source("one", schedule={"cron": "30 6 * * mon-fri"}))
    sunday = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)
    assert job.get_next_fire_time(None, sunday) == datetime(2026, 11, 23, 6, 30, tzinfo=ZONE)


def test_a_poller_that_was_cut_off_does_not_hold_its_sources(
    start: Callable[..., tuple[Intake, Sliced]],
) -> None:
    """Its own machine knows that the process is gone; of another machine's nobody can tell."""
    intake, connector = start({"one": 1}, workers=1)
    assert until(lambda: len(connector.order) == 1 and next_run(intake, "one") > runs_long_ago())
    one = intake.facts["one"].id
    gone = subprocess.Popen(["true"])
    gone.wait()
    host, now = socket.gethostname(), utc_now()
    for owner, freed in (
        (f"{host}:{gone.pid}", True),
        (f"{host}:{os.getpid()}", False),
        ("b:1", False),
    ):
        runs.end_leases(intake.engine, "b:1")
        runs.end_leases(intake.engine, f"{host}:{os.getpid()}")
        assert runs.take_lease(intake.engine, one, owner, now, 600)
        end_dead_leases(intake)
        assert runs.take_lease(intake.engine, one, "next", now, 600) is freed
        runs.end_leases(intake.engine, "next")


def runs_long_ago() -> datetime:
    return datetime(2000, 1, 2, tzinfo=ZONE)


def test_an_unknown_source_is_named_with_those_there_are(
    start: Callable[..., tuple[Intake, Sliced]],
) -> None:
    intake, _ = start({"one": 1}, workers=1)
    with pytest.raises(SourceConfigError, match="given 'two', allowed: one"):
        chosen(intake, "two")
