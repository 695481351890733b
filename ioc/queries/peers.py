"""Units of a similar structure: who improved most, and what practices they recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.peers import Features, declared, peers
from ioc.domain.period import Period
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import register_list_rows, resolve
from ioc.queries.answers import UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.compare_pairs import uneven, year_before
from ioc.queries.desk import Desk
from ioc.queries.found import Finds, find
from ioc.queries.newest import in_period, shown_period
from ioc.queries.peers_answers import Known, PeerRow, Peers
from ioc.queries.register_answers import ItemRow
from ioc.queries.standing import TOTALS
from ioc.queries.unit_page import crumbs
from ioc.store import item_lists

REGISTER = "practice"
MOST_PRACTICES = 60
"""Practices of one indicator that are looked at; the register's own page lists them all."""
_SPECIAL = "dac_khu"
_WARD = "phuong"


def similar(desk: Desk, view: View, scope: Scope) -> Peers:
    """The peers of the unit of the address for its indicator, between two periods.

    Without periods: the newest that is over, and a year before it. Raises AddressError for an
    unknown unit or indicator and for an earlier period that is none, NotAllowedError outside the
    scope.
    """
    with asking(desk, view, scope) as ask:
        return _answer(ask)


def _answer(ask: Ask) -> Peers:
    desk, view = ask.desk, ask.view
    unit = resolve.unit(desk.units, view, ask.scope)
    collected = desk.catalogue.collected
    offered = tuple(one for one in collected if unit.level in one.levels)
    if unit.level in TOTALS:
        # A total has no peers: what may be chosen is what the units below it report.
        offered = tuple(one for one in collected if not set(one.levels) <= TOTALS)
    indicator = resolve.focus(desk.catalogue, view, offered)
    page = Peers(
        view=view,
        stamp=ask.stamp(illustrative=False),
        unit=ask.ref(unit),
        crumbs=crumbs(ask, unit),
        indicator=indicator,
        known=Known.NO_UNIT,
        indicators=offered or collected,
        units=_units(ask, unit),
    )
    if unit.level in TOTALS:
        return page
    known, found = _peers(ask, unit)
    everyone = [unit, *(one for one, _, _, _ in found)]
    late = find(ask, everyone, [indicator], view.period)
    now = view.period or _newest(ask, late, indicator)
    register = _register(ask)
    practices = _practices(ask, register, indicator)
    near = {one.id for one in everyone}
    page = replace(
        page,
        known=known,
        register=register,
        practices=tuple(one for one in practices if one.unit and one.unit.id in near),
        elsewhere=tuple(one for one in practices if not one.unit or one.unit.id not in near),
    )
    if now is None:
        return replace(
            page, stamp=ask.stamp(illustrative=any(one.illustrative for one in practices))
        )
    late = find(ask, everyone, [indicator], now)
    before, early = _earlier(ask, everyone, indicator, now)
    own = _row(ask, unit, indicator, early, late, before, now)
    rows = [
        replace(
            _row(ask, one, indicator, early, late, before, now),
            distance=distance,
            apart=apart,
            features=features,
        )
        for one, distance, apart, features in found
    ]
    rows.sort(
        key=lambda one: (one.gain is None, -(one.gain or Fraction(0)), folded(one.unit.short))
    )
    mine = _features(ask, unit) if known is Known.FEATURES else None
    cells = tuple(one for row in (own, *rows) for one in (row.before, row.now))
    made_up = [one.figure.illustrative for one in cells] + [one.illustrative for one in practices]
    return replace(
        page,
        stamp=ask.stamp(illustrative=any(made_up)),
        period=now,
        before=before,
        own=replace(own, features=mine),
        rows=tuple(rows),
        cells=cells,
    )


Near = tuple[Unit, float | None, "dict[str, float] | None", "Features | None"]


def _peers(ask: Ask, unit: Unit) -> tuple[Known, list[Near]]:
    """The nearest units by declared features; where only the kind is known, all of that kind."""
    beside = [one for one in _beside(ask, unit) if one.id != unit.id]
    if unit.level is Level.PROVINCE and unit.key in declared():
        known = {one.key: _features(ask, one) for one in (unit, *beside)}
        by_key = {one.key: one for one in beside}
        near = peers(known[unit.key], known.values())
        return Known.FEATURES, [
            (by_key[one.key], one.distance, dict(one.apart), known[one.key]) for one in near
        ]
    mine = _kind(ask, unit)
    alike = [one for one in beside if _kind(ask, one) == mine]
    known_of = Known.KIND if unit.level is not Level.DEPARTMENT else Known.NOTHING
    return known_of, [(one, None, None, None) for one in alike]


def _beside(ask: Ask, unit: Unit) -> list[Unit]:
    """The units of the same level under the same parent that the viewer may see."""
    day = ask.map_day if unit.valid_to is None else unit.valid_from
    above = ask.units.parent(unit.id, day)
    found = ask.units.children(above.id, day, unit.level) if above else ()
    return [one for one in found if ask.sees(one)]


def _kind(ask: Ask, unit: Unit) -> str:
    return (unit.at(ask.map_day) or unit.newest).kind


def _features(ask: Ask, unit: Unit) -> Features:
    """What is declared of a province, and what follows from the unit data."""
    version = unit.at(ask.map_day) or unit.newest
    kinds = [_kind(ask, one) for one in ask.units.children(unit.id, ask.map_day, Level.COMMUNE)]
    numbers = dict(declared().get(unit.key, {}))
    if kinds:
        numbers["communes"] = float(len(kinds))
        numbers["ward_share"] = kinds.count(_WARD) / len(kinds)
    region = str(version.region_id) if version.region_id is not None else ""
    said = {"kind": version.kind, "region": region, "special_zone": str(_SPECIAL in kinds)}
    return Features(unit.key, numbers, said)


def _newest(ask: Ask, finds: Finds, indicator: Indicator) -> Period | None:
    shown = shown_period(finds.values())
    if shown is None:
        return None
    running = shown.end >= ask.today and any(one.before is not None for one in finds.values())
    return shown.previous if running else shown


def _earlier(
    ask: Ask, units: Sequence[Unit], indicator: Indicator, now: Period
) -> tuple[Period, Finds]:
    """The earlier period with its figures: a year before, or the one just before where nobody
    has a figure of that."""
    asked = ask.view.before
    if asked is not None:
        if (asked.grain, asked.calendar) != (now.grain, now.calendar) or asked >= now:
            allowed = ", ".join(one.code for one in (now.previous, year_before(now)))
            raise AddressError(part="before", given=asked.code, allowed=allowed)
        return asked, find(ask, units, [indicator], asked)
    for period in (year_before(now), now.previous):
        found = find(ask, units, [indicator], period)
        if found:
            return period, found
    return now.previous, {}


def _row(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    early: Finds,
    late: Finds,
    before: Period,
    now: Period,
) -> PeerRow:
    cells = []
    for finds, period in ((early, before), (late, now)):
        one = finds.get((unit.id, indicator.id))
        here = in_period(one, period) if one else None
        cells.append(cell(ask, unit, indicator, here, period))
    then, after = cells
    row = PeerRow(ask.ref(unit), then, after)
    if then.figure.value is None or after.figure.value is None:
        return row
    why = uneven(then, after)
    if why is not None:
        return replace(row, uneven=why)
    change = after.figure.value - then.figure.value
    return replace(row, gain=-change if indicator.direction is Direction.DOWN else change)


def _register(ask: Ask) -> Register | None:
    """The register of practices; None in a house that declares none."""
    return next((one for one in ask.desk.registers.all if one.key == REGISTER), None)


def _practices(ask: Ask, register: Register | None, indicator: Indicator) -> list[ItemRow]:
    """What units recorded about the indicator, newest first."""
    if register is None:
        return []
    choice = item_lists.Choice(register.id, filters=(("indicator", (indicator.code,)),))
    found = item_lists.page(
        ask.connection, choice, limit=MOST_PRACTICES, newest_first=True, known_at=ask.known_at
    )
    return list(register_list_rows.rows(ask, register, found, whole=True))


def _units(ask: Ask, unit: Unit) -> tuple[UnitRef, ...]:
    """Whose peers can be asked about: provinces and ministries, and the units beside this one."""
    found = [
        ask.units.by_id(one)
        for level in (Level.PROVINCE, Level.MINISTRY)
        for one in ask.units.ids_by_level(level, ask.map_day)
    ]
    if unit.level not in TOTALS:
        found += _beside(ask, unit)
    refs = {one.id: ask.ref(one) for one in found if ask.sees(one)}
    return _sorted(list(refs.values()))


def _sorted(refs: Sequence[UnitRef]) -> tuple[UnitRef, ...]:
    return tuple(sorted(refs, key=lambda one: folded(one.short)))
