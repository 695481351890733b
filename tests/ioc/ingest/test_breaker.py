"""The breaker: a failing source is left alone, longer each time, and tried by one at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from support.polled import Polled

from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.breaker import after_failure
from ioc.ingest.run import begin, carry_out
from ioc.ingest.schedule import BreakerRule
from ioc.ingest.work import pending
from ioc.store import run_requests
from ioc.store.engine import reading
from ioc.store.source_state import SourceState
from tests.conftest import HANOI

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=HANOI)
BROKEN = PermanentSourceError("portal: not data", code="not_data_html", url="x")
REFUSED = PermanentSourceError("portal: 401", code="http_refused", url="x", status=401)
LATER = TransientSourceError("portal: 503", code="http_later", url="x", status=503)
RULE = BreakerRule(failures=3, pause=300, longest=3600)


def test_life_of_a_breaker(polled: Polled) -> None:
    polled.declare(breaker={"failures": 3, "pause": "5m", "longest": "1h"})
    polled.connector.answers["portal"] = [BROKEN] * 4
    one = polled.poller("one")
    assert [polled.tick(one, seconds=60) for _ in range(3)] == [["failed"]] * 3
    state = polled.state()
    assert (state.breaker, state.breaker_trips) == ("open", 1)
    assert state.breaker_until is not None
    assert timedelta(minutes=4) < state.breaker_until - polled.clock() < timedelta(minutes=6)
    asked = len(polled.connector.asked)
    while polled.clock() + timedelta(minutes=1) <= state.breaker_until:
        assert polled.tick(one, seconds=60) == []
    assert len(polled.connector.asked) == asked, "no request while it is open"
    assert polled.tick(one, seconds=60) == ["failed"], "half open: one try"
    again = polled.state()
    assert (again.breaker, again.breaker_trips) == ("open", 2)
    assert again.breaker_until is not None
    assert again.breaker_until - polled.clock() > timedelta(minutes=8), "twice as long"
    while polled.clock() + timedelta(minutes=1) <= again.breaker_until:
        polled.tick(one, seconds=60)
    assert polled.tick(one, seconds=60) == ["ok"]
    closed = polled.state()
    assert (closed.breaker, closed.breaker_trips, closed.breaker_until) == ("closed", 0, None)
    missed = {code for _, state, code in polled.slots() if state == "missed"}
    assert missed == {"breaker_open"}
    assert polled.tick(one, seconds=60) == ["ok"]


def test_half_open_lets_exactly_one_poller_through(polled: Polled) -> None:
    source = polled.declare(breaker={"failures": 1, "pause": "1m", "longest": "1m"})
    polled.connector.answers["portal"] = [BROKEN, BROKEN]
    one, two = polled.poller("one"), polled.poller("two")
    assert polled.tick(one) == ["failed"]
    polled.clock.advance(seconds=61)
    (seen,), (also,) = pending(one), pending(two)
    ticket = begin(one, seen)
    assert ticket is not None
    assert polled.state().breaker == "half_open"
    assert begin(two, also) is None, "the try is under way"
    assert carry_out(one, source, ticket).outcome == "failed"
    assert begin(two, also) is None, "the breaker has opened again"
    assert len(polled.connector.asked) == 2


def test_a_try_whose_poller_died_is_made_by_the_next(polled: Polled) -> None:
    polled.declare(breaker={"failures": 1, "pause": "1m", "longest": "1m"})
    polled.connector.answers["portal"] = [BROKEN]
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    polled.clock.advance(seconds=61)
    (work,) = pending(one)
    assert begin(one, work) is not None
    assert polled.tick(two, seconds=181) == ["ok"]
    assert polled.state().breaker == "closed"


def test_a_refused_sign_in_waits_for_a_person_and_no_longer(polled: Polled) -> None:
    polled.declare(breaker={"failures": 5, "pause": "5m", "longest": "6h"})
    polled.connector.answers["portal"] = [REFUSED]
    one = polled.poller()
    assert polled.tick(one) == ["failed"]
    state = polled.state()
    assert state.breaker == "open"
    assert state.breaker_until == polled.clock() + timedelta(hours=6)
    assert polled.tick(one, hours=1) == []
    run_requests.ask(polled.engine, state.source_id, "retry", "Trần An", polled.clock())
    polled.tick(one)
    assert polled.state().breaker == "closed"
    last = polled.runs()[-1]
    assert (last.kind, last.by, last.outcome) == ("retry", "Trần An", "ok")
    assert polled.states()[-1] == "arrived", "the slot that waited has its figures"


def test_a_changed_file_closes_the_breaker(polled: Polled) -> None:
    polled.declare(file_hash="before")
    polled.connector.answers["portal"] = [REFUSED]
    one = polled.poller()
    polled.tick(one)
    assert polled.tick(one, minutes=2) == []
    polled.sources["portal"] = polled.sources["portal"].model_copy(update={"file_hash": "after"})
    assert polled.tick(one) == ["ok"]


def test_a_source_asked_by_a_person_and_still_broken_stays_left_alone(polled: Polled) -> None:
    polled.declare(breaker={"failures": 1, "pause": "1h", "longest": "2h"})
    polled.connector.answers["portal"] = [BROKEN, BROKEN]
    one = polled.poller()
    polled.tick(one)
    state = polled.state()
    run_requests.ask(polled.engine, state.source_id, "retry", "An", polled.clock())
    polled.tick(one, minutes=2)
    assert polled.state().breaker_trips == 2
    with reading(polled.engine) as connection:
        (asked,) = run_requests.recent(connection, state.source_id)
    assert asked.result is not None
    assert (asked.result["outcome"], asked.result["code"]) == ("failed", "not_data_html")
    assert polled.tick(one, minutes=30) == []


def state(failures: int, **more: object) -> SourceState:
    return SourceState(1, failures=failures, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_pauses_of_tries_grow_and_end_before_the_next_slot(chance: float) -> None:
    slot = NOW + timedelta(minutes=1)
    first = after_failure(state(0), RULE, LATER, NOW, slot, chance)
    second = after_failure(state(1), RULE, LATER, NOW, NOW + timedelta(hours=1), chance)
    assert first.retry
    assert first.next_try is not None
    assert second.next_try is not None
    assert first.next_try < slot
    assert second.next_try - NOW == 2 * (first.next_try - NOW)
    near = after_failure(state(1), RULE, LATER, NOW, NOW + timedelta(seconds=10), chance)
    assert (near.retry, near.next_try) == (False, None)


def test_pauses_of_the_breaker_grow_to_the_longest_and_no_further() -> None:
    pauses = []
    for trips in range(8):
        opened = state(9, breaker="half_open", breaker_trips=trips)
        verdict = after_failure(opened, RULE, BROKEN, NOW, NOW + timedelta(days=1), 0.5)
        assert verdict.until is not None
        pauses.append((verdict.until - NOW).total_seconds())
    assert pauses == [300, 600, 1200, 2400, 3600, 3600, 3600, 3600]


def test_what_no_later_try_mends_is_not_tried_again_within_its_slot() -> None:
    verdict = after_failure(state(0), RULE, BROKEN, NOW, NOW + timedelta(days=1), 0.5)
    assert (verdict.retry, verdict.next_try, verdict.breaker) == (False, None, "closed")


def test_the_source_s_own_wish_is_longer_than_ours() -> None:
    asked = TransientSourceError("x", code="http_later", retry_after=500)
    verdict = after_failure(state(0), RULE, asked, NOW, NOW + timedelta(minutes=1), 0.5)
    assert (verdict.retry, verdict.next_try) == (False, NOW + timedelta(seconds=500))
    opened = after_failure(state(2), RULE, asked, NOW, NOW + timedelta(minutes=1), 0.5)
    assert opened.until == NOW + timedelta(seconds=500)
