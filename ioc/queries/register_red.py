"""What of registers belongs on other pages: what is overdue, and how a unit's registers stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ioc.domain.register import Phase, Register
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import LateItem, LateItems, RegisterStand
from ioc.queries.ask import Ask
from ioc.queries.register_cards import day_number
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists
from ioc.store.item_lists import Choice
from ioc.store.item_loads import Stand, stands

RED = ("task", "milestone")
"""The registers whose overdue items are on the overview."""
SHOWN = 8
_OPEN, _DONE, _UNKNOWN = Phase.OPEN.number, Phase.DONE.number, Phase.UNKNOWN.number


def late_items(ask: Ask, units: Sequence[Unit]) -> LateItems:
    """The overdue tasks and milestones of units beside each other, and of all below them: those
    with most working days overdue first."""
    registers = [one for one in ask.desk.registers.all if one.key in RED]
    stood = register_stands(ask, units, registers)
    items: list[LateItem] = []
    for one in stood:
        for unit in units if one.overdue else ():
            found = item_lists.page(
                ask.connection,
                Choice(
                    one.register.id,
                    None if unit.level is Level.NATION else unit.id,
                    phases=(_OPEN,),
                    due_to=_yesterday(ask),
                ),
                limit=SHOWN,
                known_at=ask.known_at,
            )
            items += [
                LateItem(
                    register=one.register,
                    key=row.key,
                    title=row.title,
                    unit=row.unit,
                    person=row.person,
                    slip=row.slip or 0,
                    late=row.late,
                    illustrative=row.illustrative,
                )
                for row in item_rows(ask, one.register, found)
            ]
    items.sort(key=lambda item: (-item.late, -item.slip, item.key))
    return LateItems(stood, tuple(items[:SHOWN]))


def register_stands(
    ask: Ask, units: Sequence[Unit], registers: Sequence[Register] | None = None
) -> tuple[RegisterStand, ...]:
    """How registers stand under units, in their order: one question for all of them."""
    asked = ask.desk.registers.all if registers is None else registers
    found = stands(
        ask.connection,
        [one.id for one in asked],
        [one.id for one in units],
        last_due=_yesterday(ask),
        known_at=ask.known_at,
    )
    none = Stand()
    listed = []
    for one in asked:
        opened = found.get((one.id, _OPEN), none)
        done = found.get((one.id, _DONE), none)
        unknown = found.get((one.id, _UNKNOWN), none)
        kept = (opened, done, unknown)
        listed.append(
            RegisterStand(
                register=one,
                open=opened.items,
                done=done.items,
                overdue=opened.past_due if one.due is not None else 0,
                incomplete=sum(stand.items - stand.complete for stand in kept),
                unknown=unknown.items,
            )
        )
    return tuple(listed)


def _yesterday(ask: Ask) -> int:
    return day_number(ask.today - timedelta(days=1))
