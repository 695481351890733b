"""The newest slots of many sources at once, for strips of history, and how many ended how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, union_all

from ioc.store.engine import micros, moment, moment_or_none
from ioc.store.slots import ARRIVED, HELD, LATE, Slot, slot

SHOWN = 90
_AT_ONCE = 100
"""Sources per statement: databases limit how many parts one may have."""


def strips(
    connection: Connection, source_ids: Sequence[int], now: datetime, *, limit: int = SHOWN
) -> dict[int, tuple[Slot, ...]]:
    """The newest slots of each source that were due by now, oldest first."""
    found: dict[int, list[Slot]] = {}
    for start in range(0, len(source_ids), _AT_ONCE):
        parts = [
            select(
                select(slot)
                .where(slot.c.source_id == one, slot.c.due_at <= micros(now))
                .order_by(slot.c.due_at.desc())
                .limit(limit)
                .subquery()
            )
            for one in source_ids[start : start + _AT_ONCE]
        ]
        for row in connection.execute(union_all(*parts)):
            found.setdefault(row.source_id, []).append(
                Slot(
                    row.source_id,
                    moment(row.due_at),
                    row.state,
                    row.run_id,
                    moment_or_none(row.arrived_at),
                    row.attempts,
                    row.code,
                )
            )
    return {
        source_id: tuple(sorted(some, key=lambda one: one.due)) for source_id, some in found.items()
    }


def counts(
    connection: Connection, source_ids: Iterable[int], since: datetime
) -> dict[int, Mapping[str, int]]:
    """How many slots due since a moment are in which state, by source."""
    query = (
        select(slot.c.source_id, slot.c.state, func.count().label("many"))
        .where(slot.c.source_id.in_(list(source_ids)), slot.c.due_at >= micros(since))
        .group_by(slot.c.source_id, slot.c.state)
    )
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.source_id, {})[row.state] = row.many
    return {source_id: dict(sorted(some.items())) for source_id, some in found.items()}


def lag(past: Sequence[Slot], now: datetime) -> timedelta:
    """How long ago the oldest slot was due that nothing was read for since; nothing when the
    newest slot has been read. What is held did arrive."""
    behind: Slot | None = None
    for one in reversed(past):
        if one.arrived is not None or one.state in (ARRIVED, LATE, HELD):
            break
        behind = one
    return max(timedelta(0), now - behind.due) if behind else timedelta(0)
