"""Timetables: the moments at which something is due, whatever clock or restart comes between."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from ioc.domain.view import ZONE

ORIGIN = datetime(2026, 1, 1, tzinfo=ZONE)
"""Intervals are counted from here and not from a start: a restart does not push a run away."""
_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_STEPS = 100_000
"""Moments of a cron line that are walked through at once: a minute's seventy days."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Due moments in order, and how many more came before them, from `first` on."""

    newest: tuple[datetime, ...]
    older: int
    first: datetime | None


def next_after(
    interval: timedelta | None, cron: str | None, zone: str, after: datetime
) -> datetime:
    """The first due moment later than `after`, in UTC."""
    if interval is not None:
        return ORIGIN.astimezone(UTC) + ((after - ORIGIN) // interval + 1) * interval
    found: datetime | None = _trigger(cron or "", zone).get_next_fire_time(
        None, after.astimezone(ZoneInfo(zone)) + timedelta(microseconds=1)
    )
    assert found is not None, "a line that never comes is refused when it is read"
    return found.astimezone(UTC)


def between(
    interval: timedelta | None,
    cron: str | None,
    zone: str,
    after: datetime,
    until: datetime,
    most: int,
) -> Moments:
    """The due moments in (after, until]: the newest `most` one by one, the others as a count.

    Of a cron line no more than a limited number is walked through; ask again from the last one.
    """
    if interval is not None:
        first, last = (after - ORIGIN) // interval + 1, (until - ORIGIN) // interval
        start = max(first, last - most + 1)
        begin = ORIGIN.astimezone(UTC)
        newest = tuple(begin + number * interval for number in range(start, last + 1))
        return Moments(newest, start - first, begin + first * interval)
    kept: deque[datetime] = deque(maxlen=most)
    count, at, first_one = 0, after, None
    while count < _STEPS:
        at = next_after(None, cron, zone, at)
        if at > until:
            break
        first_one = first_one or at
        kept.append(at)
        count += 1
    return Moments(tuple(kept), count - len(kept), first_one)


def check_cron(cron: str, zone: str) -> None:
    """Raise ValueError for a line that no clock reaches, such as 24:00 or 31 February."""
    try:
        trigger = _trigger(cron, zone)
    except (ValueError, TypeError) as error:
        raise ValueError(f"a moment of the clock and the calendar ({error})") from None
    if trigger.get_next_fire_time(None, ORIGIN) is None:
        raise ValueError("a day that exists; this one never comes")


@lru_cache(maxsize=1000)
def _trigger(cron: str, zone: str) -> CronTrigger:
    return CronTrigger(**dict(zip(_FIELDS, cron.split(), strict=True)), timezone=ZoneInfo(zone))
