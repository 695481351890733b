"""The poller's promises: none holds up the others, a hung run is left behind, files may change, and
a heartbeat that stops when nothing is looked for any more."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine
from support.polled import Polled

from ioc.errors import SourceConfigError
from ioc.ingest import crew as crews
from ioc.ingest import scheduler
from ioc.ingest.intake import Intake
from ioc.ingest.run import Work, begin
from ioc.ingest.scheduler import HUNG, Poller, chosen, end_dead_leases
from ioc.ingest.work import pending
from ioc.store import heartbeat, leases, run_requests
from ioc.store.clock import shared_clock
from ioc.store.engine import reading, utc_now
from tests.conftest import HANOI


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def hold(polled: Polled) -> Iterator[threading.Event]:
    """Fetches of sources whose name begins with `hung` end when this is set."""
    released = threading.Event()

    def meanwhile(name: str) -> None:
        if name.startswith("hung"):
            released.wait(30)

    polled.connector.meanwhile = meanwhile
    yield released
    released.set()
    for thread in threading.enumerate():
        if thread.name.startswith("run "):
            thread.join(10)


def looked(poller: Poller, true: Callable[[], bool]) -> bool:
    poller.look()
    return true()


def all_arrived(polled: Polled, slots: int) -> bool:
    return all(arrived(polled, name) == slots for name in "abc")


def arrived(polled: Polled, name: str) -> int:
    return sum(state in ("arrived", "late") for state in polled.states(name))


def test_a_hung_source_holds_one_thread_and_no_other_source(
    polled: Polled, hold: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "GRACE", 0.2)
    polled.declare("hung", timeout=0.3, rank=1)
    for name in ("a", "b", "c"):
        polled.declare(name)
    poller = Poller(polled.poller(), workers=2)
    for number in range(1, 5):
        assert until(partial(looked, poller, partial(all_arrived, polled, number)))
        polled.clock.advance(seconds=60)

    assert [arrived(polled, name) for name in "abc"] == [4, 4, 4]
    assert until(partial(looked, poller, lambda: poller.crew.stuck == 1))
    assert until(lambda: poller.crew.free == 2), "another has taken its place"
    failed = polled.runs("hung")[0]
    assert (failed.outcome, failed.code) == ("failed", "too_slow")
    assert polled.connector.asked.count("hung") == 1, "it is not asked again while it hangs"
    written = polled.observations()
    hold.set()
    assert until(lambda: poller.crew.stuck == 0)
    assert polled.observations() == written, "what comes too late is not written"
    assert [run.outcome for run in polled.runs("hung")] == ["failed"]


def test_a_poller_with_too_many_hung_runs_ends_to_be_started_again(
    polled: Polled, hold: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "GRACE", 0.1)
    monkeypatch.setattr("ioc.ingest.scheduler.LOOK_SECONDS", 0.05)
    for number in range(4):
        polled.declare(f"hung-{number}", timeout=0.1)
    poller = Poller(polled.poller(), workers=1)
    running = threading.Thread(target=poller.run, args=(threading.Event(),), daemon=True)
    running.start()
    running.join(20)
    assert not running.is_alive()
    assert poller.crew.stuck == 3
    assert HUNG != 0


def test_no_more_runs_at_a_time_than_workers(polled: Polled, hold: threading.Event) -> None:
    for number in range(5):
        polled.declare(f"hung-{number}")
    poller = Poller(polled.poller(), workers=2)
    for _ in range(3):
        poller.look()
    assert until(lambda: len(polled.connector.asked) == 2)
    poller.look()
    assert len(polled.connector.asked) == 2
    hold.set()
    assert until(partial(looked, poller, lambda: len(polled.connector.asked) == 5))
    poller.crew.wait(5)


def test_a_hung_trial_is_answered_too(
    polled: Polled, hold: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "GRACE", 0.1)
    polled.declare("hung", timeout=0.1, schedule={"every": "1d"})
    intake = polled.poller()
    poller = Poller(intake, workers=1)
    source_id = intake.facts["hung"].id
    run_requests.ask(polled.engine, source_id, "dry", "An", polled.clock())

    def answered() -> bool:
        poller.look()
        with reading(polled.engine) as connection:
            return run_requests.recent(connection, source_id)[0].done is not None

    assert until(answered)
    with reading(polled.engine) as connection:
        result = run_requests.recent(connection, source_id)[0].result
    assert result is not None
    assert result["code"] == "too_slow"


def test_a_database_that_is_away_does_not_end_the_poller(
    polled: Polled, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("ioc.ingest.scheduler.LOOK_SECONDS", 0.01)
    polled.declare()
    poller = Poller(polled.poller(), workers=1)
    times = 0

    def look() -> None:
        nonlocal times
        times += 1
        raise OSError("away")

    monkeypatch.setattr(poller, "look", look)
    stop = threading.Event()
    running = threading.Thread(target=poller.run, args=(stop,), daemon=True)
    running.start()
    assert until(lambda: times >= 3)
    assert running.is_alive()
    stop.set()
    running.join(5)


# --- the beat ------------------------------------------------------------------------------------


def test_a_poller_that_does_not_look_any_more_stops_beating(polled: Polled) -> None:
    """G4: the process lives, its work does not; walls then say that collection stopped."""
    polled.declare()
    poller = Poller(polled.poller(), workers=1)
    poller.beat()
    first = seen(polled)
    assert first == polled.clock()
    polled.clock.advance(seconds=60)
    poller.looked = time.monotonic() - 100
    poller.beat()
    assert seen(polled) == first
    poller.look()
    poller.beat()
    assert seen(polled) == polled.clock()
    poller.crew.wait(10)


def seen(polled: Polled) -> datetime | None:
    with reading(polled.engine) as connection:
        return heartbeat.poller_seen(connection)


def test_each_poller_beats_by_its_name_and_the_gone_are_forgotten(engine: Any) -> None:
    moment = datetime(2026, 11, 22, 10, 0, tzinfo=HANOI)
    heartbeat.beat(engine, moment, "a:1")
    heartbeat.beat(engine, moment + timedelta(seconds=3), "b:2")
    with reading(engine) as connection:
        assert heartbeat.poller_seen(connection) == moment + timedelta(seconds=3)
        assert list(heartbeat.pollers(connection).values()) == [
            moment, moment + timedelta(seconds=3),
        ]  # fmt: skip
    heartbeat.prune(engine, moment + timedelta(days=1, seconds=1))
    with reading(engine) as connection:
        assert len(heartbeat.pollers(connection)) == 1


def test_no_beat_is_no_poller(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}").connect() as connection:
        assert heartbeat.poller_seen(connection) is None


def test_the_shared_clock_is_the_database_s_and_goes_on_without_it(engine: Any) -> None:
    clock = shared_clock(engine)
    assert abs(clock() - utc_now()) < timedelta(seconds=5)
    engine.dispose()
    first = clock()
    assert first <= clock()


# --- leases of the dead, files that change ------------------------------------------------------


def test_a_poller_that_was_cut_off_does_not_hold_its_sources(polled: Polled) -> None:
    """Its own machine knows that the process is gone; of another machine's nobody can tell."""
    polled.declare()
    intake = polled.poller()
    one = intake.facts["portal"].id
    gone = subprocess.Popen(["true"])
    gone.wait()
    host, now = socket.gethostname(), polled.clock()
    for owner, freed in (
        (f"{host}:{gone.pid}", True),
        (f"web:{host}:{gone.pid}", True),
        (f"{host}:{os.getpid()}", False),
        ("b:1", False),
    ):
        leases.end_leases(intake.engine, "b:1")
        leases.end_leases(intake.engine, f"{host}:{os.getpid()}")
        assert leases.take_lease(intake.engine, one, owner, now, 600)
        end_dead_leases(intake)
        next_one = leases.take_lease(intake.engine, one, "next", now, 600)
        assert (next_one is not None) is freed
        leases.end_leases(intake.engine, "next")


def test_each_lease_has_a_higher_number(polled: Polled) -> None:
    polled.declare()
    intake = polled.poller()
    one, now = intake.facts["portal"].id, polled.clock()
    numbers = []
    for owner in ("a", "b", "a"):
        number = leases.take_lease(intake.engine, one, owner, now, 60)
        assert number is not None
        assert leases.take_lease(intake.engine, one, owner, now, 60) is None, "not even its own"
        numbers.append(number)
        leases.give_back(intake.engine, one, owner, number)
    assert numbers == [1, 2, 3]


def test_a_lease_left_over_by_a_full_disk_is_this_poller_s_still(polled: Polled) -> None:
    source = polled.declare()
    intake, other = polled.poller("one"), polled.poller("two")
    ticket = begin(intake, Work(source, force=True))
    assert ticket is not None
    intake.left[ticket.source_id] = ticket.fence
    assert pending(other) == []
    assert polled.tick(intake) == ["ok"]


FILE = {
    "title": {"vi": "x", "en": "x"}, "connector": "asked", "config": {},
    "schedule": {"every": "60s"}, "illustrative": True,
    "mapping": {
        "unit": {"code": "code", "system": "nso"}, "period": {"field": "period"},
        "values": [{"indicator": "OPS-02", "numerator": "num", "denominator": "den"}],
    },
}  # fmt: skip


def write(polled: Polled, name: str, **changes: Any) -> None:
    folder = polled.home / "sources"
    folder.mkdir(exist_ok=True)
    text = yaml.safe_dump({"name": name, **FILE, **changes}, allow_unicode=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_files_that_change_are_taken_over_and_wrong_ones_change_nothing(
    polled: Polled, caplog: pytest.LogCaptureFixture
) -> None:
    write(polled, "one")
    intake = polled.poller()
    poller = Poller(intake, workers=1)
    write(polled, "two")
    assert poller.files.refresh()
    assert set(intake.sources) == {"two"} | {"one"}
    assert intake.facts["two"].id
    write(polled, "one", schedule={"cron": "0 24 * * *"})
    write(polled, "two", schedule={"every": "5m"})
    poller.files.refresh()
    assert intake.sources["one"].schedule.every == "60s", "it goes on as it was"
    assert intake.sources["two"].schedule.every == "5m"
    assert "schedule" in caplog.text
    assert not poller.files.refresh(), "told once"
    (polled.home / "sources" / "two.yaml").unlink()
    assert poller.files.refresh()
    assert set(intake.sources) == {"one"}


def test_memory_is_given_back_now_and_then(polled: Polled, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(scheduler, "give_back", lambda: asked.append(1))
    poller = Poller(polled.poller(), workers=1)
    poller.look()
    assert not asked, "not at every look"
    monkeypatch.setattr(scheduler, "FILES_SECONDS", -1.0)
    poller.look()
    assert asked == [1]


def test_an_unknown_source_is_named_with_those_there_are(polled: Polled) -> None:
    polled.declare("one")
    intake: Intake = polled.poller()
    with pytest.raises(SourceConfigError, match="given 'two', allowed: one"):
        chosen(intake, "two")
