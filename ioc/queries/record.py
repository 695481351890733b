"""One figure down to its source: every version, what stands and why, its run and raw files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ioc.domain.indicator import Indicator
from ioc.domain.period import Grain, Period
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import resolve
from ioc.queries.answers import UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.balance import account
from ioc.queries.cells import cell
from ioc.queries.changes import with_changes
from ioc.queries.coverage import range_of
from ioc.queries.desk import Desk
from ioc.queries.figures import figure, of_summary
from ioc.queries.found import Found, find
from ioc.queries.group import group
from ioc.queries.held import with_held
from ioc.queries.learned import learned
from ioc.queries.notes import notes_about
from ioc.queries.record_answers import Learned, RawFile, Record, Shown
from ioc.queries.revisions import with_revisions
from ioc.queries.source_detail import run_row
from ioc.queries.standing import TOTALS, standing
from ioc.queries.unit_page import crumbs
from ioc.store import payloads, runs
from ioc.store.engine import moment
from ioc.store.observations import Key, versions_of
from ioc.store.summary import shown_versions

FILES = 40
"""Payloads of a run that are listed; the rest are counted."""
SUMS = 30
"""Newest versions of a sum that are listed."""
_MONTHLY = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address means: a unit, an indicator, a period and a part of the figure."""

    unit: Unit
    indicator: Indicator
    period: Period | None
    breakdown: str

    def key(self, period: Period) -> Key:
        """The figure in the store's numbers."""
        return Key(self.indicator.id, period.grain_key, period.key, self.unit.id, self.breakdown)


def record(desk: Desk, view: View, scope: Scope) -> Record:
    """One figure: as shown, as learned, and as made. Without a period, the newest there is.

    Raises AddressError for an unknown unit, indicator or part, NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        return with_revisions(ask, with_held(ask, with_changes(ask, _answer(ask))))


def _answer(ask: Ask) -> Record:
    asked = _asked(ask)
    unit, indicator, period = asked.unit, asked.indicator, asked.period
    if period is None:
        return _nothing(ask, asked)
    found = _found(ask, asked, period)
    ask.learn_citations([found.raw.citation_id] if found else [])
    shown = replace(cell(ask, unit, indicator, found, period), part=asked.breakdown)
    versions = versions_of(ask.connection, asked.key(period), known_at=ask.known_at)
    ask.learn_citations(one.stands.fact.citation_id for one in versions)
    ran = runs.runs_by_id(ask.connection, {one.run_id for one in versions})
    rows = {run_id: run_row(fact) for run_id, fact in ran.items()}
    told = learned(ask, indicator, versions, rows)
    sums, count = _sums(ask, asked, period, told)
    answer = Record(
        view=ask.view,
        stamp=ask.stamp(illustrative=shown.figure.illustrative),
        unit=ask.ref(unit),
        indicator=indicator,
        period=period,
        breakdown=asked.breakdown,
        crumbs=crumbs(ask, unit),
        cell=shown,
        learned=told,
        shown=sums,
        shown_count=count,
        account=account(ask, unit, indicator, found, period, asked.breakdown),
        may_open=may_open(ask.desk, ask.scope),
        others=_others(ask, unit),
        siblings=_siblings(ask, unit),
        notes=notes_about(ask, [unit], [indicator], period),
        reach=None if asked.breakdown else range_of(ask, unit, indicator, shown),
    )
    return _with_run(ask, answer)


def may_open(desk: Desk, scope: Scope) -> bool:
    """Whether a viewer may read whole deliveries, which speak of units all over the country."""
    return desk.units.visible(desk.units.by_key("vn").id, scope)


def _asked(ask: Ask) -> _Asked:
    indicator = resolve.indicator(ask.desk.catalogue, ask.view)
    unit = resolve.unit(ask.units, ask.view, ask.scope)
    breakdown = ask.view.breakdown or ""
    # What was reported and what it adds up to are the same on every map.
    ask.view = ask.view.but(basis="today")
    if breakdown and breakdown not in indicator.breakdown_codes:
        allowed = ", ".join(indicator.breakdown_codes) or "–"
        raise AddressError(part="breakdown", given=breakdown, allowed=allowed)
    period = ask.view.period
    if period is None:
        whole = group(ask, unit, [indicator]).totals.get(indicator.id)
        period = whole.period if whole else None
    elif period.calendar is not indicator.calendar and period.grain in _MONTHLY:
        # "2026-10" of an indicator of the administrative calendar means its own October.
        period = replace(period, calendar=indicator.calendar)
    if period is not None:
        # From here on the question is about this period, as if the address had named it.
        ask.view = ask.view.but(period=period, calendar=period.calendar)
    return _Asked(unit, indicator, period, breakdown)


def _nothing(ask: Ask, asked: _Asked) -> Record:
    unit, indicator = asked.unit, asked.indicator
    return Record(
        view=ask.view,
        stamp=ask.stamp(illustrative=False),
        unit=ask.ref(unit),
        indicator=indicator,
        period=None,
        breakdown=asked.breakdown,
        crumbs=crumbs(ask, unit),
        cell=cell(ask, unit, indicator, None),
        others=_others(ask, unit),
        siblings=_siblings(ask, unit),
    )


def _found(ask: Ask, asked: _Asked, period: Period) -> Found | None:
    """The figure as it is shown: of a part, of the unit, or of a region's provinces."""
    unit, indicator = asked.unit, asked.indicator
    if unit.level is Level.REGION and not asked.breakdown:
        return group(ask, unit, [indicator]).totals.get(indicator.id)
    found = find(ask, [unit], [indicator], period, part=asked.breakdown)
    return found.get((unit.id, indicator.id))


def _sums(
    ask: Ask, asked: _Asked, period: Period, told: Sequence[Learned]
) -> tuple[tuple[Shown, ...], int]:
    """What the sum was over time; a figure of the unit's own has its versions instead."""
    unit, indicator = asked.unit, asked.indicator
    if told or unit.level is Level.REGION:
        return (), 0
    rows, count = shown_versions(
        ask.connection,
        parent_id=ask.units.roll_up(unit.id) or 0,
        indicator_id=indicator.id,
        grain=period.grain_key,
        unit_id=unit.id,
        period=period.key,
        breakdown=asked.breakdown,
        limit=SUMS,
        known_at=ask.known_at,
    )
    shown = []
    for row in rows:
        raw = of_summary(row)
        stood = standing(ask, unit, indicator, period, raw)
        shown.append(Shown(figure(indicator, raw, stood), moment(row.recorded_at), raw.leaves))
    return tuple(shown), count


def _with_run(ask: Ask, answer: Record) -> Record:
    """The run that brought the figure that stands, and the raw files it kept."""
    stands = answer.standing
    if stands is None:
        return answer
    files, count = payloads.payloads_of(ask.connection, stands.run_id, limit=FILES)
    return replace(
        answer,
        run=stands.run,
        source=stands.source,
        source_title=stands.title,
        delivery=runs.delivery_hash(ask.connection, stands.run_id),
        files=tuple(RawFile(one.seq, one.label, one.sha256, one.media, one.size) for one in files),
        file_count=count,
    )


def _others(ask: Ask, unit: Unit) -> tuple[Indicator, ...]:
    """The indicators that a unit of this level has figures of."""
    everything = ask.desk.catalogue.all
    if unit.level in TOTALS:
        return everything
    return tuple(one for one in everything if unit.level in one.levels)


def _siblings(ask: Ask, unit: Unit) -> tuple[UnitRef, ...]:
    """The units beside this one: of its level under the same parent, in alphabetical order."""
    if unit.level in TOTALS and unit.level is not Level.REGION:
        return ()
    if unit.level is Level.REGION:
        ids = ask.units.ids_by_level(Level.REGION, ask.map_day)
        beside = tuple(ask.units.by_id(one) for one in ids)
    else:
        day = ask.map_day if unit.valid_to is None else unit.valid_from
        above = ask.units.parent(unit.id, day)
        beside = ask.units.children(above.id, day, unit.level) if above else ()
    refs = [ask.ref(one) for one in beside if ask.sees(one)]
    return tuple(sorted(refs, key=lambda one: folded(one.short)))
