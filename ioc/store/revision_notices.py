"""Notices: a figure that somebody exported was revised; told once to whoever exported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, exists, func, insert, literal, select, update

from ioc.store.engine import micros, moment, moment_or_none
from ioc.store.export_tables import revision_notice, revision_sweep, snapshot, snapshot_figure
from ioc.store.observations import Key
from ioc.store.revisions import figure_revision

_ALL = "notices"
_KEY = ("recorded_at", *Key._fields)


@dataclass(frozen=True, slots=True)
class Notice:
    """The revisions of one snapshot's figures: how many figures, the newest, seen when."""

    snapshot_id: int
    code: str
    title: str
    lang: str
    made_at: datetime
    figures: int
    newest_at: datetime
    noticed_at: datetime
    seen_at: datetime | None


def sweep(connection: Connection, now: datetime) -> int:
    """Note what was revised since the last sweep, inside `writing`; how many notices are new.

    Revisions are committed in the order of `recorded_at`, so none is passed over.
    """
    upto = connection.execute(select(func.max(figure_revision.c.recorded_at))).scalar()
    if upto is None:
        return 0
    table = revision_sweep
    since = connection.execute(select(table.c.recorded_at).where(table.c.name == _ALL)).scalar()
    if since is not None and upto <= since:
        return 0
    found = _note(connection, now, since or 0)
    if since is None:
        connection.execute(insert(table).values(name=_ALL, recorded_at=upto))
    else:
        connection.execute(update(table).where(table.c.name == _ALL).values(recorded_at=upto))
    return found


def note_at_once(connection: Connection, snapshot_id: int, now: datetime) -> int:
    """Note what was revised between a new snapshot's moment and its keeping; how many."""
    return _note(connection, now, 0, snapshot_id)


def of_owner(connection: Connection, owner: str, limit: int = 100) -> tuple[Notice, ...]:
    """The notices of an owner, one a snapshot, unseen and newest first."""
    table = revision_notice.c
    unseen = func.sum(case((table.seen_at.is_(None), 1), else_=0))
    newest = func.max(table.recorded_at)
    query = (
        select(
            table.snapshot_id,
            snapshot.c.code,
            snapshot.c.title,
            snapshot.c.lang,
            snapshot.c.made_at,
            newest.label("newest_at"),
            func.max(table.noticed_at).label("noticed_at"),
            func.max(table.seen_at).label("seen_at"),
            unseen.label("unseen"),
        )
        .join(snapshot, snapshot.c.snapshot_id == table.snapshot_id)
        .where(table.owner == owner)
        .group_by(
            table.snapshot_id, snapshot.c.code, snapshot.c.title, snapshot.c.lang,
            snapshot.c.made_at,
        )
        .order_by((unseen > 0).desc(), newest.desc(), table.snapshot_id.desc())
        .limit(limit)
    )  # fmt: skip
    rows = connection.execute(query).all()
    figures = _figures(connection, [row.snapshot_id for row in rows])
    return tuple(
        Notice(
            snapshot_id=row.snapshot_id,
            code=row.code,
            title=row.title,
            lang=row.lang,
            made_at=moment(row.made_at),
            figures=figures[row.snapshot_id],
            newest_at=moment(row.newest_at),
            noticed_at=moment(row.noticed_at),
            seen_at=None if row.unseen else moment_or_none(row.seen_at),
        )
        for row in rows
    )


def unseen(connection: Connection, owner: str) -> int:
    """How many snapshots of an owner have notices that he did not see yet."""
    table = revision_notice.c
    query = select(func.count(table.snapshot_id.distinct())).where(
        table.owner == owner, table.seen_at.is_(None)
    )
    return int(connection.execute(query).scalar_one())


def mark_seen(
    connection: Connection, owner: str, now: datetime, snapshot_id: int | None = None
) -> int:
    """The owner saw the notices of a snapshot, or all of his; how many were new to him."""
    table = revision_notice
    fits = [table.c.owner == owner, table.c.seen_at.is_(None)]
    if snapshot_id is not None:
        fits.append(table.c.snapshot_id == snapshot_id)
    done = connection.execute(update(table).where(*fits).values(seen_at=micros(now)))
    return int(done.rowcount)


def _note(connection: Connection, now: datetime, since: int, snapshot_id: int | None = None) -> int:
    """One notice for each snapshot and revision after the moment its figures were known at."""
    told = and_(
        revision_notice.c.snapshot_id == snapshot_figure.c.snapshot_id,
        *(revision_notice.c[name] == figure_revision.c[name] for name in _KEY),
    )
    same = and_(*(snapshot_figure.c[name] == figure_revision.c[name] for name in Key._fields))
    query = (
        select(
            snapshot_figure.c.snapshot_id,
            snapshot.c.owner,
            *(figure_revision.c[name] for name in _KEY),
            literal(micros(now)),
        )
        .select_from(figure_revision)
        .join(snapshot_figure, same)
        .join(snapshot, snapshot.c.snapshot_id == snapshot_figure.c.snapshot_id)
        .where(
            figure_revision.c.recorded_at > since,
            figure_revision.c.recorded_at > snapshot.c.known_at,
            snapshot.c.removed_at.is_(None),
            ~exists().where(told),
        )
    )
    if snapshot_id is not None:
        query = query.where(snapshot.c.snapshot_id == snapshot_id)
    into = ["snapshot_id", "owner", *_KEY, "noticed_at"]
    written = insert(revision_notice).from_select(into, query)
    done = connection.execute(written, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


def _figures(connection: Connection, ids: list[int]) -> dict[int, int]:
    """How many figures of each snapshot were revised, however often."""
    table = revision_notice.c
    one = (
        select(table.snapshot_id, *(table[name] for name in Key._fields))
        .where(table.snapshot_id.in_(ids))
        .distinct()
        .subquery()
    )
    query = select(one.c.snapshot_id, func.count()).group_by(one.c.snapshot_id)
    return {row[0]: row[1] for row in connection.execute(query)}
