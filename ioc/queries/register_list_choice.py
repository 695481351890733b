"""What the address narrows a register to: the store's choice, and each part of it in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ioc.domain.item_facets import NO_UNIT
from ioc.domain.item_words import facet_words
from ioc.domain.messages import say
from ioc.domain.register import FACETS, ItemField, Kind, Phase, Register
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import resolve
from ioc.queries.ask import Ask
from ioc.queries.desk import Desk
from ioc.queries.register_answers import Filter
from ioc.queries.register_cards import day_number
from ioc.store import item_lists
from ioc.store.item_lists import Choice
from ioc.store.register_tables import NO_DUE

SOON = timedelta(days=14)
"""What is due within these days is due soon."""
ANY = "any"
"""`missing.any` and `differs.any`: whatever field it is."""
PHASES = {f"all-{phase.value}": phase for phase in Phase}
"""How an address asks for every state of a phase: `state=all-open`."""
MOST_WORDS = 6
_FLAGS = ("missing", "differs")


@dataclass(frozen=True, slots=True)
class Asked:
    """The unit, what to ask the store for, and what the address was read as."""

    unit: Unit
    choice: Choice
    filters: tuple[Filter, ...]


def register_of(desk: Desk, view: View) -> Register:
    """The register of the address, else the first; raises AddressError for an unknown one."""
    if view.register is None:
        return desk.registers.all[0]
    return desk.registers.by_key(view.register)


def asked(ask: Ask, register: Register) -> Asked:
    """The choice with its filters in words. Raises AddressError, NotAllowedError."""
    view, lang = ask.view, ask.view.lang
    unit = resolve.unit(ask.units, view, ask.scope)
    told: list[Filter] = []
    filters: dict[str, list[str]] = {}
    phases = _phases(register, view, filters, told)
    due_from, due_to = _due(ask, register, told)
    if view.due is not None:
        phases = phases or (Phase.OPEN.number,)
    for facet, wanted, one in _where(ask, register):
        filters.setdefault(facet, []).extend(wanted)
        told.append(one)
    if view.person:
        filters["person"] = [view.person]
        words = say(lang, "register.chip_person", value=view.person)
        told.append(Filter("person", view.person, words))
    listed = [(facet, tuple(values)) for facet, values in filters.items()]
    if view.q:
        listed += [("word", (word,)) for word in folded(view.q).split()[:MOST_WORDS]]
        told.append(Filter("q", view.q, say(lang, "register.chip_q", value=view.q)))
    return Asked(unit, _choice(ask, register, unit, listed, phases, due_from, due_to), tuple(told))


def _choice(
    ask: Ask,
    register: Register,
    unit: Unit,
    listed: list[tuple[str, tuple[str, ...]]],
    phases: tuple[int, ...],
    due_from: int | None,
    due_to: int | None,
) -> Choice:
    unit_id: int | None = unit.id
    if unit.level is Level.NATION:
        unit_id = None
    elif unit.level is Level.REGION:
        # A region groups provinces beside the tree: items stand under these, not under it.
        unit_id = None
        listed = [("unit", tuple(str(one) for one in unit_ids(ask, unit))), *listed]
    return Choice(
        register_id=register.id,
        unit_id=unit_id,
        phases=phases,
        filters=tuple(listed),
        due_from=due_from,
        due_to=due_to,
    )


def all_of(ask: Ask, register: Register, unit: Unit) -> Choice:
    """All items of a unit and below."""
    return _choice(ask, register, unit, [], (), None, None)


def unit_ids(ask: Ask, unit: Unit) -> tuple[int, ...]:
    """The units whose tallies make up those of a unit: itself, or a region's provinces."""
    if unit.level is Level.REGION:
        return tuple(one.id for one in ask.units.in_region(unit.id, ask.map_day))
    return (unit.id,)


def _phases(
    register: Register, view: View, filters: dict[str, list[str]], told: list[Filter]
) -> tuple[int, ...]:
    code, lang = view.state, view.lang
    if code is None:
        return ()
    for state in register.states:
        if state.code == code:
            filters["state"] = [code]
            words = say(lang, "register.chip_state", value=state.name.say(lang))
            told.append(Filter("state", code, words))
            return ()
    phase = PHASES.get(code)
    if phase is None:
        allowed = [*(one.code for one in register.states), *PHASES]
        raise AddressError(part="state", given=code[:60], allowed=", ".join(allowed))
    words = say(lang, "register.chip_state", value=say(lang, f"register.phase_{phase.value}"))
    told.append(Filter("state", code, words))
    return (phase.number,)


def _due(ask: Ask, register: Register, told: list[Filter]) -> tuple[int | None, int | None]:
    """From the first to the last due day asked for; only open items are overdue or due soon."""
    kind, lang, today = ask.view.due, ask.view.lang, ask.today
    if kind is None:
        return None, None
    if register.due is None:
        raise AddressError(part="due", given=kind, allowed="–")
    told.append(Filter("due", kind, say(lang, f"register.chip_due_{kind}")))
    last = today + SOON
    return {
        "overdue": (None, day_number(today - timedelta(days=1))),
        "soon": (day_number(today), day_number(last)),
        "later": (day_number(last + timedelta(days=1)), NO_DUE - 1),
        "none": (NO_DUE, None),
    }[kind]


def _where(ask: Ask, register: Register) -> Iterator[tuple[str, tuple[str, ...], Filter]]:
    """Per part: facet, the values it stands for, and what that is in words."""
    lang = ask.view.lang
    fields = {one.name: one for one in register.facets}
    for part in ask.view.where:
        facet, _, value = part.partition(".")
        if facet in _FLAGS:
            names = tuple(one.name for one in _flagged(register, facet))
            if facet == "missing" and value == NO_UNIT:
                yield facet, (value,), Filter("where", part, say(lang, "register.chip_no_unit"))
                continue
            if value == ANY:
                yield facet, names, Filter("where", part, say(lang, f"register.chip_{facet}"))
                continue
            if value in names:
                label = register.field(value).label.say(lang)
                words = say(lang, f"register.chip_{facet}_one", field=label)
                yield facet, (value,), Filter("where", part, words)
                continue
        field = fields.get(facet)
        if field is None:
            allowed = ", ".join([*fields, *(f"{one}.any" for one in _FLAGS)])
            raise AddressError(part="where", given=part[:80], allowed=allowed)
        said = facet_words(field, value, lang, names_of(ask, [(field, value)]))
        words = say(lang, "register.chip_where", field=field.label.say(lang), value=said)
        yield facet, (value,), Filter("where", part, words)


def _flagged(register: Register, facet: str) -> tuple[ItemField, ...]:
    if facet == "missing":
        return register.mandatory
    return tuple(register.field(rule.total) for rule in register.parts)


def names_of(ask: Ask, pairs: list[tuple[ItemField, object]]) -> dict[str, str]:
    """Words for keys of units, indicators and items; what the viewer may not see has none."""
    found: dict[str, str] = {}
    for field, value in pairs:
        key = str(value)
        if not key or key in found or field.kind not in FACETS:
            continue
        words = _name(ask, field, key)
        if words:
            found[key] = words
    return found


def _name(ask: Ask, field: ItemField, key: str) -> str | None:
    lang = ask.view.lang
    try:
        if field.kind is Kind.UNIT:
            unit = ask.units.by_key(key)
            return unit.name_in(lang) if ask.sees(unit) else None
        if field.kind is Kind.INDICATOR:
            one = ask.desk.catalogue.by_code(key)
            return f"{one.code} · {one.short.say(lang)}"
        if field.kind is Kind.ITEM and field.register_key is not None:
            register = ask.desk.registers.by_key(field.register_key)
            row = item_lists.one(ask.connection, register.id, key, known_at=ask.known_at)
            if row is not None and may_see(ask, row.unit_id):
                return row.title
    except AddressError:
        # The file names a unit or an indicator that there is not: its key is all there is to say.
        return None
    return None


def may_see(ask: Ask, unit_id: int | None) -> bool:
    """Whether the viewer may see an item of this unit; one without a unit is the country's."""
    unit = ask.units.by_key("vn") if unit_id is None else ask.units.by_id(unit_id)
    return ask.sees(unit)
