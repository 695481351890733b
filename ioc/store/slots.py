"""Slots: every moment at which a source was expected, and what became of it.

expected ─► running ─► arrived │ late │ held │ failed
    │          └──────► expected   (a retry, or the poller died)
    └─────────────────► missed     (nobody asked: see `code`)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    case,
    delete,
    select,
    update,
)

from ioc.store.engine import RowId, metadata, micros, moment, moment_or_none

slot = Table(
    "slot",
    metadata,
    Column("source_id", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("run_id", RowId),
    Column("arrived_at", BigInteger),
    Column("attempts", Integer, nullable=False, default=0),
    Column("code", Text),
    PrimaryKeyConstraint("source_id", "due_at"),
    Index("slot_state", "state", "source_id"),
    sqlite_with_rowid=False,
)
EXPECTED, RUNNING = "expected", "running"
ARRIVED, LATE, HELD, FAILED, MISSED = "arrived", "late", "held", "failed", "missed"
CRASHES = 10
"""Tries of one slot that may end with the death of their poller before it counts as failed."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot: when it was due (UTC), what became of it and after how many tries.

    `code` says why it is missed (coalesced, still_running, breaker_open, asked_to_wait, skipped)
    or how its last try failed.
    """

    source_id: int
    due: datetime
    state: str
    run_id: int | None = None
    arrived: datetime | None = None
    attempts: int = 0
    code: str | None = None


def expect(
    connection: Connection,
    source_id: int,
    dues: Iterable[datetime],
    state: str = EXPECTED,
    code: str | None = None,
) -> None:
    """Write down slots; one that is there already stays as it is."""
    rows = [(source_id, micros(due), state, 0, code) for due in dues]
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO slot (source_id, due_at, state, attempts, code)"
            f" VALUES ({', '.join([mark] * 5)}) ON CONFLICT (source_id, due_at) DO NOTHING",
            rows,
        )


def open_slots(connection: Connection, source_ids: Iterable[int] | None = None) -> list[Slot]:
    """The slots that are expected or running, oldest first within a source."""
    query = select(slot).where(slot.c.state.in_((EXPECTED, RUNNING)))
    if source_ids is not None:
        query = query.where(slot.c.source_id.in_(list(source_ids)))
    return [_slot(row) for row in connection.execute(query.order_by(*slot.primary_key))]


def claim(connection: Connection, source_id: int, due: datetime, run_id: int) -> int:
    """Take an expected slot for a run; gives which try this is, 0 when it is not to be had."""
    done = connection.execute(
        update(slot)
        .where(*_one(source_id, due), slot.c.state == EXPECTED)
        .values(state=RUNNING, run_id=run_id, attempts=slot.c.attempts + 1)
    )
    if not done.rowcount:
        return 0
    query = select(slot.c.attempts).where(*_one(source_id, due))
    return int(connection.execute(query).scalar_one())


def close(
    connection: Connection,
    source_id: int,
    due: datetime,
    state: str,
    *,
    run_id: int,
    arrived: datetime | None = None,
    code: str | None = None,
) -> None:
    """End the try of a slot that this run has; `expected` lets it be tried again."""
    connection.execute(
        update(slot)
        .where(*_one(source_id, due), slot.c.run_id == run_id, slot.c.state == RUNNING)
        .values(state=state, arrived_at=micros(arrived) if arrived else None, code=code)
    )


def reopen(connection: Connection, source_id: int) -> None:
    """Let the slots of runs that were cut off be tried again, but not for ever."""
    connection.execute(
        update(slot)
        .where(slot.c.source_id == source_id, slot.c.state == RUNNING)
        .values(state=case((slot.c.attempts < CRASHES, EXPECTED), else_=FAILED), code="abandoned")
    )


def coalesce(connection: Connection, source_id: int, dues: Iterable[datetime], code: str) -> None:
    """Give up expected slots: never tried is missed for the reason given, tried is failed."""
    moments = [micros(due) for due in dues]
    if moments:
        tried = slot.c.attempts > 0
        connection.execute(
            update(slot)
            .where(
                slot.c.source_id == source_id, slot.c.due_at.in_(moments), slot.c.state == EXPECTED
            )
            .values(
                state=case((tried, FAILED), else_=MISSED),
                code=case((tried, slot.c.code), else_=code),
            )
        )


def take_back(connection: Connection, source_id: int, after: datetime) -> None:
    """Forget what was planned for moments that have not come: the clock had run ahead."""
    connection.execute(
        delete(slot).where(
            slot.c.source_id == source_id,
            slot.c.due_at > micros(after),
            slot.c.state.in_((EXPECTED, MISSED)),
        )
    )


def prune(connection: Connection, source_id: int, before: datetime) -> None:
    """Forget slots that simply arrived, long ago; what went wrong is kept, and so are all runs."""
    connection.execute(
        delete(slot).where(
            slot.c.source_id == source_id, slot.c.state == ARRIVED, slot.c.due_at < micros(before)
        )
    )


def recent(connection: Connection, source_id: int, limit: int = 90) -> tuple[Slot, ...]:
    """The newest slots of a source, newest first."""
    query = select(slot).where(slot.c.source_id == source_id)
    found = connection.execute(query.order_by(slot.c.due_at.desc()).limit(limit))
    return tuple(_slot(row) for row in found)


def gaps(connection: Connection, source_id: int, since: datetime) -> tuple[Slot, ...]:
    """The slots due since a moment for which nothing came, oldest first."""
    query = select(slot).where(
        slot.c.source_id == source_id,
        slot.c.due_at >= micros(since),
        slot.c.state.in_((MISSED, FAILED)),
    )
    return tuple(_slot(row) for row in connection.execute(query.order_by(slot.c.due_at)))


def _one(source_id: int, due: datetime) -> tuple[ColumnElement[bool], ...]:
    return slot.c.source_id == source_id, slot.c.due_at == micros(due)


def _slot(row: Row[Any]) -> Slot:
    got = row._mapping
    return Slot(
        got["source_id"],
        moment(got["due_at"]),
        got["state"],
        got["run_id"],
        moment_or_none(got["arrived_at"]),
        got["attempts"],
        got["code"],
    )
