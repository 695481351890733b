"""Working days: Monday to Friday without public holidays, with the days moved between weeks."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

import holidays


class Workdays:
    """The working days of a country (ISO code) by the calendar of the library `holidays`.

    It knows Vietnam's Tết, the Hùng Kings' day, days off in lieu, and the Saturdays that are
    worked for a bridging day. A future year's moved days are only known once they were decided.
    """

    def __init__(self, country: str = "VN") -> None:
        self._country = country
        self._days = holidays.country_holidays(country)
        self._years: dict[int, list[date]] = {}

    def works(self, day: date) -> bool:
        """Whether the day is worked."""
        return self._days.is_working_day(day)

    def holiday(self, day: date, lang: str = "vi") -> str | None:
        """The name of the public holiday on a day, in Vietnamese or English; None on any other."""
        language = "en_US" if lang == "en" else "vi"
        named = holidays.country_holidays(self._country, years=day.year, language=language)
        return named.get(day)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 where `end` is not later.

        An item due on Friday and done on Monday is one working day late.
        """
        if end <= start:
            return 0
        count = 0
        for year in range(start.year, end.year + 1):
            worked = self._year(year)
            low = bisect_right(worked, start) if year == start.year else 0
            high = bisect_right(worked, end) if year == end.year else len(worked)
            count += high - low
        return count

    def shift(self, day: date, count: int) -> date:
        """The day that is `count` working days after (before, if negative) `day`."""
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.works(day)
        return day

    def _year(self, year: int) -> list[date]:
        found = self._years.get(year)
        if found is None:
            first = date(year, 1, 1)
            length = (date(year + 1, 1, 1) - first).days
            every = (first + timedelta(days=at) for at in range(length))
            found = self._years[year] = [day for day in every if self.works(day)]
        return found


@cache
def workdays() -> Workdays:
    """Those of Vietnam, remembered."""
    return Workdays()
