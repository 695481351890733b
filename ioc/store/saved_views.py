"""Saved views: addresses that people kept under a name, their own or shared with all."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, Text

from ioc.store.engine import RowId, metadata

saved_view = Table(
    "saved_view",
    metadata,
    Column("view_id", RowId, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("owner_name", Text, nullable=False, default=""),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("shared", SmallInteger, nullable=False, default=0),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Index("saved_view_owner", "owner"),
)
