"""The pace to targets: of one figure with its trend, of the units of a group, and for the wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Direction, Indicator
from ioc.domain.measure import Bound, Figure, Kind, Restated
from ioc.domain.pace import Outlook, Pace, pace
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.unit import Unit
from ioc.domain.view import View
from ioc.domain.workdays import workdays
from ioc.queries import resolve
from ioc.queries.answers import Cell, Point, Stamp, UnitPace, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.found import trends
from ioc.queries.gathered import Trends, lines
from ioc.queries.group import below, children, group, total
from ioc.queries.series import points
from ioc.queries.standing import TOTALS

LOOKED_BACK = 25
"""Periods a pace is told from: two years and the month before them."""
FARTHEST = 400
"""Periods a past question reaches back at most."""
_ORDER = (
    Outlook.NEVER,
    Outlook.LATE,
    Outlook.PAST,
    Outlook.UNKNOWN,
    Outlook.ON_TIME,
    Outlook.REACHED,
    Outlook.NOT_JUDGED,
)
_CUTS = frozenset({"merge", "split", "transfer"})


@dataclass(frozen=True, slots=True)
class PaceBoard:
    """The paces of a group of units, those who must speed up first; `total` is the parent's."""

    view: View
    stamp: Stamp
    unit: UnitRef
    indicator: Indicator
    total: UnitPace
    rows: tuple[UnitPace, ...]


def pace_board(desk: Desk, view: View, scope: Scope) -> PaceBoard:
    """Who of the units under the address's unit must speed up, for the address's indicator.

    Without an indicator in the address the first headline that these units have a target for.
    Raises AddressError for an unknown unit or indicator, NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        unit = resolve.unit(desk.units, view, scope)
        indicator = _aimed(ask, unit)
        found = group(ask, unit, [indicator])
        cells = children(ask, found, indicator)
        line = trends(ask, [unit], [indicator], LOOKED_BACK).get((unit.id, indicator.id), {})
        whole = total(ask, found, indicator, line)
        said = history(ask, found.members, indicator)
        paces = paces_from(ask, found.members, indicator, cells, said)
        rows = in_order(UnitPace(one, paces[one.unit.id]) for one in cells if one.unit.id in paces)
        drawn = points(ask, unit, indicator, line, LOOKED_BACK)
        return PaceBoard(
            view=view,
            stamp=ask.stamp(illustrative=any(one.figure.illustrative for one in (whole, *cells))),
            unit=ask.ref(unit),
            indicator=indicator,
            total=UnitPace(whole, pace_of(ask, whole, unit, drawn)),
            rows=rows,
        )


def pace_of(ask: Ask, cell: Cell, unit: Unit | None, shown: Sequence[Point]) -> Pace:
    """The pace of a cell whose trend is `shown`; `unit` None for units only chosen together.

    What cannot be compared with the figure, and what lies before a day on which the indicator was
    redefined or a part of the unit came or went, is left out. Asked about a past period the pace
    is told as at its end.
    """
    period = cell.period
    if period is None or period.grain is not cell.indicator.cadence:
        return pace(cell.indicator, cell.figure, cell.target, None, {}, ask.today, workdays())
    since = _since(ask, cell.indicator, unit, period)
    past = {
        one.period: one.figure
        for one in shown
        if one.period <= period
        and (since is None or one.period.start >= since)
        and _comparable(one.figure, cell.figure)
    }
    day = ask.today if ask.view.period is None else min(ask.today, period.end)
    return pace(cell.indicator, cell.figure, cell.target, period, past, day, workdays())


def history(ask: Ask, units: Sequence[Unit], indicator: Indicator) -> Trends:
    """The trends that paces are told from, on the map asked for, in one reading."""
    if ask.view.basis != "today":
        return lines(ask, units, [indicator], LOOKED_BACK)
    asked, count = ask.view.period, LOOKED_BACK
    if asked is not None and asked.grain is indicator.cadence:
        newest = Period.of(asked.calendar, asked.grain, ask.today)
        while asked < newest and count < FARTHEST:
            newest, count = newest.previous, count + 1
    found = trends(ask, units, [indicator], count)
    if asked is None:
        return found
    last = asked.end
    return {
        key: {p: raw for p, raw in line.items() if p.end <= last} for key, line in found.items()
    }


def paces_from(
    ask: Ask,
    units: Iterable[Unit],
    indicator: Indicator,
    cells: Iterable[Cell],
    said: Trends,
) -> dict[int, Pace]:
    """The paces of the units' cells by unit id; `said` is their history."""
    by_id = {one.id: one for one in units}
    found = {}
    for cell in cells:
        unit = by_id.get(cell.unit.id)
        if unit is not None:
            drawn: tuple[Point, ...] = ()
            if cell.target is not None and cell.figure.value is not None:
                line = said.get((unit.id, indicator.id), {})
                drawn = points(ask, unit, indicator, line, LOOKED_BACK)
            found[unit.id] = pace_of(ask, cell, unit, drawn)
    return found


def in_order(rows: Iterable[UnitPace]) -> tuple[UnitPace, ...]:
    """Who must speed up first: by outlook, then the smaller part of the pace needed.

    The part moved/needed has no unit of measure, so units with different targets of their own can
    stand in one list; only units of one level do.
    """

    def key(one: UnitPace) -> tuple[int, bool, Fraction, str]:
        share = one.pace.share
        return (
            _ORDER.index(one.pace.outlook),
            share is None,
            share or Fraction(0),
            one.cell.unit.short,
        )

    return tuple(sorted(rows, key=key))


def _comparable(figure: Figure, shown: Figure) -> bool:
    """Whether the difference of a past figure and the one shown says something.

    A share may lack units behind it, a count may not: that would be a fall that nobody had.
    """
    if figure.value is None or figure.bound is not Bound.EXACT:
        return False
    if figure.kind is Kind.RATIO:
        alike = (figure.denominator is None) == (shown.denominator is None)
        return alike and figure.restated is not Restated.NOT_RESTATABLE
    return figure.restated in (Restated.AS_REPORTED, Restated.EXACT)


def _since(ask: Ask, indicator: Indicator, unit: Unit | None, period: Period) -> date | None:
    """The last day before which figures mean something else: a new definition, a part that came
    or went. A merger of whole units is no such day, as their sum is exact."""
    days = [one.day for one in indicator.redefined]
    if unit is not None and unit.level not in TOTALS:
        both = (*ask.units.predecessors(unit.id), *ask.units.successors(unit.id))
        days += [one.day for one in both if one.coverage == "part" and one.kind in _CUTS]
    return max((day for day in days if day <= period.end), default=None)


def _aimed(ask: Ask, unit: Unit) -> Indicator:
    catalogue: Catalogue = ask.desk.catalogue
    if ask.view.indicator is not None:
        return resolve.indicator(catalogue, ask.view)
    level = below(unit) or unit.level
    aimed = [
        one
        for one in catalogue.all
        if level in one.levels
        and one.direction is not Direction.NEUTRAL
        and any(level in rule.levels for rule in one.targets)
    ]
    headlines = [one for one in aimed if one.headline]
    return next(iter((*headlines, *aimed)), catalogue.all[0])
