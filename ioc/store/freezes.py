"""Freezes: what a meeting looks at is pinned to one data version until it is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    RowMapping,
    SmallInteger,
    Table,
    Text,
    insert,
    select,
    update,
)

from ioc.store.engine import RowId, metadata, micros, moment, moment_or_none
from ioc.store.versions import data_version_table

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


@dataclass(frozen=True, slots=True)
class Freeze:
    """One freeze. Its figures are those known at `known_at`, of the data version named."""

    code: str
    title: str
    known_at: datetime
    data_version: int
    desks: bool
    started_at: datetime
    started_by: str
    released_at: datetime | None
    released_by: str | None

    @property
    def active(self) -> bool:
        """Whether it has not been released."""
        return self.released_at is None


def start_freeze(
    connection: Connection, code: str, *, title: str, desks: bool, by: str, now: datetime
) -> Freeze:
    """Pin a meeting to the newest data version; call it inside `writing`.

    The moment is that version's own, so that an answer about it is the same for ever. Before
    the first data it is the present moment.
    """
    newest = select(data_version_table).order_by(data_version_table.c.version.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    connection.execute(
        insert(freeze).values(
            code=code,
            title=title,
            known_at=row["recorded_at"] if row else micros(now),
            data_version=row["version"] if row else 0,
            desks=int(desks),
            started_at=micros(now),
            started_by=by,
        )
    )
    found = freeze_by_code(connection, code)
    assert found is not None
    return found


def release_freeze(connection: Connection, code: str, *, by: str, now: datetime) -> bool:
    """End a freeze; False when there is none of this code that still holds."""
    held = (freeze.c.code == code) & freeze.c.released_at.is_(None)
    done = connection.execute(
        update(freeze).where(held).values(released_at=micros(now), released_by=by)
    )
    return bool(done.rowcount)


def freeze_by_code(connection: Connection, code: str) -> Freeze | None:
    """The freeze of this code, also one that was released."""
    query = select(freeze).where(freeze.c.code == code)
    return next(_freezes(connection.execute(query).mappings()), None)


def active_freezes(connection: Connection) -> tuple[Freeze, ...]:
    """Those not released, the newest first."""
    query = select(freeze).where(freeze.c.released_at.is_(None))
    rows = connection.execute(query.order_by(freeze.c.started_at.desc())).mappings()
    return tuple(_freezes(rows))


def _freezes(rows: Iterable[RowMapping]) -> Iterator[Freeze]:
    for row in rows:
        yield Freeze(
            code=row["code"],
            title=row["title"],
            known_at=moment(row["known_at"]),
            data_version=row["data_version"],
            desks=bool(row["desks"]),
            started_at=moment(row["started_at"]),
            started_by=row["started_by"],
            released_at=moment_or_none(row["released_at"]),
            released_by=row["released_by"],
        )
