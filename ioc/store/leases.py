"""Leases: the one right to run a source, numbered, so that who lost it cannot write any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, or_, select, update

from ioc.store import runs, slots, source_state
from ioc.store.engine import micros, reading, writing
from ioc.store.source_state import SourceState
from ioc.store.source_state import source_state as table

_SLACK = 5.0
_LONGEST_WAIT = timedelta(days=1)
"""Nothing is waited for longer: what ends later was written before the clock stepped back."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One run's right to write: whose it is, and the number its lease was given.

    `kind` is what asked for the run, `due` the slot it is for, `attempt` which try of it;
    what comes after `late_after` is late.
    """

    source_id: int
    run_id: int
    owner: str
    fence: int
    kind: str = "poll"
    due: datetime | None = None
    attempt: int = 1
    late_after: datetime | None = None


def take_lease(
    engine: Engine,
    source_id: int,
    owner: str,
    now: datetime,
    seconds: float,
    *,
    ours: int | None = None,
) -> int | None:
    """Claim the only right to run a source until `now + seconds`; None when another has it.

    `now` is of the clock that all pollers share (`shared_clock`). Returns the number of the
    lease, higher than any before. A crashed owner's lease ends by itself; its runs are then closed
    as abandoned and their slots opened again. A lease that ends later than any could was given
    before the clock stepped back, and counts as ended. `ours` is the number of a lease that this
    owner has but does not use any more.
    """
    with writing(engine) as connection:
        return _take(connection, source_id, owner, now, seconds, ours)


def _take(
    connection: Connection,
    source_id: int,
    owner: str,
    now: datetime,
    seconds: float,
    ours: int | None,
) -> int | None:
    source_state.ensure(connection, source_id)
    until = micros(now + timedelta(seconds=seconds))
    longest = micros(now + timedelta(seconds=seconds + _SLACK))
    done = connection.execute(
        update(table)
        .where(
            table.c.source_id == source_id,
            or_(
                table.c.lease_until < micros(now),
                table.c.lease_until > longest,
                and_(table.c.lease_owner == owner, table.c.fence == (ours or 0)),
            ),
        )
        .values(lease_owner=owner, lease_until=until, fence=table.c.fence + 1)
    )
    if not done.rowcount:
        return None
    runs.abandon(connection, source_id, now)
    slots.reopen(connection, source_id)
    fence = connection.execute(select(table.c.fence).where(table.c.source_id == source_id))
    return int(fence.scalar_one())


def begin(
    engine: Engine,
    source_id: int,
    owner: str,
    now: datetime,
    seconds: float,
    *,
    kind: str = "poll",
    due: datetime | None = None,
    late_after: datetime | None = None,
    rest: bool = False,
    force: bool = False,
    by: str | None = None,
    ours: int | None = None,
) -> Ticket | None:
    """Take the lease, claim the slot and record that a run began, in one transaction.

    None when another has the source, when the slot was run or given up meanwhile, when the
    `rest` of a history has been read, or, without `force`, when the source is not to be asked now.
    """
    with writing(engine) as connection:
        fence = _take(connection, source_id, owner, now, seconds, ours)
        if fence is None:
            return None
        state = source_state.state(connection, source_id)
        if not force and (waits(state, now) or (rest and not state.more)):
            _give_back(connection, source_id)
            return None
        run_id = runs.begin_run(connection, source_id, now, kind=kind, due=due, by=by, poller=owner)
        ticket = Ticket(source_id, run_id, owner, fence, kind, due, 1, late_after)
        if due is not None:
            attempt = slots.claim(connection, source_id, due, run_id)
            if not attempt:
                runs.forget(connection, run_id)
                _give_back(connection, source_id)
                return None
            runs.count_attempt(connection, run_id, attempt)
            ticket = replace(ticket, attempt=attempt)
        if kind in runs.ASKING and state.breaker == "open":
            source_state.change(connection, source_id, breaker="half_open")
        return ticket


def waits(state: SourceState, now: datetime) -> bool:
    """Whether a source is not to be asked now: its breaker is open, or it asked for time."""
    opened = state.breaker_until if state.breaker == "open" else None
    return any(
        until is not None and now < until <= now + _LONGEST_WAIT
        for until in (opened, state.next_try)
    )


def free(state: SourceState, now: datetime, seconds: float) -> bool:
    """Whether nobody has the lease of a source; `seconds` is how long one is given."""
    until = state.lease_until
    return until is None or until < now or until > now + timedelta(seconds=seconds + _SLACK)


def holds(connection: Connection, ticket: Ticket) -> bool:
    """Whether the lease is still this run's; asked in every transaction that it writes."""
    query = select(table.c.lease_owner, table.c.fence).where(table.c.source_id == ticket.source_id)
    found = connection.execute(query).first()
    return found is not None and (found.lease_owner, found.fence) == (ticket.owner, ticket.fence)


def finish(
    connection: Connection,
    ticket: Ticket,
    *,
    now: datetime,
    outcome: str,
    retry: bool = False,
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
) -> SourceState:
    """Close a run and its slot and give the lease back, in the transaction of its figures.

    With `retry` the slot of a failed run stays open. Returns the state that stood before.
    """
    if ticket.due is not None:
        good = outcome != "failed"
        late = ticket.late_after is not None and now > ticket.late_after
        state = slots.HELD if held else slots.LATE if late else slots.ARRIVED
        ended = state if good else slots.EXPECTED if retry else slots.FAILED
        slots.close(
            connection,
            ticket.source_id,
            ticket.due,
            ended,
            run_id=ticket.run_id,
            arrived=now if good else None,
            code=code,
        )
    return runs.finish_run(
        connection,
        ticket.run_id,
        ticket.source_id,
        now=now,
        outcome=outcome,
        read=read,
        added=added,
        unchanged=unchanged,
        rejected=rejected,
        held=held,
        code=code,
        params=params,
        payload_hash=payload_hash,
        watermark=watermark,
        parts=parts,
        more=more,
        kind=ticket.kind,
    )


def give_back(engine: Engine, source_id: int, owner: str, fence: int) -> None:
    """Give back a lease that was taken without a run."""
    with writing(engine) as connection:
        if holds(connection, Ticket(source_id, 0, owner, fence)):
            _give_back(connection, source_id)


def _give_back(connection: Connection, source_id: int) -> None:
    source_state.change(connection, source_id, lease_owner=None, lease_until=0)


def lease_owners(engine: Engine) -> frozenset[str]:
    """Who holds a lease of any source."""
    query = select(table.c.lease_owner).where(table.c.lease_owner.is_not(None))
    with reading(engine) as connection:
        return frozenset(connection.execute(query.distinct()).scalars())


def end_leases(engine: Engine, owner: str) -> None:
    """Take all leases of an owner that is known to be gone, so that nobody waits for their end."""
    with writing(engine) as connection:
        connection.execute(
            update(table)
            .where(table.c.lease_owner == owner)
            .values(lease_owner=None, lease_until=0)
        )
