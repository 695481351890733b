"""The history of one item: every version of it and every act on it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ioc.domain.due import PRECISIONS, Due
from ioc.store.item_rows import to_date
from ioc.store.register_tables import NO_DUE, item_version, register_act

MOST = 500
"""Versions or acts of one item that are read, the newest."""


class Version(NamedTuple):
    """One version of an item as kept; see `item_version`. `run_id` 0: the act `act_id` made it."""

    item_id: int
    recorded_at: int
    valid_from: int
    register_id: int
    run_id: int
    source_id: int
    act_id: int | None
    gone: int
    unit_id: int | None
    state: str
    due_day: int
    due_grain: int | None
    done_day: int | None
    lon: int | None
    lat: int | None
    citation_id: int | None
    body: str

    @property
    def fields(self) -> dict[str, Any]:
        """The body as values by field."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def due(self) -> Due | None:
        """The due date with its precision; None without one."""
        if self.due_day == NO_DUE:
            return None
        return Due(to_date(self.due_day), PRECISIONS[self.due_grain or 0])


class Act(NamedTuple):
    """What somebody did to an item; `kind` is import, state, edit or note, `at` microseconds."""

    act_id: int
    item_id: int
    at: int
    kind: str
    by: str
    by_id: str
    from_state: str | None
    to_state: str | None
    why: str
    evidence: str
    run_id: int


def versions(
    connection: Connection, item_id: int, known_at: int | None = None
) -> tuple[Version, ...]:
    """The versions of an item that were known, in the order they were learned; at most MOST."""
    table = item_version.c
    query = select(item_version).where(table.item_id == item_id)
    if known_at is not None:
        query = query.where(table.recorded_at <= known_at)
    rows = connection.execute(query.order_by(table.recorded_at.desc()).limit(MOST)).all()
    return tuple(Version(*row) for row in reversed(rows))


def acts(connection: Connection, item_id: int, known_at: int | None = None) -> tuple[Act, ...]:
    """The acts on an item that were known, in their order; at most MOST."""
    table = register_act.c
    query = select(register_act).where(table.item_id == item_id)
    if known_at is not None:
        query = query.where(table.at <= known_at)
    newest = query.order_by(table.at.desc(), table.act_id.desc()).limit(MOST)
    return tuple(Act(*row) for row in reversed(connection.execute(newest).all()))
