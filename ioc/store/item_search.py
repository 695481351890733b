"""Searching the lists of items: which stretches of the index to read, and what to try on each."""

from __future__ import annotations

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
from ioc.store.item_choice import NATION, Choice, asked_values
from ioc.store.register_tables import item_index, item_now, item_tally

_RARE = 1000
"""A filter of fewer items leads a search; a more frequent one is tried on the items in order."""
_MOST_ARMS = 40
_LAST_CHARACTER = "\U0010ffff"

Filter = tuple[str, tuple[str, ...]]
"""A facet and its values, any of them."""


def ordered(
    connection: Connection, choice: Choice, *, limit: int, offset: int = 0, newest_first: bool
) -> list[tuple[int, int]]:
    """The (due day, id) of items as they stand now, in order, some of them."""
    found = _found(connection, choice, offset + limit, newest_first=newest_first)
    rows = connection.execute(found.offset(offset).limit(limit))
    return [(row.due_day, row.item_id) for row in rows]


def unordered(connection: Connection, choice: Choice, limit: int) -> Select[Any]:
    """The ids of items as they stand now, each once, some of them in any order."""
    arms = _arms(connection, choice, in_order=False)
    together = (union_all(*arms) if len(arms) > 1 else arms[0]).subquery()
    return select(together.c.item_id).distinct().limit(limit)


def _found(
    connection: Connection, choice: Choice, enough: int, *, newest_first: bool
) -> Select[Any]:
    """The ids in order, at least the first `enough`."""
    arms = [
        _ordered(arm, enough, newest_first=newest_first)
        for arm in _arms(connection, choice, in_order=True)
    ]
    together = (union_all(*arms) if len(arms) > 1 else arms[0]).subquery()
    due, item_id = together.c.due_day, together.c.item_id
    query = select(item_id, due).distinct()
    return (
        query.order_by(due.desc(), item_id.desc()) if newest_first else query.order_by(due, item_id)
    )


def _arms(connection: Connection, choice: Choice, *, in_order: bool) -> list[Select[Any]]:
    """What together finds the items, some perhaps twice.

    Each arm reads one stretch of an index in due order and can stop early: the rarest filter
    leads, the others are looked up per item. A beginning of words is no single stretch, so a
    frequent one does not lead where the order counts; many values are put in order when read.
    """
    filters = [(facet, asked_values(facet, values)) for facet, values in choice.filters]
    if choice.unit_id is not None:
        filters.append(("unit", (str(choice.unit_id),)))
    phases = choice.phases or tuple(one.number for one in Phase)
    lead, rest = _led(connection, choice.register_id, filters, phases, in_order=in_order)
    arms: list[Select[Any]] = []
    for phase in dict.fromkeys(phases):
        if lead is None:
            now = item_now.alias()
            arms.append(_arm(choice, now, [now.c.phase == phase], rest))
            continue
        facet, values = lead
        for some in [(one,) for one in values] if len(values) <= _MOST_ARMS else [values]:
            table = item_index.alias()
            here = [table.c.facet == facet, _is(table, facet, some), table.c.phase == phase]
            arms.append(_arm(choice, table, here, rest))
    return arms


def _arm(
    choice: Choice,
    table: FromClause,
    here: list[ColumnElement[bool]],
    rest: list[Filter],
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


def _led(
    connection: Connection,
    register_id: int,
    filters: list[Filter],
    phases: tuple[int, ...],
    *,
    in_order: bool,
) -> tuple[Filter | None, list[Filter]]:
    """The filter with the fewest items that can lead, if any, and the others, rarest first."""
    if len(filters) == 1 and not (in_order and filters[0][0] == "word"):
        return filters[0], []
    sizes = {one: _size(connection, register_id, *one, phases) for one in filters}
    rest = sorted(sizes, key=sizes.__getitem__)
    able = (one for one in rest if not in_order or one[0] != "word" or sizes[one] <= _RARE)
    lead = next(able, None)
    return lead, [one for one in rest if one != lead]


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


def tallied(connection: Connection, choice: Choice) -> int | None:
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
