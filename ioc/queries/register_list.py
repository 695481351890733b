"""One register: its totals, what it can be narrowed by, and a sheet of its items in due order."""

from __future__ import annotations

from collections.abc import Iterator

from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import Filter, ItemRow, RegisterList, Totals
from ioc.queries.register_counts import made_up
from ioc.queries.register_list_choice import PHASES, asked, register_of
from ioc.queries.register_list_rows import rows
from ioc.queries.register_list_tallies import Tallies
from ioc.queries.register_list_totals import facets, totals
from ioc.queries.unit_page import crumbs
from ioc.store import item_lists
from ioc.store.item_lists import Choice, Now

_IN_ORDER = (Phase.OPEN, Phase.UNKNOWN, Phase.DONE, Phase.DROPPED)
FARTHEST = item_lists.FARTHEST
"""Items after which a list or a file ends: whoever looks for more narrows the choice."""
SHEET = 50
"""Items on one sheet."""
MOST_COUNTED = 1000
"""Beyond, a filtered list says "more than": counting on would cost more with every item."""
MOST_SHEETS = FARTHEST // SHEET
"""A later sheet is not turned to by hand: filters lead there."""
PIECE = 500
"""Items of a file that are read at a time."""


def register_list(desk: Desk, view: View, scope: Scope) -> RegisterList:
    """The items of a unit that pass the filters of the address, one sheet of them.

    Raises AddressError for what the address names and there is not, NotAllowedError outside the
    scope.
    """
    with asking(desk, view, scope) as ask:
        return answer(ask)


def answer(ask: Ask) -> RegisterList:
    """The same within a question that is asked already."""
    register = register_of(ask.desk, ask.view)
    meant = asked(ask, register)
    tallies = Tallies(ask, register, meant.unit)
    whole = totals(ask, register, meant.unit, tallies)
    known, more = _known(ask.view, meant.filters, whole), False
    if known is None:
        counted = item_lists.count(
            ask.connection, meant.choice, most=MOST_COUNTED, known_at=ask.known_at
        )
        known, more = min(counted, MOST_COUNTED), counted > MOST_COUNTED
    count = known
    sheets = MOST_SHEETS if more else min(MOST_SHEETS, max(1, -(-count // SHEET)))
    sheet = min(ask.view.sheet, sheets)
    found = in_order(ask, register, meant.choice, limit=SHEET + 1, offset=(sheet - 1) * SHEET)
    if more and len(found) <= SHEET:
        sheets = sheet
    shown = rows(ask, register, found[:SHEET])
    stamp = ask.stamp(illustrative=made_up(ask, register, meant.unit))
    return RegisterList(
        view=ask.view,
        stamp=stamp,
        register=register,
        registers=ask.desk.registers.all,
        unit=ask.ref(meant.unit),
        crumbs=crumbs(ask, meant.unit),
        filters=meant.filters,
        totals=whole,
        facets=facets(ask, register, tallies),
        rows=shown,
        count=count,
        more=more,
        sheet=sheet,
        sheets=sheets,
    )


def _known(view: View, filters: tuple[Filter, ...], whole: Totals) -> int | None:
    """How many pass, where the tallies say so: without filters, or with one that is a tally."""
    if not filters:
        return whole.items
    if len(filters) > 1:
        return None
    if view.due in ("overdue", "soon"):
        return whole.overdue if view.due == "overdue" else whole.soon
    if view.state in PHASES:
        return whole.phases.get(PHASES[view.state], 0)
    return next((items for state, items in whole.states if state.code == view.state), None)


def in_order(
    ask: Ask, register: Register, choice: Choice, *, limit: int, offset: int = 0
) -> tuple[Now, ...]:
    """Items as a list shows them: what is open by due date, then what nobody knows the state of,
    what was done and what was given up, the newest first."""
    found: list[Now] = []
    for phase in choice.phases or tuple(one.number for one in _IN_ORDER):
        part = choice._replace(phases=(phase,))
        more = item_lists.page(
            ask.connection,
            part,
            limit=limit - len(found),
            offset=offset,
            newest_first=register.due is None or phase != Phase.OPEN.number,
            known_at=ask.known_at,
        )
        found += more
        if len(found) >= limit:
            break
        if more or not offset:
            offset = 0
        else:
            # All of this phase stand on the sheets before: only the rest of the way is left.
            offset -= item_lists.count(ask.connection, part, most=offset, known_at=ask.known_at)
    return tuple(found)


def following(ask: Ask, register: Register, choice: Choice) -> Iterator[tuple[ItemRow, ...]]:
    """All items of a choice, some at a time, up to FARTHEST; their pointers named as in lists."""
    for offset in range(0, FARTHEST, PIECE):
        found = in_order(ask, register, choice, limit=PIECE, offset=offset)
        if found:
            yield rows(ask, register, found)
        if len(found) < PIECE:
            return
