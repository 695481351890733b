"""Units side by side: several indicators, ranks in the group, best and worst marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.unit import Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.compare_answers import Side, SideRow
from ioc.queries.figures import value_of
from ioc.queries.found import Finds
from ioc.queries.gathered import Gathered, cells_of, finds, period_of
from ioc.queries.newest import in_period


def side(ask: Ask, group: Gathered, units: Sequence[Unit], indicators: Sequence[Indicator]) -> Side:
    """A row for each indicator that any of the units' levels reports."""
    everyone = list(dict.fromkeys([*group.members, *units]))
    found = finds(ask, everyone, indicators, ask.view.period)
    ask.learn_citations(one.raw.citation_id for one in found.values())
    rows = tuple(_row(ask, group, units, one, found) for one in indicators)
    return Side(tuple(ask.ref(unit) for unit in units), rows)


def _row(
    ask: Ask, group: Gathered, units: Sequence[Unit], indicator: Indicator, found: Finds
) -> SideRow:
    period = period_of(ask, group.members or units, indicator, found)
    cells = cells_of(ask, units, indicator, found, period)
    values = {}
    for unit in group.members:
        one = found.get((unit.id, indicator.id))
        there = in_period(one, period) if one is not None and period is not None else one
        value = value_of(indicator, there.raw) if there is not None else None
        if value is not None:
            values[unit.id] = value
    low = indicator.direction is Direction.DOWN
    order = sorted(values.values(), reverse=not low)
    ranked = tuple(
        replace(one, rank=order.index(values[one.unit.id]) + 1) if one.unit.id in values else one
        for one in cells
    )
    best, worst = _ends(ranked, indicator)
    return SideRow(indicator, ranked, len(values), best, worst)


def _ends(cells: Sequence[Cell], indicator: Indicator) -> tuple[frozenset[int], frozenset[int]]:
    """Who is best and worst among those shown, of the units that are ranked with each other."""
    valued = [one for one in cells if one.rank is not None]
    if indicator.direction is Direction.NEUTRAL or len({one.rank for one in valued}) < 2:
        return frozenset(), frozenset()
    first = min(one.rank or 0 for one in valued)
    last = max(one.rank or 0 for one in valued)
    return (
        frozenset(one.unit.id for one in valued if one.rank == first),
        frozenset(one.unit.id for one in valued if one.rank == last),
    )
