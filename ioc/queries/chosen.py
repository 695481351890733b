"""The totals and trends of chosen units: pooled by summing, never averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.target import Target, gap, judge
from ioc.domain.unit import Unit
from ioc.queries.answers import Break, Cell, Series, Tile, UnitRef
from ioc.queries.ask import Ask
from ioc.queries.cells import cell
from ioc.queries.found import Found, Trend, trends
from ioc.queries.group import Group
from ioc.queries.newest import pooled_trends, settled, totalled
from ioc.queries.series import SHOWN, SMALL, breaks, points, series

MOST_SINGLES = 6
"""So many chosen units have a line of their own beside the line of all of them."""


@dataclass(frozen=True)
class Choice:
    """Chosen members of a group and how they are told of: one stands for itself."""

    ask: Ask
    found: Group
    units: tuple[Unit, ...]

    @property
    def alone(self) -> Unit | None:
        """The one unit, when only one is chosen."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def ref(self) -> UnitRef:
        """What the total is called: the unit, or how many were chosen."""
        if self.alone is not None:
            return self.ask.ref(self.alone)
        parent = self.ask.ref(self.found.parent)
        words = say(self.ask.view.lang, "filters.chosen_units", count=len(self.units))
        # No key and no id: units only chosen together have no page, no record and no past.
        return replace(parent, id=0, key="", name=words, short=words)

    def target(self, indicator: Indicator, period: Period) -> Target | None:
        """The target that all of them share; targets are never averaged."""
        found = {self.ask.target(indicator, unit, period) for unit in self.units}
        return found.pop() if len(found) == 1 else None

    def totals(self, indicators: Sequence[Indicator]) -> dict[int, Found]:
        """What stands for all of them together, by indicator id."""
        if self.alone is not None:
            pairs = ((one.id, self.found.finds.get((self.alone.id, one.id))) for one in indicators)
            return {key: found for key, found in pairs if found is not None}
        return totalled(
            self.ask, self.found.parent, self.units, indicators, self.found.finds, over=self.units
        )

    def lines(
        self, indicators: Sequence[Indicator], count: int = SHOWN, *, part: str = ""
    ) -> dict[int, Trend]:
        """Their trends taken together, by indicator id."""
        if self.alone is not None:
            said = trends(self.ask, self.units, indicators, count, part=part)
        else:
            parent = self.found.parent
            said = pooled_trends(
                self.ask, parent, self.units, indicators, count, over=self.units, part=part
            )
        return {key[1]: line for key, line in said.items()}

    def total(self, indicator: Indicator, one: Found | None, line: Trend) -> Cell:
        """Their cell, judged only against a target that all of them share."""
        ask, period = self.ask, self.ask.view.period
        if one is not None and period is None:
            one = settled(one, line)
        if self.alone is not None:
            return cell(ask, self.alone, indicator, one, period)
        made = cell(ask, self.found.parent, indicator, one, period)
        target = self.target(indicator, made.period) if made.period else None
        return replace(
            made,
            unit=self.ref,
            target=target,
            gap=gap(made.figure, target),
            status=judge(indicator, made.figure, target),
        )

    def series(self, indicator: Indicator, line: Trend, count: int = SHOWN) -> Series:
        """Their trend, with the days on which any of them changed."""
        ask = self.ask
        if self.alone is not None:
            return series(ask, self.alone, indicator, line, count=count)
        drawn = points(ask, self.found.parent, indicator, line, count)
        aimed = tuple(
            replace(point, target=target.value if target else None)
            for point in drawn
            for target in (self.target(indicator, point.period),)
        )
        if not aimed:
            return Series(self.ref, indicator, ())
        first, last = aimed[0].period.start, aimed[-1].period.end
        events = {
            (event.day, event.kind, event.legal_basis)
            for unit in self.units
            for event in breaks(ask, unit, first, last)
        }
        marks = tuple(Break(*event) for event in sorted(events))
        return Series(self.ref, indicator, aimed, marks)

    def singles(self, indicator: Indicator, *, part: str = "") -> tuple[Series, ...]:
        """Each unit's own trend, where they are few enough to be told apart."""
        if self.alone is not None or len(self.units) > MOST_SINGLES:
            return ()
        said = trends(self.ask, self.units, [indicator], SHOWN, part=part)
        found = []
        for unit in self.units:
            line = said.get((unit.id, indicator.id), {})
            shown = points(self.ask, unit, indicator, line, SHOWN)
            if shown:
                found.append(Series(self.ask.ref(unit), indicator, shown, part=part))
        return tuple(found)

    def tile(self, indicator: Indicator, one: Found | None, line: Trend) -> Tile:
        """Their headline; who of them stands how is for the caller to count."""
        small = self.series(indicator, line, SMALL).points
        return Tile(self.total(indicator, one, line), small)
