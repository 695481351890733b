"""The queue of exports: asked for by people and schedules, claimed by workers under a lease."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, insert, or_, select, update

from ioc.store.engine import inserted_id, micros, moment, moment_or_none, reading, writing
from ioc.store.export_tables import export_job as table

WAITING, RUNNING = "queued", "running"
OPEN = (WAITING, RUNNING)
ENDED = ("done", "partial", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a page by its canonical `address`, or a briefing by its `run_id`.

    `scope` is Scope.key, `forms` are names of Form, `options` what the maker reads.
    """

    owner: str
    scope: str
    forms: tuple[str, ...]
    lang: str
    kind: str = "page"
    address: str | None = None
    run_id: int | None = None
    owner_name: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Full:
    """Why a wish was not taken: `why` is queue or own, `before` how many wait, of `most`."""

    why: str
    before: int
    most: int


@dataclass(frozen=True, slots=True)
class Job:
    """One wish with what became of it; `step` and `reasons` are sentences: `{"key": …, params}`.

    `attempt` is the fence: only who holds the current one may write the job.
    """

    id: int
    code: str
    kind: str
    owner: str
    owner_name: str
    scope: str
    address: str | None
    run_id: int | None
    forms: tuple[str, ...]
    options: Mapping[str, Any]
    lang: str
    state: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int
    total: int
    step: Mapping[str, Any]
    reasons: tuple[Mapping[str, Any], ...]
    cancel_at: datetime | None
    worker: str | None
    attempt: int
    snapshot_id: int | None


def room(
    connection: Connection, owner: str, *, most: int | None = None, most_own: int | None = None
) -> Full | None:
    """Why a wish of the owner would not be taken now; None while there is room.

    `most` bounds what waits in all, `most_own` what the owner has waiting or running.
    """
    own = _count(connection, table.c.state.in_(OPEN), table.c.owner == owner)
    if most_own is not None and own >= most_own:
        return Full("own", own, most_own)
    waiting = _count(connection, table.c.state == WAITING)
    if most is not None and waiting >= most:
        return Full("queue", waiting, most)
    return None


def ask(
    connection: Connection,
    wish: Wish,
    *,
    code: str,
    now: datetime,
    most: int | None = None,
    most_own: int | None = None,
) -> Job | Full:
    """Put a wish into the queue under its verification code, in the caller's transaction.

    Within the bounds of `room`; Full says why the wish was not taken.
    """
    full = room(connection, wish.owner, most=most, most_own=most_own)
    if full is not None:
        return full
    done = connection.execute(
        insert(table).values(
            code=code,
            kind=wish.kind,
            owner=wish.owner,
            owner_name=wish.owner_name,
            scope=wish.scope,
            address=wish.address,
            run_id=wish.run_id,
            forms=text(list(wish.forms)),
            options=text(dict(wish.options)),
            lang=wish.lang,
            state=WAITING,
            asked_at=micros(now),
        )
    )
    return one(connection, inserted_id(done))


def step(
    engine: Engine,
    job: Job,
    now: datetime,
    seconds: float,
    *,
    done: int,
    total: int,
    words: Mapping[str, Any],
) -> str:
    """Say how far a job is and hold it for `seconds` more: `go`, or why to stop.

    `cancel` when its owner does not want it any more, `lost` when another worker has it.
    """
    with writing(engine) as connection:
        held = connection.execute(
            update(table)
            .where(_mine(job))
            .values(
                done=done,
                total=total,
                step=text(dict(words)),
                lease_until=micros(now + timedelta(seconds=seconds)),
            )
        ).rowcount
        if not held:
            return "lost"
        asked = select(table.c.cancel_at).where(table.c.job_id == job.id)
        return "cancel" if connection.execute(asked).scalar() is not None else "go"


def hold(engine: Engine, jobs: Collection[Job], now: datetime, seconds: float) -> None:
    """Hold jobs for `seconds` more, those that are still their worker's."""
    if not jobs:
        return
    until = micros(now + timedelta(seconds=seconds))
    with writing(engine) as connection:
        connection.execute(
            update(table).where(or_(*(_mine(job) for job in jobs))).values(lease_until=until)
        )


def unwanted(engine: Engine, jobs: Collection[Job]) -> frozenset[int]:
    """The ids of those jobs that are cancelled, or another worker's by now."""
    if not jobs:
        return frozenset()
    wanted = or_(*(_mine(job) for job in jobs))
    query = select(table.c.job_id).where(wanted, table.c.cancel_at.is_(None))
    with reading(engine) as connection:
        go = frozenset(connection.execute(query).scalars())
    return frozenset(job.id for job in jobs) - go


def finish(
    connection: Connection,
    job: Job,
    now: datetime,
    state: str,
    *,
    reasons: Collection[Mapping[str, Any]] = (),
    snapshot_id: int | None = None,
) -> bool:
    """End a job, in the transaction of its snapshot; False, and the caller undoes everything,
    when the job is another worker's by now, or was cancelled while it was made.

    `state` is one of ENDED.
    """
    if state not in ENDED:
        raise ValueError(f"state: given {state!r}, allowed: {', '.join(ENDED)}")
    made = state in ("done", "partial")
    wanted = [table.c.cancel_at.is_(None)] if made else []
    values: dict[str, Any] = {
        "state": state,
        "finished_at": micros(now),
        "reasons": text([dict(one) for one in reasons]),
        "snapshot_id": snapshot_id,
        "worker": None,
        "lease_until": None,
        **({"done": table.c.total, "step": "{}"} if made else {}),
    }
    return connection.execute(update(table).where(_mine(job), *wanted).values(values)).rowcount == 1


def put_back(engine: Engine, job: Job) -> None:
    """Let a job wait on: its worker ends before it is made."""
    with writing(engine) as connection:
        connection.execute(
            update(table)
            .where(_mine(job))
            .values(state=WAITING, worker=None, lease_until=None, done=0, total=0, step="{}")
        )


def cancel(connection: Connection, code: str, owner: str, now: datetime) -> Job | None:
    """Take a wish back: a waiting one at once, a running one at its next step.

    The job as it is then; None when it is not a job of the owner. One that ended stays as it is.
    """
    mine = and_(table.c.code == code, table.c.owner == owner)
    connection.execute(
        update(table)
        .where(mine, table.c.state == WAITING)
        .values(state="cancelled", cancel_at=micros(now), finished_at=micros(now))
    )
    connection.execute(
        update(table)
        .where(mine, table.c.state == RUNNING, table.c.cancel_at.is_(None))
        .values(cancel_at=micros(now))
    )
    row = connection.execute(select(table).where(mine)).first()
    return told(row) if row else None


def by_code(connection: Connection, code: str) -> Job | None:
    """The job of a verification code."""
    row = connection.execute(select(table).where(table.c.code == code)).first()
    return told(row) if row else None


def of_owner(connection: Connection, owner: str, most: int = 50) -> tuple[Job, ...]:
    """What an owner asked for, newest first."""
    query = (
        select(table)
        .where(table.c.owner == owner)
        .order_by(table.c.asked_at.desc(), table.c.job_id.desc())
        .limit(most)
    )
    return tuple(told(row) for row in connection.execute(query))


def _mine(job: Job) -> Any:
    return and_(table.c.job_id == job.id, table.c.attempt == job.attempt, table.c.state == RUNNING)


def _count(connection: Connection, *where: Any) -> int:
    query = select(func.count()).select_from(table).where(*where)
    return int(connection.execute(query).scalar_one())


def one(connection: Connection, job_id: int) -> Job:
    """The job of an id."""
    return told(connection.execute(select(table).where(table.c.job_id == job_id)).one())


def text(value: object) -> str:
    """A value as the JSON that columns hold."""
    return json.dumps(value, ensure_ascii=False, default=str)


def told(row: Any) -> Job:
    """A row as a job."""
    return Job(
        id=row.job_id,
        code=row.code,
        kind=row.kind,
        owner=row.owner,
        owner_name=row.owner_name,
        scope=row.scope,
        address=row.address,
        run_id=row.run_id,
        forms=tuple(json.loads(row.forms)),
        options=json.loads(row.options),
        lang=row.lang,
        state=row.state,
        asked_at=moment(row.asked_at),
        started_at=moment_or_none(row.started_at),
        finished_at=moment_or_none(row.finished_at),
        done=row.done,
        total=row.total,
        step=json.loads(row.step),
        reasons=tuple(json.loads(row.reasons)),
        cancel_at=moment_or_none(row.cancel_at),
        worker=row.worker,
        attempt=row.attempt,
        snapshot_id=row.snapshot_id,
    )
