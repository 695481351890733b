"""Finding figures: what stands for many units and indicators, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ioc.domain.indicator import Indicator, OverTime
from ioc.domain.measure import Coverage, Kind, Restated
from ioc.domain.period import Grain, Period, grain_key
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, has_figure, of_latest, of_latest_before, of_summary, pool
from ioc.store.summary import read_cells, read_latest

RECENT = 15
"""Periods looked back for the newest figure when a past moment is asked about."""

Finds = dict[tuple[int, int], "Found"]
"""By unit id and indicator id."""


@dataclass(frozen=True, slots=True)
class Found:
    """The figure of a period, and the one of the period just before, where there is one."""

    period: Period
    raw: Raw
    before: Raw | None = None


def parents(ask: Ask, units: Iterable[Unit]) -> set[int]:
    """The clustering key of the units' cells: who stands above them on today's map."""
    return {ask.units.roll_up(unit.id) or 0 for unit in units}


def find(
    ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator], period: Period | None
) -> Finds:
    """What stands for each unit and indicator: in `period`, or in the newest one each has.

    An indicator of another calendar than an asked period has nothing to say and is left out.
    """
    if not units or not indicators:
        return {}
    if period is not None:
        return _in_period(ask, units, indicators, period)
    return (
        _newest(ask, units, indicators) if ask.known_at is None else _past(ask, units, indicators)
    )


def _newest(ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator]) -> Finds:
    own = {one.id: one for one in indicators}
    wanted = {unit.id for unit in units}
    few = wanted if len(wanted) <= 5 else None
    finds: Finds = {}
    rows = read_latest(
        ask.connection, parent_ids=parents(ask, units), indicator_ids=own, unit_ids=few
    )
    periods: dict[tuple[int, int], Period] = {}
    for row in rows:
        indicator = own[row.indicator_id]
        native = grain_key(indicator.calendar, indicator.cadence)
        if row.grain != native or row.unit_id not in wanted:
            continue
        at = (native, row.period)
        period = periods.get(at) or periods.setdefault(at, Period.from_keys(*at))
        before = None
        if row.prev_period is not None and row.prev_period == period.previous.key:
            before = of_latest_before(row)
        finds[row.unit_id, indicator.id] = Found(period, of_latest(row), before)
    return finds


def _past(ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator]) -> Finds:
    finds: Finds = {}
    for key, series in trends(ask, units, indicators, RECENT).items():
        filled = [period for period, raw in series.items() if has_figure(raw)]
        if filled:
            newest = max(filled)
            finds[key] = Found(newest, series[newest], series.get(newest.previous))
    return finds


def _in_period(
    ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator], period: Period
) -> Finds:
    matching = [one for one in indicators if one.calendar is period.calendar]
    exact = _cells(ask, units, matching, period.grain, period.previous, period)
    finer = [one for one in matching if one.cadence is not period.grain and _rolls(one, period)]
    parts = (
        _cells(ask, units, finer, Grain.MONTH, period.previous.months()[0], period.months()[-1])
        if finer
        else {}
    )
    finds: Finds = {}
    by_id = {one.id: one for one in matching}
    for key in exact.keys() | parts.keys():
        indicator = by_id[key[1]]
        now = _one(indicator, exact.get(key, {}), parts.get(key, {}), period)
        if now is not None:
            then = _one(indicator, exact.get(key, {}), parts.get(key, {}), period.previous)
            finds[key] = Found(period, now, then)
    return finds


def _rolls(indicator: Indicator, period: Period) -> bool:
    longer = period.grain in (Grain.QUARTER, Grain.HALF, Grain.YEAR)
    return indicator.cadence is Grain.MONTH and longer and indicator.over_time is not OverTime.NONE


def _one(
    indicator: Indicator,
    exact: Mapping[Period, Raw],
    months: Mapping[Period, Raw],
    period: Period,
) -> Raw | None:
    """The cell of that very grain, else its months taken together; never their mean."""
    if period in exact:
        return exact[period]
    if not months or period.grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
        return None
    there = [(one, months[one]) for one in period.months() if one in months]
    if not there:
        return None
    whole = len(there) == len(period.months())
    restated = Restated.AS_REPORTED if whole else Restated.PARTIAL
    if indicator.over_time is OverTime.LAST:
        return there[-1][1]._replace(stood=(restated, None))
    return pool(indicator, [raw for _, raw in there], (restated, None))


Trend = dict[Period, Raw]


def trends(
    ask: Ask,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    count: int,
    last: Period | None = None,
) -> dict[tuple[int, int], Trend]:
    """The newest `count` periods of each unit and indicator, in each indicator's own cadence.

    With `last` (of the indicators' own calendar and cadence) the range ends there instead of
    today.
    """
    groups: defaultdict[tuple[object, Grain], list[Indicator]] = defaultdict(list)
    for one in indicators:
        groups[one.calendar, one.cadence].append(one)
    found: dict[tuple[int, int], Trend] = {}
    for members in groups.values():
        first = members[0]
        newest = Period.of(first.calendar, first.cadence, ask.today)
        if last is not None and (last.calendar, last.grain) == (first.calendar, first.cadence):
            newest = max(newest, last)
        oldest = newest.shift(1 - count)
        found |= _cells(ask, units, members, first.cadence, oldest, newest)
    return found


def _cells(
    ask: Ask,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    grain: Grain,
    first: Period,
    last: Period,
) -> dict[tuple[int, int], Trend]:
    if not indicators:
        return {}
    wanted = {unit.id for unit in units}
    rows = read_cells(
        ask.connection,
        parent_ids=parents(ask, units),
        indicator_ids=[one.id for one in indicators],
        grain=grain_key(first.calendar, grain),
        first=first.key,
        last=last.key,
        unit_ids=wanted if len(wanted) <= 5 else None,
        known_at=ask.known_at,
    )
    found: dict[tuple[int, int], Trend] = defaultdict(dict)
    periods: dict[int, Period] = {}
    code = grain_key(first.calendar, grain)
    for row in rows:
        if row.unit_id in wanted:
            period = periods.get(row.period)
            if period is None:
                period = periods[row.period] = Period.from_keys(code, row.period)
            found[row.unit_id, row.indicator_id][period] = of_summary(row)
    return dict(found)


def totalled(
    members: Sequence[Unit], indicators: Sequence[Indicator], finds: Finds, whole: int
) -> dict[int, Found]:
    """The total of a group that stores none of its own, such as a region: pooled, never averaged.

    Only members with the group's newest period enter; coverage says how many of `whole` did.
    """
    totals: dict[int, Found] = {}
    for indicator in indicators:
        there = [
            found for unit in members if (found := finds.get((unit.id, indicator.id))) is not None
        ]
        if not there or indicator.kind is Kind.SCORE:
            continue
        newest = max(found.period for found in there)
        same = [found for found in there if found.period == newest]
        now = _pooled(indicator, [one.raw for one in same], whole)
        if now is None:
            continue
        earlier = [one.before for one in same if one.before is not None]
        before = _pooled(indicator, earlier, whole) if len(earlier) == len(same) else None
        totals[indicator.id] = Found(newest, now, before)
    return totals


def _pooled(indicator: Indicator, raws: Sequence[Raw], whole: int) -> Raw | None:
    made = pool(indicator, raws, (Restated.AS_REPORTED, None))
    if made is None:
        return None
    coverage = Coverage(made.parts, whole)
    restated = Restated.AS_REPORTED if coverage.complete else Restated.PARTIAL
    return made._replace(stood=(restated, coverage))
