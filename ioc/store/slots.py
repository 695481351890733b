"""Slots: every moment at which a source was expected, and what became of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Table, Text

from ioc.store.engine import RowId, metadata

slot = Table(
    "slot",
    metadata,
    Column("source_id", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("run_id", RowId),
    Column("arrived_at", BigInteger),
    Column("attempts", Integer, nullable=False, default=0),
    Column("code", Text),
    PrimaryKeyConstraint("source_id", "due_at"),
    sqlite_with_rowid=False,
)
