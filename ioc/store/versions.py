"""The data version: one number that grows with every change that open pages must show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Engine, Table, func, insert, select

from ioc.store.engine import RowId, inserted_id, metadata, micros, reading

data_version_table = Table(
    "data_version",
    metadata,
    Column("version", RowId, primary_key=True),
    Column("run_id", RowId, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, index=True),
)


def next_recorded_at(connection: Connection, now: datetime) -> int:
    """A `recorded_at` later than every one given out; call it inside `writing` only."""
    last = connection.execute(select(func.max(data_version_table.c.recorded_at))).scalar()
    return max(micros(now), (last or 0) + 1)


def grow_version(connection: Connection, run_id: int, recorded_at: int) -> int:
    """Note that data changed; returns the new data version."""
    done = connection.execute(
        insert(data_version_table).values(run_id=run_id, recorded_at=recorded_at)
    )
    return inserted_id(done)


def data_version(connection: Connection) -> int:
    """The newest data version; 0 before the first data."""
    return int(connection.execute(select(func.max(data_version_table.c.version))).scalar() or 0)


def version_at(connection: Connection, known_at: datetime) -> int:
    """The data version that stood at a moment; 0 when nothing was known yet."""
    query = select(func.max(data_version_table.c.version)).where(
        data_version_table.c.recorded_at <= micros(known_at)
    )
    return int(connection.execute(query).scalar() or 0)


def current_version(engine: Engine) -> int:
    """The newest data version, in a transaction of its own."""
    with reading(engine) as connection:
        return data_version(connection)
