"""What a person asked the pollers to do: run a source again, try it without writing, fill gaps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    Table,
    Text,
    insert,
    or_,
    select,
    update,
)

from ioc.store.engine import (
    RowId,
    inserted_id,
    metadata,
    micros,
    moment,
    moment_or_none,
    reading,
    writing,
)

run_request = Table(
    "run_request",
    metadata,
    Column("request_id", RowId, primary_key=True),
    Column("source_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("taken_at", BigInteger),
    Column("taken_by", Text),
    Column("done_at", BigInteger),
    Column("run_id", RowId),
    Column("result", Text),
    Index("run_request_source", "source_id", "asked_at"),
)
KINDS = ("retry", "dry", "backfill")
_TAKEN_FOR = timedelta(minutes=30)
"""A request that was taken so long ago and not finished is open again: its poller died."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `result` is what came of it once `done`."""

    id: int
    source_id: int
    kind: str
    params: Mapping[str, Any]
    asked: datetime
    by: str
    taken: datetime | None = None
    done: datetime | None = None
    run_id: int | None = None
    result: Mapping[str, Any] | None = None


def ask(
    engine: Engine,
    source_id: int,
    kind: str,
    by: str,
    now: datetime,
    params: Mapping[str, Any] | None = None,
) -> int:
    """Ask the pollers for something and give the request's id.

    `kind` is retry, dry or backfill (with `from` and `to`). The same request that still waits is
    not written twice: its id is given.
    """
    if kind not in KINDS:
        raise ValueError(f"request: given {kind!r}, allowed: {', '.join(KINDS)}")
    words = json.dumps(params or {}, ensure_ascii=False, sort_keys=True)
    with writing(engine) as connection:
        waiting = connection.execute(
            select(run_request.c.request_id).where(
                run_request.c.source_id == source_id,
                run_request.c.kind == kind,
                run_request.c.params == words,
                run_request.c.done_at.is_(None),
            )
        ).scalar()
        if waiting is not None:
            return int(waiting)
        return inserted_id(
            connection.execute(
                insert(run_request).values(
                    source_id=source_id,
                    kind=kind,
                    params=words,
                    asked_at=micros(now),
                    asked_by=by,
                )
            )
        )


def take(
    engine: Engine, source_ids: Iterable[int], owner: str, now: datetime, most: int = 1000
) -> tuple[Request, ...]:
    """Claim the oldest waiting request of each of these sources, of `most` of them."""
    ids = list(source_ids)
    with reading(engine) as connection:
        first = connection.execute(_waiting(ids, now).limit(1)).first()
    if first is None:
        # Most looks find nothing, and a look must not cost a writing transaction.
        return ()
    with writing(engine) as connection:
        found: dict[int, Request] = {}
        for row in connection.execute(_waiting(ids, now)).all():
            if len(found) < most:
                found.setdefault(row.source_id, _request(row))
        connection.execute(
            update(run_request)
            .where(run_request.c.request_id.in_([one.id for one in found.values()]))
            .values(taken_at=micros(now), taken_by=owner)
        )
    return tuple(found.values())


def put_back(engine: Engine, request_id: int) -> None:
    """Let a request wait on: its source is being run just now."""
    with writing(engine) as connection:
        connection.execute(
            update(run_request)
            .where(run_request.c.request_id == request_id)
            .values(taken_at=None, taken_by=None)
        )


def finish(
    engine: Engine,
    request_id: int,
    now: datetime,
    result: Mapping[str, Any],
    run_id: int | None = None,
) -> None:
    """Keep what came of a request."""
    words = json.dumps(result, ensure_ascii=False, default=str)
    with writing(engine) as connection:
        connection.execute(
            update(run_request)
            .where(run_request.c.request_id == request_id)
            .values(done_at=micros(now), run_id=run_id, result=words)
        )


def recent(connection: Connection, source_id: int, limit: int = 10) -> tuple[Request, ...]:
    """The newest requests about a source, newest first."""
    query = select(run_request).where(run_request.c.source_id == source_id)
    ordered = query.order_by(run_request.c.request_id.desc()).limit(limit)
    return tuple(_request(row) for row in connection.execute(ordered))


def _waiting(source_ids: list[int], now: datetime) -> Any:
    return (
        select(run_request)
        .where(
            run_request.c.source_id.in_(source_ids),
            run_request.c.done_at.is_(None),
            or_(
                run_request.c.taken_at.is_(None),
                run_request.c.taken_at < micros(now - _TAKEN_FOR),
            ),
        )
        .order_by(run_request.c.request_id)
    )


def _request(row: Any) -> Request:
    return Request(
        row.request_id,
        row.source_id,
        row.kind,
        json.loads(row.params),
        moment(row.asked_at),
        row.asked_by,
        moment_or_none(row.taken_at),
        moment_or_none(row.done_at),
        row.run_id,
        json.loads(row.result) if row.result else None,
    )
