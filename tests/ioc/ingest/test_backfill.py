"""Gaps are filled and nothing else: what stands stays, what is filled in was learned now."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from support.polled import Polled, row

from ioc.errors import SourceConfigError, TransientSourceError
from ioc.ingest.backfill import fill, gaps, span_of
from ioc.ingest.run import Work, begin
from ioc.store import run_requests
from ioc.store.engine import micros, reading

YEAR = span_of("2025-01", "2025-06")


def known(polled: Polled) -> list[tuple[int, int]]:
    """(period, numerator) of every observation, in the order they were written."""
    with polled.engine.connect() as connection:
        query = text("SELECT period, num FROM observation ORDER BY recorded_at, period")
        return [tuple(found) for found in connection.execute(query)]


def test_only_gaps_are_asked_for_and_only_they_are_taken_in(polled: Polled) -> None:
    source = polled.declare()
    polled.connector.answers["portal"] = [
        [row(1, "2025-01"), row(2, "2025-02"), row(5, "2025-05")],
        [row(n * 10, f"2025-{n:02d}") for n in range(1, 9)],
    ]
    one = polled.poller()
    polled.tick(one)
    before = polled.state()
    assert [str(gap) for gap in gaps(one, source, YEAR)] == [
        "OPS-02 2025-03", "OPS-02 2025-04", "OPS-02 2025-06",
    ]  # fmt: skip
    polled.clock.advance(hours=1)
    done = fill(one, source, YEAR, by="An")
    assert (done.added, done.missing, done.outcome) == (3, (), "ok")
    assert done.filled == ("OPS-02 2025-03", "OPS-02 2025-04", "OPS-02 2025-06")
    assert polled.connector.spans[-1] == (date(2025, 3, 1), date(2025, 6, 30))
    assert known(polled) == [
        (2025001, 1), (2025002, 2), (2025005, 5), (2025003, 30), (2025004, 40), (2025006, 60),
    ]  # fmt: skip
    with polled.engine.connect() as connection:
        learned = connection.execute(text("SELECT max(recorded_at) FROM observation")).scalar()
    assert learned == micros(polled.clock()), "about then, learned now"
    run = polled.runs()[-1]
    assert (run.kind, run.by, run.due, run.added) == ("backfill", "An", None, 3)
    after = polled.state()
    assert (after.watermark, after.payload_hash) == (before.watermark, before.payload_hash)
    assert after.last_good == before.last_good


def test_nothing_is_asked_where_there_is_no_gap(polled: Polled) -> None:
    source = polled.declare()
    polled.connector.answers["portal"] = [[row(n, f"2025-{n:02d}") for n in range(1, 7)]]
    one = polled.poller()
    polled.tick(one)
    assert fill(one, source, YEAR, by="An").outcome == "nothing"
    assert len(polled.connector.asked) == 1


def test_a_unit_that_was_missing_in_a_gap_s_neighbour_is_filled_in_too(polled: Polled) -> None:
    source = polled.declare()
    polled.connector.answers["portal"] = [
        [row(1, "2025-01", "38")],
        [row(7, "2025-01", "38"), row(8, "2025-01", "40"), row(9, "2025-02", "38")],
    ]
    one = polled.poller()
    polled.tick(one)
    done = fill(one, source, span_of("2025-01", "2025-02"), by="An")
    assert done.added == 1, "January stands; only February was a gap"
    assert known(polled)[-1] == (2025002, 9)


def test_a_trial_writes_nothing_and_says_what_it_would_fill(polled: Polled) -> None:
    source = polled.declare()
    polled.connector.answers["portal"] = [
        [row(1, "2025-01")],
        [row(n, f"2025-{n:02d}") for n in range(1, 4)],
    ]
    one = polled.poller()
    polled.tick(one)
    done = fill(one, source, span_of("2025-01", "2025-04"), by="An", dry=True)
    assert (done.added, done.outcome) == (2, "dry")
    assert done.filled == ("OPS-02 2025-02", "OPS-02 2025-03")
    assert done.missing == ("OPS-02 2025-04",)
    assert polled.observations() == 1
    assert len(polled.runs()) == 1


def test_a_failure_is_a_run_and_says_nothing_about_the_source(polled: Polled) -> None:
    source = polled.declare()
    away = TransientSourceError("503", code="http_later", url="x", status=503)
    polled.connector.answers["portal"] = [[row(1, "2025-01")], away]
    one = polled.poller()
    polled.tick(one)
    done = fill(one, source, YEAR, by="An")
    assert (done.outcome, done.code, len(done.missing)) == ("failed", "http_later", 5)
    assert polled.runs()[-1].outcome == "failed"
    assert polled.state().broken_since is None


def test_a_source_that_stays_busy_is_said(polled: Polled, monkeypatch: pytest.MonkeyPatch) -> None:
    source = polled.declare()
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    assert begin(two, Work(source, force=True)) is not None
    monkeypatch.setattr("ioc.ingest.run._LOOK", 0.01)
    monkeypatch.setattr("ioc.ingest.run.wait_for_lease.__defaults__", (0.05,))
    with pytest.raises(TransientSourceError) as told:
        fill(one, source, YEAR, by="An")
    assert told.value.code == "source_busy"


def test_a_request_fills_gaps_and_keeps_what_came_of_it(polled: Polled) -> None:
    polled.declare()
    polled.connector.answers["portal"] = [
        [row(1, "2025-01")],
        [row(n, f"2025-{n:02d}") for n in range(1, 3)],
    ]
    one = polled.poller()
    polled.tick(one)
    source_id = polled.state().source_id
    span = {"from": "2025-01", "to": "2025-03"}
    asked = run_requests.ask(polled.engine, source_id, "backfill", "An", polled.clock(), span)
    polled.tick(one)
    with reading(polled.engine) as connection:
        (found,) = run_requests.recent(connection, source_id)
    assert found.id == asked
    assert found.done is not None
    assert found.result is not None
    assert found.result["filled"] == ["OPS-02 2025-02"]
    assert found.result["missing"] == ["OPS-02 2025-03"]


def test_a_request_to_fill_waits_while_its_source_stays_busy(
    polled: Polled, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = polled.declare(schedule={"every": "1d"})
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    assert begin(two, Work(source, force=True)) is not None
    monkeypatch.setattr("ioc.ingest.run.wait_for_lease.__defaults__", (0.05,))
    source_id = polled.state().source_id
    run_requests.ask(polled.engine, source_id, "backfill", "An", polled.clock(), {"from": "2025"})
    polled.tick(one)
    with reading(polled.engine) as connection:
        (found,) = run_requests.recent(connection, source_id)
    assert (found.taken, found.done) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [("gần đây", "2025", "backfill: from, to"), ("2025-06", "2025-01", "not before 2025-06")],
)
def test_a_span_that_is_none_is_refused(first: str, last: str, told: str) -> None:
    with pytest.raises(SourceConfigError, match=told):
        span_of(first, last)
