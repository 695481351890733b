"""Schedules: moments that no clock reaches are refused, and a restart moves none of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.polled import asked_source

from ioc.ingest.schedule import Misfire, Schedule, delay
from tests.conftest import HANOI

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=HANOI)


def schedule(**given: Any) -> Schedule:
    return Schedule.model_validate(given)


def test_intervals_count_from_a_fixed_day_so_a_restart_moves_nothing() -> None:
    ten = schedule(every="10m")
    for minute in (1, 7):
        started = datetime(2026, 11, 22, 10, minute, 30, tzinfo=HANOI)
        assert ten.next_after(started) == datetime(2026, 11, 22, 10, 10, tzinfo=HANOI)


def test_cron_is_in_vietnamese_time_or_in_that_of_its_zone() -> None:
    monday = datetime(2026, 11, 23, 6, 30, tzinfo=HANOI)
    assert schedule(cron="30 6 * * mon-fri").next_after(NOW) == monday
    assert schedule(cron="30 6 * * mon-fri").next_after(monday) > monday
    utc = schedule(cron="30 6 * * *", zone="UTC").next_after(NOW)
    assert utc == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cron": "0 24 * * *"}, "a moment of the clock and the calendar"),
        ({"cron": "60 1 * * *"}, "a moment of the clock and the calendar"),
        ({"cron": "0 0 32 * *"}, "a moment of the clock and the calendar"),
        ({"cron": "0 0 31 2 *"}, "this one never comes"),
        ({"cron": "0 0 31 4,6,9,11 *"}, "this one never comes"),
        ({"cron": "0 0 * * monday"}, "a moment of the clock and the calendar"),
        ({"every": "5m", "zone": "Asia/Hanoi"}, "a time zone by its name"),
        ({"every": "5m", "zone": "../../etc/passwd"}, "a time zone by its name"),
        ({"every": "5m", "zone": ""}, "a time zone by its name"),
        ({"every": "1s"}, "5s or more"),
        ({"every": "5m", "cron": "* * * * *"}, "exactly one"),
    ],
)
def test_what_no_clock_reaches_is_refused(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        schedule(**wrong)


def test_a_leap_day_is_awaited() -> None:
    assert schedule(cron="0 0 29 2 *").next_after(NOW) == datetime(2028, 2, 29, tzinfo=HANOI)


@given(
    every=st.integers(5, 90_000),
    after=st.integers(-(10**7), 10**9),
    length=st.integers(0, 10**7),
    most=st.integers(1, 50),
)
def test_moments_between_two_are_all_of_them_in_order(
    every: int, after: int, length: int, most: int
) -> None:
    some = schedule(every=f"{every}s") if every < 100_000 else schedule(every="1d")
    start = NOW + timedelta(seconds=after)
    found = some.between(start, start + timedelta(seconds=length), most)
    assert len(found.newest) <= most
    assert len(found.newest) == most or not found.older
    at = start
    if not found.older:
        for one in found.newest:
            at = some.next_after(at)
            assert at == one
        assert some.next_after(at) > start + timedelta(seconds=length)
    count = found.older + len(found.newest)
    assert abs(count - length / every) <= 1


def test_cron_lines_and_intervals_count_alike() -> None:
    until = NOW + timedelta(days=2)
    hourly = schedule(cron="0 * * * *").between(NOW, until, 10)
    assert (len(hourly.newest), hourly.older) == (10, 38)
    assert hourly.newest == schedule(every="1h").between(NOW, until, 10).newest


@pytest.mark.parametrize(("policy", "kept"), [("latest", [3]), ("each", [2, 3]), ("skip", [3])])
def test_policies_keep_the_newest(policy: str, kept: list[int]) -> None:
    rule = Misfire.model_validate({"policy": policy, "grace": "1h", "at_most": 2})
    dues = [NOW + timedelta(hours=number) for number in range(4)]
    run, gone = rule.split(reversed(dues), NOW + timedelta(hours=3, minutes=30))
    assert run == [dues[number] for number in kept]
    assert sorted([*run, *gone]) == dues
    assert rule.split([], NOW) == ([], [])


def test_the_older_way_to_write_grace_still_works_but_not_both() -> None:
    assert asked_source("one", misfire_grace="10m").misfire.grace == 600
    assert asked_source("one").misfire == Misfire()
    with pytest.raises(ValidationError, match="not both"):
        asked_source("one", misfire_grace="10m", misfire={"grace": "5m"})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"breaker": {"pause": "2h", "longest": "1h"}}, "not longer than longest"),
        ({"breaker": {"longest": "2d"}}, "less than or equal"),
        ({"misfire": {"policy": "all"}}, "'latest', 'each' or 'skip'"),
        ({"jitter": -5}, "greater than or equal"),
        ({"timeout": float("nan")}, "greater than or equal"),
        ({"timeout": 0}, "greater than 0"),
    ],
)
def test_wrong_rules_are_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        asked_source("one", **wrong)


def test_delays_are_the_same_for_all_pollers_and_differ_by_slot() -> None:
    dues = [NOW + timedelta(minutes=number) for number in range(50)]
    delays = [delay("one", due, 60) for due in dues]
    assert delays == [delay("one", due.astimezone(UTC), 60) for due in dues]
    assert all(timedelta() <= one < timedelta(seconds=60) for one in delays)
    assert len(set(delays)) == 50
    assert delay("one", NOW, 0) == timedelta()
