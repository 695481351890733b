"""Cells: one figure of one unit in one period with all that a screen says of it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Empty, Kind, Restated
from ioc.domain.period import Period
from ioc.domain.target import gap, judge
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, Standing, figure, has_figure, no_figure, value_of
from ioc.queries.found import Found
from ioc.store.engine import moment

TOTALS = frozenset({Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION})
_LATE_FOR = timedelta(days=100)
"""How long after its due day a missing figure is called late; later it is a gap of history."""


def standing(ask: Ask, unit: Unit, indicator: Indicator, period: Period, raw: Raw) -> Standing:
    """How a stored figure stands on today's map, with coverage where several units are behind it.

    A unit made later than the period is the sum of its predecessors: exact when all reported.
    """
    if raw.stood is not None:
        return raw.stood
    expected = ask.expected(unit, indicator.reports, period.start)
    born_later = unit.valid_from > period.start
    if raw.own and not born_later:
        told = Coverage(raw.leaves, expected) if expected > 1 and raw.leaves else None
        return Restated.AS_REPORTED, told
    if expected <= 1 or raw.own:
        return Restated.AS_REPORTED, None
    coverage = Coverage(raw.leaves, expected)
    if not coverage.complete:
        return Restated.PARTIAL, coverage
    return Restated.EXACT if born_later else Restated.AS_REPORTED, coverage


def why_empty(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> Empty:
    """Why there is no figure: not asked for at this level, overdue, or simply not there."""
    if unit.level not in indicator.levels and unit.level not in TOTALS:
        return Empty.NOT_APPLICABLE
    due = period.end + timedelta(days=indicator.due_days)
    return Empty.LATE if due < ask.today <= due + _LATE_FOR else Empty.MISSING


def cell(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    found: Found | None,
    period: Period | None = None,
) -> Cell:
    """The cell of what was found; without a figure in `period` it says why.

    `period` is the one shown; without it, the newest that the unit has.
    """
    shown = period or (found.period if found else None)
    raw = found.raw if found and (period is None or found.period == period) else None
    if raw is None or shown is None or not has_figure(raw):
        empty = why_empty(ask, unit, indicator, shown) if shown else Empty.MISSING
        if shown is None and unit.level not in indicator.levels and unit.level not in TOTALS:
            empty = Empty.NOT_APPLICABLE
        target = ask.target(indicator, unit, shown) if shown else None
        bare = no_figure(indicator, empty)
        return Cell(
            ask.ref(unit), indicator, shown, bare, judge(indicator, bare, target), target=target
        )
    stood = standing(ask, unit, indicator, shown, raw)
    value = figure(indicator, raw, stood)
    target = ask.target(indicator, unit, shown)
    health = ask.health(indicator, raw)
    change, uneven = _change(ask, unit, indicator, found, stood) if found else (None, False)
    return Cell(
        unit=ask.ref(unit),
        indicator=indicator,
        period=shown,
        figure=value,
        status=judge(indicator, value, target),
        target=target,
        gap=gap(value, target),
        change=change,
        uneven=uneven,
        received=moment(raw.recorded_at),
        checked=health.checked,
        source=health.source,
        citation=ask.citation(raw.citation_id),
        stale=health.stale,
        failing=health.failing,
    )


def _change(
    ask: Ask, unit: Unit, indicator: Indicator, found: Found, stood: Standing
) -> tuple[Fraction | None, bool]:
    """Against the period just before, where both are of one kind; and whether it is uneven:
    one of the two lacks units that the other has."""
    if found.before is None:
        return None, False
    now, then = value_of(indicator, found.raw), value_of(indicator, found.before)
    if now is None or then is None:
        return None, False
    if indicator.kind is Kind.RATIO and (found.raw.den is None) != (found.before.den is None):
        return None, False
    earlier = standing(ask, unit, indicator, found.period.previous, found.before)
    partial = Restated.PARTIAL in (earlier[0], stood[0])
    return now - then, partial and not _alike(earlier[1], stood[1])


def _alike(one: Coverage | None, other: Coverage | None) -> bool:
    return one is not None and other is not None and one.reported == other.reported
