"""What the page of the 766 index answers: official beside recomputed, with every step."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.index766 import Group, Version
from ioc.domain.index766_score import Recomputed, Scored, differs
from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Cell, Series, Stamp, UnitRef


@dataclass(frozen=True, slots=True)
class Beside:
    """An official score and the one recomputed of `rows` scored rows; each None where unknown."""

    official: Fraction | None
    made: Fraction | None
    rows: int = 1

    @property
    def gap(self) -> Fraction | None:
        """Official minus recomputed; None when one of them is not known."""
        if self.official is None or self.made is None:
            return None
        return self.official - self.made

    @property
    def differs(self) -> bool:
        """Whether they lie further apart than rounding explains."""
        return differs(self.made, self.official, rows=self.rows)


@dataclass(frozen=True, slots=True)
class RowTold:
    """One row: its steps, the official score, and the version that explains a difference."""

    scored: Scored
    beside: Beside
    explained: Version | None = None


@dataclass(frozen=True, slots=True)
class GroupTold:
    """One group: its rows and both scores; `known` are the points of the rows that have some."""

    group: Group
    rows: tuple[RowTold, ...]
    beside: Beside
    known: Fraction

    @property
    def lacking(self) -> int:
        """How many scored rows have no points."""
        return sum(one.scored.lacking for one in self.rows)


@dataclass(frozen=True, slots=True)
class Placed:
    """One unit in the list: its total, both scores, and what is missing or differs."""

    unit: UnitRef
    cell: Cell
    beside: Beside
    lacking: int
    differing: int


@dataclass(frozen=True, slots=True)
class Index766Page:
    """The index of one unit in one period, or a list of the units under a total (`placed`).

    `summed` says that the official total is the sum of the official groups, because the source
    gives none of the whole. `told` is whether any component is known; `series` is the official
    total, `remade` the recomputed one where all rows are known; both break where the version of
    the formulas changed.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    crumbs: tuple[UnitRef, ...]
    indicator: Indicator
    components: Indicator
    period: Period | None
    version: Version | None
    versions: tuple[Version, ...]
    official: Cell | None = None
    summed: bool = False
    total: Beside = Beside(None, None)
    made: Recomputed | None = None
    groups: tuple[GroupTold, ...] = ()
    series: Series | None = None
    remade: Series | None = None
    placed: tuple[Placed, ...] = ()
    siblings: tuple[UnitRef, ...] = ()
    periods: tuple[Period, ...] = ()

    @property
    def rows(self) -> tuple[RowTold, ...]:
        """Every row, in order."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def told(self) -> bool:
        """Whether any component of the period is known."""
        return any(
            row.scored.given.numerator is not None or row.scored.given.denominator is not None
            for row in self.rows
        )

    @property
    def differences(self) -> tuple[RowTold, ...]:
        """The rows whose official score is another than the recomputed one."""
        return tuple(row for row in self.rows if row.beside.differs)
