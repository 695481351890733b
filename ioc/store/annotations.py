"""Annotations: what people wrote about a figure, with author and date; never changed, withdrawn."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text

from ioc.store.engine import RowId, metadata

annotation = Table(
    "annotation",
    metadata,
    Column("annotation_id", RowId, primary_key=True),
    Column("indicator_id", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("grain", SmallInteger),
    Column("period", Integer),
    Column("words", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("published_at", BigInteger),
    Column("withdrawn_at", BigInteger),
    Column("withdrawn_by", Text),
    Index("annotation_about", "indicator_id", "unit_id"),
)
