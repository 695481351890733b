"""The sign of life of each poller, which walls and watchdogs watch."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from ioc.store.engine import database_file, metadata, micros, moment, moment_or_none

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("beat_at", BigInteger, nullable=False),
)
FORGOTTEN = timedelta(days=1)
"""A poller that was silent for so long is gone for good and is not listed any more."""
_NAME = re.compile(r"[^A-Za-z0-9.-]+")


def beat(engine: Engine, now: datetime, name: str = "poller") -> None:
    """Say that the poller `name` lives.

    An embedded database has one writer, and a large delivery may hold it longer than the walls
    wait; there the beat is a file beside the database, and one of its own per poller.
    """
    file = database_file(engine)
    if file is not None:
        folder = file.with_suffix(".beats")
        folder.mkdir(exist_ok=True)
        short = _NAME.sub("-", name)[:100]
        for target in (folder / short, file.with_suffix(".beat")):
            fresh = target.with_name(f"{target.name}.{short}.new")
            fresh.write_text(str(micros(now)), encoding="ascii")
            fresh.replace(target)
        return
    with engine.begin() as connection:
        done = connection.execute(
            update(heartbeat).where(heartbeat.c.name == name).values(beat_at=micros(now))
        )
        if not done.rowcount:
            connection.execute(insert(heartbeat).values(name=name, beat_at=micros(now)))


def prune(engine: Engine, now: datetime) -> None:
    """Forget pollers that have been silent for a day."""
    oldest = micros(now - FORGOTTEN)
    file = database_file(engine)
    if file is None:
        with engine.begin() as connection:
            connection.execute(delete(heartbeat).where(heartbeat.c.beat_at < oldest))
        return
    for one in _files(file):
        if (_read(one) or 0) < oldest:
            one.unlink(missing_ok=True)


def poller_seen(connection: Connection) -> datetime | None:
    """When a poller last said that it lives."""
    file = database_file(connection.engine)
    if file is None:
        query = select(func.max(heartbeat.c.beat_at))
        return moment_or_none(connection.execute(query).scalar())
    return moment_or_none(_read(file.with_suffix(".beat")))


def pollers(connection: Connection) -> dict[str, datetime]:
    """When each poller last said that it lives, by its name."""
    file = database_file(connection.engine)
    if file is None:
        return {row.name: moment(row.beat_at) for row in connection.execute(select(heartbeat))}
    beats = {one.name: _read(one) for one in _files(file)}
    return {name: moment(at) for name, at in sorted(beats.items()) if at is not None}


def _files(database: Path) -> list[Path]:
    folder = database.with_suffix(".beats")
    return [one for one in folder.glob("*") if not one.name.endswith(".new")]


def _read(file: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(file.read_text(encoding="ascii"))
    return None
