"""Trends: one indicator of one unit over time, its gaps and the days the unit changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty, Restated
from ioc.domain.period import Period
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import Break, Point, Series
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, figure, has_figure, no_figure
from ioc.queries.found import Trend
from ioc.queries.standing import TOTALS, standing, why_empty

SHOWN = 36
"""Periods of a full trend."""
_MANY = 3
"""Mergers on one day that make a reorganisation of the total above."""
SMALL = 13
"""Periods of the small trend on a tile: a year and the same month of the year before."""


def points(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    trend: Trend,
    count: int,
    *,
    bare: frozenset[Period] = frozenset(),
) -> tuple[Point, ...]:
    """The newest `count` periods up to the newest one with a figure, gaps included, oldest first.

    `bare` are periods in which only former units reported, and only what cannot be restated.
    """
    filled = [period for period, raw in trend.items() if has_figure(raw)] + list(bare)
    if not filled:
        return ()
    newest = max(filled)
    first = max(min(filled), newest.shift(1 - count))
    shown = []
    period = first
    while period <= newest:
        shown.append(_point(ask, unit, indicator, period, trend.get(period), period in bare))
        period = period.shift(1)
    return tuple(shown)


def _point(
    ask: Ask, unit: Unit, indicator: Indicator, period: Period, raw: Raw | None, bare: bool
) -> Point:
    target = ask.target(indicator, unit, period)
    aim = target.value if target else None
    if raw is None or not has_figure(raw):
        if bare:
            lost = no_figure(indicator, Empty.MISSING, Restated.NOT_RESTATABLE)
            return Point(period, lost, aim)
        return Point(period, no_figure(indicator, why_empty(ask, unit, indicator, period)), aim)
    stood = standing(ask, unit, indicator, period, raw)
    return Point(period, figure(indicator, raw, stood), aim)


def series(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    trend: Trend,
    *,
    count: int = SHOWN,
    bare: frozenset[Period] = frozenset(),
) -> Series:
    """The trend of a unit with the breaks that lie in it."""
    shown = points(ask, unit, indicator, trend, count, bare=bare)
    found: tuple[Break, ...] = ()
    if shown:
        first, last = shown[0].period.start, shown[-1].period.end
        found = (*breaks(ask, unit, first, last), *redefined(indicator, first, last, ask.view.lang))
    return Series(ask.ref(unit), indicator, shown, found)


def redefined(indicator: Indicator, first: date, last: date, lang: str) -> tuple[Break, ...]:
    """The days between two on which the indicator began to mean something else."""
    return tuple(
        Break(one.day, "redefined", one.what.say(lang))
        for one in indicator.redefined
        if first < one.day <= last
    )


def breaks(ask: Ask, unit: Unit, first: date, last: date) -> tuple[Break, ...]:
    """What changed the unit between two days; for totals, the reorganisations below them."""
    if unit.level in TOTALS:
        return _reorganisations(ask, unit, first, last)
    return tuple(
        Break(
            day=event.day,
            kind=event.kind,
            legal_basis=event.legal_basis,
            predecessors=ask.refs(event.predecessors),
            successors=ask.refs(event.successors),
        )
        for event in ask.units.breaks(unit.id, first, last)
    )


def _reorganisations(ask: Ask, unit: Unit, first: date, last: date) -> tuple[Break, ...]:
    """Days on which several units of one level below were merged, as one mark each.

    The total itself stays comparable; who stands behind it does not.
    """
    found: Counter[tuple[date, str]] = Counter()
    for one in _one_level_below(ask, unit):
        for event in ask.units.breaks(one.id, first, last):
            if event.kind == "merge" and event.predecessors:
                found[event.day, event.legal_basis] += 1
    return tuple(
        Break(day, "merge", legal)
        for (day, legal), count in sorted(found.items())
        if count >= _MANY
    )


def _one_level_below(ask: Ask, unit: Unit) -> tuple[Unit, ...]:
    below = ask.units.children(unit.id, ask.map_day)
    if unit.level is not Level.NATION:
        return below
    return tuple(one for part in below for one in ask.units.children(part.id, ask.map_day))


def reported(ask: Ask, said: Mapping[tuple[int, int], Trend], units: Iterable[Unit],
             indicator: Indicator, count: int) -> tuple[Series, ...]:  # fmt: skip
    """The series of former units exactly as they reported them; those with nothing are left out."""
    found = []
    for unit in units:
        trend = said.get((unit.id, indicator.id), {})
        shown = points(ask, unit, indicator, trend, count)
        if shown:
            found.append(Series(ask.ref(unit), indicator, shown))
    return tuple(found)
