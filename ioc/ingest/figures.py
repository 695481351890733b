"""The figures of one record: exact whole numbers, checked against what the indicator can be."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind
from ioc.ingest.fields import Fields, Getter, value_getter
from ioc.ingest.language import Mapping, Value, ValueRule
from ioc.ingest.values import Missing, Share, ValueProblem, number, scaled

RATE_DIGITS = 6
"""A bare rate is kept in millionths, as `ioc.domain.measure.RATE_SCALE` says."""


class Figures(NamedTuple):
    """Numerator, denominator and value as the store keeps them."""

    numerator: int | None = None
    denominator: int | None = None
    value: int | None = None


class FigureReader:
    """Reads the figures of records for one entry of `values`."""

    def __init__(self, mapping: Mapping, rule: ValueRule) -> None:
        self._locale = mapping.locale
        self._percent = mapping.percent
        self._rounding = mapping.decimals == "round"
        self._words = frozenset(word.lower() for word in mapping.missing)
        self._times = rule.times if rule.times != 1 else None
        self._numerator = _getter(rule.numerator)
        self._denominator = _getter(rule.denominator)
        self._value = _getter(rule.value)

    def read(self, fields: Fields, indicator: Indicator) -> Figures | Missing:
        """The figures of a record, or why there are none; raises ValueProblem."""
        if indicator.kind is not Kind.RATIO:
            return self._plain(fields, indicator)
        if self._numerator is None:
            return self._rate(fields, indicator)
        above = self._whole(self._numerator(fields), indicator.scale)
        if isinstance(above, Missing):
            return above if self._value is None else self._rate(fields, indicator)
        if above < 0:
            raise ValueProblem("negative", part="numerator", given=above)
        if self._denominator is None:
            return Figures(above)
        below = self._whole(self._denominator(fields), indicator.scale)
        if isinstance(below, Missing):
            return below
        if below < 0:
            raise ValueProblem("negative", part="denominator", given=below)
        if above > below and not indicator.may_exceed:
            raise ValueProblem("exceeds", numerator=above, denominator=below)
        return Figures(above, below)

    def _plain(self, fields: Fields, indicator: Indicator) -> Figures | Missing:
        if self._value is None:
            raise ValueProblem("wrong_kind", indicator=indicator.code)
        whole = self._whole(self._value(fields), indicator.scale)
        if isinstance(whole, Missing):
            return whole
        if whole < 0 and indicator.kind is not Kind.AMOUNT:
            raise ValueProblem("negative", part="value", given=whole)
        return Figures(value=whole)

    def _whole(self, given: object, scale: int) -> int | Missing:
        if type(given) is int and self._times is None and -(10**12) < given < 10**12:
            return int(given * 10**scale)
        exact = number(given, self._locale, self._words)
        if isinstance(exact, Missing):
            return exact
        if isinstance(exact, Share):
            raise ValueProblem("percent_sign", given=str(given)[:60])
        return self._scaled(exact, scale)

    def _rate(self, fields: Fields, indicator: Indicator) -> Figures | Missing:
        given = self._value(fields) if self._value else None
        exact = number(given, self._locale, self._words)
        if isinstance(exact, Missing):
            return exact
        if isinstance(exact, Share):
            share = exact.value
        elif self._percent is None:
            raise ValueProblem("percent_undeclared", given=str(given)[:60])
        else:
            share = exact / 100 if self._percent == "percent" else exact
        whole = self._scaled(share, RATE_DIGITS)
        if whole < 0 or (whole > 10**RATE_DIGITS and not indicator.may_exceed):
            raise ValueProblem("rate_range", given=str(given)[:60])
        return Figures(value=whole)

    def _scaled(self, exact: Decimal, scale: int) -> int:
        if self._times is not None:
            exact *= self._times
        return scaled(exact, scale, rounding=self._rounding)


def _getter(rule: Value | None) -> Getter | None:
    return value_getter(rule) if rule is not None else None
