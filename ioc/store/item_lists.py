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

from ioc.domain.item_facets import FOUND_ONLY
from ioc.domain.register import Phase
from ioc.store import item_past
from ioc.store.item_choice import NATION, Choice, asked_values
from ioc.store.item_rows import Now, pieces
from ioc.store.register_tables import item_index, item_now, item_tally, register_item

__all__ = ["FARTHEST", "Choice", "Now", "children", "count", "many", "one", "page"]

FARTHEST = 20_000
"""Items after which a list is not paged on: whoever looks for more narrows the choice."""
_RARE = 1000
"""A filter of fewer items leads a search; a more frequent one is tried on the items in order."""
_MOST_ARMS = 40
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
    known = _tallied(connection, choice)
    if known is not None:
        return min(known, most + 1)
    arms = _arms(connection, choice, ordered=False)
    together = (union_all(*arms) if len(arms) > 1 else arms[0]).subquery()
    found = select(together.c.item_id).distinct().limit(most + 1).subquery()
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
    """The ids in order, at least the first `enough`."""
    arms = [
        _ordered(arm, enough, newest_first=newest_first)
        for arm in _arms(connection, choice, ordered=True)
    ]
    together = (union_all(*arms) if len(arms) > 1 else arms[0]).subquery()
    due, item_id = together.c.due_day, together.c.item_id
    query = select(item_id, due).distinct()
    return (
        query.order_by(due.desc(), item_id.desc()) if newest_first else query.order_by(due, item_id)
    )


def _arms(connection: Connection, choice: Choice, *, ordered: bool) -> list[Select[Any]]:
    """What together finds the items, some perhaps twice.

    Each arm reads one stretch of an index in due order and can stop early: the rarest filter
    leads, the others are looked up per item. A beginning of words is no single stretch, so a
    frequent one does not lead where the order counts; many values are put in order when read.
    """
    filters = [(facet, asked_values(facet, values)) for facet, values in choice.filters]
    if choice.unit_id is not None:
        filters.append(("unit", (str(choice.unit_id),)))
    phases = choice.phases or tuple(one.number for one in Phase)
    lead = _leader(connection, choice.register_id, filters, phases, ordered=ordered)
    rest = [one for at, one in enumerate(filters) if at != lead]
    arms: list[Select[Any]] = []
    for phase in dict.fromkeys(phases):
        if lead is None:
            now = item_now.alias()
            arms.append(_arm(choice, now, [now.c.phase == phase], rest))
            continue
        facet, values = filters[lead]
        for some in [(one,) for one in values] if len(values) <= _MOST_ARMS else [values]:
            table = item_index.alias()
            here = [table.c.facet == facet, _is(table, facet, some), table.c.phase == phase]
            arms.append(_arm(choice, table, here, rest))
    return arms


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
                    _is(other, facet, values),
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


def _leader(
    connection: Connection,
    register_id: int,
    filters: list[tuple[str, tuple[str, ...]]],
    phases: tuple[int, ...],
    *,
    ordered: bool,
) -> int | None:
    """The place of the filter with the fewest items, None where no filter can lead."""
    sizes = {
        at: _size(connection, register_id, facet, values, phases)
        for at, (facet, values) in enumerate(filters)
    }
    able = [at for at in sizes if not ordered or filters[at][0] != "word" or sizes[at] <= _RARE]
    return min(able, key=sizes.__getitem__, default=None)


def _size(
    connection: Connection,
    register_id: int,
    facet: str,
    values: tuple[str, ...],
    phases: tuple[int, ...],
) -> int:
    """How many items a filter has: from the tallies, or counted a little beyond _RARE."""
    if facet == "unit":
        unit_ids = [int(value) for value in values if value.isdecimal()]
        return _counted(connection, register_id, unit_ids, "all", ("",), phases)
    if facet not in FOUND_ONLY:
        return _counted(connection, register_id, [NATION], facet, values, phases)
    table = item_index.c
    few = (
        select(literal_column("1"))
        .select_from(item_index)
        .where(
            table.register_id == register_id,
            table.facet == facet,
            _is(item_index, facet, values),
            table.phase.in_(phases),
        )
        .limit(_RARE + 1)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(few)).scalar() or 0)


def _tallied(connection: Connection, choice: Choice) -> int | None:
    """The items of a choice that one cell of the tallies counts; None for any other choice."""
    if choice.due_from is not None or choice.due_to is not None or len(choice.filters) > 1:
        return None
    facet, values = choice.filters[0] if choice.filters else ("all", ("",))
    if facet in FOUND_ONLY or facet == "unit" or len(values) != 1:
        return None
    unit_ids = [NATION if choice.unit_id is None else choice.unit_id]
    phases = choice.phases or tuple(one.number for one in Phase)
    values = asked_values(facet, values)
    return _counted(connection, choice.register_id, unit_ids, facet, values, phases)


def _counted(
    connection: Connection,
    register_id: int,
    unit_ids: list[int],
    facet: str,
    values: tuple[str, ...],
    phases: tuple[int, ...],
) -> int:
    table = item_tally.c
    query = select(func.sum(table["items"])).where(
        table.register_id == register_id,
        table.unit_id.in_(unit_ids),
        table.facet == facet,
        table.value.in_(values),
        table.phase.in_(phases),
    )
    return int(connection.execute(query).scalar() or 0)


def _is(table: FromClause, facet: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    value = table.c.value
    if facet == "word":
        return or_(*(and_(value >= begins, value < begins + _LAST_CHARACTER) for begins in values))
    return value == values[0] if len(values) == 1 else value.in_(values)
