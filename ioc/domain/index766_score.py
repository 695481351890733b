"""Scoring the 766 index again: every row with every step, exactly; null is never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ioc.domain.index766 import Group, Index766, Row, Scoring, Version, Zero

ROUNDING = Fraction(5, 1000)
"""Published scores have two decimals: each may be off by half of the last one."""


class Outcome(StrEnum):
    """Which rule gave a row its points, or why it has none."""

    RATE = "rate"
    CAPPED = "capped"
    BEYOND = "beyond"
    """More than the maximum, because no cap is known for the row."""
    FULL_WITHOUT = "full_without"
    NONE_WITHOUT = "none_without"
    LAST_YEAR = "last_year"
    LAST_YEAR_NONE = "last_year_none"
    LAST_YEAR_UNKNOWN = "last_year_unknown"
    UNSTATED = "unstated"
    MISSING = "missing"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class Given:
    """What a source said of a row, unscaled; None where it said nothing.

    `last_year` is last year's total of the denominator divided by the periods of a year (12 or 4),
    None where it is not known; only the row of synchronised dossiers asks for it.
    """

    numerator: Fraction | None = None
    denominator: Fraction | None = None
    last_year: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """One row scored again.

    `divisor` is the denominator that was used (last year's where the rule says so), `rate` what
    came of it, `earned` the points before the cap, `points` those after it; None where there are
    none, as `outcome` says.
    """

    row: Row
    scoring: Scoring
    given: Given
    outcome: Outcome
    divisor: Fraction | None = None
    rate: Fraction | None = None
    earned: Fraction | None = None
    points: Fraction | None = None

    @property
    def lacking(self) -> bool:
        """Whether the row should have points and has none."""
        return self.scoring.scored and self.points is None


@dataclass(frozen=True, slots=True)
class ScoredGroup:
    """A group scored again; `points` is None while a scored row lacks, `known` what is there."""

    group: Group
    rows: tuple[Scored, ...]

    @property
    def known(self) -> Fraction:
        """The points of the rows that have some."""
        return sum((one.points for one in self.rows if one.points is not None), Fraction(0))

    @property
    def lacking(self) -> tuple[Scored, ...]:
        """The scored rows without points."""
        return tuple(one for one in self.rows if one.lacking)

    @property
    def points(self) -> Fraction | None:
        """The group's points; None when a row lacks: what is missing is not zero."""
        return None if self.lacking else self.known


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The whole index of one unit and period, scored by one version."""

    version: Version
    groups: tuple[ScoredGroup, ...]

    @property
    def rows(self) -> tuple[Scored, ...]:
        """Every row, in order."""
        return tuple(one for group in self.groups for one in group.rows)

    @property
    def known(self) -> Fraction:
        """The points of the rows that have some."""
        return sum((group.known for group in self.groups), Fraction(0))

    @property
    def lacking(self) -> tuple[Scored, ...]:
        """The scored rows without points."""
        return tuple(one for group in self.groups for one in group.lacking)

    @property
    def points(self) -> Fraction | None:
        """The total; None when a row lacks."""
        return None if self.lacking else self.known


def recompute(
    index: Index766,
    components: Mapping[str, Given],
    day: date,
    *,
    version: Version | None = None,
) -> Recomputed:
    """Score the components (by the code of their row) of a period that begins on `day`.

    Without `version`, by the one that holds on that day. A row that is not among the components
    is missing, and so are its group and the total.
    """
    chosen = version or index.version(day)
    groups = tuple(
        ScoredGroup(
            group,
            tuple(score(row, row.scoring(chosen), components.get(row.code)) for row in group.rows),
        )
        for group in index.groups
    )
    return Recomputed(chosen, groups)


def score(row: Row, scoring: Scoring, given: Given | None) -> Scored:
    """One row: points = max × rate / full_at, cut at max where a cap is known."""
    said = given or Given()
    if not scoring.scored:
        rate = _rate(said.numerator, said.denominator)
        return Scored(row, scoring, said, Outcome.WATCHED, said.denominator, rate)
    if said.numerator is None or said.denominator is None:
        return Scored(row, scoring, said, Outcome.MISSING)
    if said.denominator == 0:
        return _without(row, scoring, said)
    return _earned(row, scoring, said, said.denominator)


def _without(row: Row, scoring: Scoring, said: Given) -> Scored:
    """A denominator of zero, by the row's own rule."""
    most, none, zero = Fraction(scoring.max), Fraction(0), said.denominator
    if scoring.zero is Zero.FULL:
        return Scored(row, scoring, said, Outcome.FULL_WITHOUT, zero, None, most, most)
    if scoring.zero is Zero.NONE:
        return Scored(row, scoring, said, Outcome.NONE_WITHOUT, zero, None, none, none)
    if scoring.zero is Zero.UNSTATED:
        return Scored(row, scoring, said, Outcome.UNSTATED, zero)
    if said.last_year is None:
        return Scored(row, scoring, said, Outcome.LAST_YEAR_UNKNOWN, zero)
    if said.last_year == 0:
        return Scored(row, scoring, said, Outcome.LAST_YEAR_NONE, zero, None, none, none)
    return _earned(row, scoring, said, said.last_year)


def _earned(row: Row, scoring: Scoring, said: Given, divisor: Fraction) -> Scored:
    rate = _rate(said.numerator, divisor)
    assert rate is not None  # both parts are there and the divisor is not zero
    earned = scoring.max * rate / scoring.full
    points, outcome = earned, Outcome.RATE
    if said.denominator == 0:
        outcome = Outcome.LAST_YEAR
    if earned > scoring.max:
        outcome = Outcome.CAPPED if scoring.capped else Outcome.BEYOND
        points = Fraction(scoring.max) if scoring.capped else earned
    return Scored(row, scoring, said, outcome, divisor, rate, earned, points)


def _rate(numerator: Fraction | None, denominator: Fraction | None) -> Fraction | None:
    if numerator is None or not denominator:
        return None
    return numerator / denominator


def tolerance(rows: int = 1) -> Fraction:
    """How far an official score may lie from the one recomputed from `rows` rows.

    Each published row is rounded, and so is the sum: 0.01 for a row, 0.11 for all 21.
    """
    return ROUNDING * (rows + 1)


def differs(points: Fraction | None, official: Fraction | None, *, rows: int = 1) -> bool:
    """Whether both are known and lie further apart than rounding explains."""
    if points is None or official is None:
        return False
    return abs(points - official) > tolerance(rows)


def explained_by(
    index: Index766, row: Row, given: Given, official: Fraction, used: Version
) -> Version | None:
    """Another version by which the row's official score comes out; None when there is none."""
    for version in _others(index, used):
        made = score(row, row.scoring(version), given)
        if made.points is not None and not differs(made.points, official):
            return version
    return None


def _others(index: Index766, used: Version) -> Iterable[Version]:
    return (one for one in index.versions if one is not used)
