"""Deliveries in the store: one right to confirm, expiry, withdrawal, lists as of a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from ioc.store import deliveries, delivery_lists
from ioc.store.deliveries import Counts
from ioc.store.engine import reading, writing
from ioc.store.versions import current_version

COUNTS = Counts(accepted=3, unchanged=1, rejected=2, held=1, missing=4)


def sent(engine: Engine, clock: Any, unit_id: int = 1038, period: str = "2026-10") -> str:
    with writing(engine) as connection:
        return deliveries.add(
            connection,
            source_id=1,
            unit_id=unit_id,
            period=period,
            file="báo cáo.xlsx",
            media="application/x",
            sha256="0" * 64,
            reporter="Nguyễn Văn A",
            approver="",
            by="Nguyễn Văn A",
            counts=COUNTS,
            now=clock(),
        )


def one(engine: Engine, token: str) -> deliveries.Delivery:
    with reading(engine) as connection:
        found = deliveries.found(connection, token)
    assert found is not None
    return found


def test_a_checked_file_is_found_by_its_token_alone(engine: Engine, clock: Any) -> None:
    before = current_version(engine)
    token, other = sent(engine, clock), sent(engine, clock)
    assert token != other
    assert len(token) >= 20
    got = one(engine, token)
    assert (got.state, got.counts, got.unit_id) == ("checked", COUNTS, 1038)
    assert got.uploaded_at == clock()
    with reading(engine) as connection:
        for wrong in ("", "1", ":token", "%", "*", token[:-1], token + "x"):
            assert deliveries.found(connection, wrong) is None
    assert current_version(engine) > before, "open pages list it"


def test_only_one_of_two_may_confirm(engine: Engine, clock: Any) -> None:
    token = sent(engine, clock)
    assert deliveries.claim(engine, token, "B", clock())
    assert not deliveries.claim(engine, token, "C", clock())
    assert not deliveries.withdraw(engine, token, "C", clock())
    clock.advance(seconds=1)
    deliveries.confirmed(engine, token, run_id=7, counts=Counts(2), by="B", now=clock())
    got = one(engine, token)
    assert (got.state, got.run_id, got.decided_by, got.counts) == ("confirmed", 7, "B", Counts(2))
    assert not deliveries.claim(engine, token, "C", clock())


def test_a_claim_that_failed_or_was_cut_off_can_be_taken_again(engine: Engine, clock: Any) -> None:
    token = sent(engine, clock)
    assert deliveries.claim(engine, token, "B", clock())
    deliveries.give_back(engine, token)
    assert one(engine, token).state == "checked"
    assert deliveries.claim(engine, token, "B", clock())
    clock.advance(seconds=deliveries.CLAIM.total_seconds() - 1)
    assert not deliveries.claim(engine, token, "C", clock())
    assert one(engine, token).at(clock()) == "confirming"
    clock.advance(seconds=2)
    assert one(engine, token).at(clock()) == "checked", "the page offers it again"
    assert deliveries.claim(engine, token, "C", clock())


def test_what_nobody_confirms_expires_and_stays(engine: Engine, clock: Any) -> None:
    token = sent(engine, clock)
    clock.advance(hours=23, minutes=59)
    assert one(engine, token).at(clock()) == "checked"
    clock.advance(minutes=1)
    assert one(engine, token).at(clock()) == "expired"
    assert not deliveries.claim(engine, token, "B", clock())
    with writing(engine) as connection:
        assert deliveries.mark_expired(connection, clock()) == 1
        assert deliveries.mark_expired(connection, clock()) == 0
    assert one(engine, token).state == "expired"


def test_a_withdrawn_file_stays_and_cannot_be_confirmed(engine: Engine, clock: Any) -> None:
    token = sent(engine, clock)
    clock.advance(minutes=5)
    assert deliveries.withdraw(engine, token, "A", clock())
    assert not deliveries.withdraw(engine, token, "A", clock())
    assert not deliveries.claim(engine, token, "A", clock())
    got = one(engine, token)
    assert (got.state, got.decided_by, got.decided) == ("withdrawn", "A", clock())
    assert got.at(clock() - timedelta(minutes=1)) == "checked", "as it was then"


def test_lists_are_by_unit_and_as_of_a_moment(engine: Engine, clock: Any) -> None:
    early = sent(engine, clock)
    clock.advance(hours=1)
    moment = clock()
    clock.advance(hours=1)
    late = sent(engine, clock, unit_id=1001)
    with reading(engine) as connection:
        listed = delivery_lists.listed
        both, count = listed(connection, 1, limit=1)
        assert ([got.token for got in both], count) == ([late], 2)
        then, _ = listed(connection, 1, until=moment, limit=9)
        assert [got.token for got in then] == [early]
        own, _ = listed(connection, 1, unit_ids=[1038], limit=9)
        assert [got.token for got in own] == [early]
        assert listed(connection, 2, limit=9) == ((), 0)
        assert listed(connection, 1, unit_ids=[], limit=9) == ((), 0)


def test_the_first_confirmation_of_a_period_counts(engine: Engine, clock: Any) -> None:
    first, again, open_ = (sent(engine, clock) for _ in range(3))
    for token in (first, again):
        clock.advance(hours=1)
        assert deliveries.claim(engine, token, "B", clock())
        deliveries.confirmed(engine, token, run_id=1, counts=COUNTS, by="B", now=clock())
    assert one(engine, open_).state == "checked"
    with reading(engine) as connection:
        asked = delivery_lists.first_confirmed
        found = asked(connection, 1, ["2026-10"], clock())
        assert found == {(1038, "2026-10"): clock() - timedelta(hours=1)}
        assert asked(connection, 1, ["2026-10"], clock() - timedelta(hours=2)) == {}
        assert asked(connection, 1, ["2026-09"], clock()) == {}
