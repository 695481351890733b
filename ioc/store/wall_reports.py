"""What each wall last said of itself; kept so that no wall ever waits for another writer."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from ioc.store.engine import RowId, database_file, metadata, micros, moment, moment_or_none

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


@dataclass(frozen=True, slots=True)
class WallReport:
    """The last report of a wall, and when its last picture was taken."""

    at: datetime
    body: Mapping[str, object]
    picture_at: datetime | None = None


def keep_report(
    engine: Engine,
    wall_id: int,
    body: Mapping[str, object],
    now: datetime,
    picture: bytes | None = None,
) -> None:
    """Keep what a wall says now, over what it said before.

    An embedded database has one writer, which a large delivery may hold for a minute; there the
    reports are small files beside the database. On a server they are rows.
    """
    folder = _folder(engine)
    if folder is not None:
        folder.mkdir(exist_ok=True)
        if picture is not None:
            drawn_at = now.timestamp()
            _replace(folder / f"{int(wall_id)}.picture", picture)
            os.utime(folder / f"{int(wall_id)}.picture", (drawn_at, drawn_at))
        said = json.dumps({"at": micros(now), "body": body}, ensure_ascii=False)
        _replace(folder / f"{int(wall_id)}.json", said.encode())
        return
    values = {"at": micros(now), "body": json.dumps(body, ensure_ascii=False)}
    drawn = {} if picture is None else {"picture": picture, "picture_at": micros(now)}
    mine = wall_report.c.wall_id == wall_id
    with engine.begin() as connection:
        done = connection.execute(update(wall_report).where(mine).values(**values, **drawn))
        if not done.rowcount:
            connection.execute(insert(wall_report).values(wall_id=wall_id, **values, **drawn))


def forget_others(engine: Engine, wall_ids: Collection[int]) -> None:
    """Remove what screens said that are no longer known."""
    folder = _folder(engine)
    if folder is None:
        with engine.begin() as connection:
            connection.execute(delete(wall_report).where(wall_report.c.wall_id.not_in(wall_ids)))
        return
    for file in folder.glob("[0-9]*"):
        number = file.name.partition(".")[0]
        if number.isdigit() and int(number) not in wall_ids:
            file.unlink(missing_ok=True)


def reports(engine: Engine) -> dict[int, WallReport]:
    """The last report of every wall that made one."""
    folder = _folder(engine)
    if folder is not None:
        read = {int(file.stem): _read(file) for file in folder.glob("[0-9]*.json")}
        return {wall_id: one for wall_id, one in read.items() if one is not None}
    query = select(
        wall_report.c.wall_id, wall_report.c.at, wall_report.c.body, wall_report.c.picture_at
    )
    with engine.connect() as connection:
        return {
            row.wall_id: WallReport(
                moment(row.at), json.loads(row.body), moment_or_none(row.picture_at)
            )
            for row in connection.execute(query)
        }


def picture_of(engine: Engine, wall_id: int) -> bytes | None:
    """The last picture of a wall."""
    folder = _folder(engine)
    if folder is None:
        query = select(wall_report.c.picture).where(wall_report.c.wall_id == wall_id)
        with engine.connect() as connection:
            found: bytes | None = connection.execute(query).scalar()
            return found
    try:
        return (folder / f"{int(wall_id)}.picture").read_bytes()
    except OSError:
        return None


def _folder(engine: Engine) -> Path | None:
    file = database_file(engine)
    return None if file is None else file.with_suffix(".walls")


def _replace(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(file.suffix + ".new")
    fresh.write_bytes(content)
    fresh.replace(file)


def _read(file: Path) -> WallReport | None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        drawn = file.with_suffix(".picture")
        taken = int(drawn.stat().st_mtime * 1_000_000) if drawn.exists() else None
        return WallReport(moment(said["at"]), said["body"], moment_or_none(taken))
    except (OSError, ValueError, KeyError):
        return None
