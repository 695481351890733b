"""A database of another system: opened for reading only, at the checked address, for a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InvalidRequestError,
    NoSuchModuleError,
    SQLAlchemyError,
)

from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.database_access import MARIADB, POSTGRESQL, SQLITE, Access, Timed
from ioc.ingest.database_errors import explained
from ioc.ingest.database_kinds import foreign, leave, mariadb, postgresql, restrict, sqlite
from ioc.ingest.guard import too_slow


@contextmanager
def selecting(
    access: Access, query: str, values: Mapping[str, object]
) -> Iterator[tuple[list[str], Iterator[tuple[object, ...]]]]:
    """The columns of one SELECT and its rows, fetched a few at a time, in a read-only transaction.

    Raises SourceError, also while the rows are being read.
    """
    with ExitStack() as stack:
        timed = Timed(stack, access.seconds + access.connect)
        with _explaining(access, timed):
            connection = stack.enter_context(_connected(access, timed))
            restrict(connection, access)
            result = connection.execution_options(stream_results=True, max_row_buffer=500).execute(
                text(query), dict(values)
            )
            columns = list(result.keys())
        try:
            yield columns, _rows(result, access, timed)
        except BaseException:
            with suppress(SQLAlchemyError, OSError):
                if access.kind == MARIADB:
                    leave(connection)
                    timed.abandon()
                    connection.invalidate()
                result.close()
            raise


def _rows(result: Any, access: Access, timed: Timed) -> Iterator[tuple[object, ...]]:
    with _explaining(access, timed):
        for part in result.partitions(500):
            if timed.over:
                raise too_slow()
            yield from map(tuple, part)


@contextmanager
def _explaining(access: Access, timed: Timed) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except DBAPIError as error:
        # The statement and its values are not part of the message.
        raise explained(access.kind, error.orig, access.where, access.hide, timed.over) from None
    except (NoSuchModuleError, ImportError, ArgumentError):
        raise PermanentSourceError(
            f"no driver for {access.url.drivername}",
            code="sql_no_driver",
            kind=access.url.drivername,
        ) from None
    except (InvalidRequestError, ValueError, OSError) as error:
        raise explained(access.kind, error, access.where, access.hide, timed.over) from None


@contextmanager
def _connected(access: Access, timed: Timed) -> Iterator[Connection]:
    makers = {POSTGRESQL: postgresql, MARIADB: mariadb, SQLITE: sqlite}
    names = {POSTGRESQL: "postgresql+psycopg://", MARIADB: "mysql+pymysql://", SQLITE: "sqlite://"}
    maker = makers.get(access.kind)
    if maker is None:
        engine = create_engine(foreign(access), poolclass=NullPool)
    else:
        engine = create_engine(
            names[access.kind], poolclass=NullPool, creator=lambda: maker(access, timed)
        )
    try:
        with engine.connect() as connection:
            yield connection
            connection.rollback()
    finally:
        engine.dispose()
