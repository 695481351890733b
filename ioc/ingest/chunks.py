"""A delivery in pieces: records read and made ready so many at a time, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ioc.ingest.connector import Batch, Record, Rejected
from ioc.ingest.item_reader import ItemRead
from ioc.ingest.items import Item, item_of
from ioc.ingest.mapping import Absent, Reader
from ioc.store.observations import Key

SIZE = 20_000
"""Figures read before they are written: a few tens of megabytes."""


@dataclass
class Chunk:
    """Figures by key, what was refused and how many were absent; `last` says that it ends here.

    `said` is what was said of items of a register; `still` are the keys of such items whose record
    was refused, `unsure` that a record was refused whose key nobody can tell.
    """

    items: dict[Key, Item] = field(default_factory=dict)
    said: list[ItemRead] = field(default_factory=list)
    still: set[str] = field(default_factory=set)
    unsure: bool = False
    refused: list[Rejected] = field(default_factory=list)
    absent: int = 0
    last: bool = False

    def __len__(self) -> int:
        return len(self.items) + len(self.said) + len(self.refused) + self.absent


def chunks(
    reader: Reader, batch: Batch, counted: frozenset[int], size: int = SIZE
) -> Iterator[Chunk]:
    """Read a batch piece by piece; the last piece is always there and may be empty.

    The same figure twice in one delivery with different values refuses the later record: nobody
    can tell which one is meant. Across pieces figures are remembered by 64-bit hashes only.
    Raises SourceError when there are fewer records than promised.
    """
    twins = _Twins()
    told: dict[str, ItemRead] = {}
    chunk = Chunk()
    records = 0
    for record in batch.records:
        records += isinstance(record, Record)
        for result in reader.read(record):
            if isinstance(result, Rejected):
                _refuse(reader, chunk, record, result)
            elif isinstance(result, Absent):
                chunk.absent += 1
            elif isinstance(result, ItemRead):
                assert isinstance(record, Record), "a rejection gives no item"
                _say(reader, chunk, told, record, result)
            else:
                assert isinstance(record, Record), "a rejection gives no reading"
                twins.add(chunk, item_of(result, record, counted))
        if len(chunk) >= size:
            yield chunk
            twins.remember(chunk)
            chunk = Chunk()
    reader.check_count(records)
    chunk.last = True
    yield chunk


def item_twice(item: ItemRead) -> Rejected:
    """What is said of the later of two records of one item that say different things."""
    return Rejected(item.place, "item_twice", {"key": item.key[:60]}, "", item.payload)


def _say(
    reader: Reader, chunk: Chunk, told: dict[str, ItemRead], record: Record, item: ItemRead
) -> None:
    earlier = told.setdefault(item.key, item)
    if earlier is item:
        chunk.said.append(item)
    elif (earlier.said, earlier.citation) != (item.said, item.citation):
        twice = replace(item_twice(item), record_text=reader.text(record))
        _refuse(reader, chunk, record, twice)


def _refuse(reader: Reader, chunk: Chunk, record: Record | Rejected, refused: Rejected) -> None:
    chunk.refused.append(refused)
    if reader.items is None:
        return
    key = reader.items.key_of(record.fields) if isinstance(record, Record) else None
    if key is None:
        chunk.unsure = True
    else:
        chunk.still.add(key)


class _Twins:
    """What has come so far in a delivery, so that a second, other value is seen."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def add(self, chunk: Chunk, item: Item) -> None:
        known = self._seen.get(hash(item.key)) if self._seen else None
        if known is None:
            earlier = chunk.items.setdefault(item.key, item)
            if earlier.fact == item.fact:
                return
        elif known == hash(item.fact):
            return
        reading = item.reading
        chunk.refused.append(
            Rejected(
                reading.place, "twice_in_delivery", {"period": reading.period.code}, "",
                reading.payload,
            )
        )  # fmt: skip

    def remember(self, chunk: Chunk) -> None:
        for key, item in chunk.items.items():
            self._seen[hash(key)] = hash(item.fact)
