"""When a briefing is due, by calendar and working day, and which period it then is about."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from ioc.domain.briefing import LATEST, PREVIOUS, Briefing, Schedule
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.view import ZONE
from ioc.domain.workdays import Workdays

_GRAINS = {"week": Grain.WEEK, "month": Grain.MONTH, "quarter": Grain.QUARTER}
_AROUND = 3
"""Periods looked at before and after a moment: a day off moves a due day by two weeks at most."""


def next_due(schedule: Schedule, after: datetime, days: Workdays) -> datetime:
    """The first due moment after `after`, in Vietnamese time."""
    return next(one for one in _dues(schedule, after, days) if one > after)


def last_due(schedule: Schedule, until: datetime, days: Workdays) -> datetime:
    """The last due moment that is not after `until`."""
    return [one for one in _dues(schedule, until, days) if one <= until][-1]


def slot_of(due: datetime) -> str:
    """How the moment is kept: `2026-11-23T07:00+07:00`."""
    return due.astimezone(ZONE).isoformat(timespec="minutes")


def period_of(briefing: Briefing, moment: datetime) -> Period | None:
    """The period that the briefing is about at a moment; None for the newest of each figure.

    `previous` is the last complete quarter of a quarterly briefing, else the last complete month.
    """
    if briefing.period == LATEST:
        return None
    kind = Calendar(briefing.calendar)
    if briefing.period == PREVIOUS:
        quarterly = briefing.schedule is not None and briefing.schedule.every == "quarter"
        grain = Grain.QUARTER if quarterly else Grain.MONTH
        return Period.of(kind, grain, moment.astimezone(ZONE).date()).previous
    return Period.parse(briefing.period, kind)


def expected_period(briefing: Briefing, moment: datetime) -> Period:
    """The period whose figures are waited for: that of the briefing, else the last month."""
    asked = period_of(briefing, moment)
    if asked is not None:
        return asked
    today = moment.astimezone(ZONE).date()
    return Period.of(Calendar(briefing.calendar), Grain.MONTH, today).previous


def _dues(schedule: Schedule, around: datetime, days: Workdays) -> Iterator[datetime]:
    today = around.astimezone(ZONE).date()
    here = Period.of(Calendar.CALENDAR, _GRAINS[schedule.every], today)
    hour, minute = (int(part) for part in schedule.at.split(":"))
    found = {
        datetime.combine(
            _day(schedule, here.shift(step).start, days), time(hour, minute), tzinfo=ZONE
        )
        for step in range(-_AROUND, _AROUND + 1)
    }
    yield from sorted(found)


def _day(schedule: Schedule, first: date, days: Workdays) -> date:
    """The due day of the period that begins on `first`."""
    if schedule.working == "count":
        return days.shift(first - timedelta(days=1), schedule.day)
    last = 7 if schedule.every == "week" else calendar.monthrange(first.year, first.month)[1]
    day = first + timedelta(days=min(schedule.day, last) - 1)
    if schedule.working == "no" or days.works(day):
        return day
    return days.shift(day, 1 if schedule.working == "after" else -1)
