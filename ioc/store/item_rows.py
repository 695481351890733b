"""Rows of items as they are read: the version that stands, and what is derived from it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, func, select

from ioc.domain.due import PRECISIONS, Due
from ioc.domain.item_facets import clean, differing_totals, facet_value
from ioc.domain.register import Register, filled, missing_fields
from ioc.domain.view import ZONE
from ioc.store.engine import moment
from ioc.store.reference import source
from ioc.store.register_tables import NO_DUE, item_now, item_version, register_item

PIECE = 2000
"""Items that one statement names."""
LONGEST_TITLE = 500
"""Characters of a title in lists; the body holds it whole."""
_NO_RANK = 100

One = TypeVar("One")


class Now(NamedTuple):
    """An item as it stands, or stood: a row of `item_now`.

    Days are whole numbers (20251030), `due_day` is NO_DUE without a due date, `due_grain` the
    place of its precision in `due.PRECISIONS`; `lon` and `lat` are 1e-7 degrees; `missing` and
    `differs` are names of fields joined by commas; `body` is JSON.
    """

    item_id: int
    register_id: int
    key: str
    title: str
    unit_id: int | None
    state: str
    phase: int
    due_day: int
    due_grain: int | None
    done_day: int | None
    person: str | None
    parent: str | None
    lon: int | None
    lat: int | None
    missing: str
    differs: str
    source_id: int
    run_id: int
    illustrative: int
    citation_id: int | None
    valid_from: int
    recorded_at: int
    body: str

    @property
    def fields(self) -> dict[str, Any]:
        """The body as values by field, typed as `register.Kind` says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def due(self) -> Due | None:
        """The due date with its precision; None without one."""
        if self.due_day == NO_DUE:
            return None
        return Due(to_date(self.due_day), PRECISIONS[self.due_grain or 0])

    @property
    def done(self) -> date | None:
        """The day it was done."""
        return None if self.done_day is None else to_date(self.done_day)

    @property
    def point(self) -> tuple[int, int] | None:
        """Longitude and latitude in 1e-7 degrees."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The mandatory fields that are empty."""
        return tuple(self.missing.split(",")) if self.missing else ()


class SourceRank(NamedTuple):
    """What of a source decides between several, and marks its items."""

    rank: int
    illustrative: int


def day_number(day: date) -> int:
    """20251030 for 30 October 2025."""
    return day.year * 10_000 + day.month * 100 + day.day


def to_date(number: int) -> date:
    """The inverse of `day_number`."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def day_of(recorded_at: int) -> int:
    """The day, in Vietnam, of a moment in microseconds."""
    return day_number(moment(recorded_at).astimezone(ZONE).date())


def pieces(values: Iterable[One], size: int = PIECE) -> Iterator[list[One]]:
    """The values in lists of at most `size`."""
    left = iter(values)
    while piece := list(islice(left, size)):
        yield piece


def source_ranks(connection: Connection) -> dict[int, SourceRank]:
    """Rank and illustrative of every source, by id."""
    table = source.c
    rows = connection.execute(select(table.source_id, table.rank, table.illustrative))
    return {row.source_id: SourceRank(row.rank, row.illustrative) for row in rows}


def standing(
    connection: Connection,
    ranks: Mapping[int, SourceRank],
    *,
    register_id: int,
    item_ids: Collection[int] | None = None,
    known_at: int | None = None,
    on: int | None = None,
) -> Iterator[Row[Any]]:
    """The versions that stand, by item, with the item's key; read as a stream.

    Of every source its version of the greatest (valid_from, recorded_at) counts, a person's act
    among those of the source it was put over; a source for which the item is gone says nothing
    any more. Of those left the smallest rank stands, then the greatest (valid_from, recorded_at).
    `known_at` (microseconds) leaves out what was learned later, `on` (a day) what is so later.
    """
    table = item_version.c
    age = func.row_number().over(
        partition_by=[table.item_id, table.source_id],
        order_by=[table.valid_from.desc(), table.recorded_at.desc()],
    )
    # Not both: an item has one register, and a planner that chose it would read all its items.
    known = select(table.item_id, table.recorded_at, age.label("age")).where(
        table.register_id == register_id if item_ids is None else table.item_id.in_(item_ids)
    )
    if known_at is not None:
        known = known.where(table.recorded_at <= known_at)
    if on is not None:
        known = known.where(table.valid_from <= on)
    newest = known.subquery()
    query = (
        select(item_version, register_item.c.key)
        .join(
            newest,
            (table.item_id == newest.c.item_id) & (table.recorded_at == newest.c.recorded_at),
        )
        .join(register_item, register_item.c.item_id == table.item_id)
        .where(newest.c.age == 1, table.gone == 0)
        .order_by(table.item_id)
    )
    if item_ids is None:
        query = query.execution_options(yield_per=PIECE)
    with connection.execute(query) as rows:
        for _, said in groupby(rows, key=lambda row: row.item_id):
            yield min(said, key=lambda row: _order(row, ranks))


def _order(row: Row[Any], ranks: Mapping[int, SourceRank]) -> tuple[int, int, int]:
    known = ranks.get(row.source_id)
    return known.rank if known else _NO_RANK, -row.valid_from, -row.recorded_at


def many(connection: Connection, item_ids: Iterable[int]) -> tuple[Now, ...]:
    """The items of these ids that there are, in the order of the ids."""
    wanted = list(item_ids)
    found: dict[int, Now] = {}
    for piece in pieces(wanted):
        rows = connection.execute(select(item_now).where(item_now.c.item_id.in_(piece)))
        found.update((row.item_id, Now(*row)) for row in rows)
    return tuple(found[item_id] for item_id in wanted if item_id in found)


def as_now(row: Row[Any], register: Register, ranks: Mapping[int, SourceRank]) -> Now:
    """The row of lists for a version that stands."""
    body: dict[str, Any] = json.loads(row.body)
    known = ranks.get(row.source_id)
    return Now(
        item_id=row.item_id,
        register_id=row.register_id,
        key=row.key,
        title=_text(body, register.title) or row.key,
        unit_id=row.unit_id,
        state=row.state,
        phase=_phase(register, row.state),
        due_day=row.due_day,
        due_grain=row.due_grain,
        done_day=row.done_day,
        person=_value(body, register.person),
        parent=_value(body, register.parent),
        lon=row.lon,
        lat=row.lat,
        missing=",".join(missing_fields(register, body, placed=row.lon is not None)),
        differs=",".join(differing_totals(register, body)),
        source_id=row.source_id,
        run_id=row.run_id,
        illustrative=known.illustrative if known else 0,
        citation_id=row.citation_id,
        valid_from=row.valid_from,
        recorded_at=row.recorded_at,
        body=row.body,
    )


def _phase(register: Register, state: str) -> int:
    """The phase of a state; a state that is no longer declared counts as open."""
    return next((one.phase.number for one in register.states if one.code == state), 0)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return clean(str(value))[:LONGEST_TITLE] if filled(value) else ""


def _value(body: dict[str, Any], name: str | None) -> str | None:
    return (facet_value(body.get(name)) or None) if name is not None else None
