"""A unit's page: its scorecard, its children, its history and that of the units it was made of."""

from __future__ import annotations

from datetime import date

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.answers import Cell, UnitPage, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import lost
from ioc.queries.changes import with_changes
from ioc.queries.chosen import Choice
from ioc.queries.coverage import range_of
from ioc.queries.desk import Desk
from ioc.queries.found import trends
from ioc.queries.goals import goals
from ioc.queries.group import Group, children, group, total
from ioc.queries.held import with_held
from ioc.queries.narrow import Narrowing, aimless, unjudged
from ioc.queries.notes import notes_about
from ioc.queries.pace import pace_of
from ioc.queries.register_red import register_stands
from ioc.queries.restate import bare_periods, only_before, own_trends, published
from ioc.queries.revisions import with_revisions
from ioc.queries.series import SHOWN, breaks, reported, series
from ioc.queries.standing import TOTALS

_CODES = ("nso", "agency_id", "local", "merger_map")


def unit_page(desk: Desk, view: View, scope: Scope) -> UnitPage:
    """Everything about one unit, present or former.

    Raises AddressError for a unit, indicator or group that does not exist, NotAllowedError for
    a unit outside the scope.
    """
    with asking(desk, view, scope) as ask:
        return with_revisions(ask, with_held(ask, with_changes(ask, _answer(ask))))


def _answer(ask: Ask) -> UnitPage:
    desk, view = ask.desk, ask.view
    unit = resolve.unit(desk.units, view, ask.scope)
    declared = _of_level(resolve.indicators(desk.catalogue, view), unit)
    focus = resolve.focus(desk.catalogue, view, declared)
    asked = declared if focus in declared else (*declared, focus)
    found = group(ask, unit, asked)
    narrow = Narrowing(ask)
    narrow.indicator(focus)
    narrow.group(declared, _of_level(desk.catalogue.collected, unit))
    narrow.asked(grouped=found.level is not None)
    part = narrow.part(focus)
    parted = narrow.parted(found, focus, part)
    formers = () if part else ask.formers(unit)
    cited = published(ask, (unit, *ask.formers(unit)), desk.catalogue.all)
    ask.learn_citations(one.raw.citation_id for one in found.totals.values())
    everyone = children(ask, parted, focus)
    own: Cell | None = None
    if part:
        own, *rest = unjudged([total(ask, parted, focus), *everyone], part)
        everyone = tuple(rest)
    named = narrow.part_words(focus, part, everyone)
    drawn = narrow.of_status(everyone, part)
    chosen = narrow.chosen(found.members)
    choice = Choice(ask, parted, chosen) if chosen else None
    said = own_trends(ask, formers, [focus]) if formers else {}
    silenced = only_before(ask, ask.formers(unit), asked)
    if choice:
        line = choice.series(focus, choice.lines([focus], part=part).get(focus.id, {}))
    else:
        trend = trends(ask, [unit], [focus], SHOWN, part=part).get((unit.id, focus.id), {})
        line = series(ask, unit, focus, trend, bare=bare_periods(said.values(), trend))
    cells = tuple(_cell(ask, found, one, silenced) for one in declared)
    if not part:
        own = next((one for one in cells if one.indicator is focus), None)
    everything = (*cells, *drawn, *cited)
    return UnitPage(
        view=view,
        stamp=ask.stamp(illustrative=any(one.figure.illustrative for one in everything)),
        unit=ask.ref(unit),
        crumbs=crumbs(ask, unit),
        codes=_codes(ask, unit),
        events=breaks(ask, unit, date.min, date.max),
        cells=cells,
        focus=focus,
        series=aimless(line, part) if part else line,
        former=() if choice else reported(ask, said, formers, focus, SHOWN),
        children=drawn,
        child_level=found.level.value if found.level and everyone else None,
        published=cited,
        successors=_successors(ask, unit),
        indicators=declared,
        goals=goals(ask, (unit, *ask.formers(unit)), desk.catalogue.all),
        own=own,
        applied=tuple(narrow.applied),
        ignored=tuple(narrow.ignored),
        chosen=tuple(ask.ref(one) for one in chosen),
        singles=choice.singles(focus, part=part) if choice else (),
        part=named,
        notes=notes_about(ask, [unit], [focus]),
        registers=register_stands(ask, [unit]),
        pace=pace_of(ask, own, unit, line.points) if own and not (choice or part) else None,
        reach=range_of(ask, unit, focus, own) if own and not part else None,
    )


def _cell(ask: Ask, found: Group, indicator: Indicator, silenced: frozenset[int]) -> Cell:
    """The unit's own cell; where only former units spoke, and not in what adds up, it says so."""
    one = total(ask, found, indicator)
    period = ask.view.period
    if period is None or one.figure.empty is None or indicator.id not in silenced:
        return one
    if one.figure.empty not in (Empty.MISSING, Empty.LATE):
        return one
    return lost(ask, found.parent, indicator, period)


def _of_level(indicators: tuple[Indicator, ...], unit: Unit) -> tuple[Indicator, ...]:
    if unit.level in TOTALS:
        return indicators
    return tuple(one for one in indicators if unit.level in one.levels)


def crumbs(ask: Ask, unit: Unit) -> tuple[UnitRef, ...]:
    """From the nation down to the unit; the localities as a whole are passed over.

    A region groups provinces and has no parent: it is shown under the nation.
    """
    day = min(ask.map_day, unit.valid_to or ask.map_day)
    above: list[Unit] = []
    version = unit.at(day) or unit.newest
    parent = version.parent_id
    if unit.level is Level.REGION:
        parent = ask.units.by_key("vn").id
    while parent is not None:
        one = ask.units.by_id(parent)
        if one.level is not Level.LOCALITIES and ask.sees(one):
            above.append(one)
        parent = (one.at(day) or one.newest).parent_id
    return tuple(ask.ref(one) for one in (*reversed(above), unit))


def _codes(ask: Ask, unit: Unit) -> tuple[tuple[str, str], ...]:
    day = unit.versions[-1].valid_from
    found = ((system, unit.code(system, day)) for system in _CODES)
    return tuple((system, code) for system, code in found if code is not None)


def _successors(ask: Ask, unit: Unit) -> tuple[UnitRef, ...]:
    ids = dict.fromkeys(one.successor_id for one in ask.units.successors(unit.id))
    main = ask.units.principal_successor(unit.id)
    ordered = sorted(ids, key=lambda one: one != main)
    return ask.refs(ordered) if unit.valid_to else ()
