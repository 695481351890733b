"""What a batch comes to: read, checked and written with its run in one transaction, in pieces."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection

from ioc.errors import PermanentSourceError
from ioc.ingest.chunks import Chunk, chunks
from ioc.ingest.connector import Batch, Outcome, Rejected
from ioc.ingest.geo_keep import keep_points
from ioc.ingest.intake import Intake
from ioc.ingest.judging import Judge, Judgement
from ioc.ingest.mapping import Reader, whole_refused
from ioc.ingest.reread import delivery_hash
from ioc.ingest.source import Source
from ioc.store import held, leases, payloads, rejections, source_state, versions
from ioc.store.engine import writing
from ioc.store.leases import Ticket
from ioc.store.observations import Key, append
from ioc.store.reference import SourceFact, citation_ids
from ioc.store.sums import apply

_log = logging.getLogger("ioc.run")


@dataclass(frozen=True, slots=True)
class Report:
    """How one run ended; `more` asks for the next slice at once."""

    outcome: str
    added: int = 0
    rejected: int = 0
    more: bool = False
    held: int = 0


@dataclass
class Taken:
    """What a delivery came to so far; `refused` keeps the first of its `rejected` records."""

    figures: int = 0
    absent: int = 0
    rejected: int = 0
    refused: list[Rejected] = field(default_factory=list)
    added: int = 0
    unchanged: int = 0
    held: int = 0
    spoiled: bool = False
    changed: bool = False

    @property
    def read(self) -> int:
        """Figures and records that were looked at."""
        return self.figures + self.absent + self.rejected

    def refuse(self, refused: Iterable[Rejected]) -> None:
        """Count refused records; keep those that there is room for."""
        for one in refused:
            self.rejected += 1
            if len(self.refused) < rejections.KEPT_REJECTIONS:
                self.refused.append(one)

    def outcome(self) -> Outcome:
        """What the connector is told."""
        readings = self.figures - self.held
        return Outcome(True, readings, self.absent, tuple(self.refused), self.rejected, self.held)


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
    reader = Reader(source, intake.catalogue, intake.units, intake.now())
    pieces = chunks(reader, batch, intake.counted)
    first = next(pieces)
    with writing(intake.engine) as connection:
        fence(connection, ticket)
        recorded_at = versions.next_recorded_at(connection, intake.now())
        desk = _Desk(connection, intake, fact, ticket.run_id, recorded_at, reader, keep)
        taken = _take_pieces(connection, desk, source, first, pieces)
        if taken.figures or not (source.contract.whole and taken.rejected):
            ids = (fact.id, ticket.run_id, recorded_at)
            doubted = taken.held > 0
            kept = keep_points(connection, source, batch, intake, ids, doubted=doubted)
            taken.changed |= kept.moved
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


def _take_pieces(
    connection: Connection, desk: _Desk, source: Source, first: Chunk, rest: Iterator[Chunk]
) -> Taken:
    """Write piece after piece; a delivery that its contract refuses as a whole leaves nothing."""
    if not source.contract.whole:
        for piece in chain([first], rest):
            desk.take(piece)
        return desk.taken
    whole = connection.begin_nested()
    for piece in chain([first], rest):
        desk.take(piece)
    taken = desk.taken
    if not taken.spoiled:
        whole.commit()
        return taken
    whole.rollback()
    refused = Taken(rejected=taken.rejected, refused=taken.refused, absent=taken.absent)
    if taken.figures:
        refused.refuse([whole_refused(taken.figures, taken.rejected)])
    return refused


class _Desk:
    """Writes the pieces of one delivery: judged, appended and summed up at one moment."""

    def __init__(
        self,
        connection: Connection,
        intake: Intake,
        fact: SourceFact,
        run_id: int,
        recorded_at: int,
        reader: Reader,
        keep: Callable[[Key], bool] | None,
    ) -> None:
        self.taken = Taken()
        self._connection = connection
        self._intake = intake
        self._fact = fact
        self._run_id = run_id
        self._recorded_at = recorded_at
        self._reader = reader
        self._keep = keep
        self._judge = Judge(connection, intake, fact, reader.promises)
        self._open = held.open_by_key(connection, fact.id)
        self._again = False

    def take(self, piece: Chunk) -> None:
        """Judge and write one piece."""
        taken = self.taken
        keep = self._keep
        items = [one for one in piece.items.values() if keep is None or keep(one.key)]
        judged = self._judge.judge(items)
        good = [one for one in judged if one.broken is None]
        waiting = [one for one in judged if one.broken is not None and one.broken.held]
        refused = [self._rejected(one) for one in judged if one.broken and not one.broken.held]
        taken.figures += len(good) + len(waiting)
        taken.absent += piece.absent
        taken.held += len(waiting)
        taken.spoiled |= any(map(self._reader.spoils, chain(piece.refused, refused)))
        taken.refuse(chain(piece.refused, refused))
        if taken.spoiled:
            return
        self._end_open(good, waiting)
        self._append(good)

    def _append(self, good: list[Judgement]) -> None:
        connection = self._connection
        cited = {one.item.key: one.item.reading.citation for one in good}
        words = citation_ids(connection, (text for text in cited.values() if text))
        facts = {one.item.key: one.item.fact for one in good}
        for key, text in cited.items():
            if text:
                facts[key] = facts[key]._replace(citation_id=words[text])
        done = append(
            connection,
            facts,
            source=self._fact,
            ranks=self._intake.ranks,
            run_id=self._run_id,
            recorded_at=self._recorded_at,
        )
        apply(
            connection,
            done.winners,
            tree=self._intake.units,
            rules=self._intake.rules,
            illustrative=self._intake.illustrative,
            recorded_at=self._recorded_at,
            again=self._again,
        )
        self._again = True
        self.taken.added += done.added
        self.taken.unchanged += done.unchanged
        self.taken.changed |= done.added > 0

    def _end_open(self, good: list[Judgement], waiting: list[Judgement]) -> None:
        """Keep what is new to be decided; another value of the source ends its open entry."""
        ended = [self._open.pop(one.item.key) for one in good if one.item.key in self._open]
        doubts = []
        for one in waiting:
            before = self._open.get(one.item.key)
            if before is not None and before.doubt.fact == one.item.fact:
                continue
            if before is not None:
                ended.append(before)
            doubts.append(self._doubt(one))
        for entry in ended:
            held.end(
                self._connection,
                entry.id,
                held.SUPERSEDED,
                at=self._recorded_at,
                run_id=self._run_id,
            )
        held.hold(self._connection, self._fact.id, self._run_id, self._recorded_at, doubts)
        self.taken.changed |= bool(ended or doubts)

    def _doubt(self, judged: Judgement) -> held.Doubt:
        item, broken, against = judged.item, judged.broken, judged.against
        assert broken is not None, "only a broken promise is held"
        assert against is not None, "a figure is compared with another"
        return held.Doubt(
            item.key,
            item.fact,
            against,
            item.reading.citation,
            item.reading.place,
            broken.code,
            broken.params,
            self._reader.text(item.record),
        )

    def _rejected(self, judged: Judgement) -> Rejected:
        item, broken = judged.item, judged.broken
        assert broken is not None, "only a broken promise is rejected"
        text = self._reader.text(item.record)
        return Rejected(item.reading.place, broken.code, broken.params, text, item.reading.payload)


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
    rules = hashlib.sha256(source.mapping.model_dump_json().encode()).hexdigest()
    return rules + _limits(source)


def _limits(source: Source) -> str:
    changes = source.contract.changes()
    words = json.dumps(changes, sort_keys=True).encode()
    return hashlib.sha256(words).hexdigest()[:16] if changes else ""


def tell_pages(connection: Connection, intake: Intake, run_id: int) -> None:
    """Open pages redraw when the data version grows; that a source broke or came back is as much
    a change of what they show as a new figure."""
    versions.grow_version(connection, run_id, versions.next_recorded_at(connection, intake.now()))
