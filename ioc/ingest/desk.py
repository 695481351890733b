"""Writing a delivery piece by piece: judged, appended and summed up at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection

from ioc.ingest.chunks import Chunk
from ioc.ingest.connector import Outcome, Rejected
from ioc.ingest.intake import Intake
from ioc.ingest.item_reader import ItemRead
from ioc.ingest.judging import Judge, Judgement
from ioc.ingest.mapping import Reader, whole_refused
from ioc.ingest.source import Source
from ioc.store import held, rejections
from ioc.store.observations import Key, append
from ioc.store.reference import SourceFact, citation_ids
from ioc.store.sums import apply


@dataclass
class Taken:
    """What a delivery came to so far; `refused` keeps the first of its `rejected` records.

    `said` is what was said of `items` of a register, to be kept once all of it was read; `still`
    are the keys of those that were refused, `unsure` that some were whose keys are not known.
    """

    figures: int = 0
    items: int = 0
    absent: int = 0
    rejected: int = 0
    refused: list[Rejected] = field(default_factory=list)
    added: int = 0
    unchanged: int = 0
    held: int = 0
    spoiled: bool = False
    changed: bool = False
    said: list[ItemRead] = field(default_factory=list)
    still: set[str] = field(default_factory=set)
    unsure: bool = False

    @property
    def read(self) -> int:
        """Figures, items and records that were looked at."""
        return self.figures + self.items + self.absent + self.rejected

    def refuse(self, refused: Iterable[Rejected]) -> None:
        """Count refused records; keep those that there is room for."""
        for one in refused:
            self.rejected += 1
            if len(self.refused) < rejections.KEPT_REJECTIONS:
                self.refused.append(one)

    def outcome(self) -> Outcome:
        """What the connector is told."""
        readings = self.figures + self.items - self.held
        return Outcome(True, readings, self.absent, tuple(self.refused), self.rejected, self.held)


def take_pieces(
    connection: Connection, desk: Desk, source: Source, pieces: Iterator[Chunk]
) -> Taken:
    """Write piece after piece; a delivery that its contract refuses as a whole leaves nothing."""
    whole = connection.begin_nested() if source.contract.whole else None
    for piece in pieces:
        desk.take(piece)
        # It must be gone before the next one is read.
        del piece
    if whole is None:
        return desk.taken
    taken = desk.taken
    if not taken.spoiled:
        whole.commit()
        return taken
    whole.rollback()
    refused = Taken(rejected=taken.rejected, refused=taken.refused, absent=taken.absent)
    lost = taken.figures + taken.items
    if lost:
        refused.refuse([whole_refused(lost, taken.rejected)])
    return refused


class Desk:
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
        taken.items += len(piece.said)
        taken.said += piece.said
        taken.still |= piece.still
        taken.unsure |= piece.unsure
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
