"""Who is missing behind a total, what they weighed when they last reported, and its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ioc.domain.coverage_range import CoverageRange, coverage_range
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.figures import figure, has_figure, pools
from ioc.queries.found import Trend, trends
from ioc.queries.group import below
from ioc.queries.standing import TOTALS, standing

REMEMBERED = 25
"""Periods back in which a unit's last figure still tells what it weighs."""


def range_of(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    cell: Cell,
    said: Mapping[tuple[int, int], Trend] | None = None,
    *,
    among: Sequence[Unit] = (),
) -> CoverageRange | None:
    """What the total of a unit could become once those missing report; None where none are.

    `said` are trends of units under it that were already read; those of others are read here.
    `among` are the units behind it where they were chosen. A total that was itself delivered has
    no coverage and no range. Only on today's map, where it is known who is missing.
    """
    coverage, period = cell.figure.coverage, cell.period
    if coverage is None or coverage.complete or period is None or ask.view.basis != "today":
        return None
    if period.grain is not indicator.cadence or period.calendar is not indicator.calendar:
        return None
    due = [one for one in among or _due(ask, unit, indicator) if one.valid_from <= period.end]
    known = dict(said or {})
    unread = [one for one in due if (one.id, indicator.id) not in known]
    if unread:
        known |= trends(ask, unread, [indicator], REMEMBERED, period)
    lines = {one.id: known.get((one.id, indicator.id), {}) for one in due}
    silent = [one for one in due if not _counts(indicator, lines[one.id], period)]
    if not silent:
        return None
    last = [_last(ask, one, indicator, lines[one.id], period) for one in silent]
    return coverage_range(indicator, cell.figure, last)


def _due(ask: Ask, unit: Unit, indicator: Indicator) -> list[Unit]:
    """The units behind a total: all that must report under it, else the finer ones that do."""
    levels: tuple[Level, ...] = indicator.reports
    if unit.level not in TOTALS:
        level = below(unit)
        levels = (level,) if level in indicator.levels and level is not None else ()
    below_it = (one for level in levels for one in ask.units.children(unit.id, ask.map_day, level))
    return [one for one in below_it if ask.sees(one)]


def _counts(indicator: Indicator, line: Trend, period: Period) -> bool:
    raw = line.get(period)
    return raw is not None and pools(indicator, raw)


def _last(ask: Ask, unit: Unit, indicator: Indicator, line: Trend, period: Period) -> Figure | None:
    """The newest figure before the period that could enter a sum."""
    there = [
        one for one, raw in line.items()
        if one < period and has_figure(raw) and pools(indicator, raw)
    ]  # fmt: skip
    if not there:
        return None
    newest = max(there)
    raw = line[newest]
    return figure(indicator, raw, standing(ask, unit, indicator, newest, raw))
