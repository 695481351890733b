"""One run of a source: fetch, read, check, append, sum up, in one transaction, with its record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError

from ioc.errors import IocError, TransientSourceError
from ioc.ingest.client import guard_of
from ioc.ingest.connector import Batch, Outcome, Rejected, Tools
from ioc.ingest.failing import (
    failed,
    guarded,
    recovered,
    say_recovered,
    store_refused,
    unexpected,
)
from ioc.ingest.intake import Intake
from ioc.ingest.item_keep import count_today
from ioc.ingest.source import Source
from ioc.ingest.taking import Report, fence, payload_hash, rules_of, take, tell_pages
from ioc.ingest.unit_codes import codes_of
from ioc.store import leases, runs, source_state, versions
from ioc.store.engine import reading, writing
from ioc.store.leases import Ticket

_LEASE_MARGIN = 60.0
_MOST_SLICES = 500
_PATIENCE = 10.0
_LOOK = 0.2
BUSY = "source_busy"
"""The code of a source that another run kept for too long."""
Started = Callable[[Ticket], None]
"""Hears the ticket of a run as soon as there is one."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be run now: a slot, the rest of a history, or what a person asked for."""

    source: Source
    kind: str = "poll"
    due: datetime | None = None
    rest: bool = False
    force: bool = False
    by: str | None = None
    request: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def poll(intake: Intake, source: Source, *, slices: int = _MOST_SLICES) -> Report | None:
    """Run a source now, slice after slice while it has more, at most so many.

    Returns the last slice's report; None when another poller has the source.
    """
    report: Report | None = None
    for _ in range(slices):
        ticket = begin(intake, Work(source, force=True))
        if ticket is None:
            return report
        report = carry_out(intake, source, ticket)
        if not report.more:
            break
    return report


def lease_seconds(source: Source) -> float:
    """How long a run of a source may hold its lease."""
    return source.timeout + _LEASE_MARGIN


def begin(intake: Intake, work: Work) -> Ticket | None:
    """Take the lease and the slot; None when there is nothing to do or another does it."""
    source = work.source
    late = work.due + timedelta(seconds=source.misfire.grace) if work.due else None
    source_id = intake.facts[source.name].id
    return leases.begin(
        intake.engine,
        source_id,
        intake.owner,
        intake.now(),
        lease_seconds(source),
        kind=work.kind,
        due=work.due,
        late_after=late,
        rest=work.rest,
        force=work.force,
        by=work.by,
        ours=intake.left.pop(source_id, None),
    )


def carry_out(intake: Intake, source: Source, ticket: Ticket) -> Report:
    """Run a source for a ticket and close the ticket.

    Raises SQLAlchemyError when not even the failure could be written; the lease is then noted as
    left over, so that this poller need not wait for its end.
    """
    try:
        return _run(intake, source, ticket)
    except Exception:
        intake.left[ticket.source_id] = ticket.fence
        raise


def wait_for_lease(intake: Intake, work: Work, seconds: float = _PATIENCE) -> Ticket:
    """Begin as soon as whoever runs the source is done. Raises TransientSourceError."""
    deadline = time.monotonic() + seconds
    while True:
        ticket = begin(intake, work)
        if ticket is not None:
            return ticket
        if time.monotonic() >= deadline:
            name = work.source.name
            raise TransientSourceError(f"{name}: it is being read just now", code=BUSY)
        time.sleep(_LOOK)


def deliver(
    intake: Intake, source: Source, batch: Batch, *, by: str, kind: str = "delivery"
) -> tuple[int, Report]:
    """Take in what a person brought, the way a poll is taken in; gives the run and its report.

    Raises TransientSourceError (`source_busy`) when the source stays busy, and the SourceError
    that refused the delivery as a whole, after it was written with the run.
    """
    ticket = wait_for_lease(intake, Work(source, kind=kind, force=True, by=by))
    state = _state(intake, ticket)
    try:
        with httpx.Client(trust_env=False) as client:
            tools = tools_of(intake, source, state, client)
            return ticket.run_id, _take_in(intake, source, ticket, state, batch, tools)
    except IocError as error:
        failed(intake, source, ticket, error)
        raise
    except SQLAlchemyError as error:
        refused = store_refused(source, error)
        failed(intake, source, ticket, refused)
        raise refused from error
    except Exception as error:
        wrapped = unexpected(source, error, source.secrets)
        failed(intake, source, ticket, wrapped)
        raise wrapped from error


def tools_of(
    intake: Intake,
    source: Source,
    state: source_state.SourceState,
    client: httpx.Client,
    span: tuple[date, date] | None = None,
) -> Tools:
    """What a connector gets for one fetch; a span asks for gaps, so nothing is known before."""
    return Tools(
        client=client,
        now=intake.now,
        home=intake.home,
        watermark=None if span else state.watermark,
        env=intake.env,
        deadline=time.monotonic() + source.timeout,
        secrets=source.secrets,
        guard=guard_of(client),
        span=span,
        memory={} if span else intake.memory.setdefault(source.name, {}),
        codes=codes_of(intake.units),
        rules=rules_of(source),
    )


def _state(intake: Intake, ticket: Ticket) -> source_state.SourceState:
    with reading(intake.engine) as connection:
        return source_state.state(connection, ticket.source_id)


def _run(intake: Intake, source: Source, ticket: Ticket) -> Report:
    state = _state(intake, ticket)
    connector = intake.connectors[source.connector]
    return guarded(
        intake,
        source,
        ticket,
        lambda client: _fetched(intake, source, ticket, state, client, connector.fetch),
    )


def _fetched(
    intake: Intake,
    source: Source,
    ticket: Ticket,
    state: source_state.SourceState,
    client: httpx.Client,
    fetch: Callable[[Any, Tools], Batch],
) -> Report:
    tools = tools_of(intake, source, state, client)
    batch = fetch(source.config, tools)
    return _take_in(intake, source, ticket, state, batch, tools, finishes=True)


def _take_in(
    intake: Intake,
    source: Source,
    ticket: Ticket,
    state: source_state.SourceState,
    batch: Batch,
    tools: Tools,
    *,
    finishes: bool = False,
) -> Report:
    """Read and write a batch; a connector that fetched it is told how it ended."""
    connector = intake.connectors[source.connector]

    def finish(outcome: Outcome) -> None:
        if finishes:
            connector.finish(source.config, batch, outcome, tools)

    digest = state.payload_hash if batch.unchanged else payload_hash(source, batch)
    if digest is not None and digest == state.payload_hash:
        report, again = _unchanged(intake, source, ticket, digest, batch)
        finish(Outcome(committed=True, rejected=again))
        return report
    try:
        report, outcome, before = take(intake, source, ticket, batch, digest)
    except Exception:
        finish(Outcome(committed=False))
        raise
    say_recovered(source, before, ticket)
    finish(outcome)
    return report


def _unchanged(
    intake: Intake, source: Source, ticket: Ticket, digest: str, batch: Batch
) -> tuple[Report, tuple[Rejected, ...]]:
    """The last delivery came again: nothing to read, but what it was refused for still holds."""
    with writing(intake.engine) as connection:
        fence(connection, ticket)
        refused = runs.refused_before(connection, ticket.source_id, digest)
        before = leases.finish(
            connection,
            ticket,
            now=intake.now(),
            outcome="unchanged",
            payload_hash=digest,
            watermark=batch.watermark,
            parts=batch.progress,
            more=batch.more,
        )
        at = versions.next_recorded_at(connection, intake.now())
        counted = count_today(connection, source, intake, ticket.run_id, at)
        if counted:
            versions.grow_version(connection, ticket.run_id, at)
        elif recovered(before, ticket):
            tell_pages(connection, intake, ticket.run_id)
    say_recovered(source, before, ticket)
    again = tuple(Rejected(one.place, one.code, one.params, one.record) for one in refused)
    return Report("unchanged", more=batch.more), again
