"""Due dates as papers give them: a day, or only a month, a quarter or a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ioc.domain.period import Calendar, Grain, Period

PRECISIONS = (Grain.DAY, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
"""How exactly a due date is known, finest first."""

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_SHAPES = (
    (Grain.DAY, re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")),
    (Grain.DAY, re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")),
    (Grain.MONTH, re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})")),
    (Grain.MONTH, re.compile(r"(?:tháng\s*)?(?P<month>\d{1,2})[/.-](?P<year>\d{4})", re.I)),
    (Grain.QUARTER, re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])", re.I)),
    (
        Grain.QUARTER,
        re.compile(r"(?:quý\s*|Q)(?P<quarter>[1-4]|IV|I{1,3})[/.\- ]+(?P<year>\d{4})", re.I),
    ),
    (Grain.YEAR, re.compile(r"(?:năm\s*)?(?P<year>\d{4})", re.I)),
)


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A due date: `day` is the last day that is still in time, `precision` one of PRECISIONS.

    "Tháng 9/2026" is 30/09/2026 with the precision of a month: nothing due in September is late
    before October, and slip is counted from the last day.
    """

    day: date
    precision: Grain = Grain.DAY

    @classmethod
    def parse(cls, text: str) -> Due:
        """Read 30/10/2025, 2025-10-30, 09/2026, 2026-09, Quý III/2026, 2026-Q3 or 2026.

        Raises ValueError for anything else and for a date that does not exist.
        """
        given = " ".join(text.split())
        for precision, shape in _SHAPES:
            found = shape.fullmatch(given)
            if found:
                return cls._of(precision, found.groupdict())
        raise ValueError(f"{text!r}: 30/10/2025, 09/2026, Quý III/2026 or 2026")

    @classmethod
    def _of(cls, precision: Grain, parts: dict[str, str]) -> Due:
        year = int(parts["year"])
        if precision is Grain.DAY:
            return cls(date(year, int(parts["month"]), int(parts["day"])))
        month = int(parts.get("month") or 1)
        if precision is Grain.QUARTER:
            quarter = parts["quarter"].upper()
            month = 3 * (_ROMAN.get(quarter) or int(quarter))
        start = date(year, month, 1)
        return cls(Period.of(Calendar.CALENDAR, precision, start).end, precision)

    @property
    def code(self) -> str:
        """The text that `parse` reads back and that is kept: 2025-10-30, 2026-09, 2026-Q3, 2026."""
        return self.period.code

    @property
    def period(self) -> Period:
        """The period that the due date names."""
        return Period.of(Calendar.CALENDAR, self.precision, self.day)

    def slip(self, on: date) -> int:
        """Days from the last day in time to `on`; below zero while there is time left."""
        return (on - self.day).days
