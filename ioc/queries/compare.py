"""The comparison: units of one group, drawn in the form that the question needs."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import resolve
from ioc.queries.answers import UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.compare_answers import MOST_BESIDE, Body, Compare, Form, Slopes, illustrative
from ioc.queries.compare_pairs import scatter, slope
from ioc.queries.compare_side import side
from ioc.queries.compare_trends import corridor, indexed, multiples
from ioc.queries.desk import Desk
from ioc.queries.gathered import Gathered, cells_of, finds, gather, period_of
from ioc.queries.group import ranked
from ioc.queries.held import with_held
from ioc.queries.standing import TOTALS

_FEW = (Form.SIDE, Form.INDEXED)
_GROUPED = (Form.SCATTER, Form.SLOPE)
"""Forms that draw the whole group; units chosen in it are named."""


def compare(desk: Desk, view: View, scope: Scope) -> Compare:
    """Units compared by the form of the address, side by side without one.

    Raises AddressError for an unknown form, unit, indicator or period before, NotAllowedError
    for a parent outside the scope.
    """
    with asking(desk, view, scope) as ask:
        return with_held(ask, _answer(ask))


def form_of(view: View) -> Form:
    """The form of the address; raises AddressError for an unknown one."""
    try:
        return Form(view.form or Form.SIDE)
    except ValueError:
        allowed = ", ".join(Form)
        raise AddressError(part="form", given=view.form, allowed=allowed) from None


def _answer(ask: Ask) -> Compare:
    view, catalogue = ask.view, ask.desk.catalogue
    form = form_of(view)
    asked = catalogue.by_code(view.indicator) if view.indicator else None
    group = gather(ask, asked)
    offered = tuple(one for one in catalogue.collected if group.level in one.levels)
    focus = asked or resolve.focus(catalogue, view, offered)
    against = _against(ask, focus, offered)
    chosen = group.chosen or _by_default(ask, group, focus, form)
    drawn = _drawn(form, group, chosen)
    body, before = _body(ask, form, group, drawn, focus, against)
    kept = {unit.id for unit in drawn}
    return Compare(
        view=view,
        stamp=ask.stamp(illustrative=illustrative(body)),
        form=form,
        unit=ask.ref(group.parent),
        indicator=focus,
        against=against,
        period=_period(ask, body),
        before=before,
        chosen=tuple(ask.ref(unit) for unit in chosen),
        by_default=not group.chosen,
        offered=tuple(ask.ref(unit) for unit in (*group.members, *_whole(ask, group))),
        groups=_groups(ask),
        indicators=offered,
        body=body,
        left_out=tuple(ask.ref(unit) for unit in chosen if unit.id not in kept),
    )


def _against(ask: Ask, focus: Indicator, offered: Sequence[Indicator]) -> Indicator:
    """The second indicator: that of the address, else the next headline of the group."""
    if ask.view.against is not None:
        try:
            return ask.desk.catalogue.by_code(ask.view.against)
        except AddressError:
            allowed = ", ".join(one.code for one in offered)
            raise AddressError(part="against", given=ask.view.against, allowed=allowed) from None
    others = [one for one in offered if one != focus]
    headlines = [one for one in others if one.headline]
    return next(iter(headlines or others), focus)


def _by_default(ask: Ask, group: Gathered, focus: Indicator, form: Form) -> tuple[Unit, ...]:
    """Without a choice: the first, the middle and the last of the ranking, or the total's way."""
    if form in (Form.MULTIPLES, *_GROUPED):
        return ()
    if form is Form.CORRIDOR and group.parent.level not in TOTALS:
        return (group.parent,)
    found = finds(ask, (*group.members, group.parent), [focus], ask.view.period)
    if form is Form.CORRIDOR and (group.parent.id, focus.id) in found:
        return (group.parent,)
    period = period_of(ask, group.members, focus, found)
    cells = ranked(cells_of(ask, group.members, focus, found, period), focus)
    valued = [one for one in cells if one.figure.value is not None]
    if form is Form.CORRIDOR:
        return tuple(ask.units.by_id(one.unit.id) for one in valued[:1]) or (group.parent,)
    places = sorted({0, len(valued) // 2, len(valued) - 1}) if valued else []
    return tuple(ask.units.by_id(valued[at].unit.id) for at in places)


def _drawn(form: Form, group: Gathered, chosen: Sequence[Unit]) -> tuple[Unit, ...]:
    """Those of the chosen units that this form draws."""
    if form in _FEW:
        return tuple(chosen[:MOST_BESIDE])
    if form is Form.CORRIDOR:
        return tuple(chosen[:1])
    if form in _GROUPED:
        members = {unit.id for unit in group.members}
        return tuple(unit for unit in chosen if unit.id in members)
    return tuple(chosen)


def _body(
    ask: Ask,
    form: Form,
    group: Gathered,
    units: tuple[Unit, ...],
    focus: Indicator,
    against: Indicator,
) -> tuple[Body, Period | None]:
    """What is drawn, and the earlier period it is held against."""
    if form is Form.SIDE:
        return side(ask, group, units, _of_units(ask, units)), ask.view.before
    if form is Form.MULTIPLES:
        return multiples(ask, group, units, focus), ask.view.before
    if form is Form.INDEXED:
        made = indexed(ask, units, focus)
        return made, made.base
    if form is Form.SCATTER:
        return scatter(ask, group, focus, against), ask.view.before
    if form is Form.SLOPE:
        return slope(ask, group, focus)
    return corridor(ask, units[0], focus), ask.view.before


def _of_units(ask: Ask, units: Sequence[Unit]) -> tuple[Indicator, ...]:
    """The indicators of the chosen group of indicators that any of the units may have."""
    declared = resolve.indicators(ask.desk.catalogue, ask.view)
    levels = {unit.level for unit in units}
    if levels & TOTALS:
        return declared
    return tuple(one for one in declared if levels & set(one.levels))


def _whole(ask: Ask, group: Gathered) -> tuple[Unit, ...]:
    return (group.parent,) if ask.sees(group.parent) else ()


def _groups(ask: Ask) -> tuple[UnitRef, ...]:
    """The parents whose units can be compared: the nation, ministries, regions and provinces."""
    units, day = ask.units, ask.map_day
    levels = (Level.NATION, Level.GOVERNMENT, Level.REGION, Level.PROVINCE)
    return ask.refs(one for level in levels for one in units.ids_by_level(level, day))


def _period(ask: Ask, body: Body) -> Period | None:
    """The period that most of the cells are about."""
    if ask.view.period is not None:
        return ask.view.period
    cells = (
        [one.now for one in (*body.lines, *body.uneven)] if isinstance(body, Slopes) else body.cells
    )
    periods = [one.period for one in cells if one.period is not None]
    return max(set(periods), key=periods.count) if periods else None
