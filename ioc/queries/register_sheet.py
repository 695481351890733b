"""A unit's first items as they are, for forms that compare or add what few items hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_counts import Load, loads, made_up, members
from ioc.queries.register_list_choice import asked
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists

ROWS = 400
"""Items that are read; what is said of more of them is said of these."""
QUOTED = "quoted"
"""The flag of items that repeat what somebody published: they are shown, and never added to
those that units keep themselves."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The items that the address chooses, in due order; `whole` when there are no more of them.

    `total` are the counts of the unit from its tallies, `units` those of the units below it.
    """

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    today: date
    rows: tuple[ItemRow, ...]
    whole: bool
    total: Load
    units: tuple[Load, ...]

    @property
    def kept(self) -> tuple[ItemRow, ...]:
        """The items that are no quotations."""
        return tuple(one for one in self.rows if one.values.get(QUOTED) is not True)

    @property
    def quoted(self) -> tuple[ItemRow, ...]:
        """The items that repeat what was published."""
        return tuple(one for one in self.rows if one.values.get(QUOTED) is True)


def sheet(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The first items of a unit that pass the filters of the address."""
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        found = item_lists.page(ask.connection, given.choice, limit=ROWS + 1, known_at=ask.known_at)
        rows = item_rows(ask, register, found[:ROWS])
        (total,) = loads(ask, register, [given.unit])
        below = loads(ask, register, members(ask, given.unit))
        return Sheet(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, given.unit), register=register),
            register=register,
            unit=ask.ref(given.unit),
            today=ask.today,
            rows=rows,
            whole=len(found) <= ROWS,
            total=total,
            units=tuple(one for one in below if one.all),
        )


@dataclass(frozen=True, slots=True)
class Pooled:
    """A numerator and a denominator, each summed over the items that have both; `without` items
    say the numerator alone, which `count` adds up: never a rate."""

    num: int = 0
    den: int = 0
    items: int = 0
    without: int = 0
    count: int = 0


def pooled(rows: Iterable[ItemRow], num: str, den: str) -> Pooled:
    """One ratio over items: numerators and denominators are summed, ratios never."""
    over, under, items, without, count = 0, 0, 0, 0, 0
    for row in rows:
        top, bottom = row.values.get(num), row.values.get(den)
        if isinstance(top, int) and isinstance(bottom, int):
            over, under, items = over + top, under + bottom, items + 1
        elif isinstance(top, int):
            without, count = without + 1, count + top
    return Pooled(over, under, items, without, count)


def added(rows: Iterable[ItemRow], name: str) -> tuple[int, int]:
    """The sum of a field, and how many items say it."""
    said = [one for row in rows if isinstance(one := row.values.get(name), int)]
    return sum(said), len(said)
