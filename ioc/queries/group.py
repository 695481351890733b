"""The group an address looks at: its parent, the units drawn, and their figures and totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.interval import interval
from ioc.domain.measure import Empty
from ioc.domain.ranking import Place, places
from ioc.domain.target import Status
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.cells import cell
from ioc.queries.found import Finds, Found, Trend, find
from ioc.queries.newest import in_period, settled, shown_period, totalled
from ioc.queries.restate import on_map
from ioc.queries.standing import TOTALS

_BELOW = {
    Level.NATION: Level.PROVINCE,
    Level.LOCALITIES: Level.PROVINCE,
    Level.REGION: Level.PROVINCE,
    Level.GOVERNMENT: Level.MINISTRY,
    Level.PROVINCE: Level.COMMUNE,
    Level.MINISTRY: Level.DEPARTMENT,
}


@dataclass(frozen=True, slots=True)
class Group:
    """A parent, its children of one level, and what stands for all of them."""

    parent: Unit
    level: Level | None
    members: tuple[Unit, ...]
    finds: Finds
    totals: dict[int, Found]


def below(unit: Unit) -> Level | None:
    """The level drawn under a unit; None for communes and departments, which have none."""
    return _BELOW.get(unit.level)


def group(
    ask: Ask, parent: Unit, indicators: Sequence[Indicator], *, level: Level | None = None
) -> Group:
    """Find the children's and the parent's figures on the map the view asks for.

    A total is the same on every map; a region's is made of the children found.
    """
    level = level or below(parent)
    period = ask.view.period
    if level is None:
        finds = find(ask, [parent], indicators, period)
        return Group(parent, None, (), finds, _of(parent, finds))
    if ask.view.basis == "today":
        today = ask.units.children(parent.id, ask.map_day, level)
        members = tuple(one for one in today if ask.sees(one))
        finds = find(ask, members, indicators, period)
    else:
        day = None if ask.view.basis == "reported" else date.fromisoformat(ask.view.basis)
        members, finds = on_map(ask, parent, level, indicators, period, day)
    if parent.level is Level.REGION:
        totals = totalled(ask, parent, members, indicators, finds)
    else:
        totals = _of(parent, find(ask, [parent], indicators, period))
    return Group(parent, level, members, finds, totals)


def _of(parent: Unit, finds: Finds) -> dict[int, Found]:
    return {key[1]: found for key, found in finds.items() if key[0] == parent.id}


def total(ask: Ask, found: Group, indicator: Indicator, trend: Trend | None = None) -> Cell:
    """The parent's cell; with its trend, in the period that `settled` shows it in."""
    one = found.totals.get(indicator.id)
    if one is not None and trend is not None and ask.view.period is None:
        one = settled(one, trend)
    return cell(ask, found.parent, indicator, one, ask.view.period)


def children(ask: Ask, found: Group, indicator: Indicator) -> tuple[Cell, ...]:
    """The members' cells in one period, so that they can be compared; best first, ranked.

    Without an asked period it is the newest, as `shown_period` says. None where the members'
    level does not report the indicator.
    """
    if found.level not in indicator.levels:
        return ()
    found_here = {
        unit.id: one
        for unit in found.members
        if (one := found.finds.get((unit.id, indicator.id))) is not None
    }
    shown = ask.view.period or shown_period(found_here.values())
    cells = []
    for unit in found.members:
        one = found_here.get(unit.id)
        if one is not None and shown is not None:
            one = in_period(one, shown)
        cells.append(cell(ask, unit, indicator, one, shown))
    return ranked(cells, indicator)


def ranked(cells: Iterable[Cell], indicator: Indicator) -> tuple[Cell, ...]:
    """Best first with their places; without a value, listed last, unranked."""
    given = list(cells)
    best_low = indicator.direction is Direction.DOWN
    valued = [one for one in placed(given, indicator) if one.figure.value is not None]
    valued.sort(
        key=lambda one: (_order(one.figure.value, best_low), folded(one.unit.short)),
    )
    rest = [one for one in given if one.figure.value is None]
    rest.sort(key=lambda one: folded(one.unit.short))
    return (*valued, *rest)


def placed(cells: Iterable[Cell], indicator: Indicator) -> tuple[Cell, ...]:
    """The cells in the order given, each with its place among those of its own class.

    A class are the units of one level: they are given targets together and can be held against
    each other. Totals are in none.
    """
    given = list(cells)
    found: dict[int, Place] = {}
    for level in {one.unit.level for one in given} - {one.value for one in TOTALS}:
        values = {
            at: one.figure.value
            for at, one in enumerate(given)
            if one.unit.level == level and one.figure.value is not None
        }
        silent = (Empty.MISSING, Empty.LATE)
        its = places(
            list(values.values()),
            low_is_best=indicator.direction is Direction.DOWN,
            silent=sum(one.unit.level == level and one.figure.empty in silent for one in given),
            intervals=[interval(indicator, given[at].figure) for at in values],
        )
        found |= dict(zip(values, its, strict=True))
    return tuple(replace(one, place=found.get(at)) for at, one in enumerate(given))


def _order(value: Fraction | None, best_low: bool) -> Fraction:
    shown = value or Fraction(0)
    return shown if best_low else -shown


def at_risk(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """All cells at risk: the worst of every indicator, then the second worst of every one, …

    Misses of different indicators have no common measure (2,000 overdue dossiers against 0 and
    30 points below 70 %), so they are compared within their indicator only; between the equally
    placed, the miss relative to the target decides.
    """
    red = [one for one in cells if one.status is Status.AT_RISK and one.gap is not None]
    red.sort(key=lambda one: (-abs(one.gap or Fraction(0)), folded(one.unit.short)))
    placed: Counter[str] = Counter()
    order = []
    for one in red:
        placed[one.indicator.code] += 1
        order.append((placed[one.indicator.code], -_miss(one), one.indicator.order, one))
    order.sort(key=lambda one: one[:3])
    return tuple(one[3] for one in order)


def _miss(one: Cell) -> Fraction:
    """The miss as a share of the target; against a target of zero, one whole."""
    if one.target is None or not one.target.value:
        return Fraction(1)
    return abs(one.gap or Fraction(0)) / abs(one.target.value)
