"""The sign of life of the poller, which walls watch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Engine, Table, Text, insert, select, update

from ioc.store.engine import database_file, metadata, micros, moment, moment_or_none

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("beat_at", BigInteger, nullable=False),
)


def beat(engine: Engine, now: datetime) -> None:
    """Say that the poller lives.

    An embedded database has one writer, and a large delivery may hold it longer than the walls
    wait; there the beat is the time stamp of a file beside the database.
    """
    file = database_file(engine)
    if file is not None:
        fresh = file.with_suffix(".beat.new")
        fresh.write_text(str(micros(now)), encoding="ascii")
        fresh.replace(file.with_suffix(".beat"))
        return
    with engine.begin() as connection:
        done = connection.execute(
            update(heartbeat).where(heartbeat.c.name == "poller").values(beat_at=micros(now))
        )
        if not done.rowcount:
            connection.execute(insert(heartbeat).values(name="poller", beat_at=micros(now)))


def poller_seen(connection: Connection) -> datetime | None:
    """When the poller last said that it lives."""
    file = database_file(connection.engine)
    if file is None:
        query = select(heartbeat.c.beat_at).where(heartbeat.c.name == "poller")
        return moment_or_none(connection.execute(query).scalar())
    try:
        return moment(int(file.with_suffix(".beat").read_text(encoding="ascii")))
    except (OSError, ValueError):
        return None
