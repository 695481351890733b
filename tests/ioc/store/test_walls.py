"""Walls in the store: registration, credentials, orders, reports beside a busy writer, freezes."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from ioc.store import freezes, wall_acts, walls
from ioc.store.engine import reading, writing, writing_soon
from ioc.store.versions import grow_version, next_recorded_at
from ioc.store.wall_reports import forget_others, keep_report, picture_of, reports
from ioc.store.walls import Orders, Wall


def opened(engine: Engine, now: datetime, credential: str = "first", code: str = "K7M3PQ") -> Wall:
    with writing(engine) as connection:
        assert walls.open_wall(connection, credential, code, now)
        found = walls.wall_of(connection, credential)
    assert found is not None
    return found


def registered(
    engine: Engine, now: datetime, credential: str = "first", code: str = "K7M3PQ"
) -> Wall:
    opened(engine, now, credential, code)
    with writing(engine) as connection:
        found = walls.register_wall(
            connection, code, name="Sảnh A", playlist="default", by="Lan", now=now
        )
    assert found is not None
    return found


def test_a_screen_waits_and_is_registered_by_its_code_once(engine: Engine, clock: Any) -> None:
    waiting = opened(engine, clock())
    assert waiting.state == "waiting"
    assert waiting.code_until == clock() + timedelta(minutes=15)
    with writing(engine) as connection:
        given = {"name": "Sảnh A", "playlist": "default", "by": "Lan", "now": clock()}
        assert walls.register_wall(connection, "AAAAAA", **given) is None
        found = walls.register_wall(connection, "K7M3PQ", **given)
        assert found is not None
        assert (found.state, found.name, found.code) == ("registered", "Sảnh A", None)
        assert walls.register_wall(connection, "K7M3PQ", **given) is None


def test_a_code_ends_and_can_be_renewed(engine: Engine, clock: Any) -> None:
    waiting = opened(engine, clock())
    clock.advance(minutes=16)
    given = {"name": "Sảnh A", "playlist": "default", "by": "Lan", "now": clock()}
    with writing(engine) as connection:
        assert walls.register_wall(connection, "K7M3PQ", **given) is None
        walls.renew_code(connection, waiting.id, "NEWONE", clock())
        assert walls.register_wall(connection, "NEWONE", **given) is not None


def test_screens_that_wait_in_vain_are_forgotten_and_are_not_endless(
    engine: Engine, clock: Any
) -> None:
    registered(engine, clock(), "kept", "KEPT22")
    with writing(engine) as connection:
        for number in range(walls.MOST_WAITING):
            assert walls.open_wall(connection, f"c{number}", f"C{number}", clock())
        assert not walls.open_wall(connection, "more", "MORE22", clock())
    clock.advance(days=2)
    with writing(engine) as connection:
        assert walls.open_wall(connection, "more", "MORE22", clock())
        assert [one.credential for one in walls.walls(connection)] == ["kept", "more"]


def test_the_old_credential_holds_until_the_new_one_is_used(engine: Engine, clock: Any) -> None:
    found = registered(engine, clock())
    with writing(engine) as connection:
        walls.offer_credential(connection, found.id, "second", clock())
    with reading(engine) as connection:
        for credential in ("first", "second"):
            same = walls.wall_of(connection, credential)
            assert same is not None
            assert same.id == found.id
    with writing(engine) as connection:
        walls.adopt_credential(connection, found.id, "second")
        assert walls.wall_of(connection, "first") is None
        assert walls.wall_of(connection, "second") is not None


def test_a_revoked_wall_is_known_as_revoked_and_has_no_orders(engine: Engine, clock: Any) -> None:
    found = registered(engine, clock())
    with writing(engine) as connection:
        walls.order(connection, found, notice="Họp lúc 15:00", notice_until=1)
        walls.pin(connection, found.id, "MEET22")
        walls.revoke(connection, found.id, clock())
        gone = walls.wall_of(connection, "first")
    assert gone is not None
    assert (gone.state, gone.orders, gone.freeze) == ("revoked", Orders(), None)


def test_orders_are_changed_one_by_one_and_acts_are_kept(engine: Engine, clock: Any) -> None:
    found = registered(engine, clock())
    with writing(engine) as connection:
        walls.order(connection, found, reload=1)
        again = walls.wall_by_id(connection, found.id)
        assert again is not None
        walls.order(connection, again, notice="<b>Họp</b>", notice_until=5)
        wall_acts.note_act(connection, found.id, "Lan", "reload", clock())
        clock.advance(seconds=1)
        wall_acts.note_act(connection, found.id, "Lan", "notice", clock(), {"text": "<b>Họp</b>"})
    with reading(engine) as connection:
        same = walls.wall_by_id(connection, found.id)
        assert same is not None
        assert same.orders == Orders(reload=1, notice="<b>Họp</b>", notice_until=5)
        done = wall_acts.acts(connection)
    assert [(one.act, one.by, one.params) for one in done] == [
        ("notice", "Lan", {"text": "<b>Họp</b>"}),
        ("reload", "Lan", {}),
    ]


def test_reports_are_kept_and_a_picture_outlives_them(engine: Engine, clock: Any) -> None:
    assert reports(engine) == {}
    assert picture_of(engine, 7) is None
    keep_report(engine, 7, {"scene": "/?wall=1"}, clock(), b"\x89PNG")
    drawn = clock()
    clock.advance(seconds=5)
    keep_report(engine, 7, {"scene": "/unit/38?wall=1"}, clock())
    kept = reports(engine)[7]
    assert kept.at == clock()
    assert kept.body == {"scene": "/unit/38?wall=1"}
    assert kept.picture_at == drawn
    assert picture_of(engine, 7) == b"\x89PNG"


def test_what_forgotten_screens_said_is_removed(engine: Engine, clock: Any) -> None:
    forget_others(engine, {7})
    for wall_id in (7, 8):
        keep_report(engine, wall_id, {}, clock(), b"\x89PNG")
    forget_others(engine, {7})
    assert set(reports(engine)) == {7}
    assert picture_of(engine, 7) == b"\x89PNG"
    assert picture_of(engine, 8) is None


def test_reports_never_wait_for_a_writer_and_changes_give_up_soon(
    engine: Engine, clock: Any
) -> None:
    found = registered(engine, clock())
    held, done = threading.Event(), threading.Event()

    def writer() -> None:
        with writing(engine) as connection:
            walls.assign(connection, found.id, "other")
            held.set()
            done.wait(20)

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        assert held.wait(5)
        began = time.monotonic()
        keep_report(engine, found.id, {"scene": "/"}, clock())
        with reading(engine) as connection:
            assert walls.wall_of(connection, "first") is not None
        assert found.id in reports(engine)
        assert time.monotonic() - began < 1
        with pytest.raises(OperationalError), writing_soon(engine) as connection:
            walls.renew_code(connection, found.id, "NEWONE", clock())
        assert time.monotonic() - began < 3
    finally:
        done.set()
        thread.join()
    with writing_soon(engine) as connection:
        walls.renew_code(connection, found.id, "NEWONE", clock())


def test_a_freeze_pins_the_newest_version_until_it_is_released(engine: Engine, clock: Any) -> None:
    with writing(engine) as connection:
        at = next_recorded_at(connection, clock())
        version = grow_version(connection, 1, at)
    clock.advance(minutes=3)
    with writing(engine) as connection:
        begun = freezes.start_freeze(
            connection, "MEET22", title="Giao ban", desks=True, by="Lan", now=clock()
        )
        grow_version(connection, 2, next_recorded_at(connection, clock()))
    assert (begun.data_version, begun.known_at) == (version, clock() - timedelta(minutes=3))
    with writing(engine) as connection:
        assert freezes.active_freezes(connection) == (begun,)
        assert freezes.release_freeze(connection, "MEET22", by="Minh", now=clock())
        assert not freezes.release_freeze(connection, "MEET22", by="Minh", now=clock())
        ended = freezes.freeze_by_code(connection, "MEET22")
        assert ended is not None
        assert not ended.active
        assert ended.released_by == "Minh"
        assert freezes.active_freezes(connection) == ()
        assert freezes.freeze_by_code(connection, "NOTHER") is None
