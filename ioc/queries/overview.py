"""The overview: a parent's headlines, its children on map and ranking, and what is red."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.scope import Scope
from ioc.domain.unit import Level
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.answers import Cell, Matrix, Overview, Tile, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.desk import Desk
from ioc.queries.found import Trend, trends
from ioc.queries.group import Group, at_risk, children, group, total
from ioc.queries.newest import pooled_trends, shown_period
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
        return _answer(ask)


def _answer(ask: Ask) -> Overview:
    desk, view = ask.desk, ask.view
    unit = resolve.unit(desk.units, view, ask.scope)
    declared = resolve.indicators(desk.catalogue, view)
    found = group(ask, unit, declared)
    mine = _reporting(declared, found)
    focus = resolve.focus(desk.catalogue, view, mine)
    if focus not in declared:
        found = group(ask, unit, (*declared, focus))
    headlines = [one for one in mine if one.headline] or list(mine[:8])
    asked = sorted({*headlines, focus}, key=lambda one: one.order)
    if unit.level is Level.REGION:
        lines = pooled_trends(ask, unit, found.members, asked, SHOWN)
    else:
        lines = trends(ask, [unit], asked, SHOWN)
    ask.learn_citations(one.raw.citation_id for one in found.finds.values())
    matrix = _matrix(ask, found, mine)
    drawn = children(ask, found, focus)
    red = at_risk(matrix.cells.values())
    return Overview(
        view=view,
        stamp=ask.stamp(illustrative=any(c.figure.illustrative for c in matrix.cells.values())),
        unit=ask.ref(unit),
        tiles=_tiles(ask, found, headlines, lines, matrix),
        focus=focus,
        period=drawn[0].period if drawn else view.period,
        total=total(ask, found, focus, lines.get((unit.id, focus.id), {})),
        children=drawn,
        series=series(ask, unit, focus, lines.get((unit.id, focus.id), {})),
        matrix=matrix,
        red=red[:RED],
        red_count=len(red),
        progress=_progress(ask),
        regions=_regions(ask),
        indicators=mine,
    )


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
    headlines: list[Indicator],
    lines: Mapping[tuple[int, int], Trend],
    matrix: Matrix,
) -> tuple[Tile, ...]:
    tiles = []
    for indicator in headlines:
        trend = lines.get((found.parent.id, indicator.id), {})
        counts = Counter(
            matrix.cells[unit.id, indicator.code].status
            for unit in found.members
            if (unit.id, indicator.code) in matrix.cells
        )
        tiles.append(
            Tile(
                total(ask, found, indicator, trend),
                points(ask, found.parent, indicator, trend, SMALL),
                dict(counts),
            )
        )
    return tuple(tiles)


def _progress(ask: Ask) -> tuple[int, int]:
    """How much of the active sources' history has been read, of how much."""
    active = {one.id for one in ask.sources.values() if one.active}
    states = [one for source_id, one in ask.states.items() if source_id in active]
    return source_state.progress(states, len(active))


def _regions(ask: Ask) -> tuple[UnitRef, ...]:
    day: date = ask.map_day
    ids = ask.units.ids_by_level(Level.REGION, day)
    return ask.refs(ids)
