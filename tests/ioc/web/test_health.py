"""What a watcher outside asks: alive, ready with reasons, and numbers that are no figures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import OperationalError

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.store import source_state, writable
from ioc.store.engine import micros, writing
from ioc.store.heartbeat import beat
from ioc.store.reference import source
from ioc.store.slots import slot
from ioc.web.app import Server
from ioc.web.health import Kept
from ioc.web.writing import LOOK_SECONDS, PATIENCE, Writing
from tests.ioc.queries.house import House, Said

HOSTILE = 'đ"\n\\x{}=1'


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    return House(engine, units, Catalogue.load(units=units)).prepare()


def asked(house: House, *paths: str, host: str = "127.0.0.1") -> list[httpx.Response]:
    """Answers of one freshly started server."""
    server = Server(house.desk, pages={}, callbacks={}, shell=lambda content, view: content)

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=server)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(ask())


def numbers(answer: httpx.Response) -> dict[tuple[str, ...], float]:
    """Samples of an exposition by name and label values."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def test_ready_says_each_check_in_a_plain_word(house: House) -> None:
    (never,) = asked(house, "/readyz")
    assert never.status_code == 503
    assert never.json()["checks"]["poller"] == {"ok": False, "word": "never ran"}
    beat(house.engine, house.now - timedelta(seconds=4))
    (well,) = asked(house, "/readyz")
    assert well.status_code == 200
    body = well.json()
    assert body["ready"] is True
    assert body["checks"]["database"] == {"ok": True, "word": "reachable"}
    assert body["checks"]["migrations"]["word"].startswith("at head")
    assert body["checks"]["poller"] == {"ok": True, "word": "beat 4 s ago"}
    assert body["checks"]["writing"] == {"ok": True, "word": "writable"}
    house.now += timedelta(seconds=40)
    (silent,) = asked(house, "/readyz")
    assert silent.status_code == 503
    assert silent.json()["checks"]["poller"]["word"] == "no beat for 44 s, limit 15 s"


def test_a_database_of_another_schema_is_not_ready(house: House) -> None:
    beat(house.engine, house.now)
    with writing(house.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    (answer,) = asked(house, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["word"].startswith("0001, needed:")


def test_alive_needs_no_database_and_ready_tells_no_secret(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("password=geheim"))

    monkeypatch.setattr("ioc.web.health.readiness", gone)
    monkeypatch.setattr("ioc.web.health.vitals", gone)
    alive, ready, metrics = asked(house, "/healthz", "/readyz", "/metrics")
    assert (alive.status_code, ready.status_code, metrics.status_code) == (200, 503, 503)
    assert ready.json()["checks"]["database"]["word"] == "unreachable: OperationalError"
    assert "geheim" not in ready.text + metrics.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_foreign_host_names_are_refused(house: House, path: str) -> None:
    (answer,) = asked(house, path, host="evil.example")
    assert answer.status_code == 400


def test_metrics_tell_how_every_source_fares(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 123457, 234569))
    demo = house.sources["demo"].id
    house.now = house.clock + timedelta(minutes=30)
    beat(house.engine, house.now - timedelta(seconds=2))
    with writing(house.engine) as connection:
        connection.execute(
            update(source_state.source_state)
            .where(source_state.source_state.c.source_id == demo)
            .values(breaker="open", failures=5, held=3)
        )
        due = [house.now - timedelta(minutes=one) for one in (1, 11, 21)]
        for at, state in zip(due, ("missed", "missed", "arrived"), strict=True):
            arrived = micros(at) if state == "arrived" else None
            connection.execute(
                insert(slot).values(
                    source_id=demo, due_at=micros(at), state=state, arrived_at=arrived, attempts=1
                )
            )
    (answer,) = asked(house, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    found = numbers(answer)
    assert found["ioc_poller_beat_age_seconds",] == 2
    assert found["ioc_pollers",] == 1
    assert found["ioc_data_version",] == 1
    assert found["ioc_sources",] == 2
    assert found["ioc_store_writable",] == 1
    assert found["ioc_source_last_good_age_seconds", "demo"] == 30 * 60
    assert found["ioc_source_rows_added_total", "demo"] == 1
    assert found["ioc_source_breaker", "demo", "open"] == 1
    assert found["ioc_source_breaker", "demo", "closed"] == 0
    assert found["ioc_source_consecutive_failures", "demo"] == 5
    assert found["ioc_source_held_open", "demo"] == 3
    assert found["ioc_source_lag_seconds", "demo"] == 11 * 60
    assert found["ioc_source_slots", "demo", "missed"] == 2
    # Who was never read has no age, which is not an age of nothing.
    assert ("ioc_source_last_good_age_seconds", "real") not in found
    assert "123457" not in answer.text
    assert "234569" not in answer.text
    assert "process_cpu_seconds_total" in answer.text


def test_names_are_escaped_and_bounded(house: House) -> None:
    with writing(house.engine) as connection:
        connection.execute(
            update(source).where(source.c.name == "demo").values(name=HOSTILE + "x" * 300)
        )
    (answer,) = asked(house, "/metrics")
    named = {one[1] for one in numbers(answer) if one[0] == "ioc_source_lag_seconds"}
    assert named == {(HOSTILE + "x" * 300)[:80], "real"}


def test_an_answer_is_kept_for_a_moment_and_asked_for_once_at_a_time() -> None:
    asked: list[int] = []

    def slow() -> int:
        asked.append(1)
        time.sleep(0.1)
        return len(asked)

    async def story() -> None:
        kept = Kept(slow, 0.3)
        assert await asyncio.gather(*(kept() for _ in range(20))) == [1] * 20
        assert await kept() == 1
        await asyncio.sleep(0.35)
        assert await kept() == 2
        impatient = Kept(slow, 0.3, patience=0.01)
        with pytest.raises(TimeoutError):
            await impatient()

    asyncio.run(story())


def test_a_store_that_can_be_written_has_no_trouble(house: House) -> None:
    assert writable.trouble(house.engine) is None


def test_a_store_that_is_read_only_full_or_locked_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    if house.engine.dialect.name == "postgresql":
        with house.engine.connect() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar()
            order = f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
            connection.execute(text(order))
            connection.commit()
        house.engine.dispose()
        assert writable.trouble(house.engine) == writable.READ_ONLY
        return
    with writing(house.engine):
        assert writable.trouble(house.engine) == writable.LOCKED
    monkeypatch.setattr(writable, "LEAST_FREE", 1 << 62)
    assert writable.trouble(house.engine) == writable.FULL


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("database or disk is full", writable.FULL),
        ("could not extend file: No space left on device", writable.FULL),
        ("attempt to write a readonly database", writable.READ_ONLY),
        ("cannot execute INSERT in a read-only transaction", writable.READ_ONLY),
        ("database is locked", writable.LOCKED),
        ("something else", writable.REFUSED),
    ],
)
def test_a_refused_write_is_understood(said: str, code: str) -> None:
    assert writable.why_not(OperationalError("INSERT", {}, Exception(said))) == code


def test_a_lock_is_told_of_after_a_minute_and_a_failed_write_for_one(house: House) -> None:
    moment = [0.0]
    found: list[str | None] = ["locked"]
    seen = Writing(house.engine, ask=lambda _: found[0], clock=lambda: moment[0])

    def after(seconds: float) -> str | None:
        moment[0] += seconds
        return seen.look()

    assert after(LOOK_SECONDS) is None
    assert after(PATIENCE - 1) is None
    assert after(LOOK_SECONDS) == "locked"
    found[0] = None
    assert after(LOOK_SECONDS) is None
    _refuse(seen, "database or disk is full")
    assert after(LOOK_SECONDS) == "full"
    assert after(PATIENCE) is None


def test_a_store_that_others_write_all_the_time_is_busy_not_stuck(house: House) -> None:
    moment, version = [0.0], [0]
    seen = Writing(
        house.engine, ask=lambda _: "locked", version=lambda _: version[0], clock=lambda: moment[0]
    )
    for _ in range(20):
        moment[0] += LOOK_SECONDS
        version[0] += 1
        assert seen.look() is None
    moment[0] += PATIENCE
    assert seen.look() == "locked"


def _refuse(seen: Writing, words: str) -> None:
    class Context:
        original_exception = Exception(words)

    heard: Callable[[Any], None] = seen._heard
    heard(Context())
