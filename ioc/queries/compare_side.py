"""Units side by side: several indicators, ranks in the group, best and worst marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.unit import Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.compare_answers import Side, SideRow
from ioc.queries.found import Finds
from ioc.queries.gathered import Gathered, cells_of, finds, period_of
from ioc.queries.group import placed


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
    everyone = placed(cells_of(ask, group.members, indicator, found, period), indicator)
    places = {one.unit.id: one.place for one in everyone}
    ranked = tuple(replace(one, place=places.get(one.unit.id)) for one in cells)
    best, worst = _ends(ranked, indicator)
    count = sum(one is not None for one in places.values())
    return SideRow(indicator, ranked, count, best, worst)


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
