"""How far chance alone carries a share of few cases: intervals, and who cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Figure, Kind
from ioc.domain.roots import root

FEW = 400
"""Cases below which a share is told with its interval: from here on it is at most ±4.9 points."""
_Z2 = Fraction(3_841_459, 1_000_000)
"""1.959964², the normal quantile of 95 % squared."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both shares of one, around a share of `cases` cases."""

    low: Fraction
    high: Fraction
    cases: int

    @property
    def small(self) -> bool:
        """Whether the cases are so few that the interval must be said with the share."""
        return self.cases < FEW


def wilson(hits: int, cases: int) -> Interval | None:
    """The 95 % score interval of `hits` out of `cases`; None without cases.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal
    of the American Statistical Association 22 (1927), 209-212: the shares p for which
    |hits - cases·p| ≤ z·√(cases·p(1-p)); solved for p,

        (hits + z²/2 ± z·√(hits·(cases - hits)/cases + z²/4)) / (cases + z²)

    It stays within 0 and 1 and is of use for 0 or all of few cases, where the usual ±z·σ is not
    (Brown, Cai, DasGupta, Statistical Science 16 (2001), 101-133). Rounded outward by at most
    1e-9. Raises ValueError when hits are not between 0 and cases.
    """
    if not 0 <= hits <= cases:
        raise ValueError(f"{hits} of {cases}")
    if not cases:
        return None
    middle = hits + _Z2 / 2
    reach = root(_Z2 * (Fraction(hits * (cases - hits), cases) + _Z2 / 4))
    whole = cases + _Z2
    return Interval(
        max((middle - reach) / whole, Fraction(0)),
        min((middle + reach) / whole, Fraction(1)),
        cases,
    )


def interval(indicator: Indicator, figure: Figure) -> Interval | None:
    """The interval of a figure: only of a share of counted cases that is exactly known.

    Amounts of money, scores, bare rates and shares that may exceed one have none.
    """
    if figure.kind is not Kind.RATIO or indicator.scale or indicator.may_exceed:
        return None
    hits, cases = figure.numerator, figure.denominator
    if hits is None or cases is None or figure.bound is not Bound.EXACT or not 0 <= hits <= cases:
        return None
    return wilson(int(hits), int(cases))


def alike(one: Fraction, its: Interval, other: Fraction, others: Interval) -> bool:
    """Whether the difference of two shares lies within what chance does: it may be nought.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998), 873-890, method 10: with p > q the interval of p - q begins
    at (p - q) - √((p - low p)² + (high q - q)²), so nought lies in it exactly when
    (p - q)² ≤ (p - low p)² + (high q - q)². Symmetric; not transitive, and so never a rank.
    """
    if one < other:
        one, its, other, others = other, others, one, its
    gap, down, up = one - other, one - its.low, others.high - other
    return gap * gap <= down * down + up * up
