"""Deliveries by people: the file, who brought it, what the check said and what became of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from ioc.store.engine import RowId, metadata

delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", RowId, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("source_id", Integer, nullable=False),
    Column("unit_id", Integer),
    Column("period", Text),
    Column("file", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("reporter", Text),
    Column("approver", Text),
    Column("uploaded_at", BigInteger, nullable=False),
    Column("uploaded_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("confirmed_by", Text),
    Column("run_id", RowId),
    Index("delivery_source", "source_id", "uploaded_at"),
    Index("delivery_unit", "unit_id", "uploaded_at"),
)
