"""What a native chart holds: categories, series, units, statuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ioc.domain.target import Status

Amount = int | Fraction | None


class Native(StrEnum):
    """A kind of chart that PowerPoint has."""

    LINES = "lines"
    BARS = "bars"
    COLUMNS = "columns"
    SCATTER = "scatter"


@dataclass(frozen=True, slots=True)
class Line:
    """A series; `aim` is one of targets, drawn as a line of its own."""

    name: str
    values: tuple[Amount, ...]
    aim: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: `statuses` colour the points of its first series, `remarks` stand under it.
    `more`: the sheet holds more amounts than are drawn, which need a table.

    Of a scatter the first series holds x, the second y, and `categories` names the points; `units`
    are those of the value axis, or of x and y.
    """

    kind: Native
    categories: tuple[str, ...]
    series: tuple[Line, ...]
    units: tuple[str, ...]
    places: tuple[int, ...]
    statuses: tuple[Status | None, ...] = ()
    axis: str = ""
    remarks: tuple[str, ...] = ()
    more: bool = False

    def piece(self, first: int, last: int) -> Plot:
        """The same chart of some of its categories."""
        return replace(
            self,
            categories=self.categories[first:last],
            series=tuple(replace(one, values=one.values[first:last]) for one in self.series),
            statuses=self.statuses[first:last],
        )
