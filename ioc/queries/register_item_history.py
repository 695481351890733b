"""What was ever said of an item: from when, learned when, from whom, and what that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ioc.domain.item_words import degrees_words, value_words
from ioc.domain.messages import say
from ioc.domain.register import Kind, Phase, Register
from ioc.queries.ask import Ask
from ioc.queries.register_answers import ActRow, FieldChange, ItemVersion
from ioc.queries.register_cards import day_of
from ioc.queries.register_list_choice import names_of
from ioc.queries.register_list_rows import DEGREE, state_of
from ioc.queries.source_detail import run_row
from ioc.store import item_history, runs
from ioc.store.engine import moment
from ioc.store.item_history import Version
from ioc.store.item_lists import Now


def acts(ask: Ask, register: Register, item_id: int) -> tuple[ActRow, ...]:
    """What was done to the item, newest first."""
    declared = {one.code: one for one in register.states}
    found = item_history.acts(ask.connection, item_id, ask.known_at)
    return tuple(
        ActRow(
            id=one.act_id,
            kind=one.kind,
            at=moment(one.at),
            by=one.by,
            why=one.why,
            evidence=one.evidence,
            from_state=declared.get(one.from_state or ""),
            to_state=declared.get(one.to_state or ""),
            run_id=one.run_id,
        )
        for one in reversed(found)
    )


def versions(
    ask: Ask, register: Register, now: Now, told: Sequence[ActRow]
) -> tuple[ItemVersion, ...]:
    """Every version, the newest learned first, each against what was known just before it."""
    found = item_history.versions(ask.connection, now.item_id, ask.known_at)
    ask.learn_citations(one.citation_id for one in found)
    ran = runs.runs_by_id(ask.connection, {one.run_id for one in found if one.run_id})
    by_id = {one.id: one for one in told}
    made: list[ItemVersion] = []
    before: Version | None = None
    for one in found:
        fact = ask.sources.get(one.source_id)
        done = one.act_id is not None and one.run_id == 0
        made.append(
            ItemVersion(
                valid_from=day_of(one.valid_from) or moment(one.recorded_at).date(),
                recorded_at=moment(one.recorded_at),
                source="" if done or fact is None else fact.title[ask.view.lang],
                source_name="" if done or fact is None else fact.name,
                run=run_row(ran[one.run_id]) if one.run_id in ran else None,
                citation=ask.citation(one.citation_id),
                changes=None if before is None else changes(ask, register, before, one),
                act=by_id.get(one.act_id) if one.act_id is not None else None,
                standing=one.recorded_at == now.recorded_at,
                gone=bool(one.gone),
            )
        )
        before = one
    return tuple(reversed(made))


def changes(
    ask: Ask, register: Register, before: Version, after: Version
) -> tuple[FieldChange, ...]:
    """What is other in a later version, in the order of the register's fields."""
    lang = ask.view.lang
    found: list[FieldChange] = []

    def note(name: str, label: str, one: str, other: str) -> None:
        if one != other:
            found.append(FieldChange(name, label, one, other))

    states = [state_of(register, one.state, _phase(register, one)) for one in (before, after)]
    names = [one.name.say(lang) for one in states]
    note("state", say(lang, "register.col_state"), names[0], names[1])
    units = [_unit(ask, one) for one in (before, after)]
    note("unit", say(lang, "register.col_unit"), units[0], units[1])
    one_body, other_body = before.fields, after.fields
    for field in register.fields:
        label = field.label.say(lang)
        if field.kind is Kind.PLACE:
            note(field.name, label, point_words(before, lang), point_words(after, lang))
            continue
        values: list[Any] = [one_body.get(field.name), other_body.get(field.name)]
        if values[0] == values[1]:
            continue
        said = names_of(ask, [(field, value) for value in values if value])
        texts = [value_words(field, value, lang, said) for value in values]
        note(field.name, label, texts[0], texts[1])
    return tuple(found)


def _phase(register: Register, one: Version) -> Phase:
    return next((state.phase for state in register.states if state.code == one.state), Phase.OPEN)


def _unit(ask: Ask, one: Version) -> str:
    if one.unit_id is None:
        return say(ask.view.lang, "words.nothing")
    unit = ask.units.by_id(one.unit_id)
    return unit.name_in(ask.view.lang) if ask.sees(unit) else "–"


def point_words(one: Version, lang: str) -> str:
    """The point of a version; `–` without one."""
    if one.lon is None or one.lat is None:
        return say(lang, "words.nothing")
    return degrees_words(one.lat / DEGREE, one.lon / DEGREE, lang)
