"""From the store's rows to items as lists show them: how late, what is missing, by which names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ioc.domain.due import Due
from ioc.domain.register import ItemState, Kind, Phase, Register, filled
from ioc.domain.unit import Level
from ioc.domain.workdays import workdays
from ioc.queries.answers import UnitRef
from ioc.queries.ask import Ask
from ioc.queries.register_answers import Check, ItemRow
from ioc.queries.register_cards import day_of, due_of
from ioc.queries.register_list_choice import may_see, names_of
from ioc.store.engine import moment
from ioc.store.item_lists import Now

DEGREE = 10_000_000
"""Points are kept in ten-millionths of a degree."""


def rows(
    ask: Ask, register: Register, found: Iterable[Now], *, whole: bool = False
) -> tuple[ItemRow, ...]:
    """The items that the viewer may see; `whole` names all that their fields point to, not only
    what the columns show."""
    seen = [one for one in found if may_see(ask, one.unit_id)]
    ask.learn_citations(one.citation_id for one in seen)
    bodies = [json.loads(one.body) for one in seen]
    fields = [one for one in register.fields if whole or one.column]
    names = names_of(
        ask,
        [
            (field, body[field.name])
            for body in bodies
            for field in fields
            if field.kind in (Kind.UNIT, Kind.INDICATOR, Kind.ITEM) and filled(body.get(field.name))
        ],
    )
    return tuple(
        _row(ask, register, one, body, names) for one, body in zip(seen, bodies, strict=True)
    )


def _row(
    ask: Ask, register: Register, one: Now, body: Mapping[str, Any], names: Mapping[str, str]
) -> ItemRow:
    due, done = due_of(body, register.due), day_of(one.done_day)
    phase = tuple(Phase)[one.phase]
    slip, late = lateness(due, phase, done, ask.today)
    fact = ask.sources.get(one.source_id)
    placed = one.lat is not None and one.lon is not None
    missing = set(words_of(one.missing))
    return ItemRow(
        item_id=one.item_id,
        register=register.key,
        key=one.key,
        title=one.title,
        unit=_owner(ask, one.unit_id) if one.unit_id is not None else None,
        state=state_of(register, one.state, phase),
        phase=phase,
        due=due,
        done=done,
        slip=slip,
        late=late,
        person=one.person,
        parent=one.parent,
        missing=tuple(field for field in register.mandatory if field.name in missing),
        differs=words_of(one.differs),
        checks=checks(register, body, placed=placed),
        values=body,
        names=names,
        illustrative=bool(one.illustrative),
        source=fact.title[ask.view.lang] if fact else "",
        source_name=fact.name if fact else "",
        valid_from=day_of(one.valid_from) or date.min,
        recorded_at=moment(one.recorded_at),
        citation=ask.citation(one.citation_id),
        lat=one.lat / DEGREE if one.lat is not None else None,
        lon=one.lon / DEGREE if one.lon is not None else None,
    )


def _owner(ask: Ask, unit_id: int) -> UnitRef:
    """The unit of an item; a commune goes with its province where the question is wider, as many
    communes have one name."""
    unit = ask.units.by_id(unit_id)
    named = ask.ref(unit)
    above = ask.units.parent(unit.id, ask.map_day) if unit.level is Level.COMMUNE else None
    if above is None or ask.view.unit in (unit.key, above.key):
        return named
    return replace(named, short=f"{named.short}, {ask.ref(above).short}")


def lateness(
    due: Due | None, phase: Phase, done: date | None, today: date
) -> tuple[int | None, int]:
    """Days from the last day in time to when it was done, or to today while it is open, and the
    working days of them. Nothing is said of what was given up, of what nobody knows whether it was
    done, or when."""
    until = {Phase.OPEN: today, Phase.DONE: done}.get(phase)
    if due is None or until is None:
        return None, 0
    return due.slip(until), workdays().between(due.day, until)


def checks(register: Register, body: Mapping[str, Any], *, placed: bool) -> tuple[Check, ...]:
    """Every checklist with how many of its fields are filled."""
    found = []
    for one in register.checklists:
        missing = tuple(
            field
            for field in map(register.field, one.fields)
            if not (placed if field.kind is Kind.PLACE else filled(body.get(field.name)))
        )
        found.append(Check(one, len(one.fields) - len(missing), missing))
    return tuple(found)


def state_of(register: Register, code: str, phase: Phase) -> ItemState:
    """The state as declared; one that is no longer declared goes by its code."""
    for one in register.states:
        if one.code == code:
            return one
    return ItemState.model_validate(
        {"code": code, "name": {"vi": code, "en": code}, "phase": phase.value}
    )


def words_of(text: str) -> tuple[str, ...]:
    """Names of fields that the store keeps in one text."""
    return tuple(one for one in text.replace(",", " ").split() if one)
