"""Revisions: figures that changed after they were shown, listed, and marked where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.unit import Unit
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.answer_cells import cells_in, with_cells
from ioc.queries.answers import Cell, Corrected
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.held import figure_of
from ioc.queries.revision_answers import RevisionRow, Revisions
from ioc.store import revisions as stored
from ioc.store.engine import micros, moment
from ioc.store.revisions import Revision, Shown

A = TypeVar("A")
MARKED_FOR = timedelta(days=30)
"""So long a figure bears the mark that it was changed."""
SHEET, MOST = 50, 5000
"""Revisions on one sheet, and how many are counted before it is "more than"."""


def revisions(desk: Desk, view: View, scope: Scope) -> Revisions:
    """The last revisions, narrowed to the address's unit, indicator and period.

    Raises AddressError for an unknown unit or indicator, NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        unit = resolve.unit(desk.units, view, scope)
        chosen = resolve.indicator(desk.catalogue, view) if view.indicator else None
        period = _period(view, chosen)
        unit_ids = within(ask, unit)
        indicator_id = chosen.id if chosen else None
        fits = (period.grain_key, period.key) if period else None
        count = stored.count(
            ask.connection,
            most=MOST,
            unit_ids=unit_ids,
            indicator_id=indicator_id,
            grain_period=fits,
            known_at=ask.known_at,
        )
        sheets = max(1, -(-min(count, MOST) // SHEET))
        sheet = min(view.sheet, sheets)
        found = stored.newest(
            ask.connection,
            limit=SHEET,
            offset=(sheet - 1) * SHEET,
            unit_ids=unit_ids,
            indicator_id=indicator_id,
            grain_period=fits,
            known_at=ask.known_at,
        )
        rows = tuple(_row(ask, one) for one in found if _known(ask, one))
        illustrative = any(row.then.illustrative or row.now.illustrative for row in rows)
        return Revisions(
            view=view,
            stamp=ask.stamp(illustrative=illustrative),
            unit=ask.ref(unit),
            rows=rows,
            count=min(count, MOST),
            more=count > MOST,
            sheet=sheet,
            sheets=sheets,
            chosen=chosen,
        )


def within(ask: Ask, unit: Unit) -> set[int] | None:
    """The unit and those below it that the viewer may see; None for all there are."""
    if ask.scope.everything and ask.units.roll_up(unit.id) is None:
        return None
    return {
        one.id
        for one in ask.units.all()
        if (one.id == unit.id or unit.id in ask.units.chain(one.id)) and ask.sees(one)
    }


def with_revisions(ask: Ask, answer: A) -> A:
    """The answer with every cell marked whose figure was changed lately, after it was shown.

    One statement, whatever is drawn.
    """
    cells = [(part, one) for part, one in cells_in(answer) if one.period is not None]
    if not cells:
        return answer
    now = ask.view.known_at or ask.now
    found = stored.about(
        ask.connection,
        {one.indicator.id for _, one in cells},
        {one.unit.id for _, one in cells},
        since=micros(now - MARKED_FOR),
        known_at=ask.known_at,
    )
    if not found:
        return answer
    newest: dict[tuple[object, ...], Revision] = {}
    for one in found:
        newest.setdefault(tuple(one.key), one)

    def mark(cell: Cell, inside: str) -> Cell:
        if cell.period is None:
            return cell
        of = cell.indicator.id, cell.period.grain_key, cell.period.key, cell.unit.id
        one = newest.get((*of, cell.part or inside))
        return replace(cell, corrected=corrected(ask, cell.indicator, one)) if one else cell

    return with_cells(answer, mark)


def corrected(ask: Ask, indicator: Indicator, one: Revision) -> Corrected:
    """A revision as a cell tells it."""
    return Corrected(
        then=_figure(indicator, one.was),
        now=_figure(indicator, one.now),
        shown_at=moment(one.shown_at),
        at=moment(one.recorded_at),
        source=_title(ask, one.now),
    )


def _known(ask: Ask, one: Revision) -> bool:
    """Whether the catalogue still has the indicator, and the viewer may see the unit."""
    known = {indicator.id for indicator in ask.desk.catalogue.all}
    return one.key.indicator_id in known and ask.sees(ask.units.by_id(one.key.unit_id))


def _row(ask: Ask, one: Revision) -> RevisionRow:
    indicator = ask.desk.catalogue.by_id(one.key.indicator_id)
    source = ask.sources.get(one.now.source_id) if one.now.source_id else None
    return RevisionRow(
        unit=ask.ref(ask.units.by_id(one.key.unit_id)),
        indicator=indicator,
        period=Period.from_keys(one.key.grain, one.key.period),
        part=one.key.breakdown,
        then=_figure(indicator, one.was),
        now=_figure(indicator, one.now),
        shown_at=moment(one.shown_at),
        at=moment(one.recorded_at),
        source=_title(ask, one.now),
        name=source.name if source else None,
        was_source=_title(ask, one.was),
    )


def _figure(indicator: Indicator, shown: Shown) -> Figure:
    return figure_of(indicator, shown.fact, illustrative=shown.illustrative)


def _title(ask: Ask, shown: Shown) -> str | None:
    fact = ask.sources.get(shown.source_id) if shown.source_id else None
    return fact.title[ask.view.lang] if fact else None


def _period(view: View, chosen: Indicator | None) -> Period | None:
    """The address's period, in the calendar of the indicator that it names."""
    if view.period is None or chosen is None:
        return view.period
    return replace(view.period, calendar=chosen.calendar)
