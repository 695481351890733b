"""Which period a record is about, read as its source declared it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ioc.domain.indicator import Indicator
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.view import ZONE
from ioc.errors import AddressError
from ioc.ingest.fields import Fields, Getter, getter
from ioc.ingest.language import PeriodRule
from ioc.ingest.values import ValueProblem, as_text, worth_remembering

EARLIEST = 1975
"""Figures about earlier years are mistakes of the source: the country's administration of today
does not reach further back."""
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


class PeriodReader:
    """Reads the period of records for one rule; equal texts are read once."""

    def __init__(self, rule: PeriodRule, now: datetime) -> None:
        self._rule = rule
        self._last_start = now.astimezone(ZONE).date() + timedelta(days=1)
        self._finer = next(
            (
                (grain, getter(path))
                for grain, path in (
                    (Grain.MONTH, rule.month),
                    (Grain.QUARTER, rule.quarter),
                    (Grain.HALF, rule.half),
                )
                if path is not None
            ),
            None,
        )
        path = rule.field or rule.year
        self._main: Getter | None = getter(path) if path else None
        self._known: dict[object, Period | ValueProblem] = {}

    def read(self, fields: Fields, indicator: Indicator) -> Period:
        """The period of a record of `indicator`; raises ValueProblem."""
        given = self._main(fields) if self._main else self._rule.constant
        finer = self._finer[1](fields) if self._finer else None
        key = (given, finer, indicator.id)
        try:
            known = self._known.get(key)
        except TypeError:
            raise ValueProblem("bad_period", given=str(given)[:60]) from None
        if known is None:
            try:
                known = self._checked(given, finer, indicator)
            except ValueProblem as problem:
                known = problem.anew()
            if len(self._known) < 10_000 and worth_remembering(given, finer):
                self._known[key] = known
        if isinstance(known, ValueProblem):
            raise known.anew()
        return known

    def _checked(self, given: object, finer: object, indicator: Indicator) -> Period:
        calendar = self._rule.calendar or indicator.calendar
        grains = self._rule.grains or (indicator.cadence,)
        try:
            period = self._raw(given, finer, calendar, grains)
        except (AddressError, ValueError, OverflowError):
            shown = as_text(given) if finer is None else f"{as_text(given)} / {as_text(finer)}"
            raise ValueProblem("bad_period", given=shown[:60]) from None
        if period.grain not in grains:
            raise ValueProblem(
                "wrong_grain", given=period.code, allowed=", ".join(one.value for one in grains)
            )
        if period.name_year < EARLIEST:
            raise ValueProblem("period_too_early", given=period.code, earliest=EARLIEST)
        if period.start > self._last_start:
            raise ValueProblem("period_future", given=period.code)
        return period

    def _raw(
        self, given: object, finer: object, calendar: Calendar, grains: tuple[Grain, ...]
    ) -> Period:
        if isinstance(given, datetime):
            moment = given.astimezone(ZONE) if given.tzinfo else given
            return Period.of(calendar, grains[0], moment.date())
        if isinstance(given, date):
            return Period.of(calendar, grains[0], given)
        text = as_text(given)
        if self._rule.year is not None:
            return self._from_parts(text, finer, calendar)
        if self._rule.shape is not None:
            return self._from_pattern(text, calendar, grains)
        if len(text) > 10 and text[10] in "T ":
            text = text[:10]
        period = Period.parse(text, calendar)
        if period.grain is Grain.DAY and Grain.DAY not in grains:
            return Period.of(calendar, grains[0], period.start)
        return period

    def _from_parts(self, year: str, finer: object, calendar: Calendar) -> Period:
        if self._finer is None:
            return Period.parse(f"{int(year):04d}", calendar)
        return _named(self._finer[0], int(year), _count(finer), calendar)

    def _from_pattern(self, text: str, calendar: Calendar, grains: tuple[Grain, ...]) -> Period:
        shape = self._rule.shape
        found = shape.match(text) if shape else None
        if not found:
            raise ValueError(text)
        parts = found.groupdict()
        year = int(parts["year"])
        if "day" in parts:
            return Period.of(
                calendar, grains[0], date(year, int(parts["month"]), int(parts["day"]))
            )
        if "week" in parts:
            return Period.parse(f"{year}-W{int(parts['week']):02d}", calendar)
        for grain in (Grain.MONTH, Grain.QUARTER, Grain.HALF):
            if grain.value in parts:
                return _named(grain, year, _count(parts[grain.value]), calendar)
        return Period.parse(f"{year:04d}", calendar)


def _count(given: object) -> int:
    if isinstance(given, (int, Decimal, float)) and not isinstance(given, bool):
        if int(given) != given:
            raise ValueError(given)
        return int(given)
    text = as_text(given).upper()
    return _ROMAN[text] if text in _ROMAN else int(text)


def _named(grain: Grain, year: int, number: int, calendar: Calendar) -> Period:
    mark = {Grain.MONTH: f"{number:02d}", Grain.QUARTER: f"Q{number}", Grain.HALF: f"H{number}"}
    return Period.parse(f"{year:04d}-{mark[grain]}", calendar)
