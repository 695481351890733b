"""Finding figures: what stands for many units and indicators, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ioc.domain.indicator import Indicator, OverTime
from ioc.domain.period import Grain, Period, grain_key
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.figures import (
    Raw,
    has_figure,
    of_latest,
    of_latest_before,
    of_summary,
    pool,
    pools,
    worst,
)
from ioc.queries.standing import rolls, standing
from ioc.store.summary import read_cells, read_latest

RECENT = 15
"""Periods looked back for the newest figure when a past moment is asked about."""
EVER = 1200
"""Periods that reach back before any figure: a hundred years of months."""

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
    ask: Ask,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    period: Period | None,
    *,
    part: str = "",
) -> Finds:
    """What stands for each unit and indicator: in `period`, or in the newest one each has.

    An indicator of another calendar than an asked period has nothing to say and is left out.
    With `part` (`channel.online`) the figures of that breakdown instead of the whole.
    """
    if not units or not indicators:
        return {}
    if period is not None:
        return _in_period(ask, units, indicators, period, part)
    if part:
        return _last_of(trends(ask, units, indicators, RECENT, part=part))
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
    """The newest as known at a past moment: looked for nearby first, then in all of history for
    those that `latest` says ever had a figure."""
    finds = _last_of(trends(ask, units, indicators, RECENT))
    wanted = {unit.id for unit in units}
    rows = read_latest(
        ask.connection,
        parent_ids=parents(ask, units),
        indicator_ids=[one.id for one in indicators],
        unit_ids=wanted if len(wanted) <= 5 else None,
    )
    silent = {(row.unit_id, row.indicator_id) for row in rows if row.unit_id in wanted} - set(finds)
    if silent:
        rare = [one for one in indicators if one.id in {key[1] for key in silent}]
        quiet = [one for one in units if one.id in {key[0] for key in silent}]
        finds = _last_of(trends(ask, quiet, rare, EVER)) | finds
    return finds


def _last_of(found: Mapping[tuple[int, int], Trend]) -> Finds:
    finds: Finds = {}
    for key, series in found.items():
        newest = max((period for period, raw in series.items() if has_figure(raw)), default=None)
        if newest is not None:
            finds[key] = Found(newest, series[newest], series.get(newest.previous))
    return finds


def _in_period(
    ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator], period: Period, part: str
) -> Finds:
    matching = [one for one in indicators if one.calendar is period.calendar]
    exact = _cells(ask, units, matching, period.grain, period.previous, period, part)
    finer = [one for one in matching if one.cadence is not period.grain and rolls(one, period)]
    parts: dict[tuple[int, int], Trend] = {}
    if finer:
        # Days and weeks are not made of months, and nothing is finer than they are.
        span = period.previous.months()[0], period.months()[-1]
        parts = _cells(ask, units, finer, Grain.MONTH, *span, part)
    finds: Finds = {}
    by_id = {one.id: one for one in matching}
    who = {unit.id: unit for unit in units}
    for key in exact.keys() | parts.keys():
        of = who[key[0]], by_id[key[1]], exact.get(key, {}), parts.get(key, {})
        now = rolled(ask, *of, period)
        if now is not None:
            finds[key] = Found(period, now, rolled(ask, *of, period.previous))
    return finds


def rolled(
    ask: Ask, unit: Unit, indicator: Indicator, exact: Trend, months: Trend, period: Period
) -> Raw | None:
    """The figure of that very grain if the unit reported one, else its months taken together.

    Pooled or summed, or the last of them, as the indicator says; never their mean. Where neither
    was reported by the unit itself, the one behind which more units stand.
    """
    very = exact.get(period)
    if (very is not None and very.own) or not months or not rolls(indicator, period):
        return very
    made = _of_months(ask, unit, indicator, months, period)
    if very is not None and (made is None or very.leaves >= made.leaves):
        return very
    return made


def _of_months(
    ask: Ask, unit: Unit, indicator: Indicator, months: Trend, period: Period
) -> Raw | None:
    all_months = period.months()
    there = [one for one in all_months if one in months and has_figure(months[one])]
    if not there:
        return None
    if indicator.over_time is OverTime.LAST:
        raw = months[there[-1]]
        stood = standing(ask, unit, indicator, there[-1], raw)
        return raw._replace(stood=worst([stood], short=there[-1] != all_months[-1]))
    adding = [one for one in there if pools(indicator, months[one])]
    stood = worst(
        (standing(ask, unit, indicator, one, months[one]) for one in adding),
        short=len(adding) < len(all_months),
    )
    made = pool(indicator, [months[one] for one in adding], stood)
    return made and made._replace(leaves=min(months[one].leaves for one in adding))


Trend = dict[Period, Raw]


def trends(
    ask: Ask,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    count: int,
    last: Period | None = None,
    *,
    part: str = "",
) -> dict[tuple[int, int], Trend]:
    """The newest `count` periods of each unit and indicator, in each indicator's own cadence.

    With `last` (of the indicators' own calendar and cadence) the range ends there instead of
    today; with `part` the figures of that breakdown instead of the whole.
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
        found |= _cells(ask, units, members, first.cadence, oldest, newest, part)
    return found


def _cells(
    ask: Ask,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    grain: Grain,
    first: Period,
    last: Period,
    part: str,
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
        breakdowns=(part,),
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
