"""What a comparison answers: one frozen value for each of its forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.target import Target
from ioc.domain.view import View
from ioc.queries.answers import Cell, Note, Point, Series, Stamp, UnitRef

MOST_BESIDE = 8
"""Units that stand side by side, or lines that can be told apart."""


class Form(StrEnum):
    """How a comparison is drawn: the `form` of an address."""

    SIDE = "side"
    MULTIPLES = "multiples"
    INDEXED = "indexed"
    SCATTER = "scatter"
    SLOPE = "slope"
    CORRIDOR = "corridor"


@dataclass(frozen=True, slots=True)
class SideRow:
    """One indicator over the units side by side, in one period.

    `cells` are in the order of the units; a cell's rank is its place among all `ranked` units of
    the group, not only among those shown. `best` and `worst` are ids of units, more than one
    where values are equal, none where there is nothing to choose between.
    """

    indicator: Indicator
    cells: tuple[Cell, ...]
    ranked: int
    best: frozenset[int] = frozenset()
    worst: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """Units side by side, a row for each indicator."""

    units: tuple[UnitRef, ...]
    rows: tuple[SideRow, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell drawn, in order."""
        return tuple(cell for row in self.rows for cell in row.cells)

    @property
    def series(self) -> tuple[Series, ...]:
        """Every trend drawn, in order."""
        return ()


@dataclass(frozen=True, slots=True)
class Small:
    """One unit of the small multiples: its trend and its newest cell."""

    series: Series
    cell: Cell


@dataclass(frozen=True, slots=True)
class Multiples:
    """A small trend for each unit, the best value first; `left_out` units are not drawn."""

    smalls: tuple[Small, ...]
    left_out: int = 0

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell drawn, in order."""
        return tuple(one.cell for one in self.smalls)

    @property
    def series(self) -> tuple[Series, ...]:
        """Every trend drawn, in order."""
        return tuple(one.series for one in self.smalls)


class Start(StrEnum):
    """Why an indexed line starts where it does."""

    COMMON = "common"
    OWN = "own"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class IndexedPoint:
    """A point and its index: value over base × 100, exact; None where it cannot be compared."""

    point: Point
    index: Fraction | None


@dataclass(frozen=True, slots=True)
class Indexed:
    """One unit's trend against its own value in `base`.

    `start` is `own` where the unit has nothing to compare in the common base period, and `never`
    where no period can be its base; `after` is the day of the break before which nothing can be
    compared with what follows.
    """

    series: Series
    cell: Cell
    base: Period | None
    start: Start
    points: tuple[IndexedPoint, ...]
    after: date | None = None


@dataclass(frozen=True, slots=True)
class IndexedTrends:
    """Indexed trends; `base` is the first period in which all units can be compared, or asked."""

    base: Period | None
    lines: tuple[Indexed, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell drawn, in order."""
        return tuple(one.cell for one in self.lines)

    @property
    def series(self) -> tuple[Series, ...]:
        """Every trend drawn, in order."""
        return tuple(one.series for one in self.lines)


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit's cells of the two indicators of a scatter."""

    x: Cell
    y: Cell


@dataclass(frozen=True, slots=True)
class Scatter:
    """Units that have both figures, and by name those that lack one."""

    pairs: tuple[Pair, ...]
    lacking: tuple[Pair, ...]
    x_target: Target | None = None
    y_target: Target | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell drawn, in order."""
        return tuple(cell for one in (*self.pairs, *self.lacking) for cell in (one.x, one.y))

    @property
    def series(self) -> tuple[Series, ...]:
        """Every trend drawn, in order."""
        return ()


class Uneven(StrEnum):
    """Why a unit's two periods are not compared."""

    NO_BEFORE = "no_before"
    NO_NOW = "no_now"
    NEITHER = "neither"
    PARTIAL = "partial"
    INEXACT = "inexact"


@dataclass(frozen=True, slots=True)
class Slope:
    """One unit between two periods; ranks are places among the units compared."""

    before: Cell
    now: Cell
    change: Fraction | None = None
    uneven: Uneven | None = None


@dataclass(frozen=True, slots=True)
class Slopes:
    """Lines between two periods, the best now first, and the units that have none, and why."""

    lines: tuple[Slope, ...]
    uneven: tuple[Slope, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell drawn, in order."""
        return tuple(cell for one in (*self.lines, *self.uneven) for cell in (one.before, one.now))

    @property
    def series(self) -> tuple[Series, ...]:
        """Every trend drawn, in order."""
        return ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How a unit moves towards its target, in the figure's own unit.

    `missing` is what lacks to the target (0 when reached); `moved` the change since `since`;
    `left` the number of periods until the target's last day, None where it has no end.
    """

    missing: Fraction
    moved: Fraction | None
    since: Period | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Corridor:
    """One unit's trend with its target, the pace towards it, and what was noted about it."""

    line: Series
    cell: Cell
    former: tuple[Series, ...] = ()
    pace: Pace | None = None
    notes: tuple[Note, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell drawn, in order."""
        return (self.cell,)

    @property
    def series(self) -> tuple[Series, ...]:
        """Every trend drawn, in order."""
        return (self.line, *self.former)


Body = Side | Multiples | IndexedTrends | Scatter | Slopes | Corridor


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison: units of the group under `unit`, drawn in one form.

    `chosen` are the units of the address, or, with `by_default`, those taken without one;
    `offered` can be added. `against` is the second indicator of a scatter, `before` the first
    period of a slope or the base of an index.
    """

    view: View
    stamp: Stamp
    form: Form
    unit: UnitRef
    indicator: Indicator
    against: Indicator
    period: Period | None
    before: Period | None
    chosen: tuple[UnitRef, ...]
    by_default: bool
    offered: tuple[UnitRef, ...]
    groups: tuple[UnitRef, ...]
    indicators: tuple[Indicator, ...]
    body: Body
    left_out: tuple[UnitRef, ...] = ()

    @property
    def illustrative(self) -> bool:
        """Whether any figure drawn is illustrative."""
        return illustrative(self.body)


def illustrative(body: Body) -> bool:
    """Whether any figure of a comparison is illustrative."""
    points = (point.figure for one in body.series for point in one.points)
    return any(one.illustrative for one in (*(cell.figure for cell in body.cells), *points))
