"""An indicator's page: what it means, who reports, and its figures over units and time."""

from __future__ import annotations

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Coverage, Empty
from ioc.domain.period import Period, grain_key
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.answers import Cell, IndicatorPage, Series, UnitPace
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.changes import with_changes
from ioc.queries.chosen import Choice
from ioc.queries.coverage import range_of
from ioc.queries.desk import Desk
from ioc.queries.figures import of_summary
from ioc.queries.found import Found, parents, trends
from ioc.queries.group import Group, below, children, group, total
from ioc.queries.held import with_held
from ioc.queries.narrow import Narrowing, aimless, unjudged
from ioc.queries.newest import pooled_trends
from ioc.queries.notes import notes_about
from ioc.queries.pace import history, in_order, pace_of, paces_from
from ioc.queries.restate import published
from ioc.queries.revisions import with_revisions
from ioc.queries.series import SHOWN, series
from ioc.store.summary import read_cells

_ALL_REPORTING = (Level.PROVINCE, Level.MINISTRY)


def indicator_page(desk: Desk, view: View, scope: Scope) -> IndicatorPage:
    """One indicator under one unit (the nation unless the address says otherwise).

    Raises AddressError for an unknown unit or indicator, NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        return with_revisions(ask, with_held(ask, with_changes(ask, _answer(ask))))


def _answer(ask: Ask) -> IndicatorPage:
    desk, view = ask.desk, ask.view
    indicator = resolve.indicator(desk.catalogue, view)
    unit = resolve.unit(desk.units, view, ask.scope)
    found = group(ask, unit, [indicator], level=_level(unit, indicator))
    narrow = Narrowing(ask)
    narrow.unit(unit)
    narrow.asked(grouped=found.level is not None)
    part = narrow.part(indicator)
    parted = narrow.parted(found, indicator, part)
    ask.learn_citations(one.raw.citation_id for one in found.finds.values())
    ask.learn_citations(one.raw.citation_id for one in parted.finds.values())
    everyone = children(ask, parted, indicator)
    if part:
        everyone = unjudged(everyone, part)
    named = narrow.part_words(indicator, part, everyone)
    drawn = narrow.of_status(everyone, part)
    chosen = narrow.chosen(found.members)
    ids = {one.id for one in chosen or found.members}
    due = everyone if indicator.collected and found.level in indicator.levels else ()
    due = tuple(one for one in due if one.unit.id in ids)
    silent = tuple(one.unit for one in due if one.figure.empty in (Empty.MISSING, Empty.LATE))
    cited = published(ask, _cited(ask, unit, found), [indicator])
    choice = Choice(ask, parted, chosen) if chosen else None
    whole, line = _of_choice(choice, indicator, part) if choice else _of_all(parted, ask, part)
    if part:
        (whole,), line = unjudged([whole], part), aimless(line, part)
    everything = (*drawn, whole, *cited)
    said = history(ask, found.members, indicator)
    paces = {} if part else paces_from(ask, found.members, indicator, drawn, said)
    of_whom = choice.alone if choice else unit
    return IndicatorPage(
        view=view,
        stamp=ask.stamp(illustrative=any(one.figure.illustrative for one in everything)),
        indicator=indicator,
        unit=ask.ref(unit),
        total=whole,
        coverage=Coverage(len(due) - len(silent), len(due)),
        missing=silent,
        children=drawn,
        series=line,
        breakdown=_breakdown(ask, unit, indicator),
        published=cited,
        applied=tuple(narrow.applied),
        ignored=tuple(narrow.ignored),
        chosen=tuple(ask.ref(one) for one in chosen),
        singles=choice.singles(indicator, part=part) if choice else (),
        part=named,
        notes=notes_about(ask, [unit, *found.members], [indicator]),
        pace=pace_of(ask, whole, of_whom, line.points),
        paces=in_order(UnitPace(one, paces[one.unit.id]) for one in drawn if one.unit.id in paces),
        reach=None if part else range_of(ask, unit, indicator, whole, said, among=chosen),
    )


def _of_all(found: Group, ask: Ask, part: str) -> tuple[Cell, Series]:
    """The parent's own figure and trend."""
    unit, indicator = found.parent, resolve.indicator(ask.desk.catalogue, ask.view)
    if unit.level is Level.REGION:
        said = pooled_trends(ask, unit, found.members, [indicator], SHOWN, part=part)
    else:
        said = trends(ask, [unit], [indicator], SHOWN, part=part)
    line = said.get((unit.id, indicator.id), {})
    return total(ask, found, indicator, line), series(ask, unit, indicator, line)


def _of_choice(choice: Choice, indicator: Indicator, part: str) -> tuple[Cell, Series]:
    """The figure and trend of the chosen units together."""
    line = choice.lines([indicator], part=part).get(indicator.id, {})
    one = choice.totals([indicator]).get(indicator.id)
    return choice.total(indicator, one, line), choice.series(indicator, line)


def _level(unit: Unit, indicator: Indicator) -> Level | None:
    """Provinces under the nation, unless only ministries report this indicator."""
    level = below(unit)
    if unit.level is Level.NATION and level not in indicator.levels:
        return next((one for one in _ALL_REPORTING if one in indicator.levels), level)
    return level


def _cited(ask: Ask, unit: Unit, found: Group) -> list[Unit]:
    """Under a total, all it stands for, former units too: their published figures belong here."""
    members = {one.id: one for one in (unit, *found.members)}
    for one in (unit, *found.members):
        members.update({former.id: former for former in ask.formers(one)})
    if unit.level is Level.NATION:
        members |= {one.id: one for one in ask.units.children(unit.id, ask.map_day)}
        for ministry in ask.units.children(unit.id, ask.map_day, Level.MINISTRY):
            members.update({one.id: one for one in (ministry, *ask.formers(ministry))})
    return [one for one in members.values() if ask.sees(one)]


def _breakdown(ask: Ask, unit: Unit, indicator: Indicator) -> dict[str, tuple[Cell, ...]]:
    """The newest period's parts by dimension; only declared values that were delivered."""
    codes = indicator.breakdown_codes
    if not codes:
        return {}
    rows = read_cells(
        ask.connection,
        parent_ids=parents(ask, [unit]),
        indicator_ids=[indicator.id],
        grain=grain_key(indicator.calendar, indicator.cadence),
        first=0,
        last=9_999_999,
        unit_ids=[unit.id],
        breakdowns=codes,
        known_at=ask.known_at,
    )
    wanted = ask.view.period.key if ask.view.period else max((r.period for r in rows), default=0)
    found: dict[str, tuple[Cell, ...]] = {}
    for row in rows:
        if row.period == wanted:
            one = Found(Period.from_keys(row.grain, row.period), of_summary(row))
            found[row.breakdown] = (cell(ask, unit, indicator, one),)
    return found
