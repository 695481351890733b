"""Runs: when each began and ended, what it read, and the one right to poll a source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from ioc.store.engine import RowId, inserted_id, metadata, micros, moment, moment_or_none, writing
from ioc.store.rejections import KEPT_REJECTIONS, Refusal, rejections
from ioc.store.source_state import SourceState, source_state, state

run = Table(
    "run",
    metadata,
    Column("run_id", RowId, primary_key=True),
    Column("source_id", Integer, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("read", Integer, nullable=False, default=0),
    Column("added", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("code", Text),
    Column("params", Text, nullable=False, default="{}"),
    Column("payload_hash", Text),
    Column("kind", Text, nullable=False, server_default="poll"),
    Column("due_at", BigInteger),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("by", Text),
    Column("poller", Text),
    # Most runs find nothing new: those that read anything are found without the others.
    Index(
        "run_that_read",
        "source_id",
        "run_id",
        sqlite_where=text("read > 0"),
        postgresql_where=text("read > 0"),
    ),
)


ASKING = ("poll", "retry")
"""The kinds of runs that ask the source as its schedule does."""


@dataclass(frozen=True, slots=True)
class RunFact:
    """One run as stored; `outcome` is running, ok, unchanged, partial, failed or abandoned.

    `kind` is what asked for it (poll, retry, backfill, delivery, confirm, …), `by` the person where
    one did, `due` the slot it was for, `attempt` which try for that slot, `poller` who ran it.
    """

    id: int
    source_id: int
    started: datetime
    finished: datetime | None
    outcome: str
    read: int
    added: int
    unchanged: int
    rejected: int
    code: str | None
    params: Mapping[str, object]
    kind: str = "poll"
    due: datetime | None = None
    attempt: int = 1
    held: int = 0
    by: str | None = None
    poller: str | None = None


def start_run(engine: Engine, source_id: int, now: datetime) -> int:
    """Record that a run began, without a lease or a slot; returns its id."""
    with writing(engine) as connection:
        return begin_run(connection, source_id, now)


def begin_run(
    connection: Connection,
    source_id: int,
    now: datetime,
    *,
    kind: str = "poll",
    due: datetime | None = None,
    by: str | None = None,
    poller: str | None = None,
) -> int:
    """Record that a run began; returns its id."""
    done = connection.execute(
        insert(run).values(
            source_id=source_id,
            started_at=micros(now),
            outcome="running",
            params="{}",
            kind=kind,
            due_at=micros(due) if due else None,
            by=by,
            poller=poller,
        )
    )
    return inserted_id(done)


def forget(connection: Connection, run_id: int) -> None:
    """Take back a run that was begun in this transaction and found nothing to do."""
    connection.execute(delete(run).where(run.c.run_id == run_id))


def count_attempt(connection: Connection, run_id: int, attempt: int) -> None:
    """Note which try of its slot a run is."""
    connection.execute(update(run).where(run.c.run_id == run_id).values(attempt=attempt))


def abandon(connection: Connection, source_id: int, now: datetime) -> None:
    """Close the runs of a source that were cut off; they came after its last finished one."""
    last = select(func.coalesce(source_state.c.last_run_id, 0)).where(
        source_state.c.source_id == source_id
    )
    connection.execute(
        update(run)
        .where(
            run.c.source_id == source_id,
            run.c.run_id > func.coalesce(last.scalar_subquery(), 0),
            run.c.outcome == "running",
        )
        .values(outcome="abandoned", finished_at=micros(now), code="abandoned")
    )


def record_missed(
    connection: Connection, source_id: int, now: datetime, code: str, **params: object
) -> None:
    """Record moments that did not run and are too many to be slots of their own."""
    connection.execute(
        insert(run).values(
            source_id=source_id,
            started_at=micros(now),
            finished_at=micros(now),
            outcome="missed",
            code=code,
            params=json.dumps(params, ensure_ascii=False, default=str),
        )
    )


def finish_run(
    connection: Connection,
    run_id: int,
    source_id: int,
    *,
    now: datetime,
    outcome: str,
    read: int = 0,
    added: int = 0,
    unchanged: int = 0,
    rejected: int = 0,
    held: int = 0,
    code: str | None = None,
    params: Mapping[str, object] | None = None,
    payload_hash: str | None = None,
    watermark: str | None = None,
    parts: tuple[int, int] | None = None,
    more: bool = False,
    kind: str = "poll",
) -> SourceState:
    """Close a run, give its lease back and bring the source's state up to date.

    Only a poll or a retry says whether the source works and how far it was read; what a person
    brought, confirmed or had filled in says neither. Returns the state that stood before, so that
    the caller can log a break or a recovery once.
    """
    words = json.dumps(params or {}, ensure_ascii=False, default=str)
    connection.execute(
        update(run)
        .where(run.c.run_id == run_id)
        .values(
            finished_at=micros(now),
            outcome=outcome,
            read=read,
            added=added,
            unchanged=unchanged,
            rejected=rejected,
            held=held,
            code=code,
            params=words,
            payload_hash=payload_hash,
        )
    )
    before = state(connection, source_id)
    asked = kind in ASKING
    changes: dict[str, object] = {
        "lease_owner": None,
        "lease_until": 0,
        "last_run_id": run_id,
        "added": before.added + added,
        "rejected": before.rejected + rejected,
    }
    if outcome == "failed" and asked:
        changes |= {
            "failures": before.failures + 1,
            "broken_code": code,
            "broken_params": words,
            "broken_since": micros(before.broken_since or now),
        }
    elif outcome != "failed" and kind in (*ASKING, "delivery"):
        changes |= {"last_good": micros(now)}
        changes |= {"payload_hash": payload_hash} if payload_hash else {}
    if outcome != "failed" and asked:
        changes |= {"failures": 0, "broken_since": None, "next_try": None, "more": int(more)}
        changes |= {"breaker": "closed", "breaker_until": None, "breaker_trips": 0}
        changes |= {"recovered_at": micros(now)} if before.broken_since else {}
        changes |= {"watermark": watermark} if watermark is not None else {}
        changes |= {"parts_done": parts[0], "parts": parts[1]} if parts else {}
    connection.execute(
        update(source_state).where(source_state.c.source_id == source_id).values(changes)
    )
    return before


def close_decision(
    connection: Connection, run_id: int, *, now: datetime, added: int, note: str
) -> None:
    """Close the run that a person's decision about a held figure is; no lease goes with it."""
    words = json.dumps({"note": note} if note else {}, ensure_ascii=False)
    connection.execute(
        update(run)
        .where(run.c.run_id == run_id)
        .values(
            finished_at=micros(now),
            outcome="ok" if added else "unchanged",
            read=1,
            added=added,
            unchanged=1 - added,
            params=words,
        )
    )


def refused_before(
    connection: Connection, source_id: int, payload_hash: str
) -> tuple[Refusal, ...]:
    """What was refused when this very delivery of the source was last read in full."""
    query = (
        select(run.c.run_id)
        .where(
            run.c.source_id == source_id,
            run.c.payload_hash == payload_hash,
            run.c.outcome == "partial",
        )
        .order_by(run.c.run_id.desc())
        .limit(1)
    )
    run_id = connection.execute(query).scalar()
    return () if run_id is None else rejections(connection, run_id, KEPT_REJECTIONS)


def recent_runs(connection: Connection, source_id: int, limit: int) -> tuple[RunFact, ...]:
    """The newest runs of a source, newest first."""
    query = (
        select(run).where(run.c.source_id == source_id).order_by(run.c.run_id.desc()).limit(limit)
    )
    return tuple(_fact(row) for row in connection.execute(query))


def last_runs(connection: Connection, states: Iterable[SourceState]) -> dict[int, RunFact]:
    """The newest finished run of each source, by source."""
    ids = [one.last_run_id for one in states if one.last_run_id is not None]
    rows = connection.execute(select(run).where(run.c.run_id.in_(ids)))
    return {row.source_id: _fact(row) for row in rows}


def runs_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, RunFact]:
    """These runs, by their id."""
    rows = connection.execute(select(run).where(run.c.run_id.in_(set(ids))))
    return {row.run_id: _fact(row) for row in rows}


def delivery_hash(connection: Connection, run_id: int) -> str | None:
    """The hash of what a run received and of how it was read; None where nothing was kept."""
    found = connection.execute(select(run.c.payload_hash).where(run.c.run_id == run_id)).scalar()
    # Behind the point stands what the contract said, which changes nothing about the records.
    return None if found is None else str(found).partition(".")[0]


def _fact(row: object) -> RunFact:
    got = row._mapping  # type: ignore[attr-defined]
    return RunFact(
        got["run_id"],
        got["source_id"],
        moment(got["started_at"]),
        moment_or_none(got["finished_at"]),
        got["outcome"],
        got["read"],
        got["added"],
        got["unchanged"],
        got["rejected"],
        got["code"],
        json.loads(got["params"]),
        got["kind"],
        moment_or_none(got["due_at"]),
        got["attempt"],
        got["held"],
        got["by"],
        got["poller"],
    )
