"""Items of registers: keeping what sources say of them and what people do to them."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from ioc.domain.due import PRECISIONS, Due
from ioc.domain.item_facets import clean, dumped
from ioc.domain.register import Register
from ioc.domain.units import Units
from ioc.errors import StoreError
from ioc.store.bulk import write
from ioc.store.item_acts import ACT, act, next_act_id
from ioc.store.item_derived import Counts, Map, Moved, derive, settle
from ioc.store.item_rebuild import follow
from ioc.store.item_rows import SourceRank, day_number, day_of, pieces, source_ranks
from ioc.store.item_versions import VERSION, Word, last_said, still_said
from ioc.store.register_tables import NO_DUE, item_version, register_act, register_item

__all__ = ["LONGEST_KEY", "Kept", "Said", "act", "keep"]

LONGEST_KEY = 200
"""Characters of an item's key."""


class Said(NamedTuple):
    """What a source says of one item; `valid_from` is the day since which it is so.

    `body` is typed as `register.Kind` says and holds due and done too; `lon`, `lat` are 1e-7
    degrees (WGS 84), both None without a point. A unit that is not known is None.
    """

    key: str
    unit_id: int | None
    state: str
    body: dict[str, Any]
    due: Due | None
    done: date | None
    lon: int | None
    lat: int | None
    valid_from: date
    citation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a delivery did to the items of its source."""

    added: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def moved(self) -> bool:
        """Whether anything is other than before."""
        return bool(self.added or self.changed or self.gone)


def keep(
    connection: Connection,
    register: Register,
    units: Units,
    said: Iterable[Said],
    *,
    source_id: int,
    run_id: int,
    recorded_at: int,
    illustrative: bool,
    by: str,
    whole: bool = False,
    still: Set[str] = frozenset(),
) -> Kept:
    """Write what is new against what this source said last; the old versions stay.

    With `whole`, an item that is not among those said is gone for this source, unless its key is
    in `still`. Of two with one key the first counts, also over several calls of one
    `recorded_at`. A `valid_from` later than the day it was learned counts as that day. An item
    that stands in another state afterwards gets an act of kind import, by `by`. Call inside
    `writing`; raises StoreError for a key that is empty or too long.
    """
    follow(connection, [register], units)
    ranks = source_ranks(connection)
    rank = ranks[source_id].rank if source_id in ranks else 100
    ranks[source_id] = SourceRank(rank, int(illustrative))
    places = Map(units)
    counts = Counts(register, places)
    delivery = _Delivery(connection, register, source_id, run_id, recorded_at)
    delivered: set[str] = set()
    moved: list[Moved] = []
    done = Kept()
    for piece in pieces(_distinct(said, delivered)):
        item_ids, kept = delivery.write(piece)
        done = Kept(done.added + kept.added, done.changed + kept.changed)
        moved += derive(connection, register, places, ranks, item_ids, counts)
        if counts.many:
            counts.write(connection)
    gone = 0
    if whole:
        left = [
            one for one in still_said(connection, register.id, source_id)
            if one.key not in delivered and one.key not in still
        ]  # fmt: skip
        gone = len(left)
        for part in pieces(left):
            delivery.leave(part)
            ids = [one.item_id for one in part]
            moved += derive(connection, register, places, ranks, ids, counts)
    counts.write(connection)
    _record(connection, moved, by, run_id, recorded_at)
    settle(connection, done.added + done.changed + gone)
    return Kept(done.added, done.changed, gone)


def _distinct(said: Iterable[Said], delivered: set[str]) -> Iterable[Said]:
    for one in said:
        key = clean(one.key)
        if not key or len(key) > LONGEST_KEY:
            raise StoreError(
                f"item: given key {key[:40]!r}, allowed: 1 to {LONGEST_KEY} characters",
                code="item_key",
            )
        if key not in delivered:
            delivered.add(key)
            yield one._replace(key=key)


class _Delivery:
    """What one source says in one transaction, written piece by piece."""

    def __init__(
        self,
        connection: Connection,
        register: Register,
        source_id: int,
        run_id: int,
        recorded_at: int,
    ) -> None:
        self._connection = connection
        self._register = register
        self._source_id = source_id
        self._run_id = run_id
        self._recorded_at = recorded_at
        self._day = day_of(recorded_at)

    def write(self, said: list[Said]) -> tuple[list[int], Kept]:
        """Append what is new; the ids of these items and how many are new or other."""
        ids = _item_ids(self._connection, self._register.id, [one.key for one in said])
        before = last_said(self._connection, self._source_id, list(ids.values()))
        rows: list[tuple[Any, ...]] = []
        added = changed = 0
        for one in said:
            item_id = ids[one.key]
            word = _word(one)
            earlier = before.get(item_id)
            valid_from = min(day_number(one.valid_from), self._day)
            if earlier is not None:
                if earlier.recorded_at == self._recorded_at:
                    continue
                if not earlier.gone and earlier.word == word:
                    continue
                if earlier.gone:
                    # It was gone until now: it is back since then at the earliest.
                    valid_from = max(valid_from, earlier.valid_from)
            new = earlier is None or earlier.gone
            added, changed = (added + 1, changed) if new else (added, changed + 1)
            rows.append(self._row(item_id, valid_from, 0, word))
        write(self._connection, item_version, VERSION, rows)
        return [row[0] for row in rows], Kept(added, changed)

    def leave(self, left: list[Any]) -> None:
        """Append that items are gone for this source."""
        before = last_said(self._connection, self._source_id, [one.item_id for one in left])
        rows = [
            self._row(item_id, max(self._day, last.valid_from), 1, last.word)
            for item_id, last in before.items()
        ]
        write(self._connection, item_version, VERSION, rows)

    def _row(self, item_id: int, valid_from: int, gone: int, word: Word) -> tuple[Any, ...]:
        return (
            item_id, self._recorded_at, valid_from, self._register.id, self._run_id,
            self._source_id, None, gone, *word,
        )  # fmt: skip


def _word(said: Said) -> Word:
    placed = said.lon is not None and said.lat is not None
    return Word(
        unit_id=said.unit_id,
        state=said.state,
        due_day=NO_DUE if said.due is None else day_number(said.due.day),
        due_grain=None if said.due is None else PRECISIONS.index(said.due.precision),
        done_day=None if said.done is None else day_number(said.done),
        lon=said.lon if placed else None,
        lat=said.lat if placed else None,
        citation_id=said.citation_id,
        body=dumped(said.body),
    )


def _item_ids(connection: Connection, register_id: int, keys: list[str]) -> dict[str, int]:
    """The ids of items by key; those never heard of are given one."""
    table = register_item.c
    query = select(table.key, table.item_id).where(
        table.register_id == register_id, table.key.in_(keys)
    )
    found = {row.key: row.item_id for row in connection.execute(query)}
    fresh = [key for key in keys if key not in found]
    if fresh:
        last = connection.execute(select(func.max(table.item_id))).scalar() or 0
        rows = [(last + at, register_id, key) for at, key in enumerate(fresh, 1)]
        write(connection, register_item, ("item_id", "register_id", "key"), rows)
        found.update({key: item_id for item_id, _, key in rows})
    return found


def _record(
    connection: Connection, moved: list[Moved], by: str, run_id: int, recorded_at: int
) -> None:
    if not moved:
        return
    first = next_act_id(connection)
    rows = [
        (
            first + at, one.item_id, recorded_at, "import", by, "", one.from_state, one.to_state,
            "", "", run_id,
        )
        for at, one in enumerate(moved)
    ]  # fmt: skip
    write(connection, register_act, ACT, rows)
