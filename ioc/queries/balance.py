"""Accounts: a total, the parts it is made of, and what is left between them, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from ioc.domain.indicator import Indicator, OverTime, OverUnits
from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.period import Grain, Period, grain_key
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, figure, has_figure, no_figure, of_summary, pools
from ioc.queries.found import Found, find, parents
from ioc.queries.record_answers import Account, Part
from ioc.queries.standing import TOTALS, standing, why_empty
from ioc.store.summary import read_cells

Pair = tuple[Fraction, Fraction | None]
"""Numerator and denominator, unscaled; a count has no denominator."""


def account(
    ask: Ask, unit: Unit, indicator: Indicator, found: Found | None, period: Period, breakdown: str
) -> Account | None:
    """What the unit's figure of a period is made of, on today's map.

    None where nothing below could make it: scores, and units without any below.
    """
    if indicator.over_units is OverUnits.NONE:
        return None
    if unit.level is Level.REGION:
        # No part of a region's figure is kept or pooled.
        return None if breakdown else _of_members(ask, unit, indicator, found, period)
    if found is not None and found.raw.stood is not None:
        return _of_months(ask, unit, indicator, found, period, breakdown)
    return _of_units(ask, unit, indicator, found, period, breakdown)


def _of_units(
    ask: Ask, unit: Unit, indicator: Indicator, found: Found | None, period: Period, breakdown: str
) -> Account | None:
    rows = read_cells(
        ask.connection,
        parent_ids=[unit.id],
        indicator_ids=[indicator.id],
        grain=grain_key(period.calendar, period.grain),
        first=period.key,
        last=period.key,
        breakdowns=(breakdown,),
        known_at=ask.known_at,
    )
    said = {row.unit_id: of_summary(row) for row in rows}
    below = [one for one in ask.units.all() if ask.units.roll_up(one.id) == unit.id]
    parts = _parts(ask, indicator, period, below, said, silent=not breakdown)
    if not parts:
        return None
    return _account(ask, unit, indicator, found, period, "units", parts, said.values())


def _of_members(
    ask: Ask, unit: Unit, indicator: Indicator, found: Found | None, period: Period
) -> Account | None:
    members = ask.units.children(unit.id, ask.map_day, Level.PROVINCE)
    there = find(ask, members, [indicator], period)
    said = {key[0]: one.raw for key, one in there.items() if one.period == period}
    parts = _parts(ask, indicator, period, members, said, silent=True)
    if not parts:
        return None
    return _account(ask, unit, indicator, found, period, "members", parts, said.values())


def _of_months(
    ask: Ask, unit: Unit, indicator: Indicator, found: Found, period: Period, breakdown: str
) -> Account | None:
    months = period.months()
    rows = read_cells(
        ask.connection,
        parent_ids=parents(ask, [unit]),
        indicator_ids=[indicator.id],
        grain=grain_key(period.calendar, Grain.MONTH),
        first=months[0].key,
        last=months[-1].key,
        unit_ids=[unit.id],
        breakdowns=(breakdown,),
        known_at=ask.known_at,
    )
    said = {row.period: of_summary(row) for row in rows}
    last = max((key for key, raw in said.items() if has_figure(raw)), default=None)
    parts = []
    counted = []
    for month in months:
        part = _part(ask, unit, indicator, month, said.get(month.key))
        if indicator.over_time is OverTime.LAST and part.why is None and month.key != last:
            part = Part(part.unit, month, part.figure, False, part.own, "earlier")
        parts.append(part)
        if part.counts:
            counted.append(said[month.key])
    return _account(ask, unit, indicator, found, period, "months", parts, counted)


def _parts(
    ask: Ask,
    indicator: Indicator,
    period: Period,
    units: Sequence[Unit],
    said: Mapping[int, Raw],
    *,
    silent: bool,
) -> list[Part]:
    """A row for each unit that said something, and for each that was to say something."""
    parts = []
    unseen = []
    for unit in units:
        raw = said.get(unit.id)
        there = raw is not None and has_figure(raw)
        if not there and not (silent and _due(ask, unit, indicator, period)):
            continue
        if ask.sees(unit):
            parts.append(_part(ask, unit, indicator, period, raw if there else None))
        elif raw is not None:
            unseen.append(raw)
    parts.sort(
        key=lambda one: (not one.counts, one.why or "", folded(one.unit.short) if one.unit else "")
    )
    if unseen:
        parts.append(_together(indicator, period, unseen))
    return parts


def _due(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> bool:
    start = ask.start(period)
    if not unit.alive(start):
        return False
    if unit.level in TOTALS:
        return ask.expected(unit, indicator.reports, start) > 0
    return unit.level in indicator.levels and _asked(ask, unit, indicator, period)


def _asked(ask: Ask, unit: Unit, indicator: Indicator, period: Period) -> bool:
    return why_empty(ask, unit, indicator, period) is not Empty.NOT_APPLICABLE


def _part(ask: Ask, unit: Unit, indicator: Indicator, period: Period, raw: Raw | None) -> Part:
    ref = ask.ref(unit)
    if raw is None or not has_figure(raw):
        empty = why_empty(ask, unit, indicator, period)
        return Part(ref, period, no_figure(indicator, empty), False, why="silent")
    shown = figure(indicator, raw, standing(ask, unit, indicator, period, raw))
    counts = pools(indicator, raw)
    why = None if counts else "stated" if raw.state else "bare"
    return Part(ref, period, shown, counts, bool(raw.own), why)


def _together(indicator: Indicator, period: Period, raws: Sequence[Raw]) -> Part:
    """Those outside the viewer's scope, unnamed: the account must still come out."""
    above, below = _sum(indicator, raws)
    if below is None:
        return Part(None, period, Figure(indicator.kind, above), True)
    value = above / below if below else None
    return Part(None, period, Figure(indicator.kind, value, above, below), True)


def _account(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    found: Found | None,
    period: Period,
    by: str,
    parts: Sequence[Part],
    raws: Iterable[Raw],
) -> Account:
    total = _sum(indicator, raws)
    raw = found.raw if found is not None and has_figure(found.raw) else None
    if raw is None:
        whole = no_figure(indicator, why_empty(ask, unit, indicator, period))
        return Account(by, tuple(parts), whole, total, None, own=False)
    whole = figure(indicator, raw, standing(ask, unit, indicator, period, raw))
    own = bool(raw.own) and by == "units"
    return Account(by, tuple(parts), whole, total, _difference(indicator, raw, total), own)


def _difference(indicator: Indicator, raw: Raw, total: Pair) -> Pair | None:
    if not pools(indicator, raw):
        return None
    mine = _sum(indicator, [raw])
    if mine[1] is None or total[1] is None:
        return mine[0] - total[0], None
    return mine[0] - total[0], mine[1] - total[1]


def _sum(indicator: Indicator, raws: Iterable[Raw]) -> Pair:
    """Numerators and, for ratios, denominators of the rows that add up."""
    adding = [raw for raw in raws if pools(indicator, raw)]
    scale = 10**indicator.scale
    above = Fraction(sum(raw.num or 0 for raw in adding), scale)
    if indicator.kind is not Kind.RATIO:
        return above, None
    return above, Fraction(sum(raw.den or 0 for raw in adding), scale)
