"""Lists of items in due order, chosen by unit, phase and facets, paged in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from ioc.domain.register import Phase
from ioc.store import item_past
from ioc.store.item_choice import Choice, asked_values
from ioc.store.item_rows import Now, pieces
from ioc.store.register_tables import item_index, item_now, register_item

__all__ = ["FARTHEST", "Choice", "Now", "children", "count", "many", "one", "page"]

FARTHEST = 20_000
"""Items after which a list is not paged on: whoever looks for more narrows the choice."""
_RARE = 1000
"""A filter of fewer items leads a search; a more frequent one is tried on the items in order."""
_LAST_CHARACTER = "\U0010ffff"


def page(
    connection: Connection,
    choice: Choice,
    *,
    limit: int,
    offset: int = 0,
    newest_first: bool = False,
    known_at: int | None = None,
) -> tuple[Now, ...]:
    """Items in the order of (due day, id), or in the reverse order; beyond FARTHEST none.

    `known_at` (microseconds): as known at that moment.
    """
    if known_at is not None:
        return item_past.page(
            connection,
            choice,
            limit=limit,
            offset=offset,
            newest_first=newest_first,
            known_at=known_at,
        )
    if offset >= FARTHEST or limit <= 0:
        return ()
    found = _found(connection, choice, offset + limit, newest_first=newest_first)
    ids = [row.item_id for row in connection.execute(found.offset(offset).limit(limit))]
    return many(connection, ids)


def count(
    connection: Connection, choice: Choice, most: int = 1000, *, known_at: int | None = None
) -> int:
    """How many items there are, counted up to `most`; most + 1 means "more than"."""
    if known_at is not None:
        return item_past.count(connection, choice, most, known_at=known_at)
    found = _found(connection, choice, most + 1, newest_first=False).limit(most + 1)
    query = select(func.count()).select_from(found.subquery())
    return int(connection.execute(query).scalar() or 0)


def one(
    connection: Connection, register_id: int, key: str, *, known_at: int | None = None
) -> Now | None:
    """The item of a key; None when there is none, or it is gone."""
    if known_at is not None:
        return item_past.one(connection, register_id, key, known_at=known_at)
    table = register_item.c
    query = (
        select(item_now)
        .join(register_item, table.item_id == item_now.c.item_id)
        .where(table.register_id == register_id, table.key == key.replace("\0", ""))
    )
    row = connection.execute(query).first()
    return Now(*row) if row else None


def many(connection: Connection, item_ids: Iterable[int]) -> tuple[Now, ...]:
    """The items of these ids that there are, in the order of the ids."""
    wanted = list(item_ids)
    found: dict[int, Now] = {}
    for piece in pieces(wanted):
        rows = connection.execute(select(item_now).where(item_now.c.item_id.in_(piece)))
        found.update((row.item_id, Now(*row)) for row in rows)
    return tuple(found[item_id] for item_id in wanted if item_id in found)


def children(
    connection: Connection,
    register_id: int,
    parents: tuple[str, ...],
    *,
    limit: int,
    offset: int = 0,
    known_at: int | None = None,
) -> tuple[Now, ...]:
    """The items whose parent has one of these keys; the key "" is said by those without one."""
    choice = Choice(register_id, filters=(("parent", parents),))
    return page(connection, choice, limit=limit, offset=offset, known_at=known_at)


def _found(
    connection: Connection, choice: Choice, enough: int, *, newest_first: bool
) -> Select[Any]:
    """The ids in order, at least the first `enough`.

    Each arm reads one stretch of an index in due order and stops early: the rarest filter leads,
    the others are looked up per item. A beginning of words is no single stretch, so a frequent
    one never leads.
    """
    filters = [(facet, asked_values(facet, values)) for facet, values in choice.filters]
    if choice.unit_id is not None:
        filters.append(("unit", (str(choice.unit_id),)))
    phases = choice.phases or tuple(one.number for one in Phase)
    sizes = [
        _size(connection, choice.register_id, facet, values, phases) for facet, values in filters
    ]
    lead = _leader(filters, sizes)
    rest = [one for at, one in enumerate(filters) if at != lead]
    arms: list[Select[Any]] = []
    for phase in dict.fromkeys(phases):
        if lead is None:
            now = item_now.alias()
            arms.append(_arm(choice, now, [now.c.phase == phase], rest))
            continue
        facet, values = filters[lead]
        for value in values:
            table = item_index.alias()
            here = [table.c.facet == facet, _is(table, facet, value), table.c.phase == phase]
            arms.append(_arm(choice, table, here, rest))
    ordered = [_ordered(arm, enough, newest_first=newest_first) for arm in arms]
    together = union_all(*ordered).subquery() if len(ordered) > 1 else ordered[0].subquery()
    due, item_id = together.c.due_day, together.c.item_id
    query = select(item_id, due).distinct()
    return (
        query.order_by(due.desc(), item_id.desc()) if newest_first else query.order_by(due, item_id)
    )


def _arm(
    choice: Choice,
    table: FromClause,
    here: list[ColumnElement[bool]],
    rest: list[tuple[str, tuple[str, ...]]],
) -> Select[Any]:
    columns = table.c
    query = select(columns.item_id, columns.due_day).where(
        columns.register_id == choice.register_id, *here
    )
    if choice.due_from is not None:
        query = query.where(columns.due_day >= choice.due_from)
    if choice.due_to is not None:
        query = query.where(columns.due_day <= choice.due_to)
    for facet, values in rest:
        other = item_index.alias()
        query = query.where(
            exists(
                select(literal_column("1"))
                .select_from(other)
                .where(
                    other.c.register_id == choice.register_id,
                    other.c.facet == facet,
                    or_(*(_is(other, facet, value) for value in values)),
                    other.c.phase == columns.phase,
                    other.c.due_day == columns.due_day,
                    other.c.item_id == columns.item_id,
                )
            )
        )
    return query


def _ordered(arm: Select[Any], enough: int, *, newest_first: bool) -> Select[Any]:
    item_id, due = list(arm.selected_columns)
    order = (due.desc(), item_id.desc()) if newest_first else (due, item_id)
    part = arm.order_by(*order).limit(enough).subquery()
    return select(part.c.item_id, part.c.due_day)


def _leader(filters: list[tuple[str, tuple[str, ...]]], sizes: list[int]) -> int | None:
    able = [at for at in range(len(filters)) if filters[at][0] != "word" or sizes[at] <= _RARE]
    return min(able, key=lambda at: sizes[at], default=None)


def _size(
    connection: Connection,
    register_id: int,
    facet: str,
    values: tuple[str, ...],
    phases: tuple[int, ...],
) -> int:
    """How many rows a filter has, counted a little beyond _RARE."""
    table = item_index.c
    few = (
        select(literal_column("1"))
        .select_from(item_index)
        .where(
            table.register_id == register_id,
            table.facet == facet,
            or_(*(_is(item_index, facet, value) for value in values)),
            table.phase.in_(phases),
        )
        .limit(_RARE + 1)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(few)).scalar() or 0)


def _is(table: FromClause, facet: str, value: str) -> ColumnElement[bool]:
    if facet == "word":
        return and_(table.c.value >= value, table.c.value < value + _LAST_CHARACTER)
    return table.c.value == value
