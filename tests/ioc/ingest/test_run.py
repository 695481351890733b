"""A run is one transaction: good, unchanged, corrected, broken, recovered; nothing twice, nothing
lost, nothing half."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import Engine, func, select

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import SourceError, TransientSourceError
from ioc.ingest.connector import Batch, Outcome, Payload, Record, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.source import Source
from ioc.store import leases, payloads, rejections, runs, source_state, versions
from ioc.store.engine import reading
from ioc.store.observations import Fact, Key, history, observation
from ioc.store.summary import read_cells
from tests.conftest import Clock

JUNE, MONTH, OPS_02 = 2025006, 3, "OPS-02"


@dataclass
class Scripted:
    """A connector that answers what the test has laid out, and remembers how runs ended."""

    answers: list[list[dict[str, Any]] | Exception] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    more: list[bool] = field(default_factory=list)
    progress: list[tuple[int, int]] = field(default_factory=list)
    meanwhile: Any = None
    name: ClassVar[str] = "scripted"
    Config: ClassVar[type[BaseModel]] = BaseModel

    def fetch(self, config: Any, tools: Tools) -> Batch:
        answer = self.answers.pop(0)
        if self.meanwhile:
            self.meanwhile()
        if isinstance(answer, Exception):
            raise answer
        content = json.dumps(answer, sort_keys=True).encode()
        return Batch(
            records=[Record(f"item {place}", one) for place, one in enumerate(answer, 1)],
            payloads=[Payload("scripted", content, "application/json")],
            watermark=f"w{len(self.outcomes)}",
            more=self.more.pop(0) if self.more else False,
            progress=self.progress.pop(0) if self.progress else None,
        )

    def finish(self, config: Any, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        self.outcomes.append(outcome)


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture(scope="module")
def catalogue(units: Units) -> Catalogue:
    return Catalogue.load(units=units)


@pytest.fixture
def script() -> Scripted:
    return Scripted()


def source(**changes: Any) -> Source:
    described = {
        "name": "portal",
        "title": {"vi": "Cổng", "en": "Portal"},
        "connector": "scripted",
        "schedule": {"every": "60s"},
        "illustrative": True,
        "mapping": {
            "locale": "plain",
            "unit": {"code": "code", "system": "nso"},
            "period": {"field": "period"},
            "values": [
                {
                    "indicator": OPS_02,
                    "numerator": "num",
                    "denominator": "den",
                    "citation": "cited",
                },
                {"indicator": "OPS-06", "value": "late", "when": {"count": True}},
            ],
        },
    }
    return Source.model_validate({**described, **changes})


@pytest.fixture
def intake(
    engine: Engine,
    units: Units,
    catalogue: Catalogue,
    clock: Clock,
    script: Scripted,
    tmp_path: Path,
) -> Intake:
    portal = source()
    intake = Intake(
        engine=engine,
        catalogue=catalogue,
        units=units,
        connectors={"scripted": script},
        client=lambda _: httpx.Client(
            transport=httpx.MockTransport(lambda _: httpx.Response(500)), trust_env=False
        ),
        home=tmp_path,
        env={},
        now=clock,
        owner="one",
        sources={"portal": portal},
    )
    intake.prepare()
    return intake


def row(code: str, num: Any, den: Any, period: str = "2025-06", **more: Any) -> dict[str, Any]:
    return {"code": code, "num": num, "den": den, "period": period, **more}


def run(intake: Intake, clock: Clock) -> str:
    clock.advance(seconds=60)
    report = poll(intake, intake.sources["portal"])
    return report.outcome if report else "busy"


def key(intake: Intake, unit_key: str) -> Key:
    unit = intake.units.by_key(unit_key)
    return Key(intake.catalogue.by_code(OPS_02).id, MONTH, JUNE, unit.id)


def count(intake: Intake) -> int:
    with reading(intake.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(observation)).scalar_one())


def last(intake: Intake) -> runs.RunFact:
    with reading(intake.engine) as connection:
        return runs.recent_runs(connection, intake.facts["portal"].id, 1)[0]


def test_the_same_delivery_twice_adds_nothing_and_a_correction_adds_one_row(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    first = [row("38", 1754, 1950), row("30", 900, 1000)]
    corrected = [row("38", 1758, 1950), row("30", 900, 1000)]
    script.answers = [first, first, corrected]
    outcomes = [run(intake, clock)]
    with reading(intake.engine) as connection:
        early = versions.data_version(connection)
    outcomes += [run(intake, clock), run(intake, clock)]
    assert outcomes == ["ok", "unchanged", "ok"]
    assert count(intake) == 3
    with reading(intake.engine) as connection:
        told = history(connection, key(intake, "38"))
        assert [one.fact for one in told] == [Fact(1754, 1950), Fact(1758, 1950)]
        assert (early, versions.data_version(connection)) == (1, 2)
        cell = read_cells(
            connection,
            parent_ids=[2],
            indicator_ids=[key(intake, "38").indicator_id],
            grain=MONTH,
            first=JUNE,
            last=JUNE,
            unit_ids=[key(intake, "38").unit_id],
            known_at=told[0].recorded_at,
        )
        assert [(one.num, one.den) for one in cell] == [(1754, 1950)]
    assert all(one.committed for one in script.outcomes)


def test_a_bad_record_is_refused_with_its_reason_and_the_others_stand(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [[row("38", 1, 2), row("99", 1, 2), row("01", 3, 2), row("04", None, 2)]]
    assert run(intake, clock) == "partial"
    done = last(intake)
    assert (done.added, done.rejected) == (1, 2)
    with reading(intake.engine) as connection:
        refused = rejections.rejections(connection, done.id)
    assert [one.place for one in refused] == ["item 2", "item 3"]
    assert "99" in str(refused[0].params)
    assert '"code": "99"' in refused[0].record
    assert refused[1].code == "exceeds"


def test_two_values_of_one_figure_in_one_delivery_refuse_the_second(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [[row("38", 1, 2), row("38", 2, 2), row("38", 1, 2)]]
    assert run(intake, clock) == "partial"
    done = last(intake)
    assert (done.added, done.rejected) == (1, 1)


def test_break_and_recovery_are_said_once_and_the_last_good_value_stays(
    intake: Intake, script: Scripted, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    away = TransientSourceError("portal: 503", code="http_status", status=503)
    script.answers = [[row("38", 1, 2)], away, away, [row("38", 2, 2)]]
    with caplog.at_level(logging.WARNING, "ioc.run"):
        assert [run(intake, clock) for _ in range(3)] == ["ok", "failed", "failed"]
        assert versions.current_version(intake.engine) == 2, "the break redraws open pages, once"
        with reading(intake.engine) as connection:
            state = source_state.state(connection, intake.facts["portal"].id)
            assert (state.failures, state.broken_code) == (2, "http_status")
            assert state.broken_since is not None
            assert state.last_good == state.broken_since - timedelta(seconds=60)
            assert history(connection, key(intake, "38"))[-1].fact == Fact(1, 2)
        assert run(intake, clock) == "ok"
    assert versions.current_version(intake.engine) == 3
    said = [one.message for one in caplog.records]
    assert len(said) == 2
    assert "broken" in said[0]
    assert "recovered after 2 failed" in said[1]
    with reading(intake.engine) as connection:
        after = source_state.state(connection, intake.facts["portal"].id)
    assert after.broken_since is None
    assert after.recovered_at is not None


def test_an_unexpected_error_fails_the_run_and_tells_no_secret(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [ValueError("password hunter2")]
    assert run(intake, clock) == "failed"
    done = last(intake)
    assert (done.code, dict(done.params)) == ("unexpected", {"kind": "ValueError"})


def test_only_one_poller_has_a_source_and_a_crashed_one_loses_it(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    portal = intake.facts["portal"]
    assert leases.take_lease(intake.engine, portal.id, "crashed", clock(), 100)
    crashed = runs.start_run(intake.engine, portal.id, clock())
    script.answers = [[row("38", 1, 2)]]
    assert run(intake, clock) == "busy"
    clock.advance(seconds=100)
    assert run(intake, clock) == "ok"
    with reading(intake.engine) as connection:
        ended = {one.id: one.outcome for one in runs.recent_runs(connection, portal.id, 9)}
    assert ended[crashed] == "abandoned"


def test_a_run_whose_lease_passed_on_writes_nothing(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    """Fencing: the slow poller may not write over the one that took its place."""
    portal = intake.facts["portal"]

    def taken() -> None:
        clock.advance(hours=1)
        assert leases.take_lease(intake.engine, portal.id, "other", clock(), 100)

    script.meanwhile = taken
    script.answers = [[row("38", 1, 2)]]
    assert run(intake, clock) == "abandoned"
    assert count(intake) == 0
    assert [one.committed for one in script.outcomes] == [False]


def test_slices_follow_each_other_without_waiting(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [[row("38", n, 9, f"2025-0{n}")] for n in (3, 2, 1)]
    script.more = [True, True, False]
    assert run(intake, clock) == "ok"
    assert count(intake) == 3
    assert not script.answers


def test_how_far_a_history_was_read_is_told_and_kept_through_a_failure(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    def read() -> tuple[int, int]:
        with reading(intake.engine) as connection:
            known = source_state.states(connection, [intake.facts["portal"].id])
        return source_state.progress(known.values(), 2)

    assert read() == (0, 2), "two sources, neither read"
    away = TransientSourceError("portal: 503", code="http_status", status=503)
    script.answers = [[row("38", 1, 9)], away]
    script.progress = [(12, 36)]
    assert [run(intake, clock) for _ in range(2)] == ["ok", "failed"]
    assert read() == (12, 37)


def test_raw_answers_are_kept_once_and_read_back_byte_for_byte(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    one, two = [row("38", 1, 2)], [row("38", 2, 2)]
    script.answers = [one, two, one]
    assert [run(intake, clock) for _ in range(3)] == ["ok", "ok", "ok"]
    with reading(intake.engine) as connection:
        kept = connection.execute(select(payloads.run_payload.c.sha256)).scalars().all()
        assert (len(kept), len(set(kept))) == (3, 2)
        content = payloads.read_payload(connection, kept[0])
    assert content == json.dumps(one, sort_keys=True).encode()


def test_a_refused_delivery_that_comes_again_is_told_its_reasons_again(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [[row("99", 1, 2)], [row("99", 1, 2)]]
    assert [run(intake, clock) for _ in range(2)] == ["partial", "unchanged"]
    first, again = (one.rejected for one in script.outcomes)
    assert [one.code for one in again] == [one.code for one in first] == ["unknown_code"]


def test_a_count_is_kept_as_a_numerator_so_that_it_adds_up(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [[row("31", 1, 2, late=5, count=True), row("30", 1, 2, late=7, count=True)]]
    assert run(intake, clock) == "ok"
    overdue = intake.catalogue.by_code("OPS-06").id
    merged = intake.units.by_key("31").id
    with reading(intake.engine) as connection:
        cells = read_cells(
            connection,
            parent_ids=[2],
            indicator_ids=[overdue],
            grain=MONTH,
            first=JUNE,
            last=JUNE,
            unit_ids=[merged],
        )
    assert [(one.num, one.den, one.val) for one in cells] == [(12, None, None)]


def test_citations_stay_with_their_figures(intake: Intake, script: Scripted, clock: Clock) -> None:
    script.answers = [[row("38", 1758, 1950, cited="Báo Thanh Hóa, 16/06/2025")]]
    assert run(intake, clock) == "ok"
    with reading(intake.engine) as connection:
        fact = history(connection, key(intake, "38"))[0].fact
    assert fact.citation_id is not None


def test_former_and_present_units_are_told_apart_by_date(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    """Code 31 is the former Hải Phòng in June 2025; with Hải Dương it makes the new one exactly."""
    script.answers = [[row("31", 80, 100), row("30", 90, 300)]]
    assert run(intake, clock) == "ok"
    with reading(intake.engine) as connection:
        assert history(connection, key(intake, "31.2025"))[0].fact == Fact(80, 100)
        assert history(connection, key(intake, "31")) == ()
        merged = read_cells(
            connection,
            parent_ids=[2],
            indicator_ids=[key(intake, "31").indicator_id],
            grain=MONTH,
            first=JUNE,
            last=JUNE,
            unit_ids=[key(intake, "31").unit_id],
        )
    assert [(one.num, one.den, one.leaves) for one in merged] == [(170, 400, 2)]


def test_recorded_at_only_grows_even_when_the_clock_goes_back(
    intake: Intake, script: Scripted, clock: Clock
) -> None:
    script.answers = [[row("38", 1, 9)], [row("38", 2, 9)]]
    run(intake, clock)
    clock.moment = datetime(2026, 11, 22, 9, 0, tzinfo=clock.moment.tzinfo)
    run(intake, clock)
    with reading(intake.engine) as connection:
        first, second = (one.recorded_at for one in history(connection, key(intake, "38")))
    assert second > first


def test_source_errors_are_the_only_words_a_run_keeps() -> None:
    assert issubclass(TransientSourceError, SourceError)
