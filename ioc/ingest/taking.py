"""What a batch comes to: facts collected, checked and written with their run in one transaction."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Batch, Rejected
from ioc.ingest.intake import Intake
from ioc.ingest.mapping import Absent, Reader, Reading
from ioc.ingest.reread import delivery_hash
from ioc.ingest.source import Source
from ioc.store import payloads, rejections, runs, source_state, versions
from ioc.store.engine import writing
from ioc.store.observations import Fact, Key, append
from ioc.store.reference import SourceFact, citation_ids
from ioc.store.sums import apply

_log = logging.getLogger("ioc.run")


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


def commit(
    intake: Intake,
    source: Source,
    fact: SourceFact,
    run_id: int,
    batch: Batch,
    collected: Collected,
    digest: str | None,
) -> tuple[Report, source_state.SourceState]:
    """Write what a batch came to, in one transaction with its run; gives the state before too.

    Raises PermanentSourceError when the lease passed to another poller.
    """
    with writing(intake.engine) as connection:
        fence(connection, intake, fact)
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
            tell_pages(connection, intake, run_id)
    _log.info(
        "source %s: %s, %d read, %d new, %d refused",
        source.name, outcome, collected.read, done.added, len(collected.rejected),
    )  # fmt: skip
    return Report(outcome, done.added, len(collected.rejected), batch.more), before


def fence(connection: Connection, intake: Intake, fact: SourceFact) -> None:
    """Raise PermanentSourceError when the source's lease is not this poller's any more."""
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


def tell_pages(connection: Connection, intake: Intake, run_id: int) -> None:
    """Open pages redraw when the data version grows; that a source broke or came back is as much
    a change of what they show as a new figure."""
    versions.grow_version(connection, run_id, versions.next_recorded_at(connection, intake.now()))
