"""Snapshots: what was exported, frozen under its verification code, with its files and figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from ioc.store.bulk import write
from ioc.store.engine import inserted_id, micros, moment, moment_or_none
from ioc.store.export_tables import snapshot, snapshot_figure, snapshot_file
from ioc.store.observations import Key

_COLUMNS = [column for column in snapshot.c if column.name != "data"]
_FIGURE = ("indicator_id", "unit_id", "grain", "period", "breakdown", "snapshot_id")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a snapshot: `place` below the folder of exports, `pixels` of a picture only."""

    name: str
    form: str
    mime: str
    size: int
    sha256: str
    place: str
    pixels: str | None = None


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot without its data; `removed_at` is set once its data and files are gone."""

    id: int
    code: str
    kind: str
    owner: str
    owner_name: str
    scope: str
    title: str
    address: str
    lang: str
    data_version: int
    known_at: datetime
    made_at: datetime
    data_hash: str
    illustrative: bool
    complete: bool
    briefing: str | None
    run_id: int | None
    expires_at: datetime | None
    removed_at: datetime | None


def keep(
    connection: Connection,
    *,
    code: str,
    kind: str,
    owner: str,
    owner_name: str,
    scope: str,
    title: str,
    address: str,
    lang: str,
    data_version: int,
    known_at: datetime,
    made_at: datetime,
    data: bytes,
    data_hash: str,
    illustrative: bool,
    complete: bool,
    expires_at: datetime | None,
    files: Sequence[File],
    facts: Iterable[Key],
    briefing: str | None = None,
    run_id: int | None = None,
) -> int:
    """Keep a snapshot in the caller's transaction; its id. A code is never given twice."""
    done = connection.execute(
        insert(snapshot).values(
            code=code,
            kind=kind,
            owner=owner,
            owner_name=owner_name,
            scope=scope,
            title=title,
            address=address,
            lang=lang,
            data_version=data_version,
            known_at=micros(known_at),
            made_at=micros(made_at),
            data=data,
            data_hash=data_hash,
            illustrative=int(illustrative),
            complete=int(complete),
            expires_at=None if expires_at is None else micros(expires_at),
            briefing=briefing,
            run_id=run_id,
        )
    )
    snapshot_id = inserted_id(done)
    for one in files:
        connection.execute(
            insert(snapshot_file).values(
                snapshot_id=snapshot_id,
                name=one.name,
                form=one.form,
                mime=one.mime,
                size=one.size,
                sha256=one.sha256,
                pixels=one.pixels,
                place=one.place,
            )
        )
    rows = [
        (one.indicator_id, one.unit_id, one.grain, one.period, one.breakdown, snapshot_id)
        for one in dict.fromkeys(facts)
    ]
    write(connection, snapshot_figure, _FIGURE, rows)
    return snapshot_id


def by_code(connection: Connection, code: str) -> Frozen | None:
    """The snapshot of a code, spelled as it is kept."""
    return _one(connection, snapshot.c.code == code)


def by_id(connection: Connection, snapshot_id: int) -> Frozen | None:
    """The snapshot of an id."""
    return _one(connection, snapshot.c.snapshot_id == snapshot_id)


def of_owner(connection: Connection, owner: str, limit: int) -> tuple[Frozen, ...]:
    """The newest snapshots that an owner ordered."""
    query = (
        select(*_COLUMNS)
        .where(snapshot.c.owner == owner)
        .order_by(snapshot.c.made_at.desc(), snapshot.c.snapshot_id.desc())
        .limit(limit)
    )
    return tuple(_frozen(row) for row in connection.execute(query))


def data_of(connection: Connection, snapshot_id: int) -> bytes | None:
    """The frozen data; None once they were removed."""
    query = select(snapshot.c.data).where(snapshot.c.snapshot_id == snapshot_id)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def files_of(connection: Connection, snapshot_id: int) -> tuple[File, ...]:
    """The files of a snapshot in the order they were kept; none once they were removed."""
    query = (
        select(snapshot_file)
        .where(snapshot_file.c.snapshot_id == snapshot_id)
        .order_by(snapshot_file.c.file_id)
    )
    return tuple(_file(row) for row in connection.execute(query))


def figures_of(connection: Connection, snapshot_id: int) -> tuple[Key, ...]:
    """What the figures of a snapshot are about."""
    query = select(snapshot_figure).where(snapshot_figure.c.snapshot_id == snapshot_id)
    return tuple(
        Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
        for row in connection.execute(query)
    )


def with_content(
    connection: Connection, *, sha256: str | None = None, pixels: str | None = None, limit: int = 20
) -> tuple[Frozen, ...]:
    """The newest snapshots that hold a file of these bytes, or a picture of these pixels."""
    fits = snapshot_file.c.sha256 == sha256 if sha256 else snapshot_file.c.pixels == pixels
    held = select(snapshot_file.c.snapshot_id).where(fits)
    query = (
        select(*_COLUMNS)
        .where(snapshot.c.snapshot_id.in_(held))
        .order_by(snapshot.c.snapshot_id.desc())
        .limit(limit)
    )
    return tuple(_frozen(row) for row in connection.execute(query))


def remove_expired(connection: Connection, now: datetime, limit: int = 200) -> int:
    """Take data, files and figures from snapshots past their time; how many. Their rows stay.

    The files on disk are left to the sweep, which knows what other snapshots still share.
    """
    query = (
        select(snapshot.c.snapshot_id)
        .where(snapshot.c.expires_at <= micros(now), snapshot.c.removed_at.is_(None))
        .order_by(snapshot.c.expires_at)
        .limit(limit)
    )
    ids = list(connection.execute(query).scalars())
    if ids:
        for table in (snapshot_file, snapshot_figure):
            connection.execute(delete(table).where(table.c.snapshot_id.in_(ids)))
        connection.execute(
            update(snapshot)
            .where(snapshot.c.snapshot_id.in_(ids))
            .values(data=None, removed_at=micros(now))
        )
    return len(ids)


def still_held(connection: Connection, places: Sequence[str]) -> frozenset[str]:
    """Those of these places that a file of some snapshot lies at."""
    query = select(snapshot_file.c.place).where(snapshot_file.c.place.in_(list(places))).distinct()
    return frozenset(connection.execute(query).scalars()) if places else frozenset()


def _one(connection: Connection, fits: ColumnElement[bool]) -> Frozen | None:
    row = connection.execute(select(*_COLUMNS).where(fits)).first()
    return None if row is None else _frozen(row)


def _frozen(row: Any) -> Frozen:
    return Frozen(
        id=row.snapshot_id,
        code=row.code,
        kind=row.kind,
        owner=row.owner,
        owner_name=row.owner_name,
        scope=row.scope,
        title=row.title,
        address=row.address,
        lang=row.lang,
        data_version=row.data_version,
        known_at=moment(row.known_at),
        made_at=moment(row.made_at),
        data_hash=row.data_hash,
        illustrative=bool(row.illustrative),
        complete=bool(row.complete),
        briefing=row.briefing,
        run_id=row.run_id,
        expires_at=moment_or_none(row.expires_at),
        removed_at=moment_or_none(row.removed_at),
    )


def _file(row: Any) -> File:
    return File(row.name, row.form, row.mime, row.size, row.sha256, row.place, row.pixels)
