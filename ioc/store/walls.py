"""Walls: the screens that are registered, what each should show, and what each says of itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, SmallInteger, Table, Text

from ioc.store.engine import RowId, metadata

wall = Table(
    "wall",
    metadata,
    Column("wall_id", RowId, primary_key=True),
    Column("name", Text, nullable=False, default=""),
    Column("code", Text, unique=True),
    Column("code_until", BigInteger),
    Column("credential", Text, unique=True),
    Column("next_credential", Text, unique=True),
    Column("playlist", Text, nullable=False, default=""),
    Column("orders", Text, nullable=False, default="{}"),
    Column("freeze", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("registered_at", BigInteger),
    Column("registered_by", Text),
    Column("revoked_at", BigInteger),
)
"""`credential` is the hash of the device's own secret; `next_credential` that of the one that
replaces it once it has been used; `orders` is JSON: what the operators want of it now."""

wall_report = Table(
    "wall_report",
    metadata,
    Column("wall_id", RowId, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("picture", LargeBinary),
    Column("picture_at", BigInteger),
)
"""What a wall said last: scene, data version, age, heap and errors as JSON."""

wall_act = Table(
    "wall_act",
    metadata,
    Column("act_id", RowId, primary_key=True),
    Column("wall_id", RowId, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("params", Text, nullable=False, default="{}"),
    Index("wall_act_wall", "wall_id", "at"),
)
"""Who did what to which wall, and when; never changed."""

freeze = Table(
    "freeze",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("known_at", BigInteger, nullable=False),
    Column("data_version", RowId, nullable=False),
    Column("desks", SmallInteger, nullable=False, default=0),
    Column("started_at", BigInteger, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("released_at", BigInteger),
    Column("released_by", Text),
)
"""A meeting's freeze: who shows it sees the data known at one moment until it is released;
`desks` 1 pins every desk, 0 only those whose address names the meeting."""
