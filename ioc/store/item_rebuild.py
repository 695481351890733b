"""Making lists and counts of items again from what is known of them, when what they follow changed.

They follow the register as it is declared, today's map of units and the ranks of sources. What
they were made of is kept, so that another declaration, map or rank is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Connection, delete, select

from ioc.domain.register import Register
from ioc.domain.units import Units
from ioc.store.bulk import write
from ioc.store.item_derived import Counts, Map, derive, settle
from ioc.store.item_rows import pieces, source_ranks
from ioc.store.register_tables import (
    item_basis,
    item_index,
    item_now,
    item_tally,
    register_item,
)

_MADE_BY = 1
"""Grows when the program derives other rows from the same items."""


def follow(connection: Connection, registers: Iterable[Register], units: Units) -> list[str]:
    """Make again what no longer follows its register, the map or the ranks; returns the keys of
    these registers. Call inside `writing`; cheap when nothing changed."""
    again = []
    for register in registers:
        table = item_basis.c
        query = select(item_basis).where(table.register_id == register.id)
        kept = connection.execute(query).first()
        ranks = _ranks(connection)
        made_of = _made_of(register, units)
        if kept is not None and kept.made_of == made_of:
            before = json.loads(kept.ranks)
            if before == ranks:
                continue
            if all(ranks.get(name, known) == known for name, known in before.items()):
                _keep(connection, register, made_of, ranks)
                continue
        if rebuild(connection, register, units):
            again.append(register.key)
    return again


def rebuild(connection: Connection, register: Register, units: Units) -> int:
    """Make lists and counts of a register again; returns its items, gone ones included.

    Call inside `writing`: readers see the old state until all is made.
    """
    for table in (item_index, item_now, item_tally):
        connection.execute(delete(table).where(table.c.register_id == register.id))
    ranks = source_ranks(connection)
    places = Map(units)
    counts = Counts(register, places)
    query = select(register_item.c.item_id).where(register_item.c.register_id == register.id)
    item_ids = sorted(connection.execute(query).scalars())
    for piece in pieces(item_ids):
        derive(connection, register, places, ranks, piece, counts)
        if counts.many:
            counts.write(connection)
    counts.write(connection)
    _keep(connection, register, _made_of(register, units), _ranks(connection))
    settle(connection, len(item_ids))
    return len(item_ids)


def _keep(
    connection: Connection, register: Register, made_of: str, ranks: dict[str, list[int]]
) -> None:
    row = (register.id, made_of, json.dumps(ranks))
    write(connection, item_basis, ("register_id", "made_of", "ranks"), [row], keys=("register_id",))


def _ranks(connection: Connection) -> dict[str, list[int]]:
    return {str(name): list(one) for name, one in sorted(source_ranks(connection).items())}


def _made_of(register: Register, units: Units) -> str:
    text = f"{_MADE_BY} {_map(units)} {register.model_dump_json()}"
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=2)
def _map(units: Units) -> str:
    found = sha256()
    for unit in units.all():
        found.update(f"{unit.id} {units.chain(unit.id)} {units.region(unit.id)}\n".encode())
    return found.hexdigest()
