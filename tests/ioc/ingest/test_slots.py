"""Slots: each expected moment is a row, run once in effect whatever pollers and clocks do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from support.polled import Polled, asked_source, row

from ioc.errors import TransientSourceError
from ioc.ingest import slots as planning
from ioc.ingest.run import Work, begin, carry_out
from ioc.ingest.work import pending, tick
from tests.conftest import HANOI

LATER = TransientSourceError("portal: 503", code="http_later", url="x", status=503)


def test_a_new_source_is_read_at_once_and_then_at_its_slots(polled: Polled) -> None:
    polled.declare()
    one = polled.poller()
    assert polled.tick(one, seconds=20) == ["ok"]
    assert polled.tick(one, seconds=20) == []
    assert polled.tick(one, seconds=20) == ["ok"]
    assert polled.slots() == [("10:00:20", "arrived", None), ("10:01:00", "arrived", None)]
    run = polled.runs()[-1]
    assert run.due == datetime(2026, 11, 22, 10, 1, tzinfo=HANOI)
    assert (run.kind, run.attempt, run.poller) == ("poll", 1, "one")
    assert polled.state().next_run == datetime(2026, 11, 22, 10, 2, tzinfo=HANOI)


def test_a_start_within_the_due_minute_loses_nothing_and_doubles_nothing(polled: Polled) -> None:
    polled.declare()
    first = polled.poller("one")
    assert polled.tick(first) == ["ok"]
    polled.clock.advance(seconds=60)
    second, third = polled.poller("two"), polled.poller("three")
    assert [polled.tick(one) for one in (second, third, first)] == [["ok"], [], []]
    assert polled.states() == ["arrived", "arrived"]


def test_two_pollers_that_saw_the_same_slot_run_it_once(polled: Polled) -> None:
    source = polled.declare()
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    polled.clock.advance(seconds=60)
    (seen,), (also,) = pending(one), pending(two)
    assert seen.due == also.due
    ticket = begin(one, seen)
    assert ticket is not None
    assert begin(two, also) is None, "the lease is taken"
    assert carry_out(one, source, ticket).outcome == "ok"
    assert begin(two, also) is None, "the slot has arrived"
    assert set(polled.effective().values()) == {1}


def test_a_poller_paused_past_its_lease_writes_nothing(polled: Polled) -> None:
    """Fencing: it wakes, believes that it still has the source, and finds its number outdated."""
    source = polled.declare()
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    polled.clock.advance(seconds=60)
    (work,) = pending(one)
    paused = begin(one, work)
    assert paused is not None
    polled.clock.advance(seconds=181)
    assert polled.tick(two) == ["ok"]
    written = polled.observations()
    assert carry_out(one, source, paused).outcome == "abandoned"
    assert polled.observations() == written
    assert [one.outcome for one in polled.runs()] == ["ok", "abandoned", "ok"]
    assert polled.slots() == [
        ("10:00:00", "arrived", None),
        ("10:01:00", "failed", "abandoned"),
        ("10:02:00", "missed", "coalesced"),
        ("10:03:00", "missed", "coalesced"),
        ("10:04:00", "arrived", None),
    ]


def test_even_the_same_owner_is_fenced_out_by_its_newer_lease(polled: Polled) -> None:
    """A process whose number was given again, or a thread left behind in the same process."""
    source = polled.declare()
    one = polled.poller("one")
    paused = begin(one, Work(source, force=True))
    assert paused is not None
    polled.clock.advance(seconds=200)
    newer = begin(one, Work(source, force=True))
    assert newer is not None
    assert newer.fence > paused.fence
    assert carry_out(one, source, paused).outcome == "abandoned"
    assert carry_out(one, source, newer).outcome == "ok"
    assert polled.observations() == 1


def test_a_poller_killed_between_fetch_and_commit_leaves_its_slot_to_the_next(
    polled: Polled,
) -> None:
    polled.declare()
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    polled.clock.advance(seconds=60)

    def killed(name: str) -> None:
        raise KeyboardInterrupt

    polled.connector.meanwhile = killed
    with pytest.raises(KeyboardInterrupt):
        tick(one)
    polled.connector.meanwhile = lambda name: None
    assert polled.states() == ["arrived", "running"]
    assert polled.tick(two, seconds=30) == [], "another may still be at it"
    polled.clock.advance(seconds=151)
    polled.tick(two)
    ended = polled.runs()
    assert [one.outcome for one in ended] == ["ok", "abandoned", "ok"]
    assert ended[-1].due == polled.clock().replace(second=0), "the newest slot, once"


def test_a_crashed_poller_s_slot_is_run_again_while_it_is_the_newest(polled: Polled) -> None:
    polled.declare(schedule={"every": "1h"})
    one, two = polled.poller("one"), polled.poller("two")
    (work,) = pending(one)
    assert begin(one, work) is not None
    assert polled.tick(two, seconds=181) == ["ok"]
    assert polled.slots() == [("10:00:00", "arrived", None)]
    assert [(one.outcome, one.attempt) for one in polled.runs()] == [("abandoned", 1), ("ok", 2)]


def test_a_slot_that_kills_its_pollers_is_given_up(polled: Polled) -> None:
    polled.declare(schedule={"every": "1d"})
    one = polled.poller("one")
    for _ in range(10):
        (work,) = pending(one)
        assert begin(one, work) is not None
        polled.clock.advance(seconds=181)
    assert pending(one) == []
    assert polled.slots() == [("10:00:00", "failed", "abandoned")]


# --- clocks --------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_an_hour_runs_nothing_twice_and_goes_on(polled: Polled) -> None:
    polled.declare(schedule={"every": "10m"})
    one = polled.poller()
    for _ in range(7):
        assert polled.tick(one) == ["ok"]
        polled.clock.advance(minutes=10)
    polled.clock.advance(hours=-1)
    ended = [polled.tick(one, minutes=10) for _ in range(7)]
    assert ended == [[], [], [], [], [], ["ok"], ["ok"]]
    assert set(polled.effective().values()) == {1}
    assert set(polled.states()) == {"arrived"}


def test_a_clock_that_was_a_day_ahead_costs_no_slot_once_it_is_right_again(
    polled: Polled,
) -> None:
    polled.declare(schedule={"every": "1h"})
    one = polled.poller()
    polled.tick(one)
    assert polled.tick(one, days=1) == ["ok"], "caught up once"
    assert polled.states().count("missed") == 23
    polled.clock.advance(days=-1)
    ended = [polled.tick(one, hours=1) for _ in range(25)]
    assert ended == [["ok"]] * 23 + [[]] + [["ok"]], "the slot that ran ahead is not run again"
    assert set(polled.effective().values()) == {1}
    assert set(polled.states()) == {"arrived"}


def test_a_lease_given_before_the_clock_stepped_back_does_not_block(polled: Polled) -> None:
    source = polled.declare()
    one, two = polled.poller("one"), polled.poller("two")
    assert begin(one, Work(source, force=True)) is not None
    polled.clock.advance(hours=-1)
    assert begin(two, Work(source, force=True)) is not None


# --- outages -------------------------------------------------------------------------------------


def test_three_days_of_outage_are_caught_up_by_the_newest_slot_alone(polled: Polled) -> None:
    """G7: 300 due runs, of which the newest is run once and all others stay visible."""
    polled.declare(schedule={"every": "15m"})
    one = polled.poller()
    polled.tick(one)
    assert polled.tick(one, days=3, hours=3) == ["ok"]
    assert polled.tick(one) == []
    states = polled.states()
    assert (len(states), states.count("missed"), states.count("arrived")) == (301, 299, 2)
    assert {code for _, state, code in polled.slots() if state == "missed"} == {"coalesced"}
    assert len(polled.connector.asked) == 2


def test_slots_beyond_the_cap_are_counted_in_one_line(
    polled: Polled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST", 50)
    polled.declare()
    one = polled.poller()
    polled.tick(one)
    polled.tick(one, days=3)
    outage = next(run for run in polled.runs() if run.outcome == "missed")
    assert (outage.code, outage.params["slots"]) == ("outage", 3 * 1440 - 50)
    assert polled.states().count("missed") == 49


def test_a_policy_of_each_catches_up_the_newest_first_one_at_a_time(polled: Polled) -> None:
    polled.declare(
        schedule={"every": "1h"}, misfire={"policy": "each", "grace": "5m", "at_most": 3}
    )
    one = polled.poller()
    polled.tick(one)
    assert polled.tick(one, hours=6, minutes=30) == ["ok"]
    assert [polled.tick(one) for _ in range(3)] == [["ok"], ["ok"], []]
    dues = [run.due.astimezone(HANOI).hour for run in polled.runs() if run.due]
    assert dues == [10, 16, 15, 14]
    assert polled.states() == ["arrived", *["missed"] * 3, *["late"] * 3]


def test_a_policy_of_skip_runs_only_what_is_not_late(polled: Polled) -> None:
    polled.declare(schedule={"every": "1h"}, misfire={"policy": "skip", "grace": "5m"})
    one = polled.poller()
    polled.tick(one)
    assert polled.tick(one, hours=3, minutes=10) == []
    assert polled.slots()[1:] == [(f"{hour}:00:00", "missed", "skipped") for hour in (11, 12, 13)]
    assert polled.tick(one, minutes=54) == ["ok"]
    assert polled.states()[-1] == "arrived"


def test_what_comes_after_the_grace_is_late(polled: Polled) -> None:
    polled.declare(schedule={"every": "1h"}, misfire_grace="10m")
    one = polled.poller()
    polled.tick(one)
    assert polled.tick(one, minutes=71) == ["ok"]
    assert polled.states() == ["arrived", "late"]


def test_a_slot_due_while_a_run_lasts_is_run_after_it_or_said_to_be_missed(
    polled: Polled,
) -> None:
    polled.declare(timeout="10m")
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    polled.clock.advance(seconds=60)
    source = polled.sources["portal"]
    (work,) = pending(one)
    ticket = begin(one, work)
    assert ticket is not None
    for _ in range(3):
        assert polled.tick(two, seconds=60) == []
    assert carry_out(one, source, ticket).outcome == "ok"
    assert polled.tick(two) == ["ok"]
    assert [(state, code) for _, state, code in polled.slots()] == [
        ("arrived", None),
        ("arrived", None),
        ("missed", "still_running"),
        ("missed", "still_running"),
        ("arrived", None),
    ]


# --- within a slot -------------------------------------------------------------------------------


def test_a_transient_failure_is_tried_again_within_its_slot(polled: Polled) -> None:
    polled.declare(schedule={"every": "1h"})
    polled.connector.answers["portal"] = [LATER]
    one = polled.poller()
    assert polled.tick(one) == ["failed"]
    assert polled.slots() == [("10:00:00", "expected", "http_later")]
    assert polled.tick(one, seconds=5) == [], "not at once"
    assert polled.tick(one, seconds=20) == ["ok"]
    assert polled.slots() == [("10:00:00", "arrived", None)]
    assert [run.attempt for run in polled.runs()] == [1, 2]


def test_tries_end_when_the_next_slot_comes(polled: Polled) -> None:
    polled.declare(breaker={"failures": 100})
    polled.connector.answers["portal"] = [LATER] * 50
    one = polled.poller()
    for _ in range(12):
        polled.tick(one, seconds=10)
    assert [state for _, state, _ in polled.slots()][:2] == ["failed", "failed"]
    by_slot = [run.due for run in polled.runs()]
    assert max(by_slot.count(due) for due in by_slot) <= 4


def test_what_a_source_asks_to_wait_is_kept_beyond_the_next_slots(polled: Polled) -> None:
    polled.declare()
    busy = TransientSourceError("429", code="http_later", retry_after=200, url="x", status=429)
    polled.connector.answers["portal"] = [busy]
    one = polled.poller()
    polled.tick(one)
    ended = [polled.tick(one, seconds=60) for _ in range(4)]
    assert ended == [[], [], [], ["ok"]]
    assert [(state, code) for _, state, code in polled.slots()] == [
        ("failed", "http_later"),
        *[("missed", "asked_to_wait")] * 3,
        ("arrived", None),
    ]


def test_the_rest_of_a_history_queues_behind_other_sources_and_survives_a_restart(
    polled: Polled,
) -> None:
    for name in ("a-long", "b-short", "c-short"):
        polled.declare(name, schedule={"every": "1h"})
    polled.connector.more["a-long"] = [True, True, False]
    polled.connector.answers["a-long"] = [[row(n, f"2025-0{n}")] for n in (3, 2, 1)]
    one = polled.poller("one")
    polled.tick(one)
    assert polled.connector.asked == ["a-long", "b-short", "c-short"]
    assert polled.tick(polled.poller("two")) == ["ok"]
    assert polled.tick(one) == ["ok"]
    assert polled.tick(one) == []
    assert polled.states("a-long") == ["arrived"]


def test_jitter_delays_the_start_and_not_the_slot(polled: Polled) -> None:
    polled.declare(schedule={"every": "1h"}, jitter="10m")
    one = polled.poller()
    polled.tick(one, minutes=10)
    polled.clock.advance(minutes=50)
    started = None
    for second in range(0, 660, 10):
        if polled.tick(one, seconds=10):
            started = second
            break
    assert started is not None
    assert polled.runs()[-1].due == datetime(2026, 11, 22, 11, 0, tzinfo=HANOI)
    work = Work(asked_source("other"))
    assert work.due is None


def test_ten_thousand_moments_are_planned_in_a_moment(polled: Polled) -> None:
    """A year of a five-second interval does not hold up the others."""
    polled.declare("fast", schedule={"every": "5s"})
    polled.declare("slow", schedule={"every": "1d"})
    one = polled.poller()
    polled.tick(one)
    began = datetime.now()
    assert sorted(polled.tick(one, days=365)) == ["ok", "ok"]
    assert datetime.now() - began < timedelta(seconds=10)
    assert len(polled.states("fast")) == planning.MOST + 1
