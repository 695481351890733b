"""The page of the 766 index: official scores beside recomputed ones, or a list of units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from ioc.domain.index766 import Index766, load
from ioc.domain.index766_score import Recomputed, explained_by, recompute
from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.answers import Cell, Point, Series, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.desk import Desk
from ioc.queries.found import find, trends
from ioc.queries.group import below
from ioc.queries.index766_answers import Beside, GroupTold, Index766Page, Placed, RowTold
from ioc.queries.index766_told import COMPONENTS, SCORE, Told, read_told
from ioc.queries.newest import in_period, shown_period
from ioc.queries.series import SHOWN, series
from ioc.queries.standing import TOTALS
from ioc.queries.unit_page import crumbs

PERIODS = 12
"""So many periods told row by row are offered."""


def index766(desk: Desk, view: View, scope: Scope) -> Index766Page:
    """The index of the unit of the address, in its period or the newest that is told.

    Under a total, the units that have an index. Raises AddressError for an unknown unit,
    NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        unit = resolve.unit(desk.units, view, scope)
        return _listed(ask, unit) if unit.level in TOTALS else _of_one(ask, unit)


def _of_one(ask: Ask, unit: Unit) -> Index766Page:
    index, indicator = load(), ask.desk.catalogue.by_code(SCORE)
    asked = ask.view.period
    grain = asked.grain if asked else Grain.MONTH
    newest = Period.of(Calendar.CALENDAR, grain, ask.today)
    last = max(newest, asked) if asked and asked.calendar is newest.calendar else newest
    told = read_told(ask, index, [unit], last.shift(1 - SHOWN), last)
    period = asked or _newest(told, unit)
    page = _blank(ask, unit, index)
    if period is None:
        return page
    made = recompute(index, told.given(unit.id, period), period.start)
    found = find(ask, [unit], [indicator], period)
    official = cell(ask, unit, indicator, found.get((unit.id, indicator.id)), period)
    groups = tuple(_group(told, unit, period, made, at) for at in range(len(index.groups)))
    total, summed = _total(told, unit, period, made, groups)
    line = trends(ask, [unit], [indicator], SHOWN, period if asked else None)
    drawn = series(ask, unit, indicator, line.get((unit.id, indicator.id), {}))
    made_up = official.figure.illustrative or any(p.figure.illustrative for p in drawn.points)
    return replace(
        page,
        stamp=ask.stamp(illustrative=made_up),
        period=period,
        version=made.version,
        official=official,
        summed=summed,
        total=total,
        made=made,
        groups=groups,
        series=drawn,
        remade=_remade(told, unit, drawn),
        periods=_told_periods(told, unit),
    )


def _blank(ask: Ask, unit: Unit, index: Index766) -> Index766Page:
    return Index766Page(
        view=ask.view,
        stamp=ask.stamp(illustrative=False),
        unit=ask.ref(unit),
        crumbs=crumbs(ask, unit),
        indicator=ask.desk.catalogue.by_code(SCORE),
        components=ask.desk.catalogue.by_code(COMPONENTS),
        period=None,
        version=None,
        versions=index.versions,
        siblings=_siblings(ask, unit),
    )


def _newest(told: Told, unit: Unit) -> Period | None:
    """The newest period of which rows are told, else the newest with an official score."""
    rows = [period for unit_id, period in told.counts if unit_id == unit.id]
    scores = [period for unit_id, period in told.scores if unit_id == unit.id]
    return max(rows or scores, default=None)


def _told_periods(told: Told, unit: Unit) -> tuple[Period, ...]:
    there = {period for unit_id, period in told.counts if unit_id == unit.id}
    return tuple(sorted(there, reverse=True)[:PERIODS])


def _group(told: Told, unit: Unit, period: Period, made: Recomputed, at: int) -> GroupTold:
    scored = made.groups[at]
    rows = tuple(
        RowTold(one, Beside(told.official(unit.id, period, one.row.breakdown), one.points))
        for one in scored.rows
    )
    rows = tuple(_explained(told.index, one, made) for one in rows)
    counted = sum(one.scoring.scored for one in scored.rows)
    official = told.official(unit.id, period, scored.group.breakdown)
    return GroupTold(scored.group, rows, Beside(official, scored.points, counted), scored.known)


def _explained(index: Index766, one: RowTold, made: Recomputed) -> RowTold:
    """With the other version of the formulas by which a differing official score comes out."""
    official = one.beside.official
    if official is None or not one.beside.differs:
        return one
    scored = one.scored
    found = explained_by(index, scored.row, scored.given, official, made.version)
    return replace(one, explained=found)


def _total(
    told: Told, unit: Unit, period: Period, made: Recomputed, groups: Iterable[GroupTold]
) -> tuple[Beside, bool]:
    """Both totals; without an official one, the sum of the official groups if all are there."""
    counted = sum(one.scoring.scored for one in made.rows)
    official, summed = told.official(unit.id, period, ""), False
    if official is None:
        parts = [one.beside.official for one in groups]
        known = [one for one in parts if one is not None]
        if len(known) == len(parts):
            official, summed = sum(known, Fraction(0)), True
    return Beside(official, made.points, counted), summed


def _remade(told: Told, unit: Unit, drawn: Series) -> Series:
    """The recomputed totals of the periods drawn; a gap where a row is missing."""
    points = []
    for point in drawn.points:
        given = told.given(unit.id, point.period)
        made = recompute(told.index, given, point.period.start).points if given else None
        empty = Empty.MISSING if made is None else None
        figure = Figure(Kind.SCORE, made, empty=empty, illustrative=point.figure.illustrative)
        points.append(Point(point.period, figure))
    return replace(drawn, points=tuple(points))


def _siblings(ask: Ask, unit: Unit) -> tuple[UnitRef, ...]:
    """The units beside this one: of its level under the same parent, in alphabetical order."""
    day = ask.map_day if unit.valid_to is None else unit.valid_from
    above = ask.units.parent(unit.id, day)
    beside = ask.units.children(above.id, day, unit.level) if above else ()
    return tuple(
        sorted((ask.ref(one) for one in beside if ask.sees(one)), key=lambda one: folded(one.short))
    )


def _listed(ask: Ask, unit: Unit) -> Index766Page:
    index, indicator = load(), ask.desk.catalogue.by_code(SCORE)
    page = replace(_blank(ask, unit, index), siblings=())
    members = [one for one in _members(ask, unit) if ask.sees(one)]
    found = find(ask, members, [indicator], ask.view.period)
    period = ask.view.period or shown_period(found.values())
    if period is None:
        return page
    told = read_told(ask, index, members, period, period)
    placed = []
    for member in members:
        one = found.get((member.id, indicator.id))
        here = in_period(one, period) if one else None
        placed.append(_placed(ask, told, member, cell(ask, member, indicator, here, period)))
    placed.sort(key=lambda one: (-(one.beside.official or Fraction(-1)), folded(one.unit.short)))
    return replace(
        page,
        stamp=ask.stamp(illustrative=any(one.cell.figure.illustrative for one in placed)),
        period=period,
        version=index.version(period.start),
        placed=tuple(placed),
    )


def _members(ask: Ask, unit: Unit) -> list[Unit]:
    """Provinces and ministries under the nation, otherwise the one level under the total."""
    levels = [below(unit)]
    if unit.level is Level.NATION:
        levels = [Level.PROVINCE, Level.MINISTRY]
    return [one for level in levels for one in ask.units.children(unit.id, ask.map_day, level)]


def _placed(ask: Ask, told: Told, member: Unit, official: Cell) -> Placed:
    period = official.period
    assert period is not None  # a list is of one period
    given = told.given(member.id, period)
    made = recompute(told.index, given, period.start)
    counted = sum(one.scoring.scored for one in made.rows)
    differing = sum(
        Beside(told.official(member.id, period, one.row.breakdown), one.points).differs
        for one in made.rows
    )
    beside = Beside(official.figure.value, made.points, counted)
    return Placed(ask.ref(member), official, beside, len(made.lacking), differing)
