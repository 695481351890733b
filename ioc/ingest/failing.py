"""Runs that fail: closed as such, with what follows for the source, and said once."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError

from ioc.errors import IocError, PermanentSourceError, StoreError, TransientSourceError
from ioc.ingest.breaker import after_failure
from ioc.ingest.client import masks_of
from ioc.ingest.http_errors import masked
from ioc.ingest.intake import Intake
from ioc.ingest.secrets import loggable
from ioc.ingest.source import Source
from ioc.ingest.taking import Report, tell_pages
from ioc.store import leases, runs, source_state
from ioc.store.engine import writing
from ioc.store.leases import Ticket

_log = logging.getLogger("ioc.run")


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
        return failed(intake, source, ticket, masked(error, secrets))
    except SQLAlchemyError as error:
        return failed(intake, source, ticket, store_refused(source, error))
    except Exception as error:
        return failed(intake, source, ticket, unexpected(source, error, secrets))


def give_up(intake: Intake, source: Source, ticket: Ticket) -> Report:
    """Close a run that outlived its time while its thread still hangs; it writes nothing more."""
    late = TransientSourceError(f"{source.name}: no end in time", code="too_slow")
    return failed(intake, source, ticket, late)


def unexpected(source: Source, error: Exception, secrets: Iterable[str]) -> PermanentSourceError:
    """What a run tells of an error that nobody foresaw: its kind; the log has the rest."""
    _log.error("source %s: unexpected error", source.name, exc_info=loggable(error, secrets))
    kind = type(error).__name__
    return PermanentSourceError(f"unexpected {kind}", code="unexpected", kind=kind)


def store_refused(source: Source, error: SQLAlchemyError) -> StoreError:
    """What a run tells of a store that does not take it: full, locked or read-only."""
    _log.error("source %s: the store refused: %s", source.name, error.__class__.__name__)
    return StoreError("the store refused", code="store_refused", kind=type(error).__name__)


def failed(intake: Intake, source: Source, ticket: Ticket, error: IocError) -> Report:
    """Close a run as failed, and write what follows from it for the source."""
    params: Mapping[str, Any] = {name: str(value)[:300] for name, value in error.params.items()}
    asked = ticket.kind in runs.ASKING
    with writing(intake.engine) as connection:
        if not leases.holds(connection, ticket):
            _log.warning("source %s: after its lease was gone: %s", source.name, error)
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


def recovered(before: source_state.SourceState, ticket: Ticket) -> bool:
    """Whether a run that went well ended a break of its source."""
    return before.broken_since is not None and ticket.kind in runs.ASKING


def say_recovered(source: Source, before: source_state.SourceState, ticket: Ticket) -> None:
    """Say once in the log that a source works again."""
    if recovered(before, ticket) and before.broken_since is not None:
        _log.warning(
            "source %s: recovered after %d failed runs since %s",
            source.name, before.failures, before.broken_since.isoformat(timespec="seconds"),
        )  # fmt: skip
