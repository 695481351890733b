"""What a delivery would come to, row by row, before anybody confirms it; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ioc.domain.period import Period
from ioc.errors import PermanentSourceError
from ioc.ingest.chunks import item_twice
from ioc.ingest.connector import Batch, Record, Rejected
from ioc.ingest.intake import Intake
from ioc.ingest.item_reader import ItemRead
from ioc.ingest.items import Item, item_of
from ioc.ingest.judging import Judge, Judgement
from ioc.ingest.mapping import Absent, Reader, whole_refused
from ioc.ingest.source import Source
from ioc.store.engine import reading
from ioc.store.observations import Fact, Key

ACCEPTED, UNCHANGED, REJECTED, HELD, MISSING = (
    "accepted", "unchanged", "rejected", "held", "missing",
)  # fmt: skip
Numbers = tuple[int | None, int | None, int | None]
"""Numerator, denominator and value as the store keeps them: whole numbers × 10^scale."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one figure, or of a record that gives none.

    `verdict` is accepted, unchanged, rejected, held or missing; `code` names the sentence
    `reject.<code>` where it is one of the last three. `standing` is the figure it would replace,
    for a held one the figure it was compared with. `item` is the key and state of an item of a
    register, for a record that gives one.
    """

    place: str
    verdict: str
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    indicator_id: int | None = None
    unit_id: int | None = None
    period: Period | None = None
    breakdown: str = ""
    given: Numbers | None = None
    standing: Numbers | None = None
    record_text: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """All verdicts in the order of the delivery, and how many there are of each.

    `refused` says why the delivery would be refused as a whole, whatever its rows say;
    `new_fields` are fields of which the source's file does not speak, where it wants them noted.
    """

    rows: tuple[Verdict, ...]
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0
    missing: int = 0
    refused: Rejected | None = None
    new_fields: tuple[str, ...] = ()


def preview(intake: Intake, source: Source, batch: Batch) -> Preview:
    """Judge a delivery as a run would, against what stands now; keeps all of it in memory.

    Raises SourceError when the delivery cannot be read.
    """
    reader = Reader(source, intake.catalogue, intake.units, intake.now(), intake.registers)
    rows: list[Verdict | Item] = []
    seen: dict[Key, Fact] = {}
    told: dict[str, ItemRead] = {}
    records = 0
    for record in batch.records:
        records += isinstance(record, Record)
        for result in reader.read(record):
            if isinstance(result, Rejected):
                rows.append(_rejected(result))
            elif isinstance(result, ItemRead):
                assert isinstance(record, Record), "a rejection gives no item"
                earlier = told.setdefault(result.key, result)
                if earlier is result:
                    rows.append(_item(result, reader.text(record)))
                elif (earlier.said, earlier.citation) != (result.said, result.citation):
                    rows.append(_rejected(item_twice(result)))
            elif isinstance(result, Absent):
                text = reader.text(record) if isinstance(record, Record) else ""
                rows.append(
                    Verdict(result.place, MISSING, result.code, result.params, record_text=text)
                )
            else:
                assert isinstance(record, Record), "a rejection gives no reading"
                item = item_of(result, record, intake.counted)
                known = seen.setdefault(item.key, item.fact)
                if known is item.fact:
                    rows.append(item)
                elif known != item.fact:
                    rows.append(_twice(item, reader))
    items = [one for one in rows if isinstance(one, Item)]
    with reading(intake.engine) as connection:
        judge = Judge(connection, intake, intake.facts[source.name], reader.promises)
        judged = iter(judge.judge(items, every=True))
    verdicts = tuple(
        _verdict(next(judged), reader) if isinstance(one, Item) else one for one in rows
    )
    count = Counter(one.verdict for one in verdicts)
    return Preview(
        verdicts,
        count[ACCEPTED],
        count[UNCHANGED],
        count[REJECTED],
        count[HELD],
        count[MISSING],
        _refused(reader, verdicts, records, count),
        tuple(reader.new_fields),
    )


def _verdict(judged: Judgement, reader: Reader) -> Verdict:
    item, broken = judged.item, judged.broken
    if broken is None:
        verdict = UNCHANGED if judged.same else ACCEPTED
        return _row(item, verdict, reader, standing=judged.stood)
    verdict = HELD if broken.held else REJECTED
    return _row(item, verdict, reader, broken.code, broken.params, judged.against)


def _row(
    item: Item,
    verdict: str,
    reader: Reader,
    code: str = "",
    params: Mapping[str, object] | None = None,
    standing: Fact | None = None,
) -> Verdict:
    read = item.reading
    return Verdict(
        read.place,
        verdict,
        code,
        params or {},
        read.indicator_id,
        read.unit_id,
        read.period,
        read.breakdown,
        item.fact[:3],
        standing[:3] if standing is not None else None,
        reader.text(item.record),
    )


def _item(item: ItemRead, text: str) -> Verdict:
    """An item that would be kept; whether it says anything new is not asked here."""
    said = item.said
    return Verdict(
        item.place, ACCEPTED, unit_id=said.unit_id, item=f"{said.key} · {said.state}",
        record_text=text,
    )  # fmt: skip


def _twice(item: Item, reader: Reader) -> Verdict:
    params = {"period": item.reading.period.code}
    return _row(item, REJECTED, reader, "twice_in_delivery", params)


def _rejected(one: Rejected) -> Verdict:
    return Verdict(one.place, REJECTED, one.code, one.params, record_text=one.record_text)


def _refused(
    reader: Reader, verdicts: tuple[Verdict, ...], records: int, count: Counter[str]
) -> Rejected | None:
    """Why the contract refuses the delivery as a whole; None where it does not."""
    try:
        reader.check_count(records)
    except PermanentSourceError as error:
        return Rejected("–", error.code, error.params)
    refused = [Rejected(one.place, one.code) for one in verdicts if one.verdict == REJECTED]
    if not any(map(reader.spoils, refused)):
        return None
    return whole_refused(count[ACCEPTED] + count[UNCHANGED] + count[HELD], len(refused))
