"""A rate of single months against a target for the year: what the months left must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.period import Period

Parts = Mapping[Period, tuple[Fraction, Fraction]]
"""Numerator and denominator by period."""


@dataclass(frozen=True, slots=True)
class YearRate:
    """The year so far, and what the rest of it must be for the whole year to reach its target.

    `upper` over `lower` is the pooled rate of the `months` that were reported. `rest` is the
    denominator expected of the periods left, after last year's shape where `shaped`, else as this
    year's mean. `needed` is the rate that all of them together must have, `most` what the year can
    still become if each has 100 %; both None without a period left.
    """

    upper: Fraction
    lower: Fraction
    months: int
    left: int
    rest: Fraction | None = None
    shaped: bool = False
    needed: Fraction | None = None
    most: Fraction | None = None

    @property
    def rate(self) -> Fraction:
        """The pooled rate of the year so far."""
        return self.upper / self.lower


def year_rate(parts: Parts, last: Period, left: int, target: Fraction) -> YearRate | None:
    """What the `left` periods after `last` must be, so that the pooled year reaches its target.

    A rate of a year is Σ numerators / Σ denominators, never the mean of its months. With N of D so
    far and an expected rest R,

        (N + r·R) / (D + R) = target   ⟺   r = (target·(D + R) - N) / R

    which is negative once the target is certain and above one once it is out of reach. None
    where the year has no figure with its parts, or does not last until the periods left end.
    """
    year = [last.shift(-at) for at in range(last.number)]
    there = [one for one in year if one in parts]
    upper = sum((parts[one][0] for one in there), Fraction(0))
    lower = sum((parts[one][1] for one in there), Fraction(0))
    if not lower or last not in parts or last.shift(left).name_year != last.name_year:
        return None
    if left <= 0:
        return YearRate(upper, lower, len(there), 0)
    rest, shaped = _rest(parts, last, left, there, lower)
    if not rest:
        return YearRate(upper, lower, len(there), left)
    return YearRate(
        upper=upper,
        lower=lower,
        months=len(there),
        left=left,
        rest=rest,
        shaped=shaped,
        needed=(target * (lower + rest) - upper) / rest,
        most=(upper + rest) / (lower + rest),
    )


def _rest(
    parts: Parts, last: Period, left: int, there: list[Period], lower: Fraction
) -> tuple[Fraction, bool]:
    """The denominator the periods left will bring: last year's, times this year's growth over the
    same periods; where a period of last year is missing, this year's mean for each."""

    def year_before(period: Period) -> Period:
        return Period(period.calendar, period.grain, period.name_year - 1, period.number)

    then = [year_before(one) for one in there]
    coming = [year_before(last.shift(at)) for at in range(1, left + 1)]
    if all(one in parts for one in (*then, *coming)):
        base = sum((parts[one][1] for one in then), Fraction(0))
        if base:
            return sum((parts[one][1] for one in coming), Fraction(0)) * lower / base, True
    return lower / len(there) * left, False
