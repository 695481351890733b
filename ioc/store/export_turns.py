"""Whose turn it is: workers claim jobs of the export queue fairly between owners, under a lease."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select, update

from ioc.store.engine import micros, reading, writing
from ioc.store.export_jobs import OPEN, RUNNING, WAITING, Job, Wish, ask, one, text, told
from ioc.store.export_tables import export_job as table

ATTEMPTS = 2
"""How often a job is begun whose worker dies; after that it is the job that is at fault."""
_SERVED = timedelta(days=1)
"""How far back an owner's turns are counted."""


def claim(engine: Engine, worker: str, now: datetime, seconds: float) -> Job | None:
    """Take the next job until `now + seconds`; None when there is none.

    Its owner is one of those who have the fewest running, and of them who was served longest ago;
    of his jobs the oldest. A job whose worker is gone counts as waiting, unless it was begun
    ATTEMPTS times: then it has failed. `now` is of the clock that all workers share.
    """
    waiting = select(table.c.job_id).where(_free(now, seconds)).limit(1)
    with reading(engine) as connection:
        # Most looks find nothing, and a look must not cost a writing transaction.
        if connection.execute(waiting).first() is None:
            return None
    with writing(engine) as connection:
        _end_lost(connection, now, seconds)
        row = _next(connection, now, seconds)
        if row is None:
            return None
        _begin(connection, row.job_id, worker, now, seconds)
        return one(connection, row.job_id)


def take(engine: Engine, wish: Wish, code: str, worker: str, now: datetime, seconds: float) -> Job:
    """A wish that its asker makes himself: it never waits, and no other worker gets it."""
    with writing(engine) as connection:
        job = ask(connection, wish, code=code, now=now)
        assert isinstance(job, Job)
        _begin(connection, job.id, worker, now, seconds)
        return one(connection, job.id)


def _begin(connection: Connection, job_id: int, worker: str, now: datetime, seconds: float) -> None:
    connection.execute(
        update(table)
        .where(table.c.job_id == job_id)
        .values(
            state=RUNNING,
            worker=worker,
            lease_until=micros(now + timedelta(seconds=seconds)),
            attempt=table.c.attempt + 1,
            started_at=micros(now),
            done=0,
            total=0,
            step="{}",
        )
    )


def _next(connection: Connection, now: datetime, seconds: float) -> Any:
    free = connection.execute(
        select(table.c.job_id, table.c.owner)
        .where(_free(now, seconds))
        .order_by(table.c.asked_at, table.c.job_id)
    ).all()
    if not free:
        return None
    busy, served = _turns(connection, {row.owner for row in free}, now, seconds)
    # The oldest job of each owner comes first in `free`, and `min` keeps the first of equals.
    return min(free, key=lambda row: (busy[row.owner], served.get(row.owner, 0)))


def _turns(
    connection: Connection, owners: Collection[str], now: datetime, seconds: float
) -> tuple[Counter[str], dict[str, int]]:
    recent = table.c.asked_at > micros(now - _SERVED)
    rows = connection.execute(
        select(table.c.owner, func.max(table.c.started_at).label("at"))
        .where(table.c.owner.in_(list(owners)), recent)
        .group_by(table.c.owner)
    )
    served = {row.owner: row.at or 0 for row in rows}
    running = connection.execute(
        select(table.c.owner, func.count().label("many"))
        .where(table.c.state == RUNNING, ~_lost(now, seconds))
        .group_by(table.c.owner)
    )
    return Counter({row.owner: row.many for row in running}), served


def queue(connection: Connection, now: datetime, seconds: float) -> tuple[Job, ...]:
    """What runs and then what waits, in the order in which it will be taken as things stand.

    `seconds` is for how long jobs are held, as in `claim`.
    """
    rows = connection.execute(
        select(table).where(table.c.state.in_(OPEN)).order_by(table.c.asked_at, table.c.job_id)
    )
    jobs = [told(row) for row in rows]
    running = [job for job in jobs if job.state == RUNNING]
    lines: dict[str, deque[Job]] = {}
    for job in jobs:
        if job.state == WAITING:
            lines.setdefault(job.owner, deque()).append(job)
    busy, served = _turns(connection, lines.keys(), now, seconds)
    order: list[Job] = []
    turn = micros(now)
    while lines:
        owner = min(lines, key=lambda name: (busy[name], served.get(name, 0)))
        order.append(lines[owner].popleft())
        turn += 1
        # As if what runs had ended by then: what decides next is whose turn it was last.
        busy.clear()
        served[owner] = turn
        if not lines[owner]:
            del lines[owner]
    return (*running, *order)


def end_leases(engine: Engine, workers: Collection[str]) -> None:
    """Take the jobs of workers that are known to be gone, so that nobody waits for their end."""
    with writing(engine) as connection:
        connection.execute(
            update(table)
            .where(table.c.state == RUNNING, table.c.worker.in_(list(workers)))
            .values(lease_until=0)
        )


def holders(engine: Engine) -> frozenset[str]:
    """The workers that have a job."""
    query = select(table.c.worker).where(table.c.state == RUNNING, table.c.worker.is_not(None))
    with reading(engine) as connection:
        return frozenset(connection.execute(query.distinct()).scalars())


def _end_lost(connection: Connection, now: datetime, seconds: float) -> None:
    lost = and_(table.c.state == RUNNING, _lost(now, seconds))
    ended = {"finished_at": micros(now), "worker": None, "lease_until": None}
    connection.execute(
        update(table).where(lost, table.c.cancel_at.is_not(None)).values(state="cancelled", **ended)
    )
    connection.execute(
        update(table)
        .where(lost, table.c.attempt >= ATTEMPTS)
        .values(state="failed", reasons=text([_died()]), **ended)
    )


def _died() -> dict[str, object]:
    return {"key": "exports.reason_died", "attempts": ATTEMPTS}


def _free(now: datetime, seconds: float) -> Any:
    return or_(table.c.state == WAITING, and_(table.c.state == RUNNING, _lost(now, seconds)))


def _lost(now: datetime, seconds: float) -> Any:
    # A lease that ends later than any could was given before the clock stepped back.
    longest = micros(now + timedelta(seconds=2 * seconds + 5))
    return or_(table.c.lease_until < micros(now), table.c.lease_until > longest)
