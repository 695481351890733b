"""What a person asked the pollers to do: run a source again, try it without writing, fill gaps."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from ioc.store.engine import RowId, metadata

run_request = Table(
    "run_request",
    metadata,
    Column("request_id", RowId, primary_key=True),
    Column("source_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("taken_at", BigInteger),
    Column("taken_by", Text),
    Column("done_at", BigInteger),
    Column("run_id", RowId),
    Column("result", Text),
    Index("run_request_source", "source_id", "asked_at"),
)
