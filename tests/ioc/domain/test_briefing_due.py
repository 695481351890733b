"""Due moments of briefings around weekends, Tết and the turn of months."""

from __future__ import annotations

from datetime import datetime

import pytest

from ioc.domain.briefing import Briefing, Schedule
from ioc.domain.briefing_due import expected_period, last_due, next_due, period_of, slot_of
from ioc.domain.view import ZONE
from ioc.domain.workdays import workdays


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        # Monday; asked exactly at the moment it is the next week's.
        (Schedule(every="week", day=1), "2026-11-22T10:00", "2026-11-23T07:00"),
        (Schedule(every="week", day=1), "2026-11-23T07:00", "2026-11-30T07:00"),
        # Tết 2026: 16 to 20 February are days off.
        (Schedule(every="week", day=1), "2026-02-14T10:00", "2026-02-23T07:00"),
        (
            Schedule(every="week", day=1, working="before"),
            "2026-02-12T10:00",
            "2026-02-13T07:00",
        ),
        (Schedule(every="week", day=1, working="no"), "2026-02-14T10:00", "2026-02-16T07:00"),
        # 1 November 2026 is a Sunday.
        (Schedule(every="month", day=1), "2026-10-31T10:00", "2026-11-02T07:00"),
        (
            Schedule(every="month", day=1, working="before"),
            "2026-10-25T10:00",
            "2026-10-30T07:00",
        ),
        (
            Schedule(every="month", day=3, at="16:30", working="count"),
            "2026-10-31T10:00",
            "2026-11-04T16:30",
        ),
        # The 31st of a month without one is its last day.
        (Schedule(every="month", day=31, working="no"), "2026-02-02T00:00", "2026-02-28T07:00"),
        (Schedule(every="quarter", day=5), "2026-10-02T00:00", "2026-10-05T07:00"),
        (Schedule(every="quarter", day=5), "2026-10-05T08:00", "2027-01-05T07:00"),
    ],
)
def test_is_due(schedule: Schedule, after: str, due: str) -> None:
    found = next_due(schedule, at(after), workdays())
    assert found == at(due)
    assert last_due(schedule, found, workdays()) == found
    assert last_due(schedule, at(after), workdays()) <= at(after)


def test_weeks_that_move_to_one_day_are_one_slot() -> None:
    schedule = Schedule(every="week", day=1)
    first = next_due(schedule, at("2026-02-14T10:00"), workdays())
    assert slot_of(first) == "2026-02-23T07:00+07:00"
    assert slot_of(next_due(schedule, first, workdays())) == "2026-03-02T07:00+07:00"


def test_the_period_is_the_one_complete_before() -> None:
    new_year = at("2026-01-05T08:00")
    quarterly = Briefing(
        key="q", title="Quý", period="previous", schedule=Schedule(every="quarter")
    )
    weekly = Briefing(key="w", title="Tuần", period="previous", schedule=Schedule(every="week"))
    newest = Briefing(key="n", title="Mới nhất")
    assert str(period_of(quarterly, new_year).code) == "2025-Q4"  # type: ignore[union-attr]
    assert str(period_of(weekly, new_year).code) == "2025-12"  # type: ignore[union-attr]
    assert period_of(newest, new_year) is None
    assert expected_period(newest, new_year).code == "2025-12"
