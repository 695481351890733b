"""Figures that wait for a person: marked wherever the old value is shown, and listed by source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty, Figure, Restated
from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.queries.answer_cells import cells_in, with_cells
from ioc.queries.answers import Cell, UnitRef, Waiting
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, figure, has_figure, no_figure
from ioc.queries.source_answers import HeldRow
from ioc.store.held import About, Held, entries_of, held_of
from ioc.store.observations import Fact

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk

A = TypeVar("A")
_Spot = tuple[int, int, int, int, str]


def with_held(ask: Ask, answer: A) -> A:
    """The answer with every cell marked for whose figure another one was given and is held.

    As known on a day: what was held then. One statement when nothing of what is drawn is held,
    two when something is.
    """
    drawn = {spot[:4] for part, one in cells_in(answer) if (spot := _spot(one, part))}
    found = held_of(ask.connection, drawn, ask.known_at)
    if not found:
        return answer
    waiting: dict[_Spot, Waiting] = {}
    for entry in entries_of(ask.connection, found, ask.known_at):
        waiting[(*_about(entry), entry.doubt.key.breakdown)] = _waiting(ask, entry)

    def mark(cell: Cell, inside: str) -> Cell:
        spot = _spot(cell, inside)
        one = waiting.get(spot) if spot else None
        return replace(cell, waiting=one) if one else cell

    return with_cells(answer, mark)


def _spot(cell: Cell, inside: str) -> _Spot | None:
    period = cell.period
    if period is None:
        return None
    return cell.indicator.id, period.grain_key, period.key, cell.unit.id, cell.part or inside


def _about(entry: Held) -> About:
    key = entry.doubt.key
    return key.indicator_id, key.grain, key.period, key.unit_id


def _waiting(ask: Ask, entry: Held) -> Waiting:
    fact = ask.sources[entry.source_id]
    indicator = ask.desk.catalogue.by_id(entry.doubt.key.indicator_id)
    return Waiting(
        figure_of(indicator, entry.doubt.fact, illustrative=fact.illustrative),
        fact.title[ask.view.lang],
        fact.name,
        entry.held_at,
        entry.doubt.code,
        entry.doubt.params,
    )


def figure_of(indicator: Indicator, fact: Fact, *, illustrative: bool) -> Figure:
    """A figure as a source gave it, unscaled, on the map of its own time."""
    raw = Raw(
        num=fact.num,
        den=fact.den,
        val=fact.val,
        bound=fact.bound,
        state=fact.state,
        source_id=None,
        citation_id=None,
        illustrative=int(illustrative),
        own=1,
        leaves=1,
        parts=0,
        recorded_at=0,
    )
    if not has_figure(raw):
        return no_figure(indicator, Empty.MISSING)
    return figure(indicator, raw, (Restated.AS_REPORTED, None))


def held_rows(
    desk: Desk, entries: Iterable[Held], scope: Scope, lang: str, *, illustrative: bool
) -> tuple[HeldRow, ...]:
    """Entries as a screen lists them; those of units outside the scope are left out."""
    return tuple(
        _row(desk, one, lang, illustrative=illustrative)
        for one in entries
        if desk.units.visible(one.doubt.key.unit_id, scope)
    )


def _row(desk: Desk, entry: Held, lang: str, *, illustrative: bool) -> HeldRow:
    doubt, key = entry.doubt, entry.doubt.key
    indicator = desk.catalogue.by_id(key.indicator_id)
    return HeldRow(
        id=entry.id,
        unit=unit_ref(desk.units.by_id(key.unit_id), lang),
        indicator=indicator,
        period=Period.from_keys(key.grain, key.period),
        part=key.breakdown,
        given=figure_of(indicator, doubt.fact, illustrative=illustrative),
        standing=figure_of(indicator, doubt.was, illustrative=illustrative),
        code=doubt.code,
        params=doubt.params,
        place=doubt.place,
        record=doubt.record,
        run=entry.run_id,
        since=entry.held_at,
        decision=entry.decision,
        decided_at=entry.decided_at,
        decided_by=entry.decided_by,
        note=entry.note,
    )


def unit_ref(unit: Unit, lang: str) -> UnitRef:
    """A unit as answers name it, without a question about figures."""
    short = unit.newest.name_en if lang == "en" else unit.short_name
    return UnitRef(unit.id, unit.key, unit.name_in(lang), short, unit.level.value)
