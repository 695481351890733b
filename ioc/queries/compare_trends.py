"""Trends compared: small multiples, indexed lines, and one unit's way to its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.measure import Bound, Figure, Kind, Restated
from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.queries.answers import Cell, Point, Series
from ioc.queries.ask import Ask
from ioc.queries.cells import cell
from ioc.queries.compare_answers import (
    Corridor,
    Indexed,
    IndexedPoint,
    IndexedTrends,
    Multiples,
    Pace,
    Small,
    Start,
)
from ioc.queries.found import Found
from ioc.queries.gathered import (
    Gathered,
    Trends,
    bare,
    cells_of,
    finds,
    lines,
    period_of,
)
from ioc.queries.group import ranked
from ioc.queries.notes import notes_about
from ioc.queries.restate import own_trends
from ioc.queries.series import SHOWN, reported, series

MOST_SMALL = 40
"""Small multiples on one page."""
TWO_YEARS = 25
"""Periods of a small trend: two years and the same month before them."""
BACK = 12
"""Periods over which the pace towards a target is told."""
_CUTS = frozenset({"merge", "split", "transfer"})


def multiples(ask: Ask, group: Gathered, units: Sequence[Unit], indicator: Indicator) -> Multiples:
    """The trends of the chosen units, or of the whole group, the best value first."""
    drawn = units or group.members
    found = finds(ask, drawn, [indicator], ask.view.period)
    ask.learn_citations(one.raw.citation_id for one in found.values())
    cells = cells_of(ask, drawn, indicator, found, period_of(ask, drawn, indicator, found))
    order = ranked(cells, indicator)
    kept = order[:MOST_SMALL]
    shown = [ask.units.by_id(one.unit.id) for one in kept]
    # What cannot be restated is a gap here as any other: former units need not be asked.
    trends = _series(ask, shown, indicator, TWO_YEARS, {})
    smalls = tuple(Small(one, of) for one, of in zip(trends, kept, strict=True))
    return Multiples(smalls, len(order) - len(kept))


def _series(
    ask: Ask,
    units: Sequence[Unit],
    indicator: Indicator,
    count: int = SHOWN,
    silent: Mapping[int, frozenset[Period]] | None = None,
) -> list[Series]:
    """The trends of units; `silent` periods of each cannot be restated, looked up without it."""
    found = lines(ask, units, [indicator], count)
    silent = bare(ask, units, indicator, found) if silent is None else silent
    return [
        series(
            ask,
            unit,
            indicator,
            found.get((unit.id, indicator.id), {}),
            count=count,
            bare=silent.get(unit.id, frozenset()),
        )
        for unit in units
    ]


# Indexed lines


def indexed(ask: Ask, units: Sequence[Unit], indicator: Indicator) -> IndexedTrends:
    """Each unit's value over its own value in the base period, × 100.

    The base is the period of the address, else the first in which all units can be compared, else
    the first in which most can. A unit without a usable figure in it starts at its own first one.
    """
    found = _series(ask, units, indicator)
    cuts = [_cut(ask, unit, one) for unit, one in zip(units, found, strict=True)]
    usable = [
        {point.period for point in one.points if bases(point.figure) and _starts(point, cut)}
        for one, cut in zip(found, cuts, strict=True)
    ]
    base = ask.view.before or _common([one for one in usable if one])
    newest = finds(ask, units, [indicator], ask.view.period)
    cells = cells_of(ask, units, indicator, newest, ask.view.period)
    drawn = [
        _indexed(one, of, base, some, cut)
        for one, of, some, cut in zip(found, cells, usable, cuts, strict=True)
    ]
    return IndexedTrends(base, tuple(drawn))


def bases(figure: Figure) -> bool:
    """Whether a figure can be the base of an index: exact, complete and above zero."""
    whole = figure.restated in (Restated.AS_REPORTED, Restated.EXACT)
    return whole and figure.bound is Bound.EXACT and figure.value is not None and figure.value > 0


def _cut(ask: Ask, unit: Unit, found: Series) -> date | None:
    """The day before which nothing can be compared with what follows: the last change by which
    only a part came or went, or the last period that cannot be restated."""
    both = (*ask.units.predecessors(unit.id), *ask.units.successors(unit.id))
    days = [one.day for one in both if one.coverage == "part" and one.kind in _CUTS]
    lost = [p.period for p in found.points if p.figure.restated is Restated.NOT_RESTATABLE]
    if lost:
        days.append(max(lost).shift(1).start)
    if not found.points:
        return None
    last = found.points[-1].period.end
    return max((day for day in days if day <= last), default=None)


def _starts(point: Point, cut: date | None) -> bool:
    return cut is None or point.period.start >= cut


def _common(usable: Sequence[set[Period]]) -> Period | None:
    """The first period of all, or else of as many as any period has."""
    counted: dict[Period, int] = {}
    for some in usable:
        for period in some:
            counted[period] = counted.get(period, 0) + 1
    most = max(counted.values(), default=0)
    return min((period for period, count in counted.items() if count == most), default=None)


def _indexed(
    found: Series, of: Cell, base: Period | None, usable: set[Period], cut: date | None
) -> Indexed:
    start = Start.COMMON if base in usable else Start.OWN
    own = (
        base if base in usable else min((p for p in usable if not base or p >= base), default=None)
    )
    if own is None:
        return Indexed(found, of, None, Start.NEVER, (), cut)
    at = next(point for point in found.points if point.period == own)
    after = [point for point in found.points if point.period >= own]
    made = tuple(IndexedPoint(point, _index(point.figure, at.figure)) for point in after)
    return Indexed(found, of, own, start, made, cut)


def _index(figure: Figure, base: Figure) -> Fraction | None:
    """Value over base × 100; None where the two are not of one kind.

    A sum that lacks units is not held against a whole one; a ratio may be.
    """
    if figure.value is None or not base.value or figure.bound is not Bound.EXACT:
        return None
    if figure.kind is Kind.RATIO:
        if (figure.denominator is None) != (base.denominator is None):
            return None
    elif figure.restated is Restated.PARTIAL:
        return None
    return figure.value / base.value * 100


# The way to the target


def corridor(ask: Ask, unit: Unit, indicator: Indicator) -> Corridor:
    """One unit's trend, its former units' own lines, and how far the target is."""
    found = lines(ask, [unit], [indicator])
    silent = bare(ask, [unit], indicator, found)
    line = found.get((unit.id, indicator.id), {})
    drawn = series(ask, unit, indicator, line, bare=silent.get(unit.id, frozenset()))
    formers = ask.formers(unit) if ask.view.basis == "today" else ()
    said: Trends = own_trends(ask, formers, [indicator]) if formers else {}
    newest = [point for point in drawn.points if point.figure.value is not None]
    period = newest[-1].period if newest else ask.view.period
    raw = line.get(period) if period else None
    one = Found(period, raw, line.get(period.previous)) if period and raw else None
    ask.learn_citations([raw.citation_id] if raw else [])
    shown = cell(ask, unit, indicator, one, period)
    former = reported(ask, said, formers, indicator, SHOWN)
    noted = notes_about(ask, [unit], [indicator])
    return Corridor(drawn, shown, former, _pace(drawn, shown, indicator), noted)


def _pace(drawn: Series, shown: Cell, indicator: Indicator) -> Pace | None:
    if shown.gap is None or shown.target is None or shown.period is None:
        return None
    if indicator.direction is Direction.NEUTRAL:
        return None
    miss = shown.gap if indicator.direction is Direction.DOWN else -shown.gap
    since = _since(drawn, shown)
    value, then = shown.figure.value, since.figure.value if since else None
    moved = value - then if value is not None and then is not None else None
    return Pace(
        missing=max(miss, Fraction(0)),
        moved=moved,
        since=since.period if since and moved is not None else None,
        left=_left(shown),
    )


def _since(drawn: Series, shown: Cell) -> Point | None:
    """The earliest comparable figure of the last periods."""
    assert shown.period is not None
    first = shown.period.shift(-BACK)
    for point in drawn.points:
        if first <= point.period < shown.period and bases_change(point.figure, shown.figure):
            return point
    return None


def bases_change(one: Figure, other: Figure) -> bool:
    """Whether the difference of two figures of a unit says something: exact, whole, of one kind."""
    whole = (Restated.AS_REPORTED, Restated.EXACT)
    exact = one.bound is Bound.EXACT and other.bound is Bound.EXACT
    same = one.kind is not Kind.RATIO or (one.denominator is None) == (other.denominator is None)
    return one.value is not None and one.restated in whole and exact and same


def _left(shown: Cell) -> int | None:
    """Periods from the one shown to the target's last day; None without an end."""
    target, period = shown.target, shown.period
    if target is None or period is None or target.valid_to is None or target.carried_year:
        return None
    count = 0
    while period.end < target.valid_to and count < 600:
        period, count = period.shift(1), count + 1
    return count
