"""One item of a register: every field, what is above and below it, and figures it is to move."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ioc.domain.indicator import Indicator
from ioc.domain.register import ItemField, Kind, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.answers import Cell
from ioc.queries.ask import Ask, asking
from ioc.queries.cells import cell
from ioc.queries.desk import Desk
from ioc.queries.found import find
from ioc.queries.register_answers import Difference, ItemDetail, ItemRow
from ioc.queries.register_item_history import acts, versions
from ioc.queries.register_list_choice import may_see
from ioc.queries.register_list_rows import rows
from ioc.queries.source_detail import run_row
from ioc.queries.unit_page import crumbs
from ioc.store import item_lists, runs
from ioc.store.item_lists import Choice, Now

CHILDREN = 50
"""Items below one that its page lists; the rest are in the list that it links to."""
MENTIONS = 10
MOST_ABOVE = 12
"""Steps from an item up to its highest parent: a circle in the data ends here."""
MOST_COUNTED = 1000


def register_item(desk: Desk, view: View, scope: Scope) -> ItemDetail:
    """The item of the address, in the register of the address or in the first that has its key.

    Raises AddressError where there is none, or none that the viewer may see.
    """
    with asking(desk, view, scope) as ask:
        register, now = _found(ask)
        row = rows(ask, register, [now], whole=True)[0]
        told = acts(ask, register, now.item_id)
        indicators = _indicators(ask, register, row)
        ran = runs.runs_by_id(ask.connection, [now.run_id]) if now.run_id else {}
        children, count = _children(ask, register, row)
        unit = ask.units.by_id(now.unit_id) if now.unit_id is not None else ask.units.by_key("vn")
        return ItemDetail(
            view=ask.view,
            stamp=ask.stamp(illustrative=row.illustrative),
            register=register,
            row=row,
            crumbs=crumbs(ask, unit),
            above=_above(ask, register, row),
            children=children,
            children_count=count,
            mentions=_mentions(ask, register, row),
            differences=differences(register, row.values),
            versions=versions(ask, register, now, told),
            acts=told,
            run=run_row(ran[now.run_id]) if now.run_id in ran else None,
            linked=_linked(ask, row, indicators),
            indicators=indicators,
            moves=tuple(
                one
                for one in register.states
                if one.code != row.state.code
                and (not row.state.moves or one.code in row.state.moves)
            ),
        )


def _found(ask: Ask) -> tuple[Register, Now]:
    view, registers = ask.view, ask.desk.registers
    key = view.item or ""
    asked = [registers.by_key(view.register)] if view.register is not None else registers.all
    for register in asked:
        now = item_lists.one(ask.connection, register.id, key, known_at=ask.known_at)
        if now is not None and may_see(ask, now.unit_id):
            return register, now
    raise AddressError(part="item", given=key[:80], allowed="–")


def _above(ask: Ask, register: Register, row: ItemRow) -> tuple[ItemRow, ...]:
    """The parents, highest first, up to one that is not there or may not be seen."""
    found: list[ItemRow] = []
    seen = {(register.key, row.key)}
    while register.parent is not None and row.parent and len(found) < MOST_ABOVE:
        of = register.field(register.parent).register_key or register.key
        if (of, row.parent) in seen:
            break
        seen.add((of, row.parent))
        register = ask.desk.registers.by_key(of)
        now = item_lists.one(ask.connection, register.id, row.parent, known_at=ask.known_at)
        shown = rows(ask, register, [now]) if now is not None else ()
        if not shown:
            break
        row = shown[0]
        found.insert(0, row)
    return tuple(found)


def _children(ask: Ask, register: Register, row: ItemRow) -> tuple[tuple[ItemRow, ...], int]:
    """The items of the same register that name this one as their parent."""
    if register.parent is None or register.field(register.parent).register_key != register.key:
        return (), 0
    choice = Choice(register.id, filters=(("parent", (row.key,)),))
    return _listed(ask, register, choice, CHILDREN)


def _listed(
    ask: Ask, register: Register, choice: Choice, limit: int
) -> tuple[tuple[ItemRow, ...], int]:
    found = item_lists.page(ask.connection, choice, limit=limit, known_at=ask.known_at)
    count = len(found)
    if count == limit:
        count = item_lists.count(ask.connection, choice, most=MOST_COUNTED, known_at=ask.known_at)
    return rows(ask, register, found), count


def _mentions(
    ask: Ask, register: Register, row: ItemRow
) -> tuple[tuple[Register, tuple[ItemRow, ...], int], ...]:
    """Items of other registers, and of this one by other fields, that point to this item."""
    found = []
    for other in ask.desk.registers.all:
        for field in other.fields:
            if field.kind is not Kind.ITEM or field.register_key != register.key:
                continue
            own = other.key == register.key and field.name == register.parent
            facet = "parent" if field.name == other.parent else field.name if field.facet else None
            if own or facet is None:
                continue
            choice = Choice(other.id, filters=((facet, (row.key,)),))
            listed, count = _listed(ask, other, choice, MENTIONS)
            if listed:
                found.append((other, listed, count))
    return tuple(found)


def differences(register: Register, body: Any) -> tuple[Difference, ...]:
    """Totals that are not the sum of their parts; nothing is said where a part is missing."""
    found = []
    for rule in register.parts:
        whole = _amount(register.field(rule.total), body)
        parts = [(one, _amount(one, body)) for one in map(register.field, rule.of)]
        known = [(one, value) for one, value in parts if value is not None]
        if whole is None or len(known) != len(parts):
            continue
        left = whole - sum((value for _, value in known), Fraction(0))
        if left:
            found.append(Difference(register.field(rule.total), tuple(known), whole, left))
    return tuple(found)


def _amount(field: ItemField, body: Any) -> Fraction | None:
    value = body.get(field.name)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return Fraction(value, 10**field.decimals)


def _indicators(ask: Ask, register: Register, row: ItemRow) -> tuple[Indicator, ...]:
    found: dict[str, Indicator] = {}
    for field in register.fields:
        code = row.values.get(field.name)
        if field.kind is Kind.INDICATOR and code:
            try:
                found[str(code)] = ask.desk.catalogue.by_code(str(code))
            except AddressError:
                # Named by whoever wrote the register; without such an indicator there is no figure.
                continue
    return tuple(found.values())


def _linked(ask: Ask, row: ItemRow, indicators: tuple[Indicator, ...]) -> tuple[Cell, ...]:
    """The newest figures of the item's unit, or of the country for one without a unit."""
    if not indicators:
        return ()
    unit = ask.units.by_id(row.unit.id) if row.unit else ask.units.by_key("vn")
    if not ask.sees(unit):
        return ()
    found = find(ask, [unit], list(indicators), None)
    said = {one.id: found.get((unit.id, one.id)) for one in indicators}
    ask.learn_citations(one.raw.citation_id for one in said.values() if one is not None)
    cells = tuple(cell(ask, unit, one, said[one.id]) for one in indicators)
    return tuple(replace(one, place=None) for one in cells)
