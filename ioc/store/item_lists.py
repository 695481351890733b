"""Lists of items in due order, chosen by unit, phase and facets, paged in the database."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ioc.store import item_past, item_search
from ioc.store.item_choice import Choice
from ioc.store.item_rows import Now, many
from ioc.store.register_tables import item_now, register_item

__all__ = ["FARTHEST", "Choice", "Now", "children", "count", "many", "one", "page"]

FARTHEST = 20_000
"""Items after which a list is not paged on: whoever looks for more narrows the choice."""


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
    found = item_search.ordered(
        connection, choice, limit=limit, offset=offset, newest_first=newest_first
    )
    return many(connection, [item_id for _, item_id in found])


def count(
    connection: Connection, choice: Choice, most: int = 1000, *, known_at: int | None = None
) -> int:
    """How many items there are, counted up to `most`; most + 1 means "more than"."""
    if known_at is not None:
        return item_past.count(connection, choice, most, known_at=known_at)
    known = item_search.tallied(connection, choice)
    if known is not None:
        return min(known, most + 1)
    found = item_search.unordered(connection, choice, most + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar() or 0)


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
