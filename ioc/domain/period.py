"""Periods: date ranges with a calendar and a grain, never timestamps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ioc.errors import AddressError


class Calendar(StrEnum):
    """Calendar months, or administrative ones (15th of the month before to the 14th)."""

    CALENDAR = "calendar"
    ADMINISTRATIVE = "administrative"


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}
_YEARS = range(1900, 2201)
_PATTERNS = (
    (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), Grain.DAY),
    (re.compile(r"([0-9]{4})-W([0-9]{2})"), Grain.WEEK),
    (re.compile(r"([0-9]{4})-([0-9]{2})"), Grain.MONTH),
    (re.compile(r"([0-9]{4})-Q([1-4])"), Grain.QUARTER),
    (re.compile(r"([0-9]{4})-H([12])"), Grain.HALF),
    (re.compile(r"([0-9]{4})"), Grain.YEAR),
)


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A date range with a calendar.

    `name_year` and `number` name the period (2026, 10 for October 2026); the days covered follow
    from the calendar: the administrative October 2026 runs from 15/09 to 14/10/2026, as periodic
    reports under Decree 09/2019/NĐ-CP do. Weeks are ISO weeks; days and weeks are the same in
    both calendars.
    """

    calendar: Calendar
    grain: Grain
    name_year: int
    number: int

    @classmethod
    def month(cls, year: int, month: int, calendar: Calendar = Calendar.CALENDAR) -> Period:
        """The month `month` (1 to 12) of `year`."""
        return cls(calendar, Grain.MONTH, year, month)

    @classmethod
    def parse(cls, text: str, calendar: Calendar = Calendar.CALENDAR) -> Period:
        """Read `2026-10`, `2026-Q3`, `2026-H1`, `2026`, `2026-W41` or `2026-10-22`.

        Raises AddressError when the text is none of these or names no real date.
        """
        for pattern, grain in _PATTERNS:
            found = pattern.fullmatch(text)
            if not found:
                continue
            numbers = [int(part) for part in found.groups()]
            if numbers[0] not in _YEARS:
                break
            try:
                if grain is Grain.DAY:
                    return cls.of(calendar, grain, date(*numbers))
                if grain is Grain.WEEK:
                    return cls.of(calendar, grain, date.fromisocalendar(numbers[0], numbers[1], 1))
                number = numbers[1] if len(numbers) > 1 else 1
                if grain is Grain.MONTH:
                    date(numbers[0], number, 1)
            except ValueError:
                break
            return cls(calendar, grain, numbers[0], number)
        raise AddressError(
            part="period", given=text, allowed="2026-10, 2026-Q3, 2026-H1, 2026, 2026-10-22"
        )

    @classmethod
    def of(cls, calendar: Calendar, grain: Grain, day: date) -> Period:
        """The period of this calendar and grain that contains `day`."""
        if grain is Grain.DAY:
            return cls(calendar, grain, day.year, day.timetuple().tm_yday)
        if grain is Grain.WEEK:
            year, week, _ = day.isocalendar()
            return cls(calendar, grain, year, week)
        year, month = day.year, day.month
        if calendar is Calendar.ADMINISTRATIVE and day.day >= 15:
            following = _month_start(year, month + 1)
            year, month = following.year, following.month
        return cls(calendar, grain, year, (month - 1) // _MONTHS[grain] + 1)

    @property
    def start(self) -> date:
        """First day."""
        if self.grain is Grain.DAY:
            return date(self.name_year, 1, 1) + timedelta(days=self.number - 1)
        if self.grain is Grain.WEEK:
            return date.fromisocalendar(self.name_year, self.number, 1)
        first = _month_start(self.name_year, (self.number - 1) * _MONTHS[self.grain] + 1)
        return self._shifted(first)

    @property
    def end(self) -> date:
        """Last day, included."""
        if self.grain is Grain.DAY:
            return self.start
        if self.grain is Grain.WEEK:
            return self.start + timedelta(days=6)
        after = _month_start(self.name_year, self.number * _MONTHS[self.grain] + 1)
        return self._shifted(after) - timedelta(days=1)

    def _shifted(self, first: date) -> date:
        if self.calendar is Calendar.CALENDAR:
            return first
        return (first - timedelta(days=1)).replace(day=15)

    @property
    def code(self) -> str:
        """The text `parse` reads; the calendar is not part of it."""
        if self.grain is Grain.DAY:
            return self.start.isoformat()
        if self.grain is Grain.YEAR:
            return f"{self.name_year:04d}"
        mark = {Grain.WEEK: "W", Grain.MONTH: "", Grain.QUARTER: "Q", Grain.HALF: "H"}[self.grain]
        width = 2 if self.grain in (Grain.WEEK, Grain.MONTH) else 1
        return f"{self.name_year:04d}-{mark}{self.number:0{width}d}"

    def shift(self, steps: int) -> Period:
        """The period `steps` later (negative: earlier) of the same calendar and grain."""
        if self.grain is Grain.DAY:
            return Period.of(self.calendar, self.grain, self.start + timedelta(days=steps))
        if self.grain is Grain.WEEK:
            return Period.of(self.calendar, self.grain, self.start + timedelta(weeks=steps))
        per_year = 12 // _MONTHS[self.grain]
        index = self.name_year * per_year + self.number - 1 + steps
        return Period(self.calendar, self.grain, index // per_year, index % per_year + 1)

    @property
    def previous(self) -> Period:
        """The period just before."""
        return self.shift(-1)

    def contains(self, other: Period) -> bool:
        """True when every day of `other` lies in this period."""
        return self.start <= other.start and other.end <= self.end

    def months(self) -> tuple[Period, ...]:
        """The months this period is made of, in order; a month is made of itself.

        Raises ValueError for days and weeks, which are not made of months.
        """
        size = _MONTHS.get(self.grain, 0)
        if not size:
            raise ValueError(f"{self.code} is not made of months")
        first = (self.number - 1) * size + 1
        return tuple(
            Period(self.calendar, Grain.MONTH, self.name_year, first + step) for step in range(size)
        )

    @property
    def grain_key(self) -> int:
        """Calendar and grain as the store keeps them: 1 to 6, administrative 11 to 16."""
        administrative = 10 if self.calendar is Calendar.ADMINISTRATIVE else 0
        return administrative + _GRAINS.index(self.grain) + 1

    @property
    def key(self) -> int:
        """The period as the store keeps it: the year and number as YYYYNNN; sorts in time."""
        return self.name_year * 1000 + self.number

    @classmethod
    def from_keys(cls, grain_key: int, key: int) -> Period:
        """The inverse of `grain_key` and `key`."""
        calendar = Calendar.ADMINISTRATIVE if grain_key > 10 else Calendar.CALENDAR
        return cls(calendar, _GRAINS[grain_key % 10 - 1], key // 1000, key % 1000)


def grain_key(calendar: Calendar, grain: Grain) -> int:
    """Calendar and grain as the store keeps them, without a period."""
    return (10 if calendar is Calendar.ADMINISTRATIVE else 0) + _GRAINS.index(grain) + 1
