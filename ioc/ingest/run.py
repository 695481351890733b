"""One run of a source: fetch, read, check, append, sum up, in one transaction, with its record."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ioc.errors import IocError, PermanentSourceError, StoreError
from ioc.ingest.connector import Batch, Outcome, Rejected, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.mapping import Absent, Reader, Reading
from ioc.ingest.reread import delivery_hash
from ioc.ingest.source import Source
from ioc.store import payloads, rejections, runs, source_state, versions
from ioc.store.engine import reading, writing
from ioc.store.observations import Fact, Key, append
from ioc.store.reference import SourceFact, citation_ids
from ioc.store.sums import apply

_log = logging.getLogger("ioc.run")
_LEASE_MARGIN = 60.0
_MOST_SLICES = 500


@dataclass
class Collected:
    """What a batch came to: facts by key, what was refused and what was absent."""

    facts: dict[Key, Fact] = field(default_factory=dict)
    cited: dict[Key, str] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    absent: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """How one run ended; `more` asks for the next slice at once."""

    outcome: str
    added: int = 0
    rejected: int = 0
    more: bool = False


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
        report, before = _commit(intake, source, fact, run_id, batch, collected, digest)
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
        _fence(connection, intake, fact)
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
            _tell_pages(connection, intake, run_id)
    _say_recovered(source, before)
    again = tuple(Rejected(one.place, one.code, one.params, one.record) for one in refused)
    outcome = Outcome(committed=True, rejected=again)
    intake.connectors[source.connector].finish(source.config, batch, outcome, tools)
    return Report("unchanged", more=batch.more)


def collect(reader: Reader, batch: Batch, counted: frozenset[int]) -> Collected:
    """Read a whole batch into facts; `counted` are the ids of indicators that count or add up.

    The store sums numerators, so a count or an amount is kept as one.

    The same figure twice in one delivery with different values refuses the later record: nobody
    can tell which one is meant. Raises SourceError when the contract is broken as a whole.
    """
    found = Collected()
    for result in reader.read_batch(batch):
        if isinstance(result, Rejected):
            found.rejected.append(result)
        elif isinstance(result, Absent):
            found.absent += 1
        else:
            _add(found, result, counted)
    found.read = len(found.facts) + found.absent + len(found.rejected)
    return found


def _add(found: Collected, result: Reading, counted: frozenset[int]) -> None:
    period = result.period
    key = Key(result.indicator_id, period.grain_key, period.key, result.unit_id, result.breakdown)
    figures = (result.numerator, result.denominator, result.value)
    if result.indicator_id in counted:
        figures = (result.value, None, None)
    fact = Fact(*figures, int(result.bound), int(result.state))
    earlier = found.facts.setdefault(key, fact)
    if earlier != fact:
        found.rejected.append(
            Rejected(result.place, "twice_in_delivery", {"period": period.code}, "", result.payload)
        )
    elif result.citation:
        found.cited[key] = result.citation


def _commit(
    intake: Intake,
    source: Source,
    fact: SourceFact,
    run_id: int,
    batch: Batch,
    collected: Collected,
    digest: str | None,
) -> tuple[Report, source_state.SourceState]:
    with writing(intake.engine) as connection:
        _fence(connection, intake, fact)
        recorded_at = versions.next_recorded_at(connection, intake.now())
        words = citation_ids(connection, collected.cited.values())
        facts = collected.facts
        for key, text in collected.cited.items():
            facts[key] = facts[key]._replace(citation_id=words[text])
        done = append(
            connection,
            facts,
            source=fact,
            ranks=intake.ranks,
            run_id=run_id,
            recorded_at=recorded_at,
        )
        apply(
            connection,
            done.winners,
            tree=intake.units,
            rules=intake.rules,
            illustrative=intake.illustrative,
            recorded_at=recorded_at,
        )
        if done.added:
            versions.grow_version(connection, run_id, recorded_at)
        raw = [payloads.RawPayload(one.label, one.media, one.content) for one in batch.payloads]
        payloads.keep_payloads(connection, run_id, raw)
        rejections.keep_rejections(
            connection,
            run_id,
            (
                rejections.Refusal(one.place, one.code, one.params, one.record_text)
                for one in collected.rejected
            ),
        )
        outcome = "partial" if collected.rejected else "ok" if done.added else "unchanged"
        before = runs.finish_run(
            connection,
            run_id,
            fact.id,
            now=intake.now(),
            outcome=outcome,
            read=collected.read,
            added=done.added,
            unchanged=done.unchanged,
            rejected=len(collected.rejected),
            payload_hash=digest,
            watermark=batch.watermark,
            parts=batch.progress,
        )
        if before.broken_since is not None and not done.added:
            _tell_pages(connection, intake, run_id)
    _log.info(
        "source %s: %s, %d read, %d new, %d refused",
        source.name, outcome, collected.read, done.added, len(collected.rejected),
    )  # fmt: skip
    return Report(outcome, done.added, len(collected.rejected), batch.more), before


def _fence(connection: Connection, intake: Intake, fact: SourceFact) -> None:
    if not source_state.holds_lease(connection, fact.id, intake.owner):
        raise PermanentSourceError(
            f"{fact.name}: the lease passed to another poller", code="lease_lost"
        )


def payload_hash(source: Source, batch: Batch) -> str | None:
    """A hash of everything that was delivered and of how it is read; None for no payload."""
    if not batch.payloads:
        return None
    given = ((one.label, hashlib.sha256(one.content).hexdigest()) for one in batch.payloads)
    return delivery_hash(source, given)


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
            _tell_pages(connection, intake, run_id)
    if before.broken_since is None:
        _log.warning("source %s: broken: %s", source.name, error)
    return Report("failed")


def _tell_pages(connection: Connection, intake: Intake, run_id: int) -> None:
    """Open pages redraw when the data version grows; that a source broke or came back is as much
    a change of what they show as a new figure."""
    versions.grow_version(connection, run_id, versions.next_recorded_at(connection, intake.now()))


def _say_recovered(source: Source, before: source_state.SourceState) -> None:
    if before.broken_since is not None:
        _log.warning(
            "source %s: recovered after %d failed runs since %s",
            source.name, before.failures, before.broken_since.isoformat(timespec="seconds"),
        )  # fmt: skip
