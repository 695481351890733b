"""Which period a group is shown in, and the total of a group that stores none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Kind, Restated
from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, has_figure, pool, pools
from ioc.queries.found import Finds, Found, Trend, trends
from ioc.queries.standing import standing


def shown_period(found: Iterable[Found]) -> Period | None:
    """The period in which the members of a group are compared.

    The newest that any has; but while fewer than half as many have reported it as the period
    before, that one: in the first days of a month three provinces of 34 are no ranking.
    """
    given = list(found)
    newest = max((one.period for one in given), default=None)
    if newest is None:
        return None
    fresh = sum(one.period == newest for one in given)
    full = sum(in_period(one, newest.previous) is not None for one in given)
    return newest.previous if 2 * fresh < full else newest


def in_period(found: Found, period: Period) -> Found | None:
    """What was found, if it is of this period or has the figure of it as the one before."""
    if found.period == period:
        return found
    if found.before is None or found.period.previous != period or not has_figure(found.before):
        return None
    return Found(period, found.before)


def settled(found: Found, trend: Mapping[Period, Raw]) -> Found:
    """A total in the period it is shown in: the one before while that one has more than twice
    the units behind it. `trend` gives what it is then compared with."""
    before = found.before
    if before is None or 2 * found.raw.leaves >= before.leaves or found.raw.own:
        return found
    earlier = found.period.previous
    return Found(earlier, before, trend.get(earlier.previous))


def totalled(
    ask: Ask,
    parent: Unit,
    members: Sequence[Unit],
    indicators: Sequence[Indicator],
    finds: Finds,
    *,
    over: Sequence[Unit] = (),
) -> dict[int, Found]:
    """The total of a group that stores none of its own, a region: pooled, never averaged.

    Only members with a figure of the period shown enter; coverage says how many of those due
    under the parent did, or under the units of `over` where only these are asked about.
    """
    due = over or (parent,)
    totals: dict[int, Found] = {}
    for indicator in indicators:
        there = {
            unit.id: found
            for unit in members
            if (found := finds.get((unit.id, indicator.id))) is not None
        }
        period = ask.view.period or shown_period(there.values())
        if period is None or indicator.kind is Kind.SCORE:
            continue
        units = [unit for unit in members if unit.id in there]
        same = {unit: one for unit in units if (one := in_period(there[unit.id], period))}
        now = _pooled(ask, due, indicator, period, {u: f.raw for u, f in same.items()})
        if now is None:
            continue
        earlier = {u: f.before for u, f in same.items() if f.before is not None}
        before = _pooled(ask, due, indicator, period.previous, earlier)
        totals[indicator.id] = Found(period, now, before)
    return totals


def pooled_trends(
    ask: Ask,
    parent: Unit,
    members: Sequence[Unit],
    indicators: Sequence[Indicator],
    count: int,
    *,
    over: Sequence[Unit] = (),
    part: str = "",
) -> dict[tuple[int, int], Trend]:
    """The trends of a group that stores no totals: every period pooled over its members.

    `over` as in `totalled`, `part` as in `trends`.
    """
    said = trends(ask, members, indicators, count, part=part)
    found: dict[tuple[int, int], Trend] = {}
    for indicator in indicators:
        there = {unit: said.get((unit.id, indicator.id), {}) for unit in members}
        line: Trend = {}
        for period in sorted({one for trend in there.values() for one in trend}):
            raws = {unit: trend[period] for unit, trend in there.items() if period in trend}
            made = _pooled(ask, over or (parent,), indicator, period, raws)
            if made is not None:
                line[period] = made
        found[parent.id, indicator.id] = line
    return found


def _pooled(
    ask: Ask, due: Sequence[Unit], indicator: Indicator, period: Period, raws: Mapping[Unit, Raw]
) -> Raw | None:
    adding = {unit: raw for unit, raw in raws.items() if pools(indicator, raw)}
    coverage = Coverage(
        sum(raw.leaves for raw in adding.values()),
        sum(ask.expected(unit, indicator.reports, ask.start(period)) for unit in due),
    )
    stood = [standing(ask, unit, indicator, period, raw)[0] for unit, raw in adding.items()]
    short = Restated.PARTIAL in stood or not coverage.complete
    restated = Restated.PARTIAL if short else Restated.AS_REPORTED
    return pool(indicator, adding.values(), (restated, coverage))
