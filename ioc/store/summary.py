"""Sums on today's map, kept in the run's own transaction: summary, its versions, and latest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    func,
    select,
)

from ioc.store.engine import metadata

FIGURE = (
    "num", "den", "val", "bound", "state", "source_id", "citation_id", "illustrative",
    "own", "leaves", "parts", "recorded_at",
)  # fmt: skip
CHILDREN = ("child_num", "child_den", "child_leaves", "child_illustrative", "child_loose")
PLACE = ("parent_id", "indicator_id", "grain", "unit_id")
KEY = (*PLACE, "period", "breakdown")


def _key_columns(*, period: bool = True) -> list[Column[Any]]:
    columns: list[Column[Any]] = [
        Column("parent_id", Integer, nullable=False),
        Column("indicator_id", Integer, nullable=False),
        Column("grain", SmallInteger, nullable=False),
        Column("unit_id", Integer, nullable=False),
    ]
    if period:
        columns += [
            Column("period", Integer, nullable=False),
            Column("breakdown", Text, nullable=False),
        ]
    return columns


def _figure_columns(prefix: str = "") -> list[Column[Any]]:
    required = bool(not prefix)
    return [
        Column(f"{prefix}num", BigInteger),
        Column(f"{prefix}den", BigInteger),
        Column(f"{prefix}val", BigInteger),
        Column(f"{prefix}bound", SmallInteger, nullable=not required),
        Column(f"{prefix}state", SmallInteger, nullable=not required),
        Column(f"{prefix}source_id", Integer),
        Column(f"{prefix}citation_id", Integer),
        Column(f"{prefix}illustrative", SmallInteger, nullable=not required),
        Column(f"{prefix}own", SmallInteger, nullable=not required),
        Column(f"{prefix}leaves", Integer, nullable=not required),
        Column(f"{prefix}parts", Integer, nullable=not required),
        Column(f"{prefix}recorded_at", BigInteger, nullable=not required),
    ]


summary = Table(
    "summary",
    metadata,
    *_key_columns(),
    *_figure_columns(),
    *(Column(name, BigInteger, nullable=False) for name in CHILDREN),
    PrimaryKeyConstraint(*KEY),
    sqlite_with_rowid=False,
)
summary_version = Table(
    "summary_version",
    metadata,
    *_key_columns(),
    *_figure_columns(),
    PrimaryKeyConstraint(*KEY, "recorded_at"),
    sqlite_with_rowid=False,
)
latest = Table(
    "latest",
    metadata,
    *_key_columns(period=False),
    Column("period", Integer, nullable=False),
    *_figure_columns(),
    Column("prev_period", Integer),
    *_figure_columns("prev_"),
    PrimaryKeyConstraint("parent_id", "indicator_id", "grain", "unit_id"),
    sqlite_with_rowid=False,
)


def read_latest(
    connection: Connection,
    *,
    parent_ids: Iterable[int],
    indicator_ids: Iterable[int],
    unit_ids: Iterable[int] | None = None,
) -> Sequence[Any]:
    """Rows of `latest` under the given parents: the newest two periods of each unit."""
    query = select(latest).where(
        latest.c.parent_id.in_(list(parent_ids)), latest.c.indicator_id.in_(list(indicator_ids))
    )
    if unit_ids is not None:
        query = query.where(latest.c.unit_id.in_(list(unit_ids)))
    return connection.execute(query).all()


def read_cells(
    connection: Connection,
    *,
    parent_ids: Iterable[int],
    indicator_ids: Iterable[int],
    grain: int,
    first: int,
    last: int,
    unit_ids: Iterable[int] | None = None,
    breakdowns: Iterable[str] = ("",),
    known_at: int | None = None,
) -> Sequence[Any]:
    """Summary rows of a range of periods (keys, both ends included), as known now or at a moment.

    `known_at` is in microseconds; each cell then answers with its newest version not later.
    """
    table = summary if known_at is None else summary_version
    query = select(table).where(
        table.c.parent_id.in_(list(parent_ids)),
        table.c.indicator_id.in_(list(indicator_ids)),
        table.c.grain == grain,
        table.c.period.between(first, last),
        table.c.breakdown.in_(list(breakdowns)),
    )
    if unit_ids is not None:
        query = query.where(table.c.unit_id.in_(list(unit_ids)))
    if known_at is None:
        return connection.execute(query.order_by(table.c.period)).all()
    age = func.row_number().over(
        partition_by=[table.c[name] for name in KEY], order_by=table.c.recorded_at.desc()
    )
    aged = query.where(table.c.recorded_at <= known_at).add_columns(age.label("age")).subquery()
    return connection.execute(select(aged).where(aged.c.age == 1).order_by(aged.c.period)).all()


def shown_versions(
    connection: Connection,
    *,
    parent_id: int,
    indicator_id: int,
    grain: int,
    unit_id: int,
    period: int,
    breakdown: str,
    limit: int,
    known_at: int | None = None,
) -> tuple[Sequence[Any], int]:
    """What one cell ever showed, newest first and at most `limit`, and how often it changed."""
    table = summary_version.c
    query = select(summary_version).where(
        table.parent_id == parent_id,
        table.indicator_id == indicator_id,
        table.grain == grain,
        table.unit_id == unit_id,
        table.period == period,
        table.breakdown == breakdown,
    )
    if known_at is not None:
        query = query.where(table.recorded_at <= known_at)
    count = connection.execute(select(func.count()).select_from(query.subquery())).scalar()
    rows = connection.execute(query.order_by(table.recorded_at.desc()).limit(limit)).all()
    return rows, int(count or 0)
