"""The board: a register's items by state, each column with its count and its first cards."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.domain.register import ItemState, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_counts import made_up, parts
from ioc.queries.register_list_choice import asked
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists

CARDS = 15
"""Cards of a column; the rest is counted and one link away."""
MOST = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One state: `count` items (`more` than that, if so), the first of them in due order."""

    state: ItemState
    count: int
    rows: tuple[ItemRow, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A register's items by state, as the address narrows them."""

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    columns: tuple[Column, ...]


def board(desk: Desk, view: View, scope: Scope, register: Register) -> Board:
    """The columns of all declared states, or of the one the address names.

    Counts come from the tallies where nothing but the unit narrows the list.
    """
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        unit, wanted = given.unit, given.choice
        whole = not (view.person or view.due or view.where or view.q)
        tallied = {one.value: one.all + one.dropped for one in parts(ask, register, unit, "state")}
        columns = []
        for state in register.states:
            if view.state not in (None, state.code, f"all-{state.phase.value}"):
                continue
            others = tuple(one for one in wanted.filters if one[0] != "state")
            own = wanted._replace(
                phases=(state.phase.number,),
                filters=(*others, ("state", (state.code,))),
            )
            if whole:
                count = tallied.get(state.code, 0)
            else:
                count = item_lists.count(ask.connection, own, MOST, known_at=ask.known_at)
            found = item_lists.page(ask.connection, own, limit=CARDS, known_at=ask.known_at)
            rows = item_rows(ask, register, found)
            more = not whole and count > MOST
            columns.append(Column(state, MOST if more else count, rows, more))
        return Board(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, unit)),
            register=register,
            unit=ask.ref(unit),
            columns=tuple(columns),
        )
