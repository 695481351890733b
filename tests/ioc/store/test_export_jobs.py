"""The queue of exports: bounded, fair between owners, fenced, honest about what died."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ioc.store import export_jobs, export_turns
from ioc.store.engine import reading, writing
from ioc.store.export_jobs import Full, Job, Wish

if TYPE_CHECKING:
    from conftest import Clock
    from sqlalchemy import Engine

HELD = 60.0


def ask(engine: Engine, clock: Clock, code: str, owner: str = "an", **bounds: int) -> Job | Full:
    wish = Wish(owner=owner, scope="*", forms=("xlsx", "csv"), lang="vi", address="/unit/38")
    clock.advance(seconds=1)
    with writing(engine) as connection:
        return export_jobs.ask(connection, wish, code=code, now=clock(), **bounds)


def claim(engine: Engine, clock: Clock, worker: str = "w1") -> Job:
    clock.advance(seconds=1)
    job = export_turns.claim(engine, worker, clock(), HELD)
    assert job is not None
    return job


def found(engine: Engine, code: str) -> Job:
    with reading(engine) as connection:
        job = export_jobs.by_code(connection, code)
    assert job is not None
    return job


def test_a_wish_becomes_a_job_that_waits_with_all_that_was_said(
    engine: Engine, clock: Clock
) -> None:
    job = ask(engine, clock, "A")
    assert isinstance(job, Job)
    assert (job.state, job.forms, job.address) == ("queued", ("xlsx", "csv"), "/unit/38")
    assert job == found(engine, "A")
    assert export_turns.claim(engine, "w1", clock(), HELD) is not None


def test_f7_the_queue_and_what_one_owner_may_ask_are_bounded_and_say_why(
    engine: Engine, clock: Clock
) -> None:
    """F7: 200 wishes of one user at once; the others are taken all the same."""
    said = [ask(engine, clock, f"A{n}", most=30, most_own=5) for n in range(40)]
    assert [isinstance(one, Job) for one in said] == [True] * 5 + [False] * 35
    assert said[-1] == Full("own", 5, 5)
    others = [ask(engine, clock, f"B{n}", f"o{n}", most=30, most_own=5) for n in range(30)]
    assert [isinstance(one, Job) for one in others] == [True] * 25 + [False] * 5
    assert others[-1] == Full("queue", 30, 30)


def test_f7_owners_take_turns_however_much_one_asks(engine: Engine, clock: Clock) -> None:
    """F7: whoever asks for one thing does not wait behind another's two hundred."""
    for n in range(5):
        ask(engine, clock, f"A{n}", "an")
    ask(engine, clock, "B0", "binh")
    ask(engine, clock, "C0", "chi")
    with reading(engine) as connection:
        told = [job.code for job in export_turns.queue(connection, clock(), HELD)]
    first, second = claim(engine, clock), claim(engine, clock, "w2")
    assert (first.code, second.code) == ("A0", "B0")
    with writing(engine) as connection:
        assert export_jobs.finish(connection, first, clock(), "done")
        assert export_jobs.finish(connection, second, clock(), "done")
    served = [first.code, second.code]
    for _ in range(5):
        job = claim(engine, clock)
        with writing(engine) as connection:
            assert export_jobs.finish(connection, job, clock(), "done")
        served.append(job.code)
    assert served == ["A0", "B0", "C0", "A1", "A2", "A3", "A4"] == told


def test_progress_holds_the_job_and_hears_of_a_cancel(engine: Engine, clock: Clock) -> None:
    ask(engine, clock, "A")
    job = claim(engine, clock)
    words = {"key": "exports.step_file", "form": "xlsx"}

    def step(done: int) -> str:
        return export_jobs.step(engine, job, clock(), HELD, done=done, total=3, words=words)

    assert step(1) == "go"
    shown = found(engine, "A")
    assert (shown.done, shown.total, dict(shown.step)) == (1, 3, words)
    clock.advance(seconds=HELD - 5)
    export_jobs.hold(engine, [job], clock(), HELD)
    assert export_jobs.unwanted(engine, [job]) == frozenset()
    clock.advance(seconds=HELD - 5)
    assert export_turns.claim(engine, "w2", clock(), HELD) is None
    with writing(engine) as connection:
        assert export_jobs.cancel(connection, "A", "binh", clock()) is None
        cancelling = export_jobs.cancel(connection, "A", "an", clock())
    assert cancelling is not None
    assert cancelling.state == "running"
    assert step(3) == "cancel"
    assert export_jobs.unwanted(engine, [job]) == {job.id}
    with writing(engine) as connection:
        assert not export_jobs.finish(connection, job, clock(), "done", snapshot_id=1)
        assert export_jobs.finish(connection, job, clock(), "cancelled")
    assert (found(engine, "A").state, found(engine, "A").snapshot_id) == ("cancelled", None)


def test_what_waits_is_cancelled_at_once_and_never_begun(engine: Engine, clock: Clock) -> None:
    ask(engine, clock, "A")
    with writing(engine) as connection:
        job = export_jobs.cancel(connection, "A", "an", clock())
    assert job is not None
    assert job.state == "cancelled"
    assert export_turns.claim(engine, "w1", clock(), HELD) is None


def test_a_dead_workers_job_is_begun_once_more_and_then_has_failed(
    engine: Engine, clock: Clock
) -> None:
    ask(engine, clock, "A")
    slow = claim(engine, clock)
    clock.advance(seconds=HELD + 1)
    again = claim(engine, clock, "w2")
    assert (again.id, again.attempt, again.worker) == (slow.id, 2, "w2")
    with writing(engine) as connection:
        # The first worker was slow, not dead: what it made is not kept beside the second's.
        assert not export_jobs.finish(connection, slow, clock(), "done", snapshot_id=7)
    words: dict[str, str] = {}
    lost = export_jobs.step(engine, slow, clock(), HELD, done=1, total=1, words=words)
    assert lost == "lost"
    clock.advance(seconds=HELD + 1)
    assert export_turns.claim(engine, "w3", clock(), HELD) is None
    ended = found(engine, "A")
    assert ended.state == "failed"
    assert dict(ended.reasons[0]) == {"key": "exports.reason_died", "attempts": 2}


def test_a_worker_that_ends_in_order_puts_its_job_back(engine: Engine, clock: Clock) -> None:
    ask(engine, clock, "A")
    export_jobs.put_back(engine, claim(engine, clock))
    assert found(engine, "A").state == "queued"
    assert claim(engine, clock, "w2").attempt == 2


def test_nobody_waits_for_a_worker_that_is_known_to_be_gone(engine: Engine, clock: Clock) -> None:
    ask(engine, clock, "A")
    claim(engine, clock)
    assert export_turns.holders(engine) == {"w1"}
    export_turns.end_leases(engine, {"w1"})
    assert claim(engine, clock, "w2").attempt == 2


def test_a_snapshot_and_the_end_of_its_job_are_one_transaction(
    engine: Engine, clock: Clock
) -> None:
    ask(engine, clock, "A")
    job = claim(engine, clock)

    def end(trouble: str) -> None:
        with writing(engine) as connection:
            assert export_jobs.finish(connection, job, clock(), "done", snapshot_id=1)
            raise OSError(trouble)

    with pytest.raises(OSError, match="disk full"):
        end("disk full")
    assert found(engine, "A").state == "running"


def test_people_see_their_own_newest_first(engine: Engine, clock: Clock) -> None:
    ask(engine, clock, "A")
    ask(engine, clock, "B", "binh")
    ask(engine, clock, "C")
    assert timedelta(seconds=2) == found(engine, "C").asked_at - found(engine, "A").asked_at
    with reading(engine) as connection:
        own = export_jobs.of_owner(connection, "an")
    assert [job.code for job in own] == ["C", "A"]
