"""Briefings of people, runs and deliveries, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from ioc.domain.briefing import Briefing, RedSection, ViewSection
from ioc.store import briefing_deliveries, briefing_runs, briefings
from ioc.store.engine import reading, writing

GIVEN = Briefing(key="giao-ban", title="Giao ban", sections=(RedSection(title="Đỏ"),))


def test_keeps_versions_and_refuses_a_change_of_an_old_one(engine: Engine, clock: Any) -> None:
    with writing(engine) as connection:
        briefings.add(connection, GIVEN, owner="an", owner_name="Ân", now=clock())
    clock.advance(minutes=1)
    renamed = GIVEN.model_copy(update={"title": "Giao ban tuần"})
    who = {"by_id": "an", "by_name": "Ân"}
    with writing(engine) as connection:
        assert briefings.change(connection, renamed, seen=1, now=clock(), **who) == 2
        assert briefings.change(connection, GIVEN, seen=1, now=clock(), **who) is None
        found = briefings.found(connection, "giao-ban")
    assert found is not None
    assert (found.version, found.definition, found.by_name) == (2, renamed, "Ân")
    assert found.changed_at == clock()


def test_shows_an_owners_own_and_what_is_shared(engine: Engine, clock: Any) -> None:
    with writing(engine) as connection:
        briefings.add(connection, GIVEN, owner="an", owner_name="", now=clock())
        assert briefings.seen_by(connection, "binh") == ()
        assert not briefings.share(connection, "giao-ban", "binh", shared=True)
        assert briefings.share(connection, "giao-ban", "an", shared=True)
        assert [one.key for one in briefings.seen_by(connection, "binh")] == ["giao-ban"]
        assert not briefings.remove(connection, "giao-ban", "binh", clock())
        assert briefings.remove(connection, "giao-ban", "an", clock())
        assert briefings.seen_by(connection, "an") == ()
        assert briefings.found(connection, "giao-ban") is None
        assert briefings.is_taken(connection, "giao-ban")


def test_keeps_a_basket_per_viewer(engine: Engine, clock: Any) -> None:
    put = (ViewSection(address="/unit/38", title="Thanh Hóa"),)
    with writing(engine) as connection:
        briefings.fill_basket(connection, "an", put, clock())
        briefings.fill_basket(connection, "an", (*put, *put), clock())
        assert briefings.basket(connection, "an") == (*put, *put)
        assert briefings.basket(connection, "binh") == ()


def _begin(connection: Any, now: datetime, slot: str = "2026-11-23T07:00+07:00") -> int | None:
    return briefing_runs.begin(
        connection, GIVEN, slot=slot, owner="an", period="2026-10", due_at=now
    )


def test_writes_one_run_a_slot_and_turns_it_once(engine: Engine, clock: Any) -> None:
    with writing(engine) as connection:
        run_id = _begin(connection, clock())
        assert run_id is not None
        assert _begin(connection, clock()) is None
        turn: dict[str, Any] = {"before": ("planned",), "state": "queued", "missing": ("OPS-01",)}
        assert briefing_runs.turn(connection, run_id, **turn)
        assert not briefing_runs.turn(connection, run_id, **turn)
        found = briefing_runs.found(connection, run_id)
        assert found is not None
        assert (found.state, found.missing, found.definition) == ("queued", ("OPS-01",), GIVEN)
        clock.advance(minutes=2)
        assert briefing_runs.turn(
            connection, run_id, before=("queued",), now=clock(), state="partial"
        )
    with reading(engine) as connection:
        (last,) = briefing_runs.last(connection, "giao-ban")
    assert (last.state, last.finished_at) == ("partial", clock())


def test_takes_back_what_was_only_planned(engine: Engine, clock: Any) -> None:
    with writing(engine) as connection:
        first, kept = _begin(connection, clock(), "a"), _begin(connection, clock(), "b")
        assert first is not None
        assert kept is not None
        briefing_runs.forget_planned(connection, "giao-ban", but="b")
        assert briefing_runs.found(connection, first) is None
        assert briefing_runs.planned(connection)["giao-ban"].id == kept
        briefing_runs.turn(connection, kept, before=("planned",), state="waiting")
        briefing_runs.forget_planned(connection, "giao-ban")
        assert briefing_runs.found(connection, kept) is not None


def test_lets_one_try_a_delivery_at_a_time(engine: Engine, clock: Any) -> None:
    now = clock()
    with writing(engine) as connection:
        assert briefing_deliveries.order(connection, 1, "mail", "a@b.vn", "k", now)
        assert not briefing_deliveries.order(connection, 1, "mail", "a@b.vn", "k", now)
        (one,) = briefing_deliveries.due(connection, now)
        later = now + timedelta(minutes=5)
        assert briefing_deliveries.claim(connection, one, later)
        assert not briefing_deliveries.claim(connection, one, later)
        assert briefing_deliveries.due(connection, now) == ()
        (again,) = briefing_deliveries.due(connection, later)
        assert again.attempts == 1
        briefing_deliveries.end(connection, one.id, state="done", now=now)
        assert briefing_deliveries.due(connection, later) == ()
        assert briefing_deliveries.of_runs(connection, [1])[1][0].state == "done"
