"""What a total could become when those who are missing report: its weight, its best and worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.indicator import Indicator, OverUnits
from ioc.domain.measure import Figure, Kind


@dataclass(frozen=True, slots=True)
class CoverageRange:
    """How much of a total is there, and between what it must lie once everyone has reported.

    `weight` is the share of the whole that stands behind the total, by what each missing unit
    weighed when it last reported (its denominator, or its count): None where no missing unit ever
    did. `low` and `high` bound the total; None is no bound. `as_last` is what the total would be
    if the missing repeated their last figures. `missing` units, of which `unweighed` never
    reported: what they may bring is in none of these.
    """

    missing: int
    unweighed: int
    weight: Fraction | None
    low: Fraction | None
    high: Fraction | None
    as_last: Fraction | None


def coverage_range(
    indicator: Indicator, total: Figure, lacking: Sequence[Figure | None]
) -> CoverageRange | None:
    """The range of a total that lacks units; None where nothing is missing or nothing adds up.

    `lacking` holds, for each unit missing, the last figure it reported. With N of D reported and
    w the last denominators of the missing, a share lies between N / (D + Σw), should none of
    their cases count, and (N + Σw) / (D + Σw), should all: Manski's bounds without assumption
    ("Nonparametric Bounds on Treatment Effects", American Economic Review 80 (1990), 319-323),
    given the weights. A count of nought or more is at least what is there and has no upper bound.
    A share that may exceed one has none either.
    """
    if not lacking or total.value is None or indicator.over_units is OverUnits.NONE:
        return None
    if indicator.kind is Kind.RATIO:
        return _of_shares(indicator, total, lacking)
    known = [one.value for one in lacking if one is not None and one.value is not None]
    later = sum(known, Fraction(0))
    whole = total.value + later
    natural = total.value >= 0 and all(one >= 0 for one in known)
    return CoverageRange(
        missing=len(lacking),
        unweighed=len(lacking) - len(known),
        weight=total.value / whole if known and natural and whole else None,
        low=total.value if natural else None,
        high=None,
        as_last=whole if known else None,
    )


def _of_shares(
    indicator: Indicator, total: Figure, lacking: Sequence[Figure | None]
) -> CoverageRange | None:
    upper, lower = total.numerator, total.denominator
    if upper is None or lower is None:
        return None
    known = [one for one in lacking if one is not None and one.denominator is not None]
    later = sum((one.denominator or Fraction(0) for one in known), Fraction(0))
    hits = sum((one.numerator or Fraction(0) for one in known), Fraction(0))
    whole = lower + later
    bounded = bool(known) and whole > 0 and upper >= 0
    told = all(one.numerator is not None for one in known)
    return CoverageRange(
        missing=len(lacking),
        unweighed=len(lacking) - len(known),
        weight=lower / whole if bounded else None,
        low=upper / whole if bounded else None,
        high=(upper + later) / whole if bounded and not indicator.may_exceed else None,
        as_last=(upper + hits) / whole if bounded and told else None,
    )
