"""One run of a source: fetch, read, check, append, sum up, in one transaction, with its record."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError

from ioc.errors import IocError, PermanentSourceError, StoreError, TransientSourceError
from ioc.ingest.breaker import after_failure
from ioc.ingest.client import guard_of, masks_of
from ioc.ingest.connector import Batch, Outcome, Rejected, Tools
from ioc.ingest.http_errors import masked
from ioc.ingest.intake import Intake
from ioc.ingest.secrets import loggable
from ioc.ingest.source import Source
from ioc.ingest.taking import Report, fence, payload_hash, rules_of, take, tell_pages
from ioc.ingest.unit_codes import codes_of
from ioc.store import leases, runs, source_state
from ioc.store.engine import reading, writing
from ioc.store.leases import Ticket

_log = logging.getLogger("ioc.run")
_LEASE_MARGIN = 60.0
_MOST_SLICES = 500
_PATIENCE = 10.0
_LOOK = 0.2
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
    ticket = leases.begin(
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
    return ticket


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
            raise TransientSourceError(f"{name}: it is being read just now", code="source_busy")
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
        _failed(intake, source, ticket, error)
        raise
    except SQLAlchemyError as error:
        refused = _store_refused(source, error)
        _failed(intake, source, ticket, refused)
        raise refused from error


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


def guarded(
    intake: Intake, source: Source, ticket: Ticket, act: Callable[[httpx.Client], Report]
) -> Report:
    """The border of a run: whatever a source provokes becomes a failed run and reaches no other."""
    secrets: Iterable[str] = source.secrets
    try:
        with intake.client(source) as client:
            secrets = masks_of(client)
            return act(client)
    except IocError as error:
        return _failed(intake, source, ticket, masked(error, secrets))
    except SQLAlchemyError as error:
        return _failed(intake, source, ticket, _store_refused(source, error))
    except Exception as error:
        _log.error("source %s: unexpected error", source.name, exc_info=loggable(error, secrets))
        kind = type(error).__name__
        wrapped = PermanentSourceError(f"unexpected {kind}", code="unexpected", kind=kind)
        return _failed(intake, source, ticket, wrapped)


def give_up(intake: Intake, source: Source, ticket: Ticket) -> Report:
    """Close a run that outlived its time while its thread still hangs; it writes nothing more."""
    late = TransientSourceError(f"{source.name}: no end in time", code="too_slow")
    return _failed(intake, source, ticket, late)


def _store_refused(source: Source, error: SQLAlchemyError) -> StoreError:
    _log.error("source %s: the store refused: %s", source.name, error.__class__.__name__)
    return StoreError("the store refused", code="store_refused", kind=type(error).__name__)


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
    _say_recovered(source, before, ticket)
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
        if _recovered(before, ticket):
            tell_pages(connection, intake, ticket.run_id)
    _say_recovered(source, before, ticket)
    again = tuple(Rejected(one.place, one.code, one.params, one.record) for one in refused)
    return Report("unchanged", more=batch.more), again


def _failed(intake: Intake, source: Source, ticket: Ticket, error: IocError) -> Report:
    params: Mapping[str, Any] = {name: str(value)[:300] for name, value in error.params.items()}
    asked = ticket.kind in runs.ASKING
    with writing(intake.engine) as connection:
        if not leases.holds(connection, ticket):
            return Report("abandoned")
        now = intake.now()
        stand = source_state.state(connection, ticket.source_id)
        next_slot = source.schedule.next_after(max(now, ticket.due or now))
        verdict = after_failure(stand, source.breaker, error, now, next_slot, random.random())
        before = leases.finish(
            connection,
            ticket,
            now=now,
            outcome="failed",
            retry=verdict.retry,
            code=error.code,
            params=params,
        )
        if asked:
            source_state.change(
                connection,
                ticket.source_id,
                breaker=verdict.breaker,
                breaker_until=verdict.until,
                breaker_trips=verdict.trips,
                next_try=verdict.next_try,
            )
        broke = asked and before.broken_since is None
        if broke:
            tell_pages(connection, intake, ticket.run_id)
    if broke:
        _log.warning("source %s: broken: %s", source.name, error)
    if asked and verdict.breaker == "open" and before.breaker != "open":
        until = verdict.until.isoformat(timespec="seconds") if verdict.until else "–"
        _log.warning("source %s: left alone until %s", source.name, until)
    return Report("failed")


def _recovered(before: source_state.SourceState, ticket: Ticket) -> bool:
    return before.broken_since is not None and ticket.kind in runs.ASKING


def _say_recovered(source: Source, before: source_state.SourceState, ticket: Ticket) -> None:
    if _recovered(before, ticket) and before.broken_since is not None:
        _log.warning(
            "source %s: recovered after %d failed runs since %s",
            source.name, before.failures, before.broken_since.isoformat(timespec="seconds"),
        )  # fmt: skip
