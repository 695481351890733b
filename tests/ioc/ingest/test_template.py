"""Gaps are filled once and as text; history is asked for slice by slice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.period import Calendar, Grain, Period
from ioc.ingest.template import (
    Slice,
    fill,
    fill_address,
    fill_body,
    gaps,
    next_slice,
    period_values,
)  # fmt: skip

VALUES = {"year": "2026", "value": "a/../b?{year}&x=1#"}


def test_what_is_filled_in_is_never_filled_again_and_never_becomes_a_path() -> None:
    assert fill("{value} {year}", VALUES) == "a/../b?{year}&x=1# 2026"
    assert fill_address("http://h/{value}/{year}", VALUES) == (
        "http://h/a%2F..%2Fb%3F%7Byear%7D%26x%3D1%23/2026"
    )


def test_a_body_keeps_its_types_and_numbers_are_asked_for() -> None:
    body = {"a": ["{year:n}", "{year}", 5, None, True], "b": {"c": "T{year:n}"}}
    assert fill_body(body, VALUES) == {"a": [2026, "2026", 5, None, True], "b": {"c": "T2026"}}


def test_only_known_gaps_are_allowed() -> None:
    assert gaps({"a": ["{year}", {"b": "{since}"}]}) == {"year", "since"}
    with pytest.raises(ValueError, match="is no gap"):
        gaps("{__class__}{nope}")
    with pytest.raises(ValueError, match="is no gap"):
        gaps("{thang}")


def test_the_gaps_of_a_period() -> None:
    assert period_values(Period.parse("2026-Q3")) == {
        "period": "2026-Q3", "year": "2026", "month": "07", "quarter": "3", "half": "2",
        "from": "2026-07-01", "to": "2026-09-30",
    }  # fmt: skip
    assert period_values(Period.month(2026, 7, Calendar.ADMINISTRATIVE))["from"] == "2026-06-15"


def _slice(day: date, mark: dict[str, str], **more: int) -> Slice:
    wanted = {"last": 36, "lag": 0, "again": 2, "at_once": 12, **more}
    return next_slice(day, calendar=Calendar.CALENDAR, grain=Grain.MONTH, watermark=mark, **wanted)


def _codes(part: Slice) -> list[str]:
    return [period.code for period in part.periods]


def test_history_comes_newest_first_and_each_period_once() -> None:
    day, mark, seen, slices = date(2026, 11, 22), {}, [], 0
    more = True
    while more:
        part = _slice(day, mark)
        seen += _codes(part)
        mark, more, slices = part.watermark, part.more, slices + 1
    assert slices == 3
    assert seen[0] == "2026-11"
    assert seen[-1] == "2023-12"
    assert len(seen) == len(set(seen)) == 36
    assert (part.done, part.total) == (36, 36)


def test_afterwards_only_what_may_still_change_is_read_again() -> None:
    mark = {"newest": "2026-11", "oldest": "2023-12"}
    assert _codes(_slice(date(2026, 11, 30), mark)) == ["2026-11", "2026-10"]
    assert _codes(_slice(date(2026, 12, 1), mark)) == ["2026-12", "2026-11"]


def test_a_long_silence_leaves_no_hole() -> None:
    mark = {"newest": "2026-07", "oldest": "2023-12"}
    assert _codes(_slice(date(2026, 11, 22), mark)) == [
        "2026-11", "2026-10", "2026-09", "2026-08", "2026-07",
    ]  # fmt: skip


def test_a_silence_longer_than_the_history_is_cut_to_it() -> None:
    mark = {"newest": "2020-01", "oldest": "2018-01"}
    part = _slice(date(2026, 11, 22), mark, last=4)
    assert _codes(part) == ["2026-11", "2026-10", "2026-09", "2026-08"]
    assert not part.more


def test_a_lag_leaves_out_the_newest() -> None:
    assert _codes(_slice(date(2026, 11, 22), {}, lag=1, last=2)) == ["2026-10", "2026-09"]


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 15),
    st.lists(st.integers(0, 100), min_size=3, max_size=60),
)
def test_no_period_is_ever_left_out(last: int, again: int, at_once: int, steps: list[int]) -> None:
    """Whatever the pauses between fetches: when nothing is left, the whole window was read."""
    again = min(again, last)
    day, mark = date(2020, 1, 15), {}
    read: set[str] = set()
    for step in steps:
        day = date.fromordinal(day.toordinal() + step)
        for _ in range(100):
            part = _slice(day, mark, last=last, again=again, at_once=at_once)
            read.update(_codes(part))
            mark = part.watermark
            if not part.more:
                break
        assert not part.more
        newest = Period.of(Calendar.CALENDAR, Grain.MONTH, day)
        assert {newest.shift(-back).code for back in range(last)} <= read
