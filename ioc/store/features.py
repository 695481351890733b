"""Features: points that a source placed on the map, kept as records, append-only."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Select,
    SmallInteger,
    Table,
    Text,
    func,
    select,
)

from ioc.store.bulk import write
from ioc.store.engine import RowId, metadata

DEGREE = 10_000_000
"""Longitudes and latitudes are kept as whole numbers of 1e-7 degrees, about a centimetre."""

feature = Table(
    "feature",
    metadata,
    Column("source_id", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("run_id", RowId, nullable=False),
    Column("gone", SmallInteger, nullable=False),
    Column("lon", Integer),
    Column("lat", Integer),
    Column("unit_id", Integer),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("source_id", "key", "recorded_at"),
    Index("feature_unit", "unit_id", "source_id"),
    sqlite_with_rowid=False,
)

_COLUMNS = (
    "source_id", "key", "recorded_at", "run_id", "gone", "lon", "lat", "unit_id", "body",
)  # fmt: skip


class Placed(NamedTuple):
    """A point as it is kept: `lon` and `lat` in 1e-7 degrees (WGS 84), `body` its JSON."""

    key: str
    lon: int
    lat: int
    unit_id: int | None
    body: str


class Known(NamedTuple):
    """A point as it was known, with the source that said it and when that was learned."""

    point: Placed
    source_id: int
    recorded_at: int
    run_id: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a delivery did to the points of its source."""

    added: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def moved(self) -> bool:
        """Whether anything is other than before."""
        return bool(self.added or self.changed or self.gone)


def keep(
    connection: Connection,
    source_id: int,
    run_id: int,
    recorded_at: int,
    points: Iterable[Placed],
    *,
    whole: bool = False,
    still: Set[str] = frozenset(),
) -> Kept:
    """Write what is new against what this source said last; the old rows stay.

    With `whole`, a point that is not among those given is recorded as gone, unless its key is in
    `still`. Of two points with one key the first counts. Call inside `writing`.
    """
    before = {
        row.key: Placed(row.key, row.lon, row.lat, row.unit_id, row.body)
        for row in connection.execute(_newest([source_id], None))
        if not row.gone
    }
    rows: list[tuple[object, ...]] = []
    delivered: set[str] = set()
    added = changed = 0
    for point in points:
        if point.key in delivered:
            continue
        delivered.add(point.key)
        earlier = before.get(point.key)
        if earlier == point:
            continue
        added, changed = (added + 1, changed) if earlier is None else (added, changed + 1)
        rows.append((source_id, point.key, recorded_at, run_id, 0, *point[1:]))
    left = sorted(before.keys() - delivered - still) if whole else []
    rows += [(source_id, key, recorded_at, run_id, 1, *before[key][1:]) for key in left]
    write(connection, feature, _COLUMNS, rows)
    return Kept(added, changed, len(left))


def as_known(
    connection: Connection,
    source_ids: Iterable[int],
    *,
    known_at: int | None = None,
    unit_ids: Iterable[int] | None = None,
    limit: int = 10_000,
    after: tuple[int, str] | None = None,
) -> tuple[Known, ...]:
    """The points of sources as known at a moment (microseconds; now if None), by source and key.

    `unit_ids` narrows to points that then belonged to these units; `after` is the (source, key)
    of the last point of the answer before, where `limit` cut it.
    """
    newest = _newest(source_ids, known_at).subquery()
    table = newest.c
    query = select(newest).where(table.gone == 0)
    if unit_ids is not None:
        query = query.where(table.unit_id.in_(list(unit_ids)))
    if after is not None:
        source_id, key = after
        query = query.where(
            (table.source_id > source_id) | ((table.source_id == source_id) & (table.key > key))
        )
    query = query.order_by(table.source_id, table.key).limit(limit)
    return tuple(
        Known(
            Placed(row.key, row.lon, row.lat, row.unit_id, row.body),
            row.source_id,
            row.recorded_at,
            row.run_id,
        )
        for row in connection.execute(query)
    )


def _newest(source_ids: Iterable[int], known_at: int | None) -> Select[Any]:
    """The newest row of every point, those that are gone among them."""
    table = feature.c
    last = select(
        table.source_id, table.key, func.max(table.recorded_at).label("recorded_at")
    ).where(table.source_id.in_(list(source_ids)))
    if known_at is not None:
        last = last.where(table.recorded_at <= known_at)
    newest = last.group_by(table.source_id, table.key).subquery()
    return select(feature).join(
        newest,
        (table.source_id == newest.c.source_id)
        & (table.key == newest.c.key)
        & (table.recorded_at == newest.c.recorded_at),
    )
