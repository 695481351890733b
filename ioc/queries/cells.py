"""Cells: one figure of one unit in one period with all that a screen says of it."""

from __future__ import annotations

from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Empty, Kind, Restated
from ioc.domain.period import Period
from ioc.domain.target import gap, judge
from ioc.domain.unit import Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.figures import Standing, figure, has_figure, no_figure, value_of
from ioc.queries.found import Found
from ioc.queries.standing import TOTALS, has_ended, is_due, standing, why_empty
from ioc.store.engine import moment


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
    if shown is not None and ask.exercise.late == unit:
        return _late(ask, unit, indicator, shown)
    raw = found.raw if found and (period is None or found.period == period) else None
    if raw is None or shown is None or not has_figure(raw):
        return _empty(ask, unit, indicator, shown)
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
        overdue=_overdue(ask, unit, indicator, shown),
    )


def _overdue(ask: Ask, unit: Unit, indicator: Indicator, shown: Period) -> bool:
    """Whether a period after the newest one shown should have been reported by now."""
    if ask.view.period is not None or shown.grain is not indicator.cadence:
        return False
    following = shown.shift(1)
    return not has_ended(ask, unit, following) and is_due(ask, indicator, following)


def lost(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> Cell:
    """The cell of a period in which only former units reported, and only what does not add up."""
    bare = no_figure(indicator, Empty.MISSING, Restated.NOT_RESTATABLE)
    target = ask.target(indicator, unit, period)
    return Cell(
        ask.ref(unit), indicator, period, bare, judge(indicator, bare, target), target=target
    )


def _late(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> Cell:
    """A unit that a rehearsal pretends to be late, whatever it has delivered."""
    bare = no_figure(indicator, Empty.LATE)
    target = ask.target(indicator, unit, period)
    return Cell(
        ask.ref(unit), indicator, period, bare, judge(indicator, bare, target), target=target
    )


def _empty(ask: Ask, unit: Unit, indicator: Indicator, period: Period | None) -> Cell:
    if period is None:
        due = unit.level in indicator.levels or unit.level in TOTALS
        bare = no_figure(indicator, Empty.MISSING if due else Empty.NOT_APPLICABLE)
        return Cell(ask.ref(unit), indicator, None, bare, judge(indicator, bare, None))
    if has_ended(ask, unit, period):
        return lost(ask, unit, indicator, period)
    bare = no_figure(indicator, why_empty(ask, unit, indicator, period))
    target = ask.target(indicator, unit, period)
    return Cell(
        ask.ref(unit), indicator, period, bare, judge(indicator, bare, target), target=target
    )


def _change(
    ask: Ask, unit: Unit, indicator: Indicator, found: Found, stood: Standing
) -> tuple[Fraction | None, bool]:
    """Against the period just before, where both are exact and of one kind; and whether it is
    uneven: one of the two lacks units that the other has."""
    if found.before is None:
        return None, False
    now, then = value_of(indicator, found.raw), value_of(indicator, found.before)
    if now is None or then is None or found.raw.bound or found.before.bound:
        return None, False
    if indicator.kind is Kind.RATIO and (found.raw.den is None) != (found.before.den is None):
        return None, False
    earlier = standing(ask, unit, indicator, found.period.previous, found.before)
    partial = Restated.PARTIAL in (earlier[0], stood[0])
    return now - then, partial and not _alike(earlier[1], stood[1])


def _alike(one: Coverage | None, other: Coverage | None) -> bool:
    return one is not None and other is not None and one.reported == other.reported
