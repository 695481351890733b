"""Versions of items by one source: what it said last, and of what it still speaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from ioc.store.register_tables import item_version, register_item

VERSION = (
    "item_id", "recorded_at", "valid_from", "register_id", "run_id", "source_id", "act_id", "gone",
    "unit_id", "state", "due_day", "due_grain", "done_day", "lon", "lat", "citation_id", "body",
)  # fmt: skip
"""The columns of `item_version`; those after "gone" are a Word."""


class Word(NamedTuple):
    """What is said of an item, in the store's numbers."""

    unit_id: int | None
    state: str
    due_day: int
    due_grain: int | None
    done_day: int | None
    lon: int | None
    lat: int | None
    citation_id: int | None
    body: str


class Last(NamedTuple):
    """A source's newest word about an item."""

    recorded_at: int
    valid_from: int
    gone: bool
    word: Word


class Spoken(NamedTuple):
    """An item of which a source still speaks."""

    item_id: int
    key: str


def last_said(connection: Connection, source_id: int, item_ids: list[int]) -> dict[int, Last]:
    """What a source itself said last of items, by id; acts of people are not its words."""
    if not item_ids:
        return {}
    newest = _newest(source_id).where(item_version.c.item_id.in_(item_ids)).subquery()
    table = item_version.c
    query = select(item_version).join(
        newest, (table.item_id == newest.c.item_id) & (table.recorded_at == newest.c.recorded_at)
    )
    return {
        row.item_id: Last(
            row.recorded_at,
            row.valid_from,
            bool(row.gone),
            Word(
                row.unit_id, row.state, row.due_day, row.due_grain, row.done_day,
                row.lon, row.lat, row.citation_id, row.body,
            ),
        )
        for row in connection.execute(query)
    }  # fmt: skip


def still_said(connection: Connection, register_id: int, source_id: int) -> list[Spoken]:
    """The items of a register that are not gone for a source."""
    table = item_version.c
    newest = _newest(source_id).where(table.register_id == register_id).subquery()
    query = (
        select(table.item_id, register_item.c.key)
        .join(
            newest,
            (table.item_id == newest.c.item_id) & (table.recorded_at == newest.c.recorded_at),
        )
        .join(register_item, register_item.c.item_id == table.item_id)
        .where(table.gone == 0)
        .order_by(table.item_id)
    )
    return [Spoken(*row) for row in connection.execute(query)]


def told_last(connection: Connection, register_id: int, known_at: int) -> dict[int, int]:
    """Per source, when it last said something new of a register, of what was known at `known_at`
    (microseconds); acts of people are no words of a source."""
    table = item_version.c
    query = (
        select(table.source_id, func.max(table.recorded_at))
        .where(
            table.register_id == register_id,
            table.recorded_at <= known_at,
            table.run_id != 0,
        )
        .group_by(table.source_id)
    )
    return dict(connection.execute(query).all())


def received_last(connection: Connection, register_id: int, known_at: int) -> int | None:
    """When any source last said something new of a register, of what was known at `known_at`."""
    table = item_version.c
    query = (
        select(table.recorded_at)
        .where(
            table.register_id == register_id,
            table.recorded_at <= known_at,
            table.run_id != 0,
        )
        .order_by(table.recorded_at.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def fed_registers(connection: Connection, source_ids: Iterable[int]) -> dict[int, int]:
    """The register that each of these sources ever said something of; a source feeds one."""
    table = item_version.c
    found = {}
    for one in source_ids:
        query = select(table.register_id).where(table.source_id == one).limit(1)
        register_id = connection.execute(query).scalar()
        if register_id is not None:
            found[one] = int(register_id)
    return found


def _newest(source_id: int) -> Select[Any]:
    table = item_version.c
    return (
        select(table.item_id, func.max(table.recorded_at).label("recorded_at"))
        .where(table.source_id == source_id, table.run_id != 0)
        .group_by(table.item_id)
    )
