"""Held figures: taken in but not believed, until a person confirms or refuses them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text

from ioc.store.engine import RowId, metadata

held = Table(
    "held",
    metadata,
    Column("held_id", RowId, primary_key=True),
    Column("source_id", Integer, nullable=False),
    Column("run_id", RowId, nullable=False),
    Column("indicator_id", Integer, nullable=False),
    Column("grain", SmallInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("breakdown", Text, nullable=False),
    Column("num", BigInteger),
    Column("den", BigInteger),
    Column("val", BigInteger),
    Column("bound", SmallInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("citation", Text),
    Column("was_num", BigInteger),
    Column("was_den", BigInteger),
    Column("was_val", BigInteger),
    Column("place", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("held_at", BigInteger, nullable=False),
    Column("decision", Text),
    Column("decided_at", BigInteger),
    Column("decided_by", Text),
    Column("note", Text),
    Column("decision_run_id", RowId),
    Index("held_open", "source_id", "decision"),
    Index("held_about", "indicator_id", "grain", "period", "unit_id"),
)
