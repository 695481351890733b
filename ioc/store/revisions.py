"""Revisions: what stood for a figure after its period was over, and stands otherwise now.

Derived from `summary_version` while the sums are written, so that a page need not compare all
versions of all figures to tell the last corrections.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Row,
    SmallInteger,
    Table,
    Text,
    func,
    select,
    update,
)

from ioc.domain.period import Period
from ioc.domain.view import ZONE
from ioc.store.bulk import write
from ioc.store.engine import metadata, micros
from ioc.store.observations import FEW, Fact, Key

_SHOWN = ("num", "den", "val", "bound", "state", "source_id", "illustrative", "own")
_AT = (0, 1, 2, 3, 4, 5, 7, 8)
"""Where these stand in `summary.FIGURE`."""
_LEAVES, _PARTS, _RECORDED = 9, 10, 11
_KEY = ("recorded_at", *Key._fields)


def _shown_columns(prefix: str = "") -> list[Column[Any]]:
    return [
        Column(f"{prefix}num", BigInteger),
        Column(f"{prefix}den", BigInteger),
        Column(f"{prefix}val", BigInteger),
        Column(f"{prefix}bound", SmallInteger, nullable=False),
        Column(f"{prefix}state", SmallInteger, nullable=False),
        Column(f"{prefix}source_id", Integer),
        Column(f"{prefix}illustrative", SmallInteger, nullable=False),
        Column(f"{prefix}own", SmallInteger, nullable=False),
    ]


figure_revision = Table(
    "figure_revision",
    metadata,
    Column("recorded_at", BigInteger, nullable=False),
    Column("indicator_id", Integer, nullable=False),
    Column("grain", SmallInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("breakdown", Text, nullable=False),
    *_shown_columns("was_"),
    Column("shown_at", BigInteger, nullable=False),
    *_shown_columns(),
    PrimaryKeyConstraint(*_KEY),
    Index("figure_revision_about", "indicator_id", "unit_id", "recorded_at"),
    sqlite_with_rowid=False,
)

Stood = tuple[Any, ...]
"""The columns of `summary.FIGURE`, in their order."""


class Shown(NamedTuple):
    """A figure as it stood: `source_id` is None for a sum, `own` is 0 there."""

    fact: Fact
    source_id: int | None
    illustrative: bool
    own: bool


class Revision(NamedTuple):
    """`was` stood since `shown_at`; at `recorded_at` it became `now` (both microseconds)."""

    key: Key
    was: Shown
    shown_at: int
    now: Shown
    recorded_at: int


def revises(key: Key, before: Stood, after: Stood) -> bool:
    """Whether a figure that was shown is taken back by another.

    No revision is what only adds up: a first figure, one that grew while its period still ran,
    a sum behind which other units stand than before, and a unit's own first figure where only
    the sum of some below it stood. Nor is one of the same moment.
    """
    if before[:5] == after[:5] or before[_RECORDED] >= after[_RECORDED]:
        return False
    if not before[4] and before[0] is None and before[1] is None and before[2] is None:
        return False
    if not before[8] and after[8]:
        return False
    summed = not before[8] and not after[8]
    if summed and before[_LEAVES : _PARTS + 1] != after[_LEAVES : _PARTS + 1]:
        return False
    return bool(before[_RECORDED] >= _over(key.grain, key.period))


@lru_cache(maxsize=4096)
def _over(grain: int, period: int) -> int:
    """The moment at which a period is over, in microseconds."""
    day = Period.from_keys(grain, period).end + timedelta(days=1)
    return micros(datetime.combine(day, time(), ZONE))


def keep(
    connection: Connection, changes: Iterable[tuple[Key, Stood, Stood]], *, again: bool = False
) -> None:
    """Note which of these changes of figures, before and after, are revisions.

    `again`: figures of this very moment were written before, and what they became is other now.
    """
    rows, other = [], []
    for key, before, after in changes:
        if again and before[_RECORDED] == after[_RECORDED]:
            other.append((key, after))
        elif revises(key, before, after):
            was, now = ([one[at] for at in _AT] for one in (before, after))
            rows.append((after[_RECORDED], *key, *was, before[_RECORDED], *now))
    columns = (*_KEY, *(f"was_{one}" for one in _SHOWN), "shown_at", *_SHOWN)
    write(connection, figure_revision, columns, rows, keys=_KEY if again else ())
    table = figure_revision.c
    for key, after in other:
        connection.execute(
            update(figure_revision)
            .where(
                table.recorded_at == after[_RECORDED],
                *(table[name] == value for name, value in key._asdict().items()),
            )
            .values({name: after[at] for name, at in zip(_SHOWN, _AT, strict=True)})
        )


def newest(
    connection: Connection,
    *,
    limit: int,
    offset: int = 0,
    unit_ids: Collection[int] | None = None,
    indicator_id: int | None = None,
    grain_period: tuple[int, int] | None = None,
    known_at: int | None = None,
) -> tuple[Revision, ...]:
    """The last revisions, newest first, of these units, of one indicator and period if given."""
    fits = _fits(unit_ids, indicator_id, grain_period, known_at)
    query = select(figure_revision).where(*fits)
    order = [figure_revision.c.recorded_at.desc(), *list(figure_revision.primary_key)[1:]]
    found = connection.execute(query.order_by(*order).limit(limit).offset(offset))
    return tuple(_revision(row) for row in found)


def count(
    connection: Connection,
    *,
    most: int,
    unit_ids: Collection[int] | None = None,
    indicator_id: int | None = None,
    grain_period: tuple[int, int] | None = None,
    known_at: int | None = None,
) -> int:
    """How many there are; `most` + 1 for more than `most`."""
    fits = _fits(unit_ids, indicator_id, grain_period, known_at)
    some = select(figure_revision.c.recorded_at).where(*fits).limit(most + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def about(
    connection: Connection,
    indicator_ids: Collection[int],
    unit_ids: Collection[int],
    *,
    since: int,
    known_at: int | None = None,
    most: int = 5000,
) -> tuple[Revision, ...]:
    """Revisions of these indicators and units since a moment (microseconds), newest first."""
    table = figure_revision.c
    query = select(figure_revision).where(
        table.indicator_id.in_(list(indicator_ids)), table.recorded_at >= since
    )
    if len(unit_ids) <= FEW:
        query = query.where(table.unit_id.in_(list(unit_ids)))
    if known_at is not None:
        query = query.where(table.recorded_at <= known_at)
    found = connection.execute(query.order_by(table.recorded_at.desc()).limit(most))
    return tuple(_revision(row) for row in found)


def _fits(
    unit_ids: Collection[int] | None,
    indicator_id: int | None,
    grain_period: tuple[int, int] | None,
    known_at: int | None,
) -> Sequence[ColumnElement[bool]]:
    table = figure_revision.c
    fits: list[ColumnElement[bool]] = []
    if unit_ids is not None:
        fits.append(table.unit_id.in_(list(unit_ids)))
    if indicator_id is not None:
        fits.append(table.indicator_id == indicator_id)
    if grain_period is not None:
        fits += [table.grain == grain_period[0], table.period == grain_period[1]]
    if known_at is not None:
        fits.append(table.recorded_at <= known_at)
    return fits


def _revision(row: Row[Any]) -> Revision:
    key = Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
    return Revision(key, _shown(row, "was_"), row.shown_at, _shown(row), row.recorded_at)


def _shown(row: Row[Any], prefix: str = "") -> Shown:
    got = row._mapping
    fact = Fact(*(got[f"{prefix}{one}"] for one in _SHOWN[:5]))
    return Shown(
        fact,
        got[f"{prefix}source_id"],
        bool(got[f"{prefix}illustrative"]),
        bool(got[f"{prefix}own"]),
    )
