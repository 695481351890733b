"""How a stored figure stands on today's map, and why there is none."""

from __future__ import annotations

from datetime import timedelta

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Empty, Restated
from ioc.domain.period import Period
from ioc.domain.unit import Level, Unit
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, Standing

TOTALS = frozenset({Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION})
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
    if expected <= 1:
        return Restated.AS_REPORTED, None
    coverage = Coverage(raw.leaves, expected)
    if not coverage.complete:
        return Restated.PARTIAL, coverage
    return Restated.EXACT if born_later else Restated.AS_REPORTED, coverage


def _given_in_part(ask: Ask, unit: Unit) -> int:
    """Former units of which only a part came to this one: nothing of theirs is in its sums."""
    given = ask.units.predecessors(unit.id)
    return sum(one.coverage == "part" and one.principal for one in given)


def is_due(ask: Ask, indicator: Indicator, period: Period) -> bool:
    """Whether the day by which a period's figures were due has passed."""
    return period.end + timedelta(days=indicator.due_days) < ask.today


def why_empty(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> Empty:
    """Why there is no figure: not asked for at this level, overdue, or simply not there."""
    if unit.level not in indicator.levels and unit.level not in TOTALS:
        return Empty.NOT_APPLICABLE
    due = period.end + timedelta(days=indicator.due_days)
    return Empty.LATE if due < ask.today <= due + _LATE_FOR else Empty.MISSING


def has_ended(ask: Ask, unit: Unit, period: Period) -> bool:
    """Whether the unit was no more when the period began: later figures cannot be divided."""
    return unit.valid_to is not None and unit.valid_to <= ask.start(period)
