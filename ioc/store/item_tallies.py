"""How many items there are, and what their summed fields come to, per unit, facet and phase."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from ioc.store import item_past
from ioc.store.item_choice import Tally
from ioc.store.register_tables import item_tally

__all__ = ["Tally", "Total", "tallies", "totals"]


class Total(NamedTuple):
    """All values of one facet between two bounds together."""

    unit_id: int
    phase: int
    items: int
    sums: tuple[int, int, int, int]


def tallies(
    connection: Connection,
    register_id: int,
    unit_ids: Iterable[int],
    facets: Iterable[str],
    *,
    values_from: str | None = None,
    values_to: str | None = None,
    known_at: int | None = None,
) -> tuple[Tally, ...]:
    """The counts of units (those below included) by facet, value and phase.

    Facets: those of `item_index` but "unit", "word" and "person"; "all" (value ""), "due" (the
    day, "20251030"; "99999999" without one), "done" (the month, "202510"; "" not done). A field
    without a value has the value "". `values_from` and `values_to` are both included. Where
    nothing is counted there is no row.
    """
    if known_at is not None:
        return item_past.tallies(
            connection,
            register_id,
            unit_ids,
            facets,
            values_from=values_from,
            values_to=values_to,
            known_at=known_at,
        )
    table = item_tally.c
    query = select(item_tally).where(
        table.register_id == register_id,
        table.unit_id.in_(list(unit_ids)),
        table.facet.in_(list(facets)),
    )
    if values_from is not None:
        query = query.where(table.value >= values_from)
    if values_to is not None:
        query = query.where(table.value <= values_to)
    query = query.order_by(table.unit_id, table.facet, table.value, table.phase)
    return tuple(
        Tally(
            row.unit_id, row.facet, row.value, row.phase, row.items,
            (row.sum1, row.sum2, row.sum3, row.sum4),
        )
        for row in connection.execute(query)
    )  # fmt: skip


def totals(
    connection: Connection,
    register_id: int,
    unit_ids: Iterable[int],
    facet: str,
    *,
    values_from: str | None = None,
    values_to: str | None = None,
    known_at: int | None = None,
) -> tuple[Total, ...]:
    """One facet's counts added up by unit and phase: what is overdue is "due" up to yesterday.

    Of a facet with several values an item (choices) an item counts once a value.
    """
    found: dict[tuple[int, int], list[int]] = {}
    if known_at is not None:
        for one in tallies(
            connection,
            register_id,
            unit_ids,
            [facet],
            values_from=values_from,
            values_to=values_to,
            known_at=known_at,
        ):
            figures = found.setdefault((one.unit_id, one.phase), [0] * 5)
            for at, figure in enumerate((one.items, *one.sums)):
                figures[at] += figure
    else:
        table = item_tally.c
        query = select(
            table.unit_id,
            table.phase,
            *(func.sum(table[name]) for name in ("items", "sum1", "sum2", "sum3", "sum4")),
        ).where(
            table.register_id == register_id,
            table.unit_id.in_(list(unit_ids)),
            table.facet == facet,
        )
        if values_from is not None:
            query = query.where(table.value >= values_from)
        if values_to is not None:
            query = query.where(table.value <= values_to)
        for unit_id, phase, *figures in connection.execute(
            query.group_by(table.unit_id, table.phase)
        ):
            found[unit_id, phase] = [int(figure) for figure in figures]
    return tuple(
        Total(unit_id, phase, first, (one, two, three, four))
        for (unit_id, phase), (first, one, two, three, four) in sorted(found.items())
    )
