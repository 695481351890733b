"""What a batch comes to: read, checked and written with its run in one transaction, in pieces."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import Connection

from ioc.errors import PermanentSourceError
from ioc.ingest.chunks import chunks
from ioc.ingest.connector import Batch, Outcome
from ioc.ingest.desk import Desk, take_pieces
from ioc.ingest.geo_keep import keep_points
from ioc.ingest.intake import Intake
from ioc.ingest.item_keep import keep_items
from ioc.ingest.mapping import Reader
from ioc.ingest.reread import delivery_hash
from ioc.ingest.source import Source, reading_rules
from ioc.store import held, leases, payloads, rejections, source_state, versions
from ioc.store.engine import writing
from ioc.store.leases import Ticket
from ioc.store.observations import Key

_log = logging.getLogger("ioc.run")


@dataclass(frozen=True, slots=True)
class Report:
    """How one run ended; `more` asks for the next slice at once."""

    outcome: str
    added: int = 0
    rejected: int = 0
    more: bool = False
    held: int = 0


def take(
    intake: Intake,
    source: Source,
    ticket: Ticket,
    batch: Batch,
    digest: str | None,
    keep: Callable[[Key], bool] | None = None,
) -> tuple[Report, Outcome, source_state.SourceState]:
    """Take in a batch in one transaction with its run; gives the state that stood before too.

    Figures that `keep` does not want are passed over.
    A delivery of one piece is read before the transaction, so that nobody waits for it; a longer
    one is read within. Raises SourceError when the delivery is none or cannot be read, and
    PermanentSourceError when the lease passed to another poller: nothing is then written.
    """
    fact = intake.facts[source.name]
    reader = reader_of(source, intake)
    pieces = chunks(reader, batch, intake.counted)
    pieces = chain([next(pieces)], pieces)
    with writing(intake.engine) as connection:
        fence(connection, ticket)
        recorded_at = versions.next_recorded_at(connection, intake.now())
        desk = Desk(connection, intake, fact, ticket.run_id, recorded_at, reader, keep)
        taken = take_pieces(connection, desk, source, pieces)
        if taken.figures or taken.items or not (source.contract.whole and taken.rejected):
            ids = (fact.id, ticket.run_id, recorded_at)
            doubted = taken.held > 0
            kept = keep_points(connection, source, batch, intake, ids, doubted=doubted)
            taken.changed |= kept.moved
            taken.changed |= keep_items(connection, source, batch, taken, intake, ids)
        if taken.changed:
            versions.grow_version(connection, ticket.run_id, recorded_at)
        raw = [payloads.RawPayload(one.label, one.media, one.content) for one in batch.payloads]
        payloads.keep_payloads(connection, ticket.run_id, raw)
        rejections.keep_rejections(
            connection,
            ticket.run_id,
            (
                rejections.Refusal(one.place, one.code, one.params, one.record_text)
                for one in taken.refused
            ),
        )
        short = taken.rejected or taken.held
        outcome = "partial" if short else "ok" if taken.changed else "unchanged"
        noted = {"new_fields": reader.new_fields} if reader.new_fields else None
        before = leases.finish(
            connection,
            ticket,
            now=intake.now(),
            outcome=outcome,
            read=taken.read,
            added=taken.added,
            unchanged=taken.unchanged,
            rejected=taken.rejected,
            held=taken.held,
            params=noted,
            payload_hash=digest,
            watermark=batch.watermark,
            parts=batch.progress,
            more=batch.more,
        )
        source_state.change(connection, fact.id, held=held.count_open(connection, fact.id))
        if before.broken_since is not None and not taken.changed:
            tell_pages(connection, intake, ticket.run_id)
    _log.info(
        "source %s: %s, %d read, %d new, %d refused, %d held",
        source.name, outcome, taken.read, taken.added, taken.rejected, taken.held,
    )  # fmt: skip
    report = Report(outcome, taken.added, taken.rejected, batch.more, taken.held)
    return report, taken.outcome(), before


def reader_of(source: Source, intake: Intake) -> Reader:
    """A reader of the source's records, for one run."""
    return Reader(source, intake.catalogue, intake.units, intake.now(), intake.registers)


def fence(connection: Connection, ticket: Ticket) -> None:
    """Raise PermanentSourceError when the lease is not this run's any more."""
    if not leases.holds(connection, ticket):
        raise PermanentSourceError("the lease passed to another poller", code="lease_lost")


def payload_hash(source: Source, batch: Batch) -> str | None:
    """A hash of everything that was delivered and of how it is read; None for no payload.

    What the contract says comes behind a point: a delivery is read again when limits have
    changed, while the records behind its figures are still found.
    """
    if not batch.payloads:
        return None
    given = ((one.label, hashlib.sha256(one.content).hexdigest()) for one in batch.payloads)
    limits = _limits(source)
    return delivery_hash(source, given) + (f".{limits}" if limits else "")


def rules_of(source: Source) -> str:
    """A text that changes when the source's records are read or judged in another way."""
    rules = hashlib.sha256(reading_rules(source).encode()).hexdigest()
    return rules + _limits(source)


def _limits(source: Source) -> str:
    changes = source.contract.changes()
    words = json.dumps(changes, sort_keys=True).encode()
    return hashlib.sha256(words).hexdigest()[:16] if changes else ""


def tell_pages(connection: Connection, intake: Intake, run_id: int) -> None:
    """Open pages redraw when the data version grows; that a source broke or came back is as much
    a change of what they show as a new figure."""
    versions.grow_version(connection, run_id, versions.next_recorded_at(connection, intake.now()))
