"""Figures on other maps than today's: as reported, or on the map of a date, exactly or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Restated
from ioc.domain.period import Grain, Period, grain_key
from ioc.domain.target import Status
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.cells import cell
from ioc.queries.figures import Raw, has_figure, of_standing, pool, pools
from ioc.queries.found import Finds, Found, Trend, rolled
from ioc.queries.standing import rolls
from ioc.store.observations import as_reported

SINCE = 3
"""Years looked back for the newest figures on another map than today's."""


def own_trends(
    ask: Ask,
    units: Iterable[Unit],
    indicators: Sequence[Indicator],
    grain: Grain | None = None,
    periods: tuple[int, int] | None = None,
) -> dict[tuple[int, int], Trend]:
    """What the units themselves reported, in each indicator's own cadence and calendar.

    With `grain`, figures of that grain instead; `periods` are the first and last key wanted.
    """
    if not indicators:
        return {}
    by_id = {one.id: one for one in indicators}
    wanted = {one.id: grain_key(one.calendar, grain or one.cadence) for one in indicators}
    said = as_reported(
        ask.connection,
        indicator_ids=by_id,
        unit_ids=[unit.id for unit in units],
        ranks=ask.ranks,
        known_at=ask.known_at,
        grains=set(wanted.values()),
        periods=periods,
    )
    found: dict[tuple[int, int], Trend] = defaultdict(dict)
    known: dict[tuple[int, int], Period] = {}
    for key, stands in said.items():
        if key.breakdown == "" and key.grain == wanted[key.indicator_id]:
            raw = of_standing(stands, illustrative=ask.sources[stands.source_id].illustrative)
            at = (key.grain, key.period)
            period = known.get(at) or known.setdefault(at, Period.from_keys(*at))
            found[key.unit_id, key.indicator_id][period] = raw
    return dict(found)


def published(ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator]) -> tuple[Cell, ...]:
    """Every cited figure of the units, of any cadence, each under the unit it was published for."""
    by_id = {one.id: one for one in indicators}
    by_unit = {unit.id: unit for unit in units}
    said = as_reported(
        ask.connection,
        indicator_ids=by_id,
        unit_ids=list(by_unit),
        ranks=ask.ranks,
        known_at=ask.known_at,
        cited=True,
    )
    ask.learn_citations(one.fact.citation_id for one in said.values())
    shown = []
    for key, stands in said.items():
        raw = of_standing(stands, illustrative=ask.sources[stands.source_id].illustrative)
        period = Period.from_keys(key.grain, key.period)
        found = Found(period, raw._replace(stood=(Restated.AS_REPORTED, None)))
        one = cell(ask, by_unit[key.unit_id], by_id[key.indicator_id], found)
        if key.breakdown:
            # A part is not held against the target of the whole.
            judged = Status.NOT_JUDGED
            one = replace(one, part=key.breakdown, target=None, gap=None, status=judged)
        shown.append(one)
    return tuple(sorted(shown, key=lambda one: (one.indicator.order, _when(one), one.unit.id)))


def _when(one: Cell) -> date:
    return one.period.start if one.period else date.min


def bare_periods(formers: Iterable[Trend], own: Trend) -> frozenset[Period]:
    """Periods where only predecessors spoke, and only in what does not add up: bare rates, scores,
    counts whose whole is unknown. There the line of the new unit breaks visibly."""
    silent = {period for trend in formers for period, raw in trend.items() if has_figure(raw)}
    return frozenset(one for one in silent if one not in own or not has_figure(own[one]))


def only_before(
    ask: Ask, formers: Sequence[Unit], indicators: Sequence[Indicator]
) -> frozenset[int]:
    """The indicators of which former units said something of the period asked about."""
    period = ask.view.period
    if period is None or not formers:
        return frozenset()
    matching = [one for one in indicators if one.calendar is period.calendar]
    said = own_trends(ask, formers, matching, period.grain, (period.key, period.key))
    return frozenset(
        indicator_id
        for (_, indicator_id), trend in said.items()
        if any(has_figure(raw) for raw in trend.values())
    )


def on_map(
    ask: Ask,
    parent: Unit,
    level: Level,
    indicators: Sequence[Indicator],
    period: Period | None,
    day: date | None,
) -> tuple[tuple[Unit, ...], Finds]:
    """The units of a level under a parent as they stood on `day`, with their figures.

    `day` None means as reported: the units alive in the period asked about, with what they said
    themselves. On the map of a day, a unit is the exact sum of those it was made of; where only
    larger units reported, there is no figure: it cannot be divided.
    """
    when = day or (period.start if period else ask.map_day)
    units = tuple(one for one in ask.units.children(parent.id, when, level) if ask.sees(one))
    return units, found_on(ask, units, indicators, period, day)


def found_on(
    ask: Ask,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    period: Period | None,
    day: date | None,
) -> Finds:
    """What stands for these units on the map of `day` (None: as they reported it themselves)."""
    made_of, everyone = _with_formers(ask, units, day)
    said = _said(ask, everyone, indicators, period)
    finds: Finds = {}
    for key, trend in _made(units, indicators, made_of, said).items():
        filled = [one for one, raw in trend.items() if has_figure(raw)]
        shown = period or max(filled, default=None)
        if shown is not None and shown in trend:
            finds[key] = Found(shown, trend[shown], trend.get(shown.previous))
    return finds


def trends_on(
    ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator], day: date | None
) -> dict[tuple[int, int], Trend]:
    """Whole trends of these units on the map of `day` (None: as they reported it themselves)."""
    made_of, everyone = _with_formers(ask, units, day)
    said = own_trends(ask, everyone, indicators)
    return _made(units, indicators, made_of, said)


def _with_formers(
    ask: Ask, units: Sequence[Unit], day: date | None
) -> tuple[dict[int, tuple[Unit, ...]], tuple[Unit, ...]]:
    made_of = {unit.id: () if day is None else ask.made_of(unit) for unit in units}
    everyone = {one.id: one for unit in units for one in (unit, *made_of[unit.id])}
    return made_of, tuple(everyone.values())


def _made(
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    made_of: dict[int, tuple[Unit, ...]],
    said: dict[tuple[int, int], Trend],
) -> dict[tuple[int, int], Trend]:
    """What each unit said itself, and where it said nothing the sum of those it was made of."""
    found: dict[tuple[int, int], Trend] = {}
    for unit in units:
        for indicator in indicators:
            trend = dict(said.get((unit.id, indicator.id), {}))
            parts = [said.get((one.id, indicator.id), {}) for one in made_of[unit.id]]
            for one in {one for part in parts for one in part} - trend.keys():
                made = _summed(indicator, [part.get(one) for part in parts])
                if made is not None:
                    trend[one] = made
            found[unit.id, indicator.id] = trend
    return found


def _said(
    ask: Ask, units: Sequence[Unit], indicators: Sequence[Indicator], period: Period | None
) -> dict[tuple[int, int], Trend]:
    """What the units reported about the period and the one before, or lately in their cadence."""
    if period is None:
        return own_trends(
            ask, units, indicators, periods=((ask.today.year - SINCE) * 1000, 9_999_999)
        )
    matching = [one for one in indicators if one.calendar is period.calendar]
    span = (period.previous.key, period.key)
    exact = own_trends(ask, units, matching, period.grain, span)
    finer = [one for one in matching if rolls(one, period)]
    months: dict[tuple[int, int], Trend] = {}
    if finer:
        span = (period.previous.months()[0].key, period.months()[-1].key)
        months = own_trends(ask, units, finer, Grain.MONTH, span)
    who = {unit.id: unit for unit in units}
    by_id = {one.id: one for one in matching}
    found: dict[tuple[int, int], Trend] = defaultdict(dict)
    for key in exact.keys() | months.keys():
        of = who[key[0]], by_id[key[1]], exact.get(key, {}), months.get(key, {})
        for one in (period.previous, period):
            raw = rolled(ask, *of, one)
            if raw is not None:
                found[key][one] = raw
    return dict(found)


def _summed(indicator: Indicator, parts: Sequence[Raw | None]) -> Raw | None:
    there = [raw for raw in parts if raw is not None and pools(indicator, raw)]
    coverage = Coverage(len(there), len(parts))
    short = any(raw.stood is not None and raw.stood[0] is Restated.PARTIAL for raw in there)
    exact = coverage.complete and not short
    restated = Restated.EXACT if exact else Restated.PARTIAL
    return pool(indicator, there, (restated, coverage))
