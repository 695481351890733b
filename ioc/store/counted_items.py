"""The items that stand, as a stream of the columns that figures are counted from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from ioc.store.register_tables import item_now

_PIECE = 2000
_AT_ONCE = 5000


class Counted(NamedTuple):
    """An item's columns that counting needs; days are written 20251030, `body` is JSON."""

    unit_id: int
    state: str
    phase: int
    due_day: int
    done_day: int | None
    lon: int | None
    illustrative: int
    body: str


def units_of(connection: Connection, register_id: int) -> frozenset[int]:
    """The units that have any item of the register."""
    table = item_now.c
    query = (
        select(table.unit_id)
        .distinct()
        .where(table.register_id == register_id, table.unit_id.is_not(None))
    )
    return frozenset(connection.execute(query).scalars())


def items_of(
    connection: Connection, register_id: int, unit_ids: Collection[int]
) -> Iterator[Counted]:
    """The items that these units themselves have, in no order; read piece by piece."""
    table = item_now.c
    columns = [table[name] for name in Counted._fields]
    ordered = sorted(unit_ids)
    for at in range(0, len(ordered), _PIECE):
        query = (
            select(*columns)
            .where(table.register_id == register_id, table.unit_id.in_(ordered[at : at + _PIECE]))
            .execution_options(yield_per=_AT_ONCE)
        )
        for row in connection.execute(query):
            yield Counted(*row)
