"""Engines and transactions for SQLite (WAL) and PostgreSQL, with one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
    text,
)

from ioc.errors import StoreError

metadata = MetaData()
RowId = BigInteger().with_variant(Integer, "sqlite")
"""The type of ids the database gives out: 64 bits, and SQLite's own row number."""
_WRITER_LOCK = 7_270_026
_BUSY_MILLISECONDS = 60_000
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 40}
"""Connections kept, and those beyond: each run of a poller may stand in line for the writer."""


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`; any other kind raises StoreError."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    if url.startswith("postgresql"):
        return create_engine(url, pool_pre_ping=True, **_POOL, hide_parameters=True)
    raise StoreError(
        f"database: given {url.split(':', 1)[0]!r}, allowed: sqlite:///…, postgresql://…",
        code="database_kind",
    )


def _sqlite(url: str) -> Engine:
    patience = {"timeout": _BUSY_MILLISECONDS / 1000}
    engine = create_engine(url, connect_args=patience, **_POOL, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        # The driver's own transaction control would begin late and turn writers into deadlocks.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MILLISECONDS}",
            "cache_size=-64000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; it sees one state of the data throughout."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; the writer's lock is held to the commit.

    Because `recorded_at` is given out under this lock, commit order is `recorded_at` order, and a
    question "as known at T" asked after T answers the same for ever.
    """
    with (
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITER_LOCK})
        yield connection


@contextmanager
def writing_soon(engine: Engine, milliseconds: int = 150) -> Iterator[Connection]:
    """A writing transaction that rather fails than waits for another writer.

    Raises OperationalError when the writer's lock is not free in time: what a wall asks for must
    not stand in line behind a large delivery, it asks again in seconds.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(milliseconds)}")
            yield connection
        return
    with engine.connect().execution_options(writes=True) as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
        driver.execute(f"PRAGMA busy_timeout={int(milliseconds)}")
        try:
            with connection.begin():
                yield connection
        finally:
            driver.execute(f"PRAGMA busy_timeout={usual}")


def inserted_id(done: CursorResult[Any]) -> int:
    """The id the database gave a single inserted row."""
    key = done.inserted_primary_key
    if key is None:
        raise StoreError("the database gave no id for an inserted row", code="no_id")
    return int(key[0])


def micros(moment: datetime) -> int:
    """A moment as the store keeps it: microseconds since 1970 in UTC."""
    whole = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds


def moment(value: int) -> datetime:
    """The inverse of `micros`, in UTC."""
    seconds, rest = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def moment_or_none(value: int | None) -> datetime | None:
    """The moment of a nullable column."""
    return None if value is None else moment(value)


def database_file(engine: Engine) -> Path | None:
    """The file of an embedded database; None for a server's."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def utc_now() -> datetime:
    """The clock of the program; everything else takes the clock as an argument."""
    return datetime.now(UTC)
