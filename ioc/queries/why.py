"""Why a figure changed between two periods: what each unit below moved it by, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from ioc.domain.decompose import Account, of_count, of_ratio
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind, Restated
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import resolve
from ioc.queries.answers import Cell, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.compare_pairs import year_before
from ioc.queries.desk import Desk
from ioc.queries.found import Finds, Found, find
from ioc.queries.group import below
from ioc.queries.newest import in_period, totalled
from ioc.queries.unit_page import crumbs
from ioc.queries.why_answers import Closed, Part, Why

_PLACES = (Level.PROVINCE, Level.MINISTRY)


def why(desk: Desk, view: View, scope: Scope) -> Why:
    """The change of an indicator of a unit, on today's map.

    Without a period, between the newest complete one and the one before it; without an indicator,
    the first headline; the localities stand for the nation where the address names no unit.
    Raises AddressError for an unknown unit or indicator and for an earlier period that is none,
    NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        return _answer(ask)


def _answer(ask: Ask) -> Why:
    desk, view = ask.desk, ask.view
    unit = resolve.unit(desk.units, view, ask.scope)
    indicator = resolve.focus(desk.catalogue, view, desk.catalogue.collected)
    members = _members(ask, unit)
    now = view.period or _period(ask, unit, indicator)
    page = Why(
        view=view,
        stamp=ask.stamp(illustrative=False),
        unit=ask.ref(unit),
        crumbs=crumbs(ask, unit),
        indicator=indicator,
        period=now,
        before=view.before,
        indicators=tuple(one for one in desk.catalogue.collected if one.kind is not Kind.SCORE),
        units=_units(ask),
    )
    if now is None:
        return replace(page, closed=Closed.NO_NOW)
    before = _before(view, now)
    late, early = (find(ask, members, [indicator], one) for one in (now, before))
    total = _total(ask, unit, members, indicator, late, now)
    earlier = _total(ask, unit, members, indicator, early, before)
    parts = {one.id: _part(ask, one, indicator, early, late, before, now) for one in members}
    account, closed = _account(indicator, earlier, total, parts)
    cells = (earlier, total, *(one for part in parts.values() for one in (part.before, part.now)))
    return replace(
        page,
        stamp=ask.stamp(illustrative=any(one.figure.illustrative for one in cells)),
        cells=cells,
        before=before,
        total_before=earlier,
        total=total,
        account=account,
        closed=closed,
        parts=parts,
    )


def _members(ask: Ask, unit: Unit) -> tuple[Unit, ...]:
    """Who stands below: the two trees under the nation, else the level drawn under a unit."""
    level = below(unit)
    if level is None:
        return ()
    wanted = None if unit.level is Level.NATION else level
    found = ask.units.children(unit.id, ask.map_day, wanted)
    return tuple(one for one in found if ask.sees(one) and one.level is not Level.REGION)


def _period(ask: Ask, unit: Unit, indicator: Indicator) -> Period | None:
    """The newest period with a figure that is over, else the newest."""
    found = find(ask, [unit], [indicator], None).get((unit.id, indicator.id))
    if found is None:
        return _of_members(ask, unit, indicator)
    return found.period.previous if found.period.end >= ask.today and found.before else found.period


def _of_members(ask: Ask, unit: Unit, indicator: Indicator) -> Period | None:
    finds = find(ask, _members(ask, unit), [indicator], None)
    newest = max((one.period for one in finds.values()), default=None)
    if newest is None:
        return None
    return newest.previous if newest.end >= ask.today else newest


def _before(view: View, now: Period) -> Period:
    asked = view.before
    if asked is None:
        return now.previous
    if (asked.grain, asked.calendar) != (now.grain, now.calendar) or asked >= now:
        allowed = ", ".join(one.code for one in (now.previous, year_before(now)))
        raise AddressError(part="before", given=asked.code, allowed=allowed)
    return asked


def _total(
    ask: Ask,
    unit: Unit,
    members: Sequence[Unit],
    indicator: Indicator,
    finds: Finds,
    period: Period,
) -> Cell:
    """The unit's own figure of a period, or its members' where it stores none."""
    if unit.level is Level.REGION:
        view, ask.view = ask.view, ask.view.but(period=period)
        found = totalled(ask, unit, members, [indicator], finds).get(indicator.id)
        ask.view = view
    else:
        found = find(ask, [unit], [indicator], period).get((unit.id, indicator.id))
    return cell(ask, unit, indicator, found, period)


def _part(
    ask: Ask,
    unit: Unit,
    indicator: Indicator,
    early: Finds,
    late: Finds,
    before: Period,
    now: Period,
) -> Part:
    then = _cell(ask, unit, indicator, early.get((unit.id, indicator.id)), before)
    after = _cell(ask, unit, indicator, late.get((unit.id, indicator.id)), now)
    partial = Restated.PARTIAL in (then.figure.restated, after.figure.restated)
    return Part(then, after, partial)


def _cell(ask: Ask, unit: Unit, indicator: Indicator, found: Found | None, period: Period) -> Cell:
    return cell(ask, unit, indicator, in_period(found, period) if found else None, period)


def _account(
    indicator: Indicator, before: Cell, now: Cell, parts: Mapping[int, Part]
) -> tuple[Account[int] | None, Closed | None]:
    if indicator.kind is Kind.SCORE:
        return None, Closed.SCORE
    if not parts:
        return None, Closed.NO_PARTS
    if now.figure.value is None or before.figure.value is None:
        return None, Closed.NO_NOW if now.figure.value is None else Closed.NO_BEFORE
    totals = before.figure.value, now.figure.value
    if indicator.kind is not Kind.RATIO:
        then = {
            key: value
            for key, one in parts.items()
            if (value := one.before.figure.value) is not None
        }
        after = {
            key: value for key, one in parts.items() if (value := one.now.figure.value) is not None
        }
        counted = of_count(then, after, totals=totals)
        return (counted, None) if counted.shares else (None, Closed.NOTHING_SHARED)
    early = {key: pair for key, one in parts.items() if (pair := _pair(one.before))}
    late = {key: pair for key, one in parts.items() if (pair := _pair(one.now))}
    if not early or not late:
        return None, Closed.BARE
    found = of_ratio(early, late, totals=totals)
    return (found, None) if found.shares else (None, Closed.NOTHING_SHARED)


def _pair(one: Cell) -> tuple[Fraction, Fraction] | None:
    above, under = one.figure.numerator, one.figure.denominator
    return None if above is None or under is None else (above, under)


def _units(ask: Ask) -> tuple[UnitRef, ...]:
    """Whose change can be asked about: totals, regions, provinces and ministries."""
    totals = [ask.units.by_key(key) for key in ("vn", "local", "gov")]
    levels = (Level.REGION, *_PLACES)
    rest = [
        ask.units.by_id(one)
        for level in levels
        for one in ask.units.ids_by_level(level, ask.map_day)
    ]
    first = [ask.ref(one) for one in totals if ask.sees(one)]
    return (
        *first,
        *sorted((ask.ref(one) for one in rest if ask.sees(one)), key=lambda one: folded(one.short)),
    )
