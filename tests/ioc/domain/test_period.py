"""Periods in both calendars: their days, their neighbours, their keys and their texts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.period import Calendar, Grain, Period, grain_key
from ioc.errors import AddressError

ADMINISTRATIVE = Calendar.ADMINISTRATIVE
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
CALENDARS = st.sampled_from(Calendar)
PERIODS = st.builds(Period.of, CALENDARS, st.sampled_from(Grain), DAYS)
IN_MONTHS = st.builds(
    Period.of,
    CALENDARS,
    st.sampled_from([Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR]),
    DAYS,
)


@pytest.mark.parametrize(
    ("code", "calendar", "start", "end"),
    [
        ("2025-07", Calendar.CALENDAR, date(2025, 7, 1), date(2025, 7, 31)),
        ("2025-07", ADMINISTRATIVE, date(2025, 6, 15), date(2025, 7, 14)),
        ("2025-01", ADMINISTRATIVE, date(2024, 12, 15), date(2025, 1, 14)),
        ("2025-03", ADMINISTRATIVE, date(2025, 2, 15), date(2025, 3, 14)),
        ("2024-02", Calendar.CALENDAR, date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", Calendar.CALENDAR, date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-Q1", Calendar.CALENDAR, date(2025, 1, 1), date(2025, 3, 31)),
        ("2025-Q4", Calendar.CALENDAR, date(2025, 10, 1), date(2025, 12, 31)),
        ("2025-Q1", ADMINISTRATIVE, date(2024, 12, 15), date(2025, 3, 14)),
        ("2025-Q4", ADMINISTRATIVE, date(2025, 9, 15), date(2025, 12, 14)),
        ("2025-H1", Calendar.CALENDAR, date(2025, 1, 1), date(2025, 6, 30)),
        ("2025-H1", ADMINISTRATIVE, date(2024, 12, 15), date(2025, 6, 14)),
        ("2025-H2", ADMINISTRATIVE, date(2025, 6, 15), date(2025, 12, 14)),
        ("2025", Calendar.CALENDAR, date(2025, 1, 1), date(2025, 12, 31)),
        ("2025", ADMINISTRATIVE, date(2024, 12, 15), date(2025, 12, 14)),
        ("2026-W01", Calendar.CALENDAR, date(2025, 12, 29), date(2026, 1, 4)),
        ("2020-W53", Calendar.CALENDAR, date(2020, 12, 28), date(2021, 1, 3)),
        ("2024-02-29", Calendar.CALENDAR, date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_the_days_a_period_covers(code: str, calendar: Calendar, start: date, end: date) -> None:
    period = Period.parse(code, calendar)
    assert (period.start, period.end) == (start, end)
    assert period.code == code


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2025, 6, 14), "2025-06"),
        (date(2025, 6, 15), "2025-07"),
        (date(2025, 7, 1), "2025-07"),
        (date(2025, 7, 14), "2025-07"),
        (date(2025, 7, 15), "2025-08"),
        (date(2025, 12, 14), "2025-12"),
        (date(2025, 12, 15), "2026-01"),
    ],
)
def test_the_administrative_month_of_a_day(day: date, code: str) -> None:
    assert Period.of(ADMINISTRATIVE, Grain.MONTH, day).code == code
    year = Period.of(ADMINISTRATIVE, Grain.YEAR, day)
    assert year.code == code[:4]


def test_the_reorganisation_falls_inside_an_administrative_month() -> None:
    straddling = Period.month(2025, 7, ADMINISTRATIVE)
    assert straddling.start < date(2025, 7, 1) < straddling.end


@given(CALENDARS, st.sampled_from(Grain), DAYS)
def test_a_day_lies_in_its_period_and_in_no_neighbour(
    calendar: Calendar, grain: Grain, day: date
) -> None:
    period = Period.of(calendar, grain, day)
    assert period.start <= day <= period.end
    assert period.previous.end + timedelta(days=1) == period.start
    assert period.shift(1).start == period.end + timedelta(days=1)


@given(PERIODS)
def test_every_day_of_a_period_finds_it_again(period: Period) -> None:
    for day in (period.start, period.end):
        assert Period.of(period.calendar, period.grain, day) == period


@given(PERIODS)
def test_the_keys_of_the_store_lead_back(period: Period) -> None:
    assert Period.from_keys(period.grain_key, period.key) == period
    assert period.grain_key == grain_key(period.calendar, period.grain)
    assert 1 <= period.grain_key % 10 <= 6


@given(PERIODS)
def test_the_code_leads_back(period: Period) -> None:
    assert Period.parse(period.code, period.calendar) == period


@given(PERIODS, st.integers(-40, 40))
def test_keys_sort_in_time(period: Period, steps: int) -> None:
    other = period.shift(steps)
    assert (other.key < period.key) == (other.start < period.start)
    assert (other < period) == (steps < 0)
    assert other.shift(-steps) == period


@given(IN_MONTHS)
def test_months_fill_their_period_without_gap(period: Period) -> None:
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    for before, after in pairwise(months):
        assert before.shift(1) == after
    assert all(period.contains(month) for month in months)
    assert len(months) == {"month": 1, "quarter": 3, "half": 6, "year": 12}[period.grain]


@pytest.mark.parametrize("code", ["2026-10-22", "2026-W41"])
def test_days_and_weeks_are_not_made_of_months(code: str) -> None:
    with pytest.raises(ValueError, match="not made of months"):
        Period.parse(code).months()


def test_a_period_does_not_contain_what_begins_before_it() -> None:
    quarter = Period.parse("2025-Q3")
    assert quarter.contains(Period.parse("2025-09-30"))
    assert not quarter.contains(Period.parse("2025-07", ADMINISTRATIVE))
    assert not quarter.contains(Period.parse("2025"))


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-H3", "2026-W54", "2025-W53"),
        *("2026-02-30", "26-10", "2026-1", "10/2026", " 2026", "2026 ", "2026-10\n", "9999"),
        *("0000", "1899-12", "2026-10-22T00:00", "２０２６", "2026-W00", "2026-00-10"),
        *("0001-01-01", "9999-12-31", "9999-W52"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        Period.parse(text)
    assert caught.value.params["part"] == "period"
    assert caught.value.params["given"] == text
