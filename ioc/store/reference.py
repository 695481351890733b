"""What the numbers in the other tables mean: indicators, units, sources and citations by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    SmallInteger,
    Table,
    Text,
    insert,
    select,
    update,
)

from ioc.errors import StoreError
from ioc.store.engine import inserted_id, metadata

indicator = Table(
    "indicator",
    metadata,
    Column("indicator_id", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
)
unit = Table(
    "unit",
    metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
)
source = Table(
    "source",
    metadata,
    Column("source_id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("title_vi", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("connector", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("illustrative", SmallInteger, nullable=False),
    Column("active", SmallInteger, nullable=False),
)
source_indicator = Table(
    "source_indicator",
    metadata,
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("indicator_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
citation = Table(
    "citation",
    metadata,
    Column("citation_id", Integer, primary_key=True),
    Column("words", Text, nullable=False, unique=True),
)


REGISTER = "register"
"""The kind of a source that stands for a register: figures counted from its items are its."""


@dataclass(frozen=True, slots=True)
class SourceFact:
    """What the store knows of a source; a smaller `rank` wins where two state the same figure."""

    id: int
    name: str
    title: Mapping[str, str]
    connector: str
    schedule: str
    rank: int
    illustrative: bool
    active: bool

    @property
    def polled(self) -> bool:
        """Whether anybody asks it: not where a register's items are counted."""
        return self.connector != REGISTER


def sync_names(
    connection: Connection, indicators: Mapping[int, str], units: Mapping[int, str]
) -> None:
    """Record which id stands for which indicator code and unit key.

    Raises StoreError when a stored id is now said to mean something else: history would silently
    change its subject.
    """
    for table, name, key, given in (
        (indicator, "indicator", "code", indicators),
        (unit, "unit", "key", units),
    ):
        identity = table.c[f"{name}_id"]
        stored = dict(connection.execute(select(identity, table.c[key])).all())
        for number, text in given.items():
            if stored.get(number, text) != text:
                raise StoreError(
                    f"{name} id {number} means {stored[number]!r} in the database,"
                    f" but {text!r} in the data files",
                    code="id_reused",
                )
        fresh = [
            {f"{name}_id": number, key: text}
            for number, text in given.items()
            if number not in stored
        ]
        if fresh:
            connection.execute(insert(table), fresh)


def sync_sources(connection: Connection, given: Iterable[SourceFact]) -> dict[str, SourceFact]:
    """Make the stored sources those given (ids are kept or assigned); others become inactive."""
    stored = {fact.name: fact for fact in sources(connection)}
    connection.execute(update(source).values(active=0))
    for fact in given:
        values = {
            "title_vi": fact.title["vi"],
            "title_en": fact.title["en"],
            "connector": fact.connector,
            "schedule": fact.schedule,
            "rank": fact.rank,
            "illustrative": int(fact.illustrative),
            "active": 1,
        }
        if fact.name in stored:
            connection.execute(update(source).where(source.c.name == fact.name).values(values))
        else:
            connection.execute(insert(source).values(name=fact.name, **values))
    return {fact.name: fact for fact in sources(connection)}


def sources(connection: Connection) -> tuple[SourceFact, ...]:
    """All sources ever known, by name."""
    rows = connection.execute(select(source).order_by(source.c.name))
    return tuple(
        SourceFact(
            row.source_id,
            row.name,
            {"vi": row.title_vi, "en": row.title_en},
            row.connector,
            row.schedule,
            row.rank,
            bool(row.illustrative),
            bool(row.active),
        )
        for row in rows
    )


def deliverers(connection: Connection) -> dict[int, frozenset[int]]:
    """Per indicator, the sources that ever delivered a figure of it."""
    found: dict[int, set[int]] = {}
    for row in connection.execute(select(source_indicator)):
        found.setdefault(row.indicator_id, set()).add(row.source_id)
    return {indicator_id: frozenset(ids) for indicator_id, ids in found.items()}


def citation_ids(connection: Connection, words: Iterable[str]) -> dict[str, int]:
    """The id of each citation, recorded if new."""
    wanted = set(words)
    if not wanted:
        return {}
    known = dict(
        connection.execute(
            select(citation.c.words, citation.c.citation_id).where(citation.c.words.in_(wanted))
        ).all()
    )
    for text in sorted(wanted - set(known)):
        done = connection.execute(insert(citation).values(words=text))
        known[text] = inserted_id(done)
    return known


def citations(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The words of citations by id."""
    query = select(citation.c.citation_id, citation.c.words).where(
        citation.c.citation_id.in_(set(ids))
    )
    return dict(connection.execute(query).all())
