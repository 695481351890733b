"""The units of a comparison on the map asked for, and what stands for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.unit import Level, Unit
from ioc.errors import AddressError
from ioc.queries import resolve
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask
from ioc.queries.cells import cell
from ioc.queries.figures import has_figure
from ioc.queries.found import Finds, Trend, find, trends
from ioc.queries.group import below
from ioc.queries.newest import in_period, pooled_trends, shown_period, totalled
from ioc.queries.restate import bare_periods, found_on, own_trends, trends_on
from ioc.queries.series import SHOWN

_WHOLE = frozenset({Level.NATION, Level.LOCALITIES, Level.GOVERNMENT})
_HEADS = (Level.PROVINCE, Level.MINISTRY)
Trends = dict[tuple[int, int], Trend]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A parent, the units of one level under it on the map asked for, and those chosen by name."""

    parent: Unit
    level: Level
    members: tuple[Unit, ...]
    chosen: tuple[Unit, ...]


def gather(ask: Ask, indicator: Indicator | None) -> Gathered:
    """The group of the address and the units chosen in it.

    The unit of the address is the parent; one that has none below it is itself chosen, in the
    group of its own parent. Under the nation the provinces are compared, unless only ministries
    report the indicator. Raises AddressError for an unknown unit, NotAllowedError for a parent
    outside the scope; a chosen unit outside the scope reads like one that does not exist.
    """
    parent = resolve.unit(ask.units, ask.view, ask.scope)
    chosen = [_chosen(ask, key) for key in ask.view.units]
    level = below(parent)
    if level is None:
        chosen = list(dict.fromkeys([parent, *chosen]))
        parent = _above(ask, parent)
        level = below(parent)
    if parent.level is Level.NATION and indicator and level not in indicator.levels:
        level = next((one for one in _HEADS if one in indicator.levels), level)
    assert level is not None  # whatever is a parent has a level below it
    members = ask.units.children(parent.id, _map_day(ask), level)
    seen = tuple(one for one in members if ask.sees(one))
    return Gathered(parent, level, seen, tuple(chosen))


def _chosen(ask: Ask, key: str) -> Unit:
    unit = ask.units.by_key(key)
    if not ask.sees(unit):
        raise AddressError(part="unit", given=key, allowed="vn, 38, 14725, moha, 30.2025")
    return unit


def _above(ask: Ask, unit: Unit) -> Unit:
    day = min(ask.map_day, unit.valid_to or ask.map_day)
    version = unit.at(day) or unit.newest
    parent = ask.units.by_id(version.parent_id or unit.id)
    return parent if ask.sees(parent) and below(parent) is not None else ask.units.by_key("vn")


def _map_day(ask: Ask) -> date:
    if ask.view.basis == "today":
        return ask.map_day
    if ask.view.basis == "reported":
        return ask.view.period.start if ask.view.period else ask.map_day
    return date.fromisoformat(ask.view.basis)


def _basis(ask: Ask) -> date | None:
    """The day of the map asked for; None when as reported. Only for other maps than today's."""
    return None if ask.view.basis == "reported" else date.fromisoformat(ask.view.basis)


def finds(
    ask: Ask, units: Iterable[Unit], indicators: Sequence[Indicator], period: Period | None
) -> Finds:
    """What stands for each unit and indicator on the map asked for, in `period` or newest.

    Totals are the same on every map; a region's is pooled from its provinces.
    """
    found: Finds = {}
    plain, whole, regions = _sorted(units)
    if ask.view.basis == "today":
        found |= find(ask, [*plain, *whole], indicators, period)
    else:
        found |= find(ask, whole, indicators, period)
        found |= found_on(ask, plain, indicators, period, _basis(ask))
    for region in regions:
        members = _members(ask, region)
        parts = find(ask, members, indicators, period)
        for indicator_id, one in totalled(ask, region, members, indicators, parts).items():
            found[region.id, indicator_id] = one
    return found


def lines(
    ask: Ask, units: Iterable[Unit], indicators: Sequence[Indicator], count: int = SHOWN
) -> Trends:
    """The trends of each unit on the map asked for, up to the period of the address."""
    found: Trends = {}
    plain, whole, regions = _sorted(units)
    if ask.view.basis == "today":
        found |= trends(ask, [*plain, *whole], indicators, count, ask.view.period)
    else:
        found |= trends(ask, whole, indicators, count, ask.view.period)
        found |= trends_on(ask, plain, indicators, _basis(ask))
    for region in regions:
        found |= pooled_trends(ask, region, _members(ask, region), indicators, count)
    return {key: _until(line, ask.view.period) for key, line in found.items()}


def bare(ask: Ask, units: Iterable[Unit], indicator: Indicator, found: Trends) -> dict[
    int, frozenset[Period]
]:  # fmt: skip
    """Per unit the periods in which only former units spoke, in what cannot be restated."""
    if ask.view.basis != "today":
        return {}
    formers = {unit.id: ask.formers(unit) for unit in units}
    everyone = {one.id: one for some in formers.values() for one in some}
    if not everyone:
        return {}
    said = own_trends(ask, everyone.values(), [indicator])
    silent = {}
    for unit_id, some in formers.items():
        parts = [_until(said.get((one.id, indicator.id), {}), ask.view.period) for one in some]
        silent[unit_id] = bare_periods(parts, found.get((unit_id, indicator.id), {}))
    return silent


def cells_of(
    ask: Ask, units: Iterable[Unit], indicator: Indicator, found: Finds, period: Period | None
) -> tuple[Cell, ...]:
    """The cells of units in one period, in the order given, so that they can be compared."""
    cells = []
    for unit in units:
        one = found.get((unit.id, indicator.id))
        if one is not None and period is not None:
            one = in_period(one, period)
        cells.append(cell(ask, unit, indicator, one, period))
    return tuple(cells)


def period_of(ask: Ask, units: Iterable[Unit], indicator: Indicator, found: Finds) -> Period | None:
    """The period in which units are compared: the one asked for, else that of `shown_period`."""
    if ask.view.period is not None:
        return ask.view.period
    there = (found.get((unit.id, indicator.id)) for unit in units)
    return shown_period(one for one in there if one is not None)


def _sorted(units: Iterable[Unit]) -> tuple[list[Unit], list[Unit], list[Unit]]:
    plain: list[Unit] = []
    whole: list[Unit] = []
    regions: list[Unit] = []
    for unit in units:
        kind = regions if unit.level is Level.REGION else whole if unit.level in _WHOLE else plain
        kind.append(unit)
    return plain, whole, regions


def _members(ask: Ask, region: Unit) -> list[Unit]:
    below_it = ask.units.children(region.id, ask.map_day, Level.PROVINCE)
    return [one for one in below_it if ask.sees(one)]


def _until(line: Trend, period: Period | None) -> Trend:
    if period is None:
        return line
    last = period.end
    return {one: raw for one, raw in line.items() if one.end <= last}


def has_any(line: Trend) -> bool:
    """Whether a trend holds any figure."""
    return any(has_figure(raw) for raw in line.values())
