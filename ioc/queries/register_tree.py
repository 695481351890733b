"""The tree: items under the item that each names as its parent, and what hangs on each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from ioc.domain.register import Kind, Register
from ioc.domain.scope import Scope
from ioc.domain.unit import Unit
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_cards import date_of
from ioc.queries.register_counts import made_up, parts
from ioc.queries.register_list_choice import asked
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists
from ioc.store.item_lists import Now

ROWS, MOST, STEPS = 60, 1000, 12
"""Items of a sheet, items counted at most, steps upwards that are followed."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """The items of another register that name this one: those not done, and done ones."""

    register: Register
    field: str
    open: int
    done: int


@dataclass(frozen=True, slots=True)
class Branch:
    """An item at a depth of the tree (0 for a root). `days` are those from its parent's start to
    its own, None where one of them is not known or there is no parent. `indicators` are the codes
    it names. `asked` is False for one that is there because it stands above another."""

    row: ItemRow
    depth: int
    days: int | None
    hanging: tuple[Hanging, ...]
    indicators: tuple[str, ...]
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Tree:
    """Branches in the order they are read: each below its parent, by start day."""

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    branches: tuple[Branch, ...]
    count: int
    more: bool
    sheet: int
    sheets: int
    mean_days: tuple[int, int] | None = None
    """Days from parent to child, summed, and over how many pairs."""


def tree(desk: Desk, view: View, scope: Scope, register: Register, *, limit: int = ROWS) -> Tree:
    """A sheet of the items with all that stand above them."""
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        unit, wanted = given.unit, given.choice
        known = ask.known_at
        count = item_lists.count(ask.connection, wanted, MOST, known_at=known)
        sheets = max(1, -(-min(count, MOST) // limit))
        sheet = min(view.sheet, sheets)
        found = item_lists.page(
            ask.connection, wanted, limit=limit, offset=(sheet - 1) * limit, known_at=known
        )
        above = _above(ask, register, found)
        rows = item_rows(ask, register, (*found, *above))
        branches = _branches(ask, register, rows, {one.key for one in found}, unit)
        spans = [one.days for one in branches if one.days is not None]
        return Tree(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, unit), register=register),
            register=register,
            unit=ask.ref(unit),
            branches=branches,
            count=min(count, MOST),
            more=count > MOST,
            sheet=sheet,
            sheets=sheets,
            mean_days=(sum(spans), len(spans)) if spans else None,
        )


def _above(ask: Ask, register: Register, found: tuple[Now, ...]) -> list[Now]:
    """The parents of the items, and theirs, that are not among them."""
    have = {one.key for one in found}
    wanted = {one.parent for one in found if one.parent} - have
    above: list[Now] = []
    for _ in range(STEPS):
        wanted -= have
        if not wanted:
            break
        have |= wanted
        got = [
            one
            for key in sorted(wanted)
            if (one := item_lists.one(ask.connection, register.id, key, known_at=ask.known_at))
        ]
        above += got
        wanted = {one.parent for one in got if one.parent}
    return above


def _branches(
    ask: Ask, register: Register, rows: tuple[ItemRow, ...], shown: set[str], unit: Unit
) -> tuple[Branch, ...]:
    by_key = {row.key: row for row in rows}
    below: dict[str | None, list[ItemRow]] = defaultdict(list)
    for row in rows:
        # What names a parent that nobody may see, or that is not there, stands as a root.
        below[row.parent if row.parent in by_key else None].append(row)
    hanging = _hanging(ask, register, unit, set(by_key))
    codes = [one.name for one in register.fields if one.kind is Kind.INDICATOR]
    out: list[Branch] = []
    placed: set[str] = set()

    def put(row: ItemRow, depth: int, parent: ItemRow | None) -> None:
        if row.key in placed:
            return
        placed.add(row.key)
        out.append(
            Branch(
                row=row,
                depth=depth,
                days=_days(register, parent, row),
                hanging=hanging.get(row.key, ()),
                indicators=tuple(str(row.values[one]) for one in codes if row.values.get(one)),
                asked=row.key in shown,
            )
        )
        for child in sorted(below[row.key], key=lambda one: _order(register, one)):
            put(child, depth + 1, row)

    for root in sorted(below[None], key=lambda one: _order(register, one)):
        put(root, 0, None)
    for row in rows:
        # Items that name each other in a circle have no root: each begins one of its own.
        put(row, 0, None)
    return tuple(out)


def start_of(register: Register, row: ItemRow) -> date | None:
    """The day an item began: issued, assigned."""
    return date_of(row.values, register.start)


def _order(register: Register, row: ItemRow) -> tuple[date, str]:
    return start_of(register, row) or date.max, row.key


def _days(register: Register, parent: ItemRow | None, row: ItemRow) -> int | None:
    if parent is None:
        return None
    first, second = start_of(register, parent), start_of(register, row)
    return (second - first).days if first and second else None


def _hanging(
    ask: Ask, register: Register, unit: Unit, keys: set[str]
) -> dict[str, tuple[Hanging, ...]]:
    """Items of other registers whose facet names one of these."""
    found: dict[str, list[Hanging]] = defaultdict(list)
    for other in ask.desk.registers.all:
        for field in other.facets:
            if field.register_key != register.key or other.key == register.key:
                continue
            for part in parts(ask, other, unit, field.name):
                if part.value in keys:
                    one = Hanging(other, field.name, part.all - part.done, part.done)
                    found[part.value].append(one)
    return {key: tuple(ones) for key, ones in found.items()}
