"""Annotations: what people wrote about a figure, with author and date; never changed, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    insert,
    or_,
    select,
    update,
)

from ioc.store.engine import RowId, inserted_id, metadata, micros, writing
from ioc.store.versions import grow_version, next_recorded_at

LONGEST_NOTE = 500
"""Characters of a note."""
MOST_DRAFTS = 200
"""Unpublished notes that one author is shown."""
NO_RUN = 0
"""The run of a data version that no run brought: a note was published or withdrawn."""

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


class Annotation(NamedTuple):
    """A note as stored; moments in microseconds, `grain` and `period` None for no period."""

    id: int
    indicator_id: int
    unit_id: int
    grain: int | None
    period: int | None
    words: str
    author: str
    author_id: str
    created_at: int
    published_at: int | None
    withdrawn_at: int | None
    withdrawn_by: str | None


def add(
    engine: Engine,
    *,
    indicator_id: int,
    unit_id: int,
    period: tuple[int, int] | None,
    words: str,
    author: str,
    author_id: str,
    now: datetime,
) -> int:
    """Keep a note that only its author sees until he publishes it; returns its id.

    `period` is (grain key, period key).
    """
    grain, number = period or (None, None)
    with writing(engine) as connection:
        done = connection.execute(
            insert(annotation).values(
                indicator_id=indicator_id,
                unit_id=unit_id,
                grain=grain,
                period=number,
                words=words,
                author=author,
                author_id=author_id,
                created_at=micros(now),
            )
        )
        return inserted_id(done)


def publish(engine: Engine, note_id: int, *, author_id: str, now: datetime) -> bool:
    """Let everyone see a note from now on; False when it is not its author's to publish, was
    published before or is withdrawn.

    The data version grows with it, in the same transaction, so that open pages show it.
    """
    with writing(engine) as connection:
        found = note(connection, note_id)
        if found is None or found.author_id != author_id or found.withdrawn_at is not None:
            return False
        if found.published_at is not None:
            return False
        _tell(connection, note_id, now, "published_at")
        return True


def withdraw(engine: Engine, note_id: int, *, by: str, by_id: str, now: datetime) -> bool:
    """Take a note back; it stays in the store with who did it and when.

    A published note can be withdrawn by anyone who may write, a draft by its author only.
    Answers about moments before still show it. False when there is no such note to withdraw.
    """
    with writing(engine) as connection:
        found = note(connection, note_id)
        if found is None or found.withdrawn_at is not None:
            return False
        if found.published_at is None and found.author_id != by_id:
            return False
        _tell(connection, note_id, now, "withdrawn_at", withdrawn_by=by)
        return True


def _tell(
    connection: Connection, note_id: int, now: datetime, column: str, **values: object
) -> None:
    # In the order of the data: an answer about the past is then the same for ever.
    at = next_recorded_at(connection, now)
    connection.execute(
        update(annotation)
        .where(annotation.c.annotation_id == note_id)
        .values({column: at, **values})
    )
    grow_version(connection, NO_RUN, at)


def published(
    connection: Connection,
    *,
    unit_ids: Iterable[int],
    indicator_ids: Iterable[int],
    known_at: int | None = None,
) -> tuple[Annotation, ...]:
    """The notes that everyone sees now, or saw at a moment (microseconds), oldest first."""
    table = annotation.c
    query = select(annotation).where(
        table.indicator_id.in_(list(indicator_ids)),
        table.unit_id.in_(list(unit_ids)),
        table.published_at.is_not(None),
    )
    if known_at is None:
        query = query.where(table.withdrawn_at.is_(None))
    else:
        query = query.where(
            table.published_at <= known_at,
            or_(table.withdrawn_at.is_(None), table.withdrawn_at > known_at),
        )
    rows = connection.execute(query.order_by(table.published_at, table.annotation_id))
    return tuple(Annotation(*row) for row in rows)


def drafts(
    connection: Connection, *, author_id: str, unit_id: int, indicator_id: int
) -> tuple[Annotation, ...]:
    """The notes of one author that nobody else sees yet, newest first."""
    table = annotation.c
    query = (
        select(annotation)
        .where(
            table.author_id == author_id,
            table.unit_id == unit_id,
            table.indicator_id == indicator_id,
            table.published_at.is_(None),
            table.withdrawn_at.is_(None),
        )
        .order_by(table.created_at.desc())
        .limit(MOST_DRAFTS)
    )
    return tuple(Annotation(*row) for row in connection.execute(query))


def note(connection: Connection, note_id: int) -> Annotation | None:
    """A note by its id, whatever became of it."""
    row = connection.execute(
        select(annotation).where(annotation.c.annotation_id == note_id)
    ).first()
    return Annotation(*row) if row else None
