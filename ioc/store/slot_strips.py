"""The newest slots of many sources at once, for strips of history, and how many ended how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, union_all

from ioc.store.engine import micros, moment, moment_or_none
from ioc.store.slots import slot

SHOWN = 90
_AT_ONCE = 100
"""Sources per statement: databases limit how many parts one may have."""


@dataclass(frozen=True, slots=True)
class PastSlot:
    """One slot: when it was due, what became of it, when its data came, after how many tries."""

    due: datetime
    state: str
    arrived: datetime | None
    attempts: int
    run_id: int | None
    code: str | None


def strips(
    connection: Connection, source_ids: Sequence[int], now: datetime, *, limit: int = SHOWN
) -> dict[int, tuple[PastSlot, ...]]:
    """The newest slots of each source that were due by now, oldest first."""
    found: dict[int, list[PastSlot]] = {}
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
                PastSlot(
                    moment(row.due_at),
                    row.state,
                    moment_or_none(row.arrived_at),
                    row.attempts,
                    row.run_id,
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


def lag(past: Sequence[PastSlot], now: datetime) -> timedelta:
    """How long ago the oldest slot was due that nothing was read for since; nothing when the
    newest slot has been read. What is held did arrive."""
    behind: PastSlot | None = None
    for one in reversed(past):
        if one.arrived is not None or one.state in ("arrived", "held"):
            break
        behind = one
    return max(timedelta(0), now - behind.due) if behind else timedelta(0)
