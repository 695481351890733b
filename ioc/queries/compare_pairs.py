"""Two figures of each unit: two indicators in one period, or one indicator in two periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Kind, Restated
from ioc.domain.period import Grain, Period
from ioc.domain.target import Target
from ioc.errors import AddressError
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.compare_answers import Pair, Scatter, Slope, Slopes, Uneven
from ioc.queries.found import Finds
from ioc.queries.gathered import Gathered, cells_of, finds, period_of
from ioc.queries.group import ranked

_YEAR = {Grain.DAY: 365, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2}


def scatter(ask: Ask, group: Gathered, x: Indicator, y: Indicator) -> Scatter:
    """Both indicators of every unit, each in its own period; the best of `x` first."""
    found = finds(ask, group.members, list(dict.fromkeys([x, y])), ask.view.period)
    ask.learn_citations(one.raw.citation_id for one in found.values())
    across = cells_of(ask, group.members, x, found, period_of(ask, group.members, x, found))
    up = cells_of(ask, group.members, y, found, period_of(ask, group.members, y, found))
    beside = {cell.unit.id: cell for cell in up}
    pairs = [Pair(cell, beside[cell.unit.id]) for cell in ranked(across, x)]
    both = [one for one in pairs if _valued(one.x) and _valued(one.y)]
    return Scatter(
        pairs=tuple(both),
        lacking=tuple(one for one in pairs if not (_valued(one.x) and _valued(one.y))),
        x_target=_common([one.x for one in both]),
        y_target=_common([one.y for one in both]),
    )


def _valued(cell: Cell) -> bool:
    return cell.figure.value is not None


def _common(cells: Sequence[Cell]) -> Target | None:
    """The target that most of the units share."""
    counted = Counter(cell.target for cell in cells if cell.target is not None)
    return counted.most_common(1)[0][0] if counted else None


def slope(ask: Ask, group: Gathered, indicator: Indicator) -> tuple[Slopes, Period | None]:
    """Every unit between two periods, and the first of them.

    Without one in the address it is the same period a year before, or, where nobody has a figure
    of that, the period just before. Raises AddressError when it is not an earlier period of the
    same length as the later one.
    """
    found = finds(ask, group.members, [indicator], ask.view.period)
    now = period_of(ask, group.members, indicator, found)
    if now is None:
        return Slopes((), ()), ask.view.before
    before, earlier = _before(ask, group, indicator, now)
    both = [*found.values(), *earlier.values()]
    ask.learn_citations(one.raw.citation_id for one in both)
    then = cells_of(ask, group.members, indicator, earlier, before)
    late = cells_of(ask, group.members, indicator, found, now)
    pairs = [_slope(*both) for both in zip(then, late, strict=True)]
    return _placed(pairs, indicator), before


def _before(ask: Ask, group: Gathered, indicator: Indicator, now: Period) -> tuple[Period, Finds]:
    asked = ask.view.before
    if asked is not None:
        same = (asked.grain, asked.calendar) == (now.grain, now.calendar)
        if not same or asked >= now:
            allowed = ", ".join(one.code for one in (now.previous, year_before(now)))
            raise AddressError(part="before", given=asked.code, allowed=allowed)
        return asked, finds(ask, group.members, [indicator], asked)
    found: Finds = {}
    for period in (year_before(now), now.previous):
        found = finds(ask, group.members, [indicator], period)
        if found:
            return period, found
    return now.previous, found


def year_before(period: Period) -> Period:
    """The same period of the year before."""
    if period.grain is Grain.DAY:
        return period.shift(-_YEAR[Grain.DAY])
    return period.shift(-_YEAR.get(period.grain, 1))


def _slope(before: Cell, now: Cell) -> Slope:
    """The change between two cells, or why there is none."""
    before, now = replace(before, place=None), replace(now, place=None)
    then, value = before.figure.value, now.figure.value
    if then is None or value is None:
        empty = (
            Uneven.NEITHER if then is value else Uneven.NO_BEFORE if then is None else Uneven.NO_NOW
        )
        return Slope(before, now, uneven=empty)
    return Slope(before, now, value - then, uneven(before, now))


def uneven(before: Cell, now: Cell) -> Uneven | None:
    """Why two figures of a unit are not compared although both are there; None when they are."""
    one, other = before.figure, now.figure
    if Bound.EXACT is not one.bound or Bound.EXACT is not other.bound:
        return Uneven.INEXACT
    if one.kind is Kind.RATIO and (one.denominator is None) != (other.denominator is None):
        return Uneven.INEXACT
    partial = Restated.PARTIAL in (one.restated, other.restated)
    alike = one.coverage and other.coverage and one.coverage.reported == other.coverage.reported
    return Uneven.PARTIAL if partial and not alike else None


def _placed(pairs: Sequence[Slope], indicator: Indicator) -> Slopes:
    even = {one.now.unit.id: one for one in pairs if one.uneven is None}
    early = ranked([one.before for one in even.values()], indicator)
    late = ranked([one.now for one in even.values()], indicator)
    then = {cell.unit.id: cell for cell in early}
    lines = tuple(replace(even[cell.unit.id], before=then[cell.unit.id], now=cell) for cell in late)
    rest = sorted(
        (one for one in pairs if one.uneven is not None), key=lambda one: one.now.unit.short
    )
    return Slopes(lines, tuple(rest))
