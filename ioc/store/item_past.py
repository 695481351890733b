"""Registers as known at a moment: the questions of `item_lists` and `item_tallies`, exactly.

Where little was learned since the moment, today's lists and counts are corrected by the items it
was about; else the versions known then are read through, slower and in small memory. What an item
is found by is worked out on today's map and by the register as it is declared today.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

from sqlalchemy import Connection, select

from ioc.domain.item_facets import FOUND_ONLY, sums
from ioc.domain.registers import Registers, packaged
from ioc.domain.units import Units
from ioc.store import item_search
from ioc.store.item_choice import Choice, Tally
from ioc.store.item_derived import dated, facets_of
from ioc.store.item_rows import Now, many
from ioc.store.item_then import Then
from ioc.store.register_tables import item_tally, register_item

_Cells = defaultdict[tuple[int, str, str, int], list[int]]


def page(
    connection: Connection,
    choice: Choice,
    *,
    limit: int,
    known_at: int,
    offset: int = 0,
    newest_first: bool = False,
    on: int | None = None,
    registers: Registers | None = None,
    units: Units | None = None,
) -> tuple[Now, ...]:
    """A page of the list as known at a moment, of how things stood on the day `on` (that day)."""
    if limit <= 0:
        return ()
    then = _then(connection, choice.register_id, known_at, on, registers, units)
    if then.later is None:
        pick = heapq.nlargest if newest_first else heapq.nsmallest
        found = then.stood(choice=choice)
        chosen = pick(offset + limit, found, key=lambda one: (one.due_day, one.item_id))
        return tuple(chosen[offset:])
    later = set(then.later)
    now = item_search.ordered(
        connection, choice, limit=offset + limit + len(later), newest_first=newest_first
    )
    other = {one.item_id: one for one in then.stood(then.later, choice)}
    places = [place for place in now if place[1] not in later]
    places += [(one.due_day, one.item_id) for one in other.values()]
    ids = [item_id for _, item_id in sorted(places, reverse=newest_first)][offset : offset + limit]
    same = {one.item_id: one for one in many(connection, [one for one in ids if one not in other])}
    return tuple({**same, **other}[item_id] for item_id in ids)


def count(
    connection: Connection,
    choice: Choice,
    most: int = 1000,
    *,
    known_at: int,
    on: int | None = None,
    registers: Registers | None = None,
    units: Units | None = None,
) -> int:
    """How many items the list had, counted up to `most`; most + 1 means "more than"."""
    then = _then(connection, choice.register_id, known_at, on, registers, units)
    if then.later is None:
        return sum(1 for _ in islice(then.stood(choice=choice), most + 1))
    later = set(then.later)
    now = item_search.unordered(connection, choice, most + 1 + len(later))
    same = sum(item_id not in later for item_id in connection.execute(now).scalars())
    return min(most + 1, same + sum(1 for _ in then.stood(then.later, choice)))


def one(
    connection: Connection,
    register_id: int,
    key: str,
    *,
    known_at: int,
    on: int | None = None,
    registers: Registers | None = None,
) -> Now | None:
    """The item of a key as it was known; None when it was not there."""
    table = register_item.c
    item_id = connection.execute(
        select(table.item_id).where(
            table.register_id == register_id, table.key == key.replace("\0", "")
        )
    ).scalar()
    if item_id is None:
        return None
    then = _then(connection, register_id, known_at, on, registers, None)
    return next(then.stood([item_id]), None)


def tallies(
    connection: Connection,
    register_id: int,
    unit_ids: Iterable[int],
    facets: Iterable[str],
    *,
    known_at: int,
    values_from: str | None = None,
    values_to: str | None = None,
    on: int | None = None,
    registers: Registers | None = None,
    units: Units | None = None,
) -> tuple[Tally, ...]:
    """The counts of units by facet, value and phase as known at a moment."""
    then = _then(connection, register_id, known_at, on, registers, units)
    wanted, names = frozenset(unit_ids), frozenset(facets) - FOUND_ONLY

    def fits(value: str) -> bool:
        return (values_from is None or value >= values_from) and (
            values_to is None or value <= values_to
        )

    cells: _Cells = defaultdict(lambda: [0] * 5)
    if then.later is not None:
        table = item_tally.c
        query = select(item_tally).where(
            table.register_id == register_id,
            table.unit_id.in_(wanted),
            table.facet.in_(names),
        )
        if values_from is not None:
            query = query.where(table.value >= values_from)
        if values_to is not None:
            query = query.where(table.value <= values_to)
        for _, *key, items, first, second, third, fourth in connection.execute(query):
            cells[tuple(key)] = [items, first, second, third, fourth]
        for now in many(connection, then.later):
            _count(then, now, cells, wanted, names, fits, -1)
    for stood in then.stood(then.later, under=wanted):
        _count(then, stood, cells, wanted, names, fits, 1)
    return tuple(
        Tally(*key, items, (first, second, third, fourth))
        for key, (items, first, second, third, fourth) in sorted(cells.items())
        if items
    )


def _count(
    then: Then,
    now: Now,
    cells: _Cells,
    wanted: frozenset[int],
    names: frozenset[str],
    fits: Callable[[str], bool],
    by: int,
) -> None:
    """Count an item in (`by` 1) or out (-1)."""
    under = wanted.intersection(then.places.above(now.unit_id))
    if not under:
        return
    body = now.fields
    figures = (by, *(by * one for one in sums(then.register, body)))
    for facet, value in (*facets_of(then.register, now, body, names), *dated(now)):
        if facet in names and fits(value):
            for unit_id in under:
                cell = cells[unit_id, facet, value, now.phase]
                for at, figure in enumerate(figures):
                    cell[at] += figure


def _then(
    connection: Connection,
    register_id: int,
    known_at: int,
    on: int | None,
    registers: Registers | None,
    units: Units | None,
) -> Then:
    register = (registers or packaged()).by_id(register_id)
    return Then(connection, register, _units if units is None else lambda: units, known_at, on)


@lru_cache(maxsize=1)
def _units() -> Units:
    """The packaged units, for a caller that has none at hand."""
    return Units.load()
