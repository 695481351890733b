"""Registers as known at a moment: the exact path over all versions, slower and of small memory.

The questions are those of `item_lists` and `item_tallies`. What an item is found by is worked out
from the version that stood, on today's map and by the register as it is declared today.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from sqlalchemy import Connection, select

from ioc.domain.item_facets import FOUND_ONLY, sums
from ioc.domain.registers import Registers, packaged
from ioc.domain.units import Units
from ioc.store.item_choice import Choice, Tally, asked_values
from ioc.store.item_derived import Map, dated, facets_of
from ioc.store.item_rows import Now, as_now, day_of, source_ranks, standing
from ioc.store.register_tables import register_item


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
    places = Map(units or _units())
    found = _chosen(connection, choice, known_at, on, registers, places)
    pick = heapq.nlargest if newest_first else heapq.nsmallest
    ordered = pick(offset + limit, found, key=lambda one: (one.due_day, one.item_id))
    return tuple(ordered[offset:])


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
    places = Map(units or _units())
    found = _chosen(connection, choice, known_at, on, registers, places)
    return sum(1 for _ in islice(found, most + 1))


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
    stood = _stood(connection, register_id, known_at, on, registers, [item_id])
    return next(stood, None)


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
    register = (registers or packaged()).by_id(register_id)
    places = Map(units or _units())
    wanted, names = set(unit_ids), set(facets) - FOUND_ONLY
    cells: defaultdict[tuple[int, str, str, int], list[int]] = defaultdict(lambda: [0] * 5)
    for now in _stood(connection, register_id, known_at, on, registers, None):
        under = wanted.intersection(places.above(now.unit_id))
        if not under:
            continue
        body = now.fields
        figures = (1, *sums(register, body))
        for facet, value in (*facets_of(register, now, body), *dated(now)):
            if facet not in names or not _between(value, values_from, values_to):
                continue
            for unit_id in under:
                cell = cells[unit_id, facet, value, now.phase]
                for at, figure in enumerate(figures):
                    cell[at] += figure
    return tuple(
        Tally(*key, items, (first, second, third, fourth))
        for key, (items, first, second, third, fourth) in sorted(cells.items())
    )


def _between(value: str, first: str | None, last: str | None) -> bool:
    return (first is None or value >= first) and (last is None or value <= last)


def _chosen(
    connection: Connection,
    choice: Choice,
    known_at: int,
    on: int | None,
    registers: Registers | None,
    places: Map,
) -> Iterator[Now]:
    register = (registers or packaged()).by_id(choice.register_id)
    filters = [(facet, asked_values(facet, values)) for facet, values in choice.filters]
    for now in _stood(connection, choice.register_id, known_at, on, registers, None):
        if choice.phases and now.phase not in choice.phases:
            continue
        if choice.due_from is not None and now.due_day < choice.due_from:
            continue
        if choice.due_to is not None and now.due_day > choice.due_to:
            continue
        under = places.above(now.unit_id)
        if choice.unit_id is not None and choice.unit_id not in under:
            continue
        if filters:
            held = [
                *facets_of(register, now, now.fields),
                *(("unit", str(unit_id)) for unit_id in under),
            ]
            if not all(_holds(held, facet, values) for facet, values in filters):
                continue
        yield now


def _holds(held: list[tuple[str, str]], facet: str, values: tuple[str, ...]) -> bool:
    if facet == "word":
        return any(name == facet and value.startswith(values) for name, value in held)
    return any(name == facet and value in values for name, value in held)


def _stood(
    connection: Connection,
    register_id: int,
    known_at: int,
    on: int | None,
    registers: Registers | None,
    item_ids: list[int] | None,
) -> Iterator[Now]:
    register = (registers or packaged()).by_id(register_id)
    ranks = source_ranks(connection)
    day = day_of(known_at) if on is None else on
    rows = standing(
        connection, ranks, register_id=register_id, item_ids=item_ids, known_at=known_at, on=day
    )
    return (as_now(row, register, ranks) for row in rows)


@lru_cache(maxsize=1)
def _units() -> Units:
    """The packaged units, for a caller that has none at hand."""
    return Units.load()
