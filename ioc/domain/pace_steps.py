"""How a figure moved from period to period: its steps, its recent pace, and where that leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.period import Grain, Period
from ioc.domain.roots import root

RECENT = 3
"""Periods of which the mean is today's pace."""
SPREAD = 12
"""Periods whose steps tell how far a step may be from the mean."""
LEAST = 4
"""Steps below which nothing is said about the future."""
MOST = 60
"""Periods ahead that are looked at: whatever comes later is not foretold."""
_Z = Fraction(12_816, 10_000)
"""The normal quantile of an 80 % range."""
_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2, Grain.YEAR: 1}
_NARROW, _WIDE = Fraction(1, 2), Fraction(2)

Values = Mapping[Period, Fraction]
"""What can be compared, by period; a period that is not there is missing, never nought."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Today's pace `mean` a period, out of `count` steps of mean square deviation `square`."""

    mean: Fraction
    square: Fraction
    count: int

    def error(self, periods: int) -> Fraction:
        """The square of 1.2816 standard errors of the way made in so many periods.

        The sum of h independent steps with variance s² has variance h·s²; that its mean was itself
        estimated from n steps adds h²·s²/n (the random walk with drift: Hyndman and
        Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.5). Here n is
        RECENT, so the range of a short past is as wide as it deserves.
        """
        return _Z * _Z * self.square * (periods + Fraction(periods * periods, RECENT))


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where today's pace leads: `likely`, and the 80 % range around it."""

    low: Fraction
    likely: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Arrival:
    """In how many periods a target is reached, at the earliest, likely, at the latest; None is
    not within `MOST` periods."""

    earliest: int | None
    likely: int | None
    latest: int | None


@dataclass(frozen=True, slots=True)
class Season:
    """What last year brought over the same periods (`then`), and what it makes this year.

    `scale` is this year's recent movement over last year's at the same time, between a half and
    two; None where the two do not point the same way, and last year's way is taken as it was.
    """

    then: Fraction
    scale: Fraction | None
    expected: Fraction


def step(values: Values, period: Period, *, restarts: bool = False) -> Fraction | None:
    """What a period brought against the one before; None where either is missing.

    What `restarts` with the year begins from nought in the year's first period.
    """
    now = values.get(period)
    if now is None:
        return None
    if restarts and period.number == 1:
        return now
    before = values.get(period.previous)
    return None if before is None else now - before


def steps(values: Values, last: Period, *, restarts: bool = False) -> list[Fraction]:
    """Those of the last twelve steps that are known, newest first."""
    found = (step(values, last.shift(-at), restarts=restarts) for at in range(SPREAD))
    return [one for one in found if one is not None]


def recent(values: Values, last: Period, *, restarts: bool = False) -> Fraction | None:
    """Today's pace: what each of the last three periods brought on average.

    Only the two ends matter ((v₀ - v₋₃) / 3), so a gap between them does no harm; what restarts
    with the year needs all three steps.
    """
    made = [step(values, last.shift(-at), restarts=restarts) for at in range(RECENT)]
    known = [one for one in made if one is not None]
    if len(known) == RECENT:
        return sum(known, Fraction(0)) / RECENT
    now, then = values.get(last), values.get(last.shift(-RECENT))
    if restarts or now is None or then is None:
        return None
    return (now - then) / RECENT


def drift(values: Values, last: Period, *, restarts: bool = False) -> Drift | None:
    """Today's pace and how uneven the last twelve steps were; None with fewer than LEAST steps."""
    mean = recent(values, last, restarts=restarts)
    made = steps(values, last, restarts=restarts)
    if mean is None or len(made) < LEAST:
        return None
    middle = sum(made, Fraction(0)) / len(made)
    square = sum(((one - middle) ** 2 for one in made), Fraction(0)) / (len(made) - 1)
    return Drift(mean, square, len(made))


def ahead(value: Fraction, moving: Drift, periods: int) -> Ahead:
    """Where a figure is after so many periods of today's pace; not bounded by what is possible."""
    likely = value + periods * moving.mean
    reach = root(moving.error(periods))
    return Ahead(likely - reach, likely, likely + reach)


def arrival(value: Fraction, target: Fraction, moving: Drift) -> Arrival:
    """When a target is first reached by the favourable edge, the middle, the unfavourable edge."""
    if value == target:
        return Arrival(0, 0, 0)
    sign = 1 if target > value else -1
    gap, pace = abs(target - value), moving.mean * sign
    likely = -(-gap // pace) if pace > 0 else None
    earliest = latest = None
    for periods in range(1, MOST + 1):
        left, error = gap - periods * pace, moving.error(periods)
        if earliest is None and (left <= 0 or left * left <= error):
            earliest = periods
        if left <= 0 and left * left >= error:
            latest = periods
            break
    return Arrival(earliest, likely if likely is not None and likely <= MOST else None, latest)


def season(values: Values, last: Period, periods: int) -> Season | None:
    """Where last year's shape leads: the same periods' way, scaled to this year's pace.

    With y a year and h the periods left, then = v(t-y+h) - v(t-y), and
    scale = (v(t) - v(t-3)) / (v(t-y) - v(t-y-3)) kept within [1/2, 2]: the seasonal naive method
    on differences (Hyndman and Athanasopoulos, section 5.2) with one level factor. None where a
    figure is missing, and for days and weeks.
    """
    year = _YEAR.get(last.grain)
    if year is None or not 0 < periods <= year:
        return None
    now, then = values.get(last), values.get(last.shift(-year))
    end = values.get(last.shift(periods - year))
    if now is None or then is None or end is None:
        return None
    way = end - then
    scale = _scale(values, last, year)
    return Season(way, scale, now + way * (1 if scale is None else scale))


def _scale(values: Values, last: Period, year: int) -> Fraction | None:
    ends: Sequence[Fraction | None] = [
        values.get(last.shift(-at)) for at in (0, RECENT, year, year + RECENT)
    ]
    now, before, then, earlier = ends
    if now is None or before is None or then is None or earlier is None or then == earlier:
        return None
    ratio = (now - before) / (then - earlier)
    return min(max(ratio, _NARROW), _WIDE) if ratio > 0 else None
