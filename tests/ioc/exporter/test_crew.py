"""The crew and what is looked after beside it: side by side, isolated, ended without a rest."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from support.exporting import Imitated, ended
from support.portal import small_desk

from ioc.exporter import crew as crew_module
from ioc.exporter import process
from ioc.exporter.bench import Bench, Steps, StoppedError
from ioc.exporter.crew import Crew
from ioc.exporter.making import Outcome
from ioc.exporter.process import Task
from ioc.exports.code import new_code
from ioc.store import export_beat, export_jobs, export_turns
from ioc.store.engine import writing
from ioc.store.export_jobs import Job, Wish


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    desk = small_desk(tmp_path)
    yield Bench(desk, cast("Any", None), cast("Any", None))
    desk.engine.dispose()


def ask(bench: Bench, owner: str = "an") -> Job:
    desk = bench.desk
    wish = Wish(owner, "*", ("png",), "vi", address="/")
    with writing(desk.engine) as connection:
        job = export_jobs.ask(connection, wish, code=new_code(), now=desk.now())
    assert isinstance(job, Job)
    return job


def crew_of(bench: Bench, drawing: Imitated, name: str = "h:1:a", **more: Any) -> Crew:
    return Crew(bench, name, bench.desk.now, lambda: cast("Any", drawing), **more)


def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("not within ten seconds")


def test_what_waits_is_made_and_the_browser_closed_when_idle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [ask(bench), ask(bench, "binh"), ask(bench)]
    order: list[str] = []

    def make(bench: Bench, job: Job, drawing: Callable[[], Any], steps: Steps) -> Outcome:
        drawing()
        steps.begin("exports.step_load")
        order.append(job.code)
        with writing(bench.desk.engine) as connection:
            assert export_jobs.finish(connection, job, bench.desk.now(), "done")
        return Outcome("done")

    monkeypatch.setattr(crew_module, "make", make)
    drawing = Imitated()
    crew = crew_of(bench, drawing, idle=0.1)
    crew.start()
    until(lambda: len(order) == 3 and drawing.closed == 1)
    assert order == [jobs[0].code, jobs[1].code, jobs[2].code]
    assert crew.alive
    assert crew.stop(5.0)
    assert drawing.closed == 1, "closed once, when it was idle"


def test_a_cancel_ends_the_picture_that_is_being_drawn(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(bench)
    drawing = Imitated()

    def make(bench: Bench, job: Job, get: Callable[[], Any], steps: Steps) -> Outcome:
        get()
        until(lambda: drawing.closed == 1)
        with pytest.raises(StoppedError):
            steps.begin("exports.step_keep")
        with writing(bench.desk.engine) as connection:
            export_jobs.finish(connection, job, bench.desk.now(), "cancelled")
        return Outcome("cancelled")

    monkeypatch.setattr(crew_module, "make", make)
    crew = crew_of(bench, drawing)
    crew.start()
    until(lambda: ended(bench, job).state == "running")
    with writing(bench.desk.engine) as connection:
        export_jobs.cancel(connection, job.code, "an", bench.desk.now())
    until(lambda: ended(bench, job).state == "cancelled")
    assert crew.stop(5.0)


def test_what_cannot_end_in_time_loses_its_browser_and_its_job_waits_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(bench)
    drawing, free = Imitated(), threading.Event()

    def make(bench: Bench, job: Job, get: Callable[[], Any], steps: Steps) -> Outcome:
        get()
        free.wait(20)
        return Outcome("lost")

    monkeypatch.setattr(crew_module, "make", make)
    crew = crew_of(bench, drawing)
    crew.start()
    until(lambda: ended(bench, job).state == "running")
    assert not crew.stop(0.2)
    assert drawing.closed == 1
    assert ended(bench, job).state == "queued"
    free.set()


def test_the_jobs_of_a_process_that_is_gone_are_free_at_the_next_start(bench: Bench) -> None:
    import socket

    desk = bench.desk
    ask(bench)
    gone = f"{socket.gethostname()}:999999999:x"
    assert export_turns.claim(desk.engine, gone, desk.now(), 600) is not None
    ask(bench)
    assert export_turns.claim(desk.engine, "elsewhere:1:x", desk.now(), 600) is not None
    process.end_dead(bench)
    again = export_turns.claim(desk.engine, "w", desk.now(), 600)
    assert again is not None
    assert again.attempt == 2
    assert export_turns.claim(desk.engine, "w", desk.now(), 600) is None


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    gone, ours, other = (
        tmp_path / f"{process.TEMPORARY}{name}" for name in ("999999999-a", f"{os.getpid()}-b", "x")
    )
    for folder in (gone, ours, other):
        folder.mkdir()
        (folder / "profile").touch()
    process.sweep_folders(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([ours, other])


def test_an_error_in_one_task_does_not_stop_the_others() -> None:
    stop, ran = threading.Event(), []

    def broken() -> None:
        ran.append("broken")
        raise RuntimeError("the mail server is down")

    def whole() -> None:
        ran.append("whole")
        if ran.count("whole") > 2 and ran.count("broken") > 2:
            stop.set()

    tasks = (Task("broken", 0.01, broken), Task("whole", 0.01, whole))
    threads = [threading.Thread(target=process.look_after, args=(one, stop)) for one in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert stop.is_set()
    assert not process.attempt(tasks[0])


def test_the_sign_of_life_is_seen_beside_the_files(tmp_path: Path, bench: Bench) -> None:
    assert export_beat.seen(tmp_path) is None
    now = bench.desk.now()
    export_beat.beat(tmp_path, now)
    assert export_beat.seen(tmp_path) == now
