"""Where each source stands: its lease, watermark, last good read, break and recovery."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    SmallInteger,
    Table,
    Text,
    insert,
    select,
    update,
)

from ioc.store.engine import RowId, metadata, micros, moment, moment_or_none, writing

source_state = Table(
    "source_state",
    metadata,
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("lease_owner", Text),
    Column("lease_until", BigInteger, nullable=False, default=0),
    Column("watermark", Text),
    Column("payload_hash", Text),
    Column("last_good", BigInteger),
    Column("broken_since", BigInteger),
    Column("recovered_at", BigInteger),
    Column("broken_code", Text),
    Column("broken_params", Text, nullable=False, default="{}"),
    Column("failures", Integer, nullable=False, default=0),
    Column("next_run", BigInteger),
    Column("last_run_id", RowId),
    Column("added", BigInteger, nullable=False, default=0),
    Column("rejected", BigInteger, nullable=False, default=0),
    Column("parts_done", Integer, nullable=False, default=0),
    Column("parts", Integer, nullable=False, default=0),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("breaker", Text, nullable=False, server_default="closed"),
    Column("breaker_until", BigInteger),
    Column("breaker_trips", Integer, nullable=False, server_default="0"),
    Column("planned_until", BigInteger),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("next_try", BigInteger),
    Column("more", SmallInteger, nullable=False, server_default="0"),
    Column("file_hash", Text),
)


@dataclass(frozen=True, slots=True)
class SourceState:
    """Where a source stands; moments in UTC.

    `last_run_id` is its newest finished run; `added` and `rejected` count over all its runs, so
    that no page has to add up a table that only grows. `parts_done` of `parts` say how far its
    history has been read, 0 of 0 where it has none.

    `breaker` is closed, open until `breaker_until`, or half_open while one try is made;
    `breaker_trips` counts how often it opened since the source last worked. Slots are planned up
    to `planned_until`. The source is not asked before `next_try`. `more` says that the rest of a
    long history waits. `fence` is the number of the last lease, `file_hash` of the source's file.
    """

    source_id: int
    watermark: str | None = None
    payload_hash: str | None = None
    last_good: datetime | None = None
    broken_since: datetime | None = None
    recovered_at: datetime | None = None
    broken_code: str | None = None
    broken_params: Mapping[str, object] = field(default_factory=dict)
    failures: int = 0
    next_run: datetime | None = None
    last_run_id: int | None = None
    added: int = 0
    rejected: int = 0
    parts_done: int = 0
    parts: int = 0
    breaker: str = "closed"
    breaker_until: datetime | None = None
    breaker_trips: int = 0
    planned_until: datetime | None = None
    held: int = 0
    fence: int = 0
    next_try: datetime | None = None
    more: bool = False
    file_hash: str | None = None
    lease_until: datetime | None = None


def plan_next(engine: Engine, source_id: int, when: datetime | None) -> None:
    """Note when a source is due next."""
    with writing(engine) as connection:
        connection.execute(
            update(source_state)
            .where(source_state.c.source_id == source_id)
            .values(next_run=micros(when) if when else None)
        )


def state(connection: Connection, source_id: int) -> SourceState:
    """Where one source stands; an empty state when it never ran."""
    return states(connection, [source_id]).get(source_id, SourceState(source_id))


def states(connection: Connection, source_ids: Iterable[int]) -> dict[int, SourceState]:
    """Where the given sources stand."""
    query = select(source_state).where(source_state.c.source_id.in_(list(source_ids)))
    return {
        row.source_id: SourceState(
            row.source_id,
            row.watermark,
            row.payload_hash,
            moment_or_none(row.last_good),
            moment_or_none(row.broken_since),
            moment_or_none(row.recovered_at),
            row.broken_code,
            json.loads(row.broken_params),
            row.failures,
            moment_or_none(row.next_run),
            row.last_run_id,
            row.added,
            row.rejected,
            row.parts_done,
            row.parts,
            row.breaker,
            moment_or_none(row.breaker_until),
            row.breaker_trips,
            moment_or_none(row.planned_until),
            row.held,
            row.fence,
            moment_or_none(row.next_try),
            bool(row.more),
            row.file_hash,
            moment(row.lease_until) if row.lease_until else None,
        )
        for row in connection.execute(query)
    }


def ensure(connection: Connection, source_id: int) -> None:
    """Give a source that never ran its row."""
    known = select(source_state.c.source_id).where(source_state.c.source_id == source_id)
    if connection.execute(known).first() is None:
        connection.execute(insert(source_state).values(source_id=source_id))


def change(connection: Connection, source_id: int, **values: object) -> None:
    """Set columns of a source's row; moments are given as moments."""
    stored = {
        name: micros(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    connection.execute(
        update(source_state).where(source_state.c.source_id == source_id).values(stored)
    )


def close_breaker(connection: Connection, source_id: int) -> None:
    """Ask the source again at its next slot: its file changed, or a person says it is mended."""
    change(
        connection, source_id, breaker="closed", breaker_until=None, breaker_trips=0, next_try=None
    )


def progress(states: Iterable[SourceState], sources: int) -> tuple[int, int]:
    """How much of the history of so many sources was read: parts done, and parts in all.

    A source without a history of its own is one part, done once it has been read, well or not.
    """
    given = list(states)
    done = sum(one.parts_done if one.parts else one.last_run_id is not None for one in given)
    return done, sum(one.parts or 1 for one in given) + sources - len(given)
