"""The overview: a parent's headlines, its children on map and ranking, and what is red."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.scope import Scope
from ioc.domain.target import Status
from ioc.domain.unit import Level
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.answers import Cell, Matrix, Overview, Series, Tile, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.changes import with_changes
from ioc.queries.chosen import Choice
from ioc.queries.coverage import range_of
from ioc.queries.desk import Desk
from ioc.queries.found import Trend, trends
from ioc.queries.group import Group, at_risk, children, group, total
from ioc.queries.held import with_held
from ioc.queries.narrow import Narrowing, aimless, unjudged
from ioc.queries.newest import pooled_trends, shown_period
from ioc.queries.notes import notes_about
from ioc.queries.register_red import late_items
from ioc.queries.revisions import with_revisions
from ioc.queries.series import SHOWN, SMALL, points, series
from ioc.queries.standing import is_due
from ioc.store import source_state

RED = 40
"""Cells at risk that an answer carries; their count is always told in full."""


def overview(desk: Desk, view: View, scope: Scope) -> Overview:
    """The first page for the nation, the localities, the government or a region.

    Raises AddressError for a unit, indicator or group that does not exist, NotAllowedError for
    a unit outside the scope.
    """
    with asking(desk, view, scope) as ask:
        return with_revisions(ask, with_held(ask, with_changes(ask, _answer(ask))))


def _answer(ask: Ask) -> Overview:
    desk, view = ask.desk, ask.view
    unit = resolve.unit(desk.units, view, ask.scope)
    declared = resolve.indicators(desk.catalogue, view)
    found = group(ask, unit, declared)
    mine = _reporting(declared, found)
    focus = resolve.focus(desk.catalogue, view, mine)
    if focus not in declared:
        found = group(ask, unit, (*declared, focus))
    narrow = Narrowing(ask)
    narrow.unit(unit)
    narrow.indicator(focus)
    narrow.group(mine, _reporting(desk.catalogue.collected, found))
    narrow.asked(grouped=found.level is not None)
    part = narrow.part(focus)
    parted = narrow.parted(found, focus, part)
    ask.learn_citations(one.raw.citation_id for one in found.finds.values())
    ask.learn_citations(one.raw.citation_id for one in parted.finds.values())
    everyone = children(ask, parted, focus)
    if part:
        everyone = unjudged(everyone, part)
    named = narrow.part_words(focus, part, everyone)
    drawn = narrow.of_status(everyone, part)
    chosen = narrow.chosen(found.members)
    headlines = [one for one in mine if one.headline] or list(mine[:8])
    whole = _matrix(ask, found, mine)
    matrix = _left(whole, {one.unit.id for one in everyone} - {one.unit.id for one in drawn})
    told = _Told(ask, found, parted, focus, part, tuple(headlines))
    choice = Choice(ask, parted, chosen) if chosen else None
    tiles, total_cell, line = _of_choice(told, choice, whole) if choice else _of_all(told, whole)
    if part:
        (total_cell,), line = unjudged([total_cell], part), aimless(line, part)
    ids = {one.id for one in chosen}
    late = late_items(ask, chosen or (unit,))
    cells = (total_cell, *(one.cell for one in tiles), *whole.cells.values())
    made_up = any(one.figure.illustrative for one in cells)
    red = at_risk(one for one in matrix.cells.values() if not ids or one.unit.id in ids)
    return Overview(
        view=view,
        stamp=ask.stamp(illustrative=made_up or any(one.illustrative for one in late.items)),
        unit=ask.ref(unit),
        tiles=tiles,
        focus=focus,
        period=everyone[0].period if everyone else view.period,
        total=total_cell,
        reach=None if part else range_of(ask, unit, focus, total_cell, among=chosen),
        children=drawn,
        series=line,
        matrix=matrix,
        red=red[:RED],
        red_count=len(red),
        progress=_progress(ask),
        regions=_regions(ask),
        indicators=mine,
        applied=tuple(narrow.applied),
        ignored=tuple(narrow.ignored),
        chosen=tuple(ask.ref(one) for one in chosen),
        singles=choice.singles(focus, part=part) if choice else (),
        part=named,
        notes=notes_about(ask, [unit], [focus]),
        late=late,
    )


@dataclass(frozen=True)
class _Told:
    """What headlines and trend are made of: the group, and the same with the focus in its part."""

    ask: Ask
    found: Group
    parted: Group
    focus: Indicator
    part: str
    headlines: tuple[Indicator, ...]

    @property
    def asked(self) -> list[Indicator]:
        """The indicators whose trends are needed."""
        return sorted({*self.headlines, self.focus}, key=lambda one: one.order)


def _of_all(told: _Told, matrix: Matrix) -> tuple[tuple[Tile, ...], Cell, Series]:
    """Headlines, total and trend of the parent."""
    ask, unit, focus = told.ask, told.found.parent, told.focus
    lines = _lines(ask, told.found, told.asked)
    tiles = _tiles(ask, told.found, told.headlines, lines, matrix)
    if told.part:
        lines = {**lines, **_lines(ask, told.found, [focus], told.part)}
    line = lines.get((unit.id, focus.id), {})
    return tiles, total(ask, told.parted, focus, line), series(ask, unit, focus, line)


def _of_choice(
    told: _Told, choice: Choice, matrix: Matrix
) -> tuple[tuple[Tile, ...], Cell, Series]:
    """Headlines, total and trend of the chosen units together."""
    whole = replace(choice, found=told.found)
    totals, lines = whole.totals(told.asked), whole.lines(told.asked)
    ids = [unit.id for unit in choice.units]
    tiles = tuple(
        replace(
            whole.tile(one, totals.get(one.id), lines.get(one.id, {})),
            children=_counts(matrix, ids, one),
        )
        for one in told.headlines
    )
    focus = told.focus
    if told.part:
        totals, lines = choice.totals([focus]), choice.lines([focus], part=told.part)
    line = lines.get(focus.id, {})
    return tiles, choice.total(focus, totals.get(focus.id), line), choice.series(focus, line)


def _lines(
    ask: Ask, found: Group, indicators: list[Indicator], part: str = ""
) -> dict[tuple[int, int], Trend]:
    unit = found.parent
    if unit.level is Level.REGION:
        return pooled_trends(ask, unit, found.members, indicators, SHOWN, part=part)
    return trends(ask, [unit], indicators, SHOWN, part=part)


def _left(matrix: Matrix, gone: set[int]) -> Matrix:
    """The matrix without the units that a filter took out."""
    if not gone:
        return matrix
    units = tuple(one for one in matrix.units if one.id not in gone)
    cells = {key: one for key, one in matrix.cells.items() if key[0] not in gone}
    return Matrix(units, matrix.indicators, cells)


def _reporting(declared: tuple[Indicator, ...], found: Group) -> tuple[Indicator, ...]:
    """The indicators that units of the drawn level report."""
    if found.level is None:
        return declared
    return tuple(one for one in declared if found.level in one.levels) or declared


def _matrix(ask: Ask, found: Group, indicators: tuple[Indicator, ...]) -> Matrix:
    """Every member's newest figure of every indicator; overdue ones are empty, not old."""
    cells: dict[tuple[int, str], Cell] = {}
    for indicator in indicators:
        ones = {
            unit.id: one
            for unit in found.members
            if (one := found.finds.get((unit.id, indicator.id))) is not None
        }
        shown = ask.view.period or shown_period(ones.values())
        overdue = shown is not None and is_due(ask, indicator, shown)
        for unit in found.members:
            one = ones.get(unit.id)
            period = ask.view.period
            if one is None or (overdue and shown and one.period < shown):
                period = shown
            cells[unit.id, indicator.code] = cell(ask, unit, indicator, one, period)
    return Matrix(tuple(ask.ref(unit) for unit in found.members), indicators, cells)


def _tiles(
    ask: Ask,
    found: Group,
    headlines: tuple[Indicator, ...],
    lines: Mapping[tuple[int, int], Trend],
    matrix: Matrix,
) -> tuple[Tile, ...]:
    tiles = []
    for indicator in headlines:
        trend = lines.get((found.parent.id, indicator.id), {})
        tiles.append(
            Tile(
                total(ask, found, indicator, trend),
                points(ask, found.parent, indicator, trend, SMALL),
                _counts(matrix, (unit.id for unit in found.members), indicator),
            )
        )
    return tuple(tiles)


def _counts(matrix: Matrix, ids: Iterable[int], indicator: Indicator) -> dict[Status, int]:
    """How many of the units stand how."""
    cells = (matrix.cells.get((unit_id, indicator.code)) for unit_id in ids)
    return dict(Counter(one.status for one in cells if one is not None))


def _progress(ask: Ask) -> tuple[int, int]:
    """How much of the active sources' history has been read, of how much."""
    active = {one.id for one in ask.sources.values() if one.active and one.polled}
    states = [one for source_id, one in ask.states.items() if source_id in active]
    return source_state.progress(states, len(active))


def _regions(ask: Ask) -> tuple[UnitRef, ...]:
    day: date = ask.map_day
    ids = ask.units.ids_by_level(Level.REGION, day)
    return ask.refs(ids)
