"""The clock of the imitated systems: whole minutes, months counted from one origin, and steps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HISTORY = 36
"""How many months every system keeps, the current one included."""

ORIGIN_YEAR = 2023
"""The year whose January is month 0."""

_TET_MONTHS = {2023: 1, 2024: 2, 2025: 1, 2026: 2, 2027: 2, 2028: 1, 2029: 2, 2030: 2}


def minute_of(moment: datetime) -> int:
    """Whole minutes since 1970; `moment` carries its time zone."""
    return int(moment.timestamp() // 60)


def month_of(minute: int) -> int:
    """The month index of a minute, in Vietnam: 0 is January 2023."""
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(ZONE)
    return (local.year - ORIGIN_YEAR) * 12 + local.month - 1


def day_of(minute: int) -> date:
    """The day of a minute, in Vietnam."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(ZONE).date()


def administrative_month_of(minute: int) -> int:
    """The administrative month of a minute: from the 15th on it is already the next one."""
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(ZONE)
    return month_of(minute) + (1 if local.day >= 15 else 0)


def named(month: int) -> tuple[int, int]:
    """Year and month (1 to 12) of an index."""
    return ORIGIN_YEAR + month // 12, month % 12 + 1


def first_day(month: int) -> date:
    """The first day of a month index."""
    return date(*named(month), 1)


@lru_cache(maxsize=512)
def first_minute(month: int) -> int:
    """The minute a month begins, in Vietnam."""
    year, number = named(month)
    return minute_of(datetime(year, number, 1, tzinfo=ZONE))


def is_tet(month: int) -> bool:
    """True for the month in which most of the lunar new year holiday lies."""
    year, number = named(month)
    return _TET_MONTHS.get(year, 2) == number


def progress(minute: int, month: int, *, step: int, phase: int, months: int = 1) -> float:
    """How much of the `months` months that end with `month` had passed, from 0 to 1, at the last
    step of `step` minutes.
    """
    start, end = first_minute(month - months + 1), first_minute(month + 1)
    stepped = (minute + phase) // step * step - phase
    return min(1.0, max(0.0, (stepped - start) / (end - start)))
