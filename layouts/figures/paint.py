"""The colours of marks: by status where units are judged, by value where they are not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import value_words
from ioc.queries.answers import Cell
from layouts.figures.marks import height
from layouts.theme import palette

Step = tuple[str, str, str]


class Paint:
    """What colour a cell's mark has among `cells`; `judged` says which of the two scales it is."""

    def __init__(self, cells: Sequence[Cell], view: View) -> None:
        self._look = palette(view)
        self._view = view
        self.judged = any(cell.status is not Status.NOT_JUDGED for cell in cells)
        self._known = sorted(
            (cell for cell in cells if cell.figure.value is not None),
            key=lambda cell: cell.figure.value or 0,
        )
        self._steps = () if self.judged else _edges([_place(cell) for cell in self._known])
        self.missing = len(self._known) < len(cells)

    def colour(self, cell: Cell) -> str:
        """The mark's colour; one without a value has the colour of nothing, on neither scale."""
        if cell.figure.value is None:
            return self._look.empty
        if self.judged:
            return self._look.fill[cell.status]
        return self._ramp(bisect_right(self._steps, _place(cell)))

    def bar(self, cell: Cell) -> str:
        """A bar's colour: its length already tells the value, so unjudged bars share one."""
        if self.judged or cell.figure.value is None:
            return self.colour(cell)
        return self._look.ramp[3]

    def shown(self) -> list[Status]:
        """The statuses that the scale needs: those to be reached, and others that occur."""
        if not self.judged:
            return []
        unjudged = any(cell.status is Status.NOT_JUDGED for cell in self._known)
        return [one for one in Status if one is not Status.NOT_JUDGED or unjudged]

    def steps(self) -> list[Step]:
        """The colours of the value scale, each with its least and greatest value in words."""
        if self.judged:
            return []
        groups: dict[int, list[Cell]] = {}
        for cell in self._known:
            groups.setdefault(bisect_right(self._steps, _place(cell)), []).append(cell)
        return [
            (self._ramp(at), self._words(group[0]), self._words(group[-1]))
            for at, group in sorted(groups.items())
        ]

    def _ramp(self, at: int) -> str:
        colours = self._look.ramp
        count = len(self._steps)
        return colours[at * (len(colours) - 1) // count] if count else colours[len(colours) // 2]

    def _words(self, cell: Cell) -> str:
        places = min(cell.indicator.decimals, 1)
        return value_words(cell.indicator, cell.figure.value, self._view.lang, decimals=places)


def _place(cell: Cell) -> float:
    return height(cell.indicator, cell.figure.value) or 0.0


def _edges(values: Sequence[float]) -> tuple[float, ...]:
    """Where the fifths of sorted values begin, without the first; equal values stay together."""
    if not values:
        return ()
    edges = {values[len(values) * at // 5] for at in range(1, 5)}
    return tuple(sorted(edges - {values[0]}))
