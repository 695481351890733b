"""How a stored figure stands on today's map, and why there is none."""

from __future__ import annotations

from datetime import date, timedelta

from ioc.domain.indicator import Indicator, OverTime
from ioc.domain.measure import Coverage, Empty, Restated
from ioc.domain.period import Grain, Period
from ioc.domain.unit import Level, Unit
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, Standing

TOTALS = frozenset({Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION})
_BELOW = {Level.PROVINCE: Level.COMMUNE, Level.MINISTRY: Level.DEPARTMENT}
_LATE_FOR = timedelta(days=100)
"""How long after its due day a missing figure is called late; later it is a gap of history."""


def standing(ask: Ask, unit: Unit, indicator: Indicator, period: Period, raw: Raw) -> Standing:
    """How a stored figure stands on today's map, with coverage where several units are behind it.

    A unit made later than the period is the sum of its predecessors: exact when all reported.
    What a unit reported itself, a total too, stands as reported and needs no coverage.
    """
    if raw.stood is not None:
        return raw.stood
    if raw.own:
        return Restated.AS_REPORTED, None
    start = ask.start(period)
    expected = ask.expected(unit, indicator.reports, start)
    born_later = unit.valid_from > start
    if born_later and expected:
        expected += _given_in_part(ask, unit)
    reported = raw.leaves
    if expected <= 1:
        reported, expected = _of_finer(ask, unit, indicator, start, raw)
    if expected <= 1:
        return Restated.AS_REPORTED, None
    coverage = Coverage(min(reported, expected), expected)
    if not coverage.complete:
        return Restated.PARTIAL, coverage
    return Restated.EXACT if born_later else Restated.AS_REPORTED, coverage


def _of_finer(ask: Ask, unit: Unit, indicator: Indicator, start: date, raw: Raw) -> tuple[int, int]:
    """How many finer units, who deliver without being due, stand behind a sum, and how many are.

    A province that kept silent and has one commune's figure is not a province that reported.
    """
    if unit.valid_from > start:
        detailed = unit.level in indicator.detail
        return raw.parts, ask.expected(unit, (unit.level,), start) if detailed else 0
    below = _BELOW.get(unit.level)
    if below is None or below not in indicator.detail:
        return 0, 0
    # The sum is that of today's children, also where former ones stand behind them.
    return raw.parts, ask.expected(unit, (below,), ask.map_day)


def _given_in_part(ask: Ask, unit: Unit) -> int:
    """Former units of which only a part came to this one: nothing of theirs is in its sums."""
    given = ask.units.predecessors(unit.id)
    return sum(one.coverage == "part" and one.principal for one in given)


def is_due(ask: Ask, indicator: Indicator, period: Period) -> bool:
    """Whether the day by which a period's figures were due has passed."""
    return indicator.collected and period.end + timedelta(days=indicator.due_days) < ask.today


def why_empty(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> Empty:
    """Why there is no figure: not asked for at this level or of this period, overdue, or simply
    not there."""
    if unit.level not in indicator.levels and unit.level not in TOTALS:
        return Empty.NOT_APPLICABLE
    if period.calendar is not indicator.calendar:
        return Empty.NOT_APPLICABLE
    if period.grain is not indicator.cadence and not rolls(indicator, period):
        return Empty.NOT_APPLICABLE
    if not indicator.collected:
        return Empty.MISSING
    due = period.end + timedelta(days=indicator.due_days)
    return Empty.LATE if due < ask.today <= due + _LATE_FOR else Empty.MISSING


def rolls(indicator: Indicator, period: Period) -> bool:
    """Whether months of this indicator make a figure of the period."""
    longer = period.grain in (Grain.QUARTER, Grain.HALF, Grain.YEAR)
    return indicator.cadence is Grain.MONTH and longer and indicator.over_time is not OverTime.NONE


def has_ended(ask: Ask, unit: Unit, period: Period) -> bool:
    """Whether the unit was no more when the period began: later figures cannot be divided."""
    return unit.valid_to is not None and unit.valid_to <= ask.start(period)
