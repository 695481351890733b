"""A register for a wall: its counts, the items due first, the units below and a few facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_counts import Load, Part, loads, made_up, members, parts
from ioc.queries.register_list_choice import asked
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists

ROWS = 24


@dataclass(frozen=True, slots=True)
class RegisterWall:
    """`rows` are the open items due first, so the longest overdue lead; `units` those below with
    items, most overdue first; `parts` the unit's items by the values of each facet asked for."""

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    today: date
    total: Load
    rows: tuple[ItemRow, ...]
    units: tuple[Load, ...]
    parts: Mapping[str, tuple[Part, ...]]


def register_wall(
    desk: Desk, view: View, scope: Scope, register: Register, *facets: str
) -> RegisterWall:
    """What a wall shows of a unit's items."""
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        opened = given.choice._replace(phases=(Phase.OPEN.number,))
        found = item_lists.page(ask.connection, opened, limit=ROWS, known_at=ask.known_at)
        rows = item_rows(ask, register, found)
        (total,) = loads(ask, register, [given.unit])
        units = sorted(
            (one for one in loads(ask, register, members(ask, given.unit)) if one.all),
            key=lambda one: (-one.overdue, -one.open, one.unit.name),
        )
        return RegisterWall(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, given.unit), register=register),
            register=register,
            unit=ask.ref(given.unit),
            today=ask.today,
            total=total,
            rows=rows,
            units=tuple(units),
            parts={one: parts(ask, register, given.unit, one) for one in facets},
        )
