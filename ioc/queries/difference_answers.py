"""What is answered about figures that disagree: sources, totals and parts, items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.domain.register import Register
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef

FORMS = ("sums", "pairs", "items")
PERIODS = 12
"""Newest periods of each grain that are compared, unless the address names one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says of a figure; `stands` and `why` (rank, newest) for the one shown."""

    source: str
    name: str
    rank: int
    figure: Figure
    at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """A figure of which sources say different things, the one that stands first.

    `why` is the rule that chose: rank, or newest where the ranks are the same.
    """

    unit: UnitRef
    indicator: Indicator
    period: Period
    part: str
    told: tuple[Told, ...]
    why: str

    @property
    def apart(self) -> Fraction | None:
        """The figure that stands minus the one farthest from it; None where one says nothing."""
        one, *others = (told.figure.value for told in self.told)
        if one is None or any(other is None for other in others):
            return None
        return max((one - other for other in others if other is not None), key=abs)


@dataclass(frozen=True, slots=True)
class SumRow:
    """A unit's own total beside the sum of those below, and what is left between them.

    `left` is total minus sum, numerator and, for ratios, denominator, unscaled. `reported` of
    `expected` units due stand behind the sum (of finer units where those are not due).
    """

    unit: UnitRef
    indicator: Indicator
    period: Period
    part: str
    whole: Figure
    summed: Figure
    left: tuple[Fraction, Fraction | None]
    source: str | None
    reported: int
    expected: int

    @property
    def complete(self) -> bool:
        """Whether all who were due are in the sum, so that nothing explains the difference."""
        return self.reported >= self.expected


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a register whose total is not the sum of its parts, scaled as stored.

    `field` is the total's name, `decimals` its scale; `left` is total minus sum.
    """

    register: Register
    key: str
    title: str
    unit: UnitRef | None
    field: str
    total: int
    parts: tuple[tuple[str, int | None], ...]
    left: int
    decimals: int
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """One kind of differences (`form`), the biggest first, one sheet; `counts` by kind.

    `asked` is False for a moment in the past, of which this cannot be asked.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    form: str
    counts: tuple[tuple[str, int], ...]
    pairs: tuple[PairRow, ...] = ()
    sums: tuple[SumRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    sheet: int = 1
    sheets: int = 1
    chosen: Indicator | None = None
    asked: bool = True
