"""Runs of briefings: planned, waiting, being made, ended; each slot of a briefing once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ioc.domain.briefing import Briefing
from ioc.store.engine import micros, moment, moment_or_none
from ioc.store.export_tables import briefing_run, snapshot

ENDED = ("done", "partial", "failed", "cancelled")
WISH = "wish:"
"""How the slot of a run begins that a person asked for."""
AGAIN = "again:"
"""How the slot of a run begins that is made as known at a past moment: the next pack does not
compare itself with it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One making of `definition`, as it was when it began; `due_at` is the moment of its slot.

    `missing` are the sentences that say what was late; `late` that it was made after its moment
    because nothing ran then. `period` is Period.code, None for the newest of each figure.
    """

    id: int
    key: str
    definition: Briefing
    slot: str
    owner: str
    period: str | None
    due_at: datetime
    wait_until: datetime | None
    state: str
    late: bool
    missing: tuple[str, ...]
    reason: str
    job_id: int | None
    snapshot_id: int | None
    finished_at: datetime | None

    @property
    def scheduled(self) -> bool:
        """Whether a schedule asked for it."""
        return not self.slot.startswith((WISH, AGAIN))


def begin(
    connection: Connection,
    definition: Briefing,
    *,
    slot: str,
    owner: str,
    period: str | None,
    due_at: datetime,
    state: str = "planned",
    late: bool = False,
) -> int | None:
    """Write a run for a slot; its id, or None when the slot has one already."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    done = connection.execute(
        kind.insert(briefing_run)
        .values(
            key=definition.key,
            definition=definition.model_dump_json(),
            slot=slot,
            owner=owner,
            period=period,
            due_at=micros(due_at),
            state=state,
            late=int(late),
            missing="[]",
            reason="",
        )
        .on_conflict_do_nothing(index_elements=["key", "slot"])
        .returning(briefing_run.c.run_id)
    )
    found = done.scalar()
    return None if found is None else int(found)


def turn(
    connection: Connection,
    run_id: int,
    *,
    before: Sequence[str],
    now: datetime | None = None,
    **values: object,
) -> bool:
    """Change a run that is in one of the states `before`; False when it is in another by now.

    `values` are columns; `missing` a sequence of sentences, moments aware. A run that ends takes
    `now` as the moment it ended.
    """
    row: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, datetime):
            value = micros(value)
        elif name == "missing":
            value = json.dumps(list(value), ensure_ascii=False)  # type: ignore[call-overload]
        elif isinstance(value, Briefing):
            value = value.model_dump_json()
        elif isinstance(value, bool):
            value = int(value)
        row[name] = value
    if row.get("state") in ENDED and now is not None:
        row["finished_at"] = micros(now)
    done = connection.execute(
        update(briefing_run)
        .where(briefing_run.c.run_id == run_id, briefing_run.c.state.in_(before))
        .values(row)
    )
    return done.rowcount == 1


def forget_planned(connection: Connection, key: str, but: str | None = None) -> None:
    """Take back planned runs of a briefing, all or all but that of one slot."""
    query = delete(briefing_run).where(briefing_run.c.key == key, briefing_run.c.state == "planned")
    connection.execute(query if but is None else query.where(briefing_run.c.slot != but))


def found(connection: Connection, run_id: int) -> Run | None:
    """The run of an id."""
    query = select(briefing_run).where(briefing_run.c.run_id == run_id)
    row = connection.execute(query).first()
    return _run(row) if row is not None else None


def in_states(connection: Connection, states: Iterable[str]) -> tuple[Run, ...]:
    """All runs in these states, the earliest due first."""
    query = (
        select(briefing_run)
        .where(briefing_run.c.state.in_(tuple(states)))
        .order_by(briefing_run.c.due_at, briefing_run.c.run_id)
    )
    return tuple(_run(row) for row in connection.execute(query))


def last(connection: Connection, key: str, limit: int = 8) -> tuple[Run, ...]:
    """The newest runs of a briefing that are past planning, newest first."""
    query = (
        select(briefing_run)
        .where(briefing_run.c.key == key, briefing_run.c.state != "planned")
        .order_by(briefing_run.c.due_at.desc(), briefing_run.c.run_id.desc())
        .limit(limit)
    )
    return tuple(_run(row) for row in connection.execute(query))


def planned(connection: Connection) -> dict[str, Run]:
    """The planned run of each briefing that has a schedule."""
    return {one.key: one for one in in_states(connection, ("planned",))}


def _run(row: Any) -> Run:
    return Run(
        id=row.run_id,
        key=row.key,
        definition=Briefing.model_validate_json(row.definition),
        slot=row.slot,
        owner=row.owner,
        period=row.period,
        due_at=moment(row.due_at),
        wait_until=moment_or_none(row.wait_until),
        state=row.state,
        late=bool(row.late),
        missing=tuple(json.loads(row.missing)),
        reason=row.reason,
        job_id=row.job_id,
        snapshot_id=row.snapshot_id,
        finished_at=moment_or_none(row.finished_at),
    )


@dataclass(frozen=True, slots=True)
class Earlier:
    """A pack that was made before: its snapshot with the moment its figures were known at."""

    snapshot_id: int
    code: str
    known_at: datetime
    made_at: datetime
    data: bytes | None


def earlier(connection: Connection, key: str, known_at: datetime) -> Earlier | None:
    """The last pack of a briefing that knew less than a moment; None before the first.

    Packs that were made again for a past date do not count, so that the same pack made later is
    compared with the same one.
    """
    again = select(briefing_run.c.run_id).where(briefing_run.c.slot.like(f"{AGAIN}%"))
    query = (
        select(
            snapshot.c.snapshot_id,
            snapshot.c.code,
            snapshot.c.known_at,
            snapshot.c.made_at,
            snapshot.c.data,
        )
        .where(snapshot.c.briefing == key, snapshot.c.known_at < micros(known_at))
        .where(snapshot.c.run_id.is_not(None), snapshot.c.run_id.not_in(again))
        .order_by(snapshot.c.known_at.desc(), snapshot.c.snapshot_id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Earlier(
        row.snapshot_id,
        row.code,
        moment(row.known_at),
        moment(row.made_at),
        None if row.data is None else bytes(row.data),
    )
