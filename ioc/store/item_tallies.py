"""How many items there are, and what their summed fields come to, per unit, facet and phase."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select, union_all

from ioc.store import item_past
from ioc.store.item_choice import Tally
from ioc.store.register_tables import item_tally

__all__ = ["Tally", "Total", "tallies", "totals"]

_FIGURES = ("items", "sum1", "sum2", "sum3", "sum4")


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
    most: int | None = None,
    known_at: int | None = None,
) -> tuple[Tally, ...]:
    """The counts of units (those below included) by facet, value and phase.

    Facets: those of `item_index` but "unit", "word" and "person"; "all" (value ""), "due" (the
    day, "20251030"; "99999999" without one), "due_month", "done" (the month, "202510"; "" not
    done). A field without a value has the value "". `values_from` and `values_to` are both
    included. Where nothing is counted there is no row.
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
        )[:most]
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
    query = query.order_by(table.unit_id, table.facet, table.value, table.phase).limit(most)
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
        ids = list(unit_ids)
        parts = [
            _stretch(register_id, ids, *one) for one in _stretches(facet, values_from, values_to)
        ]
        together = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
        figures_of = [func.sum(together.c[name]) for name in _FIGURES]
        query = select(together.c.unit_id, together.c.phase, *figures_of)
        for unit_id, phase, *figures in connection.execute(
            query.group_by(together.c.unit_id, together.c.phase)
        ):
            found[unit_id, phase] = [int(figure) for figure in figures]
    return tuple(
        Total(unit_id, phase, first, (one, two, three, four))
        for (unit_id, phase), (first, one, two, three, four) in sorted(found.items())
    )


def _stretches(
    facet: str, first: str | None, last: str | None
) -> list[tuple[str, str | None, str | None]]:
    """What to add up: of due days whole months as such, and days only at both ends."""
    if facet != "due":
        return [(facet, first, last)]
    first, last = first or "0" * 8, last or "9" * 8
    begun, ended = first[:6], last[:6]
    if begun >= ended or not f"{first}{last}".isdecimal():
        return [(facet, first, last)]
    return [
        (facet, first, f"{begun}99"),
        ("due_month", f"{begun}0", str(int(ended) - 1)),
        (facet, f"{ended}00", last),
    ]


def _stretch(
    register_id: int, unit_ids: list[int], facet: str, first: str | None, last: str | None
) -> Select[Any]:
    table = item_tally.c
    query = select(table.unit_id, table.phase, *(table[name] for name in _FIGURES)).where(
        table.register_id == register_id, table.unit_id.in_(unit_ids), table.facet == facet
    )
    if first is not None:
        query = query.where(table.value >= first)
    return query if last is None else query.where(table.value <= last)
