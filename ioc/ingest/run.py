"""One run of a source: fetch, read, check, append, sum up, in one transaction, with its record."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from ioc.errors import IocError, PermanentSourceError, StoreError
from ioc.ingest.connector import Batch, Outcome, Rejected, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.mapping import Reader
from ioc.ingest.source import Source
from ioc.ingest.taking import Report, collect, commit, fence, payload_hash, tell_pages
from ioc.store import runs, source_state
from ioc.store.engine import reading, writing
from ioc.store.reference import SourceFact

_log = logging.getLogger("ioc.run")
_LEASE_MARGIN = 60.0
_MOST_SLICES = 500


def poll(intake: Intake, source: Source, *, slices: int = _MOST_SLICES) -> Report | None:
    """Run a source now, slice after slice while it has more, at most so many.

    Returns the last slice's report; None when another poller has the source.
    """
    fact = intake.facts[source.name]
    seconds = source.timeout + _LEASE_MARGIN
    report: Report | None = None
    for _ in range(slices):
        if not runs.take_lease(intake.engine, fact.id, intake.owner, intake.now(), seconds):
            return report
        report = _run(intake, source, fact)
        if not report.more:
            break
    return report


def _run(intake: Intake, source: Source, fact: SourceFact) -> Report:
    run_id = runs.start_run(intake.engine, fact.id, intake.now())
    with reading(intake.engine) as connection:
        state = source_state.state(connection, fact.id)
    connector = intake.connectors[source.connector]
    try:
        with intake.client(source) as client:
            tools = Tools(
                client=client,
                now=intake.now,
                home=intake.home,
                watermark=state.watermark,
                env=intake.env,
                deadline=time.monotonic() + source.timeout,
                secrets=source.secrets,
            )
            batch = connector.fetch(source.config, tools)
            return _take_in(intake, source, fact, run_id, state, batch, tools)
    except IocError as error:
        return _failed(intake, source, fact, run_id, error)
    except SQLAlchemyError as error:
        _log.error("source %s: the store refused: %s", source.name, error.__class__.__name__)
        refused = StoreError("the store refused", code="store_refused", kind=type(error).__name__)
        return _failed(intake, source, fact, run_id, refused)
    except Exception as error:
        # The border of a run: whatever a source provokes must not reach the others.
        _log.exception("source %s: unexpected error", source.name)
        kind = type(error).__name__
        wrapped = PermanentSourceError(f"unexpected {kind}", code="unexpected", kind=kind)
        return _failed(intake, source, fact, run_id, wrapped)


def _take_in(
    intake: Intake,
    source: Source,
    fact: SourceFact,
    run_id: int,
    state: source_state.SourceState,
    batch: Batch,
    tools: Tools,
) -> Report:
    connector = intake.connectors[source.connector]
    digest = payload_hash(source, batch)
    if digest is not None and digest == state.payload_hash:
        return _unchanged(intake, source, fact, run_id, digest, batch, tools)
    reader = Reader(source, intake.catalogue, intake.units, intake.now())
    collected = collect(reader, batch, intake.counted)
    try:
        report, before = commit(intake, source, fact, run_id, batch, collected, digest)
    except Exception:
        connector.finish(source.config, batch, Outcome(committed=False), tools)
        raise
    _say_recovered(source, before)
    outcome = Outcome(True, len(collected.facts), collected.absent, tuple(collected.rejected))
    connector.finish(source.config, batch, outcome, tools)
    return report


def _unchanged(
    intake: Intake,
    source: Source,
    fact: SourceFact,
    run_id: int,
    digest: str,
    batch: Batch,
    tools: Tools,
) -> Report:
    """The last delivery came again: nothing to read, but what it was refused for still holds."""
    with writing(intake.engine) as connection:
        fence(connection, intake, fact)
        refused = runs.refused_before(connection, fact.id, digest)
        before = runs.finish_run(
            connection,
            run_id,
            fact.id,
            now=intake.now(),
            outcome="unchanged",
            payload_hash=digest,
            watermark=batch.watermark,
            parts=batch.progress,
        )
        if before.broken_since is not None:
            tell_pages(connection, intake, run_id)
    _say_recovered(source, before)
    again = tuple(Rejected(one.place, one.code, one.params, one.record) for one in refused)
    outcome = Outcome(committed=True, rejected=again)
    intake.connectors[source.connector].finish(source.config, batch, outcome, tools)
    return Report("unchanged", more=batch.more)


def _failed(
    intake: Intake, source: Source, fact: SourceFact, run_id: int, error: IocError
) -> Report:
    params: Mapping[str, Any] = {name: str(value)[:300] for name, value in error.params.items()}
    with writing(intake.engine) as connection:
        if not source_state.holds_lease(connection, fact.id, intake.owner):
            return Report("abandoned")
        before = runs.finish_run(
            connection,
            run_id,
            fact.id,
            now=intake.now(),
            outcome="failed",
            code=error.code,
            params=params,
        )
        if before.broken_since is None:
            tell_pages(connection, intake, run_id)
    if before.broken_since is None:
        _log.warning("source %s: broken: %s", source.name, error)
    return Report("failed")


def _say_recovered(source: Source, before: source_state.SourceState) -> None:
    if before.broken_since is not None:
        _log.warning(
            "source %s: recovered after %d failed runs since %s",
            source.name, before.failures, before.broken_since.isoformat(timespec="seconds"),
        )  # fmt: skip
