"""Who has how much: the people of a unit's earliest due items, and every unit below it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.register_cards import day_number
from ioc.queries.register_counts import Load, loads, made_up, members
from ioc.queries.register_list_choice import asked
from ioc.store import item_lists
from ioc.store.item_lists import Choice
from ioc.store.register_tables import NO_DUE

LOOKED, PEOPLE, MOST, DONE_LOOKED = 600, 20, 1000, 100
"""Open items looked through for people; people of a sheet; items counted of one person;
done ones of each, those due last, of which it is told how many were in time."""


@dataclass(frozen=True, slots=True)
class Person:
    """What one person has: `open` items, `overdue` of them; of the `done` ones looked at, `dated`
    had a due date and `in_time` were done by it."""

    name: str
    open: int
    overdue: int
    done: int
    dated: int
    in_time: int


@dataclass(frozen=True, slots=True)
class People:
    """People with most overdue first, of the unit's first `looked` open items in due order.

    `whole` says that these are all its open items. `nobody` of them name no person. `units` are
    those right below the unit, most overdue first; `own` is the unit itself.
    """

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    people: tuple[Person, ...]
    looked: int
    whole: bool
    nobody: int
    own: Load
    units: tuple[Load, ...]
    sheet: int
    sheets: int


def people(desk: Desk, view: View, scope: Scope, register: Register) -> People:
    """A sheet of people and all units below."""
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        unit, plain = given.unit, _of_unit(given.choice)
        listed: list[str] = []
        nobody, looked, whole = 0, 0, True
        if register.person is not None:
            wanted = given.choice._replace(phases=(Phase.OPEN.number,))
            found = item_lists.page(ask.connection, wanted, limit=LOOKED + 1, known_at=ask.known_at)
            whole, found = len(found) <= LOOKED, found[:LOOKED]
            looked, nobody = len(found), sum(not one.person for one in found)
            today = day_number(ask.today)
            late: Counter[str] = Counter()
            for one in found:
                if one.person:
                    late[one.person] += one.due_day < today
            listed = [name for name, _ in sorted(late.items(), key=lambda x: (-x[1], x[0]))]
        sheets = max(1, -(-len(listed) // PEOPLE))
        sheet = min(view.sheet, sheets)
        names = listed[(sheet - 1) * PEOPLE : sheet * PEOPLE]
        (own,) = loads(ask, register, [unit])
        units = sorted(
            (one for one in loads(ask, register, members(ask, unit)) if one.all),
            key=lambda one: (-one.overdue, -one.open, one.unit.name),
        )
        return People(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, unit)),
            register=register,
            unit=ask.ref(unit),
            people=tuple(_person(ask, plain, name) for name in names),
            looked=looked,
            whole=whole,
            nobody=nobody,
            own=own,
            units=tuple(units),
            sheet=sheet,
            sheets=sheets,
        )


def _of_unit(choice: Choice) -> Choice:
    """The choice without any filter but the unit's."""
    kept = tuple(one for one in choice.filters if one[0] == "unit")
    return Choice(choice.register_id, choice.unit_id, (), kept, None, None)


def _person(ask: Ask, plain: Choice, name: str) -> Person:
    filters = (*plain.filters, ("person", (name,)))
    mine = plain._replace(phases=(Phase.OPEN.number,), filters=filters)
    yesterday = day_number(ask.today - timedelta(days=1))
    known = ask.known_at
    done = item_lists.page(
        ask.connection,
        mine._replace(phases=(Phase.DONE.number,)),
        limit=DONE_LOOKED,
        newest_first=True,
        known_at=known,
    )
    dated = [one for one in done if one.due_day != NO_DUE and one.done_day is not None]
    return Person(
        name=name,
        open=item_lists.count(ask.connection, mine, MOST, known_at=known),
        overdue=item_lists.count(
            ask.connection, mine._replace(due_to=yesterday), MOST, known_at=known
        ),
        done=len(done),
        dated=len(dated),
        in_time=sum((one.done_day or 0) <= one.due_day for one in dated),
    )
