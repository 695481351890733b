"""The clock of briefings: made once, late ones marked, waiting for data, settled and handed on."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ioc.domain.briefing import Briefing, Deliver, RedSection, Schedule, Waiting
from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.exporter import schedule
from ioc.exporter.schedule import Rounds
from ioc.queries.desk import Desk
from ioc.settings import Settings
from ioc.store import briefing_deliveries, briefing_runs, briefings, export_jobs, export_turns
from ioc.store.briefing_runs import Run
from ioc.store.engine import reading, writing

GIVEN = Briefing(
    key="giao-ban",
    title="Giao ban tuần",
    sections=(RedSection(),),
    schedule=Schedule(every="week", day=1, at="07:00"),
    deliver=Deliver(folder="giao-ban", mail=("an@example.vn",)),
)
UNITS = Units.load()


@pytest.fixture
def desk(engine: Engine, clock: Any, tmp_path: Path) -> Desk:
    return Desk(engine, Catalogue.load(units=UNITS), UNITS, Settings(home=tmp_path), clock)


@pytest.fixture
def rounds(desk: Desk) -> Rounds:
    return Rounds(desk, router=None)  # type: ignore[arg-type]  # asked only by what waits


def keep(desk: Desk, made: Briefing) -> None:
    with writing(desk.engine) as connection:
        briefings.add(connection, made, owner="an", owner_name="Ân", now=desk.now())


def runs(desk: Desk, *states: str) -> tuple[Run, ...]:
    with reading(desk.engine) as connection:
        return briefing_runs.in_states(connection, states)


def jobs(desk: Desk) -> tuple[export_jobs.Job, ...]:
    with reading(desk.engine) as connection:
        return export_jobs.of_owner(connection, "an")


def test_a_new_schedule_makes_nothing_of_the_past_and_then_each_moment_once(
    desk: Desk, rounds: Rounds, clock: Any
) -> None:
    keep(desk, GIVEN)
    rounds.look()
    (planned,) = runs(desk, "planned")
    assert planned.slot == "2026-11-23T07:00+07:00"
    assert jobs(desk) == ()
    clock.advance(hours=21, seconds=1)
    for _ in range(3):
        rounds.look()
    (job,) = jobs(desk)
    (run,) = runs(desk, "queued")
    assert (job.kind, job.run_id, job.forms) == ("briefing", run.id, GIVEN.forms)
    assert (run.slot, run.late) == ("2026-11-23T07:00+07:00", False)
    assert [one.slot for one in runs(desk, "planned")] == ["2026-11-30T07:00+07:00"]


def test_two_exporters_that_race_begin_one_run(desk: Desk, clock: Any) -> None:
    keep(desk, GIVEN)
    Rounds(desk, router=None).look()  # type: ignore[arg-type]
    clock.advance(hours=21, seconds=1)
    both = [
        threading.Thread(target=Rounds(desk, router=None).look)  # type: ignore[arg-type]
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(jobs(desk)) == 1
    assert len(runs(desk, "queued")) == 1
    assert len(runs(desk, "planned")) == 1


def test_what_was_missed_while_the_machine_was_off_is_made_once_and_marked(
    desk: Desk, rounds: Rounds, clock: Any
) -> None:
    keep(desk, GIVEN)
    rounds.look()
    clock.advance(days=17)
    rounds.look()
    rounds.look()
    (run,) = runs(desk, "queued")
    assert (run.slot, run.late) == ("2026-12-07T07:00+07:00", True)
    assert len(jobs(desk)) == 1
    assert [one.slot for one in runs(desk, "planned")] == ["2026-12-14T07:00+07:00"]


def test_another_schedule_or_none_takes_the_planned_moment_back(
    desk: Desk, rounds: Rounds, clock: Any
) -> None:
    keep(desk, GIVEN)
    rounds.look()
    moved = GIVEN.model_copy(update={"schedule": Schedule(every="week", day=3)})
    with writing(desk.engine) as connection:
        briefings.change(connection, moved, seen=1, by_id="an", by_name="", now=clock())
    rounds.look()
    assert [one.slot for one in runs(desk, "planned")] == ["2026-11-25T07:00+07:00"]
    with writing(desk.engine) as connection:
        briefings.remove(connection, GIVEN.key, "an", clock())
    rounds.look()
    assert runs(desk, "planned") == ()


def test_a_file_of_the_home_is_scheduled_and_a_template_is_not(
    desk: Desk, rounds: Rounds, tmp_path: Path
) -> None:
    folder = tmp_path / "briefings"
    folder.mkdir()
    (folder / "rieng.yaml").write_text(
        "title: Riêng\nsections: [{kind: red}]\nschedule: {every: month, day: 2, at: '08:30'}\n",
        encoding="utf-8",
    )
    (folder / "hong.yaml").write_text("title: [\n", encoding="utf-8")
    rounds.look()
    (planned,) = runs(desk, "planned")
    assert (planned.key, planned.owner, planned.slot) == (
        "rieng", schedule.HOME, "2026-12-02T08:30+07:00",
    )  # fmt: skip


WAITS = GIVEN.model_copy(
    update={"period": "previous", "waiting": Waiting(late="wait", hours=4), "key": "cho"}
)


def test_waits_for_data_and_begins_as_soon_as_they_are_there(
    desk: Desk, rounds: Rounds, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = ["OPS-01: chưa có số liệu tháng 10/2026"]
    monkeypatch.setattr(Rounds, "_lacking", lambda *_: tuple(lacking))
    keep(desk, WAITS)
    rounds.look()
    clock.advance(hours=21, seconds=1)
    rounds.look()
    (run,) = runs(desk, "waiting")
    assert (run.missing, run.period) == (tuple(lacking), "2026-10")
    assert jobs(desk) == ()
    lacking.clear()
    clock.advance(minutes=2)
    rounds.look()
    (run,) = runs(desk, "queued")
    assert (len(jobs(desk)), run.late) == (1, False)


def test_begins_at_the_deadline_whatever_lacks(
    desk: Desk, rounds: Rounds, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rounds, "_lacking", lambda *_: ("OPS-01",))
    keep(desk, WAITS)
    rounds.look()
    clock.advance(hours=24, minutes=59)
    rounds.look()
    assert jobs(desk) == ()
    clock.advance(minutes=2)
    rounds.look()
    assert len(jobs(desk)) == 1


def test_settles_what_ended_and_hands_scheduled_ones_on_once(
    desk: Desk, rounds: Rounds, clock: Any
) -> None:
    keep(desk, GIVEN)
    rounds.look()
    clock.advance(hours=21, seconds=1)
    rounds.look()
    (run,) = runs(desk, "queued")
    job = export_turns.claim(desk.engine, "w", desk.now(), 60)
    assert job is not None
    with writing(desk.engine) as connection:
        export_jobs.finish(connection, job, desk.now(), "partial", snapshot_id=7)
    rounds.look()
    rounds.look()
    (ended,) = runs(desk, "partial")
    assert (ended.id, ended.snapshot_id) == (run.id, 7)
    with reading(desk.engine) as connection:
        sent = briefing_deliveries.of_runs(connection, [run.id])[run.id]
    assert [(one.channel, one.target) for one in sent] == [
        ("page", "giao-ban"), ("folder", "giao-ban"), ("mail", "an@example.vn"),
    ]  # fmt: skip


def test_a_failed_job_fails_the_run_and_hands_nothing_on(
    desk: Desk, rounds: Rounds, clock: Any
) -> None:
    keep(desk, GIVEN)
    rounds.look()
    clock.advance(hours=21, seconds=1)
    rounds.look()
    job = export_turns.claim(desk.engine, "w", desk.now(), 60)
    assert job is not None
    with writing(desk.engine) as connection:
        export_jobs.finish(connection, job, desk.now(), "failed")
    rounds.look()
    (ended,) = runs(desk, "failed")
    with reading(desk.engine) as connection:
        assert briefing_deliveries.of_runs(connection, [ended.id]) == {}
