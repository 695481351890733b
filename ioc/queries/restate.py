"""Figures on other maps than today's: as reported, or on the map of a date, exactly or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Restated
from ioc.domain.period import Period, grain_key
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.cells import cell
from ioc.queries.figures import Raw, has_figure, of_standing, pool, pools
from ioc.queries.found import Finds, Found, Trend
from ioc.store.observations import as_reported


def own_trends(
    ask: Ask, units: Iterable[Unit], indicators: Sequence[Indicator]
) -> dict[tuple[int, int], Trend]:
    """What the units themselves reported, in each indicator's own cadence and calendar."""
    by_id = {one.id: one for one in indicators}
    said = as_reported(
        ask.connection,
        indicator_ids=by_id,
        unit_ids=[unit.id for unit in units],
        ranks=ask.ranks,
        known_at=ask.known_at,
        grains={grain_key(one.calendar, one.cadence) for one in indicators},
    )
    found: dict[tuple[int, int], Trend] = defaultdict(dict)
    for key, stands in said.items():
        indicator = by_id[key.indicator_id]
        native = grain_key(indicator.calendar, indicator.cadence)
        if key.breakdown == "" and key.grain == native:
            raw = of_standing(stands, illustrative=ask.sources[stands.source_id].illustrative)
            found[key.unit_id, indicator.id][Period.from_keys(native, key.period)] = raw
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
        shown.append(cell(ask, by_unit[key.unit_id], by_id[key.indicator_id], found))
    return tuple(sorted(shown, key=lambda one: (one.indicator.order, _when(one), one.unit.id)))


def _when(one: Cell) -> date:
    return one.period.start if one.period else date.min


def bare_periods(formers: Iterable[Trend], own: Trend) -> frozenset[Period]:
    """Periods where only predecessors spoke, and only in what does not add up: bare rates, scores,
    counts whose whole is unknown. There the line of the new unit breaks visibly."""
    silent = {period for trend in formers for period, raw in trend.items() if has_figure(raw)}
    return frozenset(one for one in silent if one not in own or not has_figure(own[one]))


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
    made_of = {unit.id: () if day is None else ask.formers(unit) for unit in units}
    everyone = {one.id: one for unit in units for one in (unit, *made_of[unit.id])}
    said = own_trends(ask, everyone.values(), indicators)
    finds: Finds = {}
    for unit in units:
        for indicator in indicators:
            trend = dict(said.get((unit.id, indicator.id), {}))
            parts = [said.get((one.id, indicator.id), {}) for one in made_of[unit.id]]
            for one in {one for part in parts for one in part} - trend.keys():
                made = _summed(indicator, [part.get(one) for part in parts])
                if made is not None:
                    trend[one] = made
            filled = [one for one, raw in trend.items() if has_figure(raw)]
            shown = period or max(filled, default=None)
            if shown is not None and shown in trend:
                finds[unit.id, indicator.id] = Found(shown, trend[shown], trend.get(shown.previous))
    return units, finds


def _summed(indicator: Indicator, parts: Sequence[Raw | None]) -> Raw | None:
    there = [raw for raw in parts if raw is not None and pools(indicator, raw)]
    coverage = Coverage(len(there), len(parts))
    restated = Restated.EXACT if coverage.complete else Restated.PARTIAL
    return pool(indicator, there, (restated, coverage))
