"""Features: points that a source placed on the map, kept as records, append-only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from ioc.store.engine import RowId, metadata

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
