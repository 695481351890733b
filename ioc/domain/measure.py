"""Measures: figures that know how they may be combined. A ratio is pooled, never averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import NoReturn

from ioc.errors import MeasureError

RATE_SCALE = 1_000_000
"""A rate given without its denominator is stored in millionths."""


class Kind(StrEnum):
    """What an indicator measures, and so how it combines."""

    RATIO = "ratio"
    COUNT = "count"
    AMOUNT = "amount"
    SCORE = "score"


class Bound(IntEnum):
    """How exact a figure is: 37.500+ is `AT_LEAST`."""

    EXACT = 0
    AT_LEAST = 1
    ESTIMATE = 2


class State(IntEnum):
    """What a stored observation says: a value, or one of the two kinds of empty a source states."""

    VALUE = 0
    NOT_APPLICABLE = 1
    SUPPRESSED = 2


class Empty(StrEnum):
    """Why there is no figure. Zero is a figure, the fifth kind, and never one of these."""

    MISSING = "missing"
    LATE = "late"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
    UNDEFINED = "undefined"
    """The denominator is zero: reported, counted in coverage, but no rate exists."""


class Restated(StrEnum):
    """How a figure stands on the map it is asked for."""

    AS_REPORTED = "as_reported"
    EXACT = "exact"
    PARTIAL = "partial"
    NOT_RESTATABLE = "not_restatable"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the units due have reported: 30 of 34."""

    reported: int
    expected: int

    @property
    def complete(self) -> bool:
        """True when nobody is missing."""
        return self.reported >= self.expected


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over a denominator, both whole numbers of the same scale.

    Adding or averaging ratios raises MeasureError: `Ratio.pool` sums numerators and denominators
    and divides last, the only total of a rate that is true (1/2 and 1/4 make 2/6 = 1/3).
    """

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """Numerator over denominator; None when the denominator is zero."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @classmethod
    def pool(cls, parts: Iterable[Ratio]) -> Ratio | None:
        """The ratio of the union of `parts`; None when there are none."""
        numerator = denominator = count = 0
        for part in parts:
            numerator += part.numerator
            denominator += part.denominator
            count += 1
        return cls(numerator, denominator) if count else None

    def _refuse(self, *_: object) -> NoReturn:
        raise MeasureError(
            "ratios are never added or averaged; use Ratio.pool", code="ratio_arithmetic"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __float__ = __int__ = _refuse


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as screens and exports show it.

    `value` is exact and unscaled: a ratio as a share of one (0.9015…), counts and amounts in the
    indicator's unit of measure, scores in points; None with `empty` saying why. `numerator` and
    `denominator` are unscaled and there only where they are known. A ratio with a numerator alone
    has `value` None and `count_only` True: the screen shows the count and never invents a rate.
    """

    kind: Kind
    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    empty: Empty | None = None
    bound: Bound = Bound.EXACT
    illustrative: bool = False
    coverage: Coverage | None = None
    restated: Restated = Restated.AS_REPORTED

    @property
    def count_only(self) -> bool:
        """True when a ratio's numerator is known and its denominator is not."""
        alone = self.numerator is not None and self.denominator is None
        return self.kind is Kind.RATIO and self.value is None and alone


def total(kind: Kind, values: Iterable[Ratio | int]) -> Ratio | int | None:
    """The total of a measure over units: pooled ratios, summed counts and amounts.

    Raises MeasureError for scores and for ratios mixed with plain numbers: neither adds up.
    """
    given = list(values)
    if kind is Kind.SCORE:
        raise MeasureError("scores do not add up over units", code="score_total")
    if not given:
        return None
    if kind is Kind.RATIO:
        if not all(isinstance(one, Ratio) for one in given):
            raise MeasureError(
                "a rate without its denominator cannot be totalled", code="bare_rate"
            )
        return Ratio.pool(one for one in given if isinstance(one, Ratio))
    if any(isinstance(one, Ratio) for one in given):
        raise MeasureError("a ratio cannot be added to a count", code="ratio_arithmetic")
    return sum(one for one in given if isinstance(one, int))
