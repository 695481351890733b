"""How many items of several registers stand how under some units, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, or_, select

from ioc.store import item_past
from ioc.store.register_tables import item_tally

_FIRST = "00000000"
"""Before every due day."""
_FACETS = ("all", "missing", "due")


class Stand(NamedTuple):
    """Items of one register in one phase: all, those with every mandatory field, and those whose
    due day has passed."""

    items: int = 0
    complete: int = 0
    past_due: int = 0


def stands(
    connection: Connection,
    register_ids: Collection[int],
    unit_ids: Collection[int],
    *,
    last_due: int,
    known_at: int | None = None,
) -> dict[tuple[int, int], Stand]:
    """Per (register, phase) the items of the units and all below them.

    `last_due` is the last day (20251030) that has passed. With `known_at` every register is read
    through its versions, which takes as long as there are items.
    """
    if known_at is not None:
        return _past(connection, register_ids, unit_ids, str(last_due), known_at)
    table = item_tally.c
    whole = table.facet == "all"
    complete = and_(table.facet == "missing", table.value == "")
    late = and_(table.facet == "due", table.value >= _FIRST, table.value <= str(last_due))
    query = (
        select(
            table.register_id,
            table.phase,
            *(func.sum(case((one, table["items"]), else_=0)) for one in (whole, complete, late)),
        )
        .where(
            table.register_id.in_(list(register_ids)),
            table.unit_id.in_(list(unit_ids)),
            or_(whole, complete, late),
        )
        .group_by(table.register_id, table.phase)
    )
    return {
        (register_id, phase): Stand(*(int(one) for one in figures))
        for register_id, phase, *figures in connection.execute(query)
    }


def _past(
    connection: Connection,
    register_ids: Collection[int],
    unit_ids: Collection[int],
    last_due: str,
    known_at: int,
) -> dict[tuple[int, int], Stand]:
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for register_id in register_ids:
        for one in item_past.tallies(connection, register_id, unit_ids, _FACETS, known_at=known_at):
            counts = found[register_id, one.phase]
            if one.facet == "all":
                counts[0] += one.items
            elif one.facet == "missing" and one.value == "":
                counts[1] += one.items
            elif one.facet == "due" and _FIRST <= one.value <= last_due:
                counts[2] += one.items
    return {key: Stand(*counts) for key, counts in found.items()}
