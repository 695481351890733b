"""A database of another system: opened for reading only, at the checked address, for a time."""

from __future__ import annotations

import sqlite3
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import certifi
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError, NoSuchModuleError

from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.database_errors import explained
from ioc.ingest.drop import inside
from ioc.ingest.guard import Guard, too_slow
from ioc.ingest.wire import Cut, open_socket

POSTGRESQL, MARIADB, SQLITE = "postgresql", "mysql", "sqlite"
PORTS: Mapping[str, int] = {POSTGRESQL: 5432, MARIADB: 3306, "mssql": 1433, "oracle": 1521}
_SQLITE_STEPS = 20_000
_SQLITE_LONGEST = 50_000_000
_SQLITE_MAY = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_ZONE = "+07:00"


@dataclass(frozen=True, slots=True)
class Access:
    """Where the database is and how it is entered; `certificates` are authorities, own, its key.

    `seconds` is what a statement may take, `lock` what it may wait for a lock, `connect` what the
    connection may take.
    """

    url: URL
    encrypted: bool
    certificates: tuple[Path | None, Path | None, Path | None]
    home: Path
    guard: Guard | None
    seconds: float
    lock: float
    connect: float
    hide: Callable[[str], str]

    @property
    def kind(self) -> str:
        """The kind of database, without its driver."""
        name = self.url.get_backend_name()
        return MARIADB if name == "mariadb" else name

    @property
    def where(self) -> str:
        """The address as it may be shown."""
        url = self.url
        return URL.create(
            url.get_backend_name(), host=url.host, port=url.port, database=url.database
        ).render_as_string()


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
            _restrict(connection, access)
            result = connection.execution_options(stream_results=True, max_row_buffer=500).execute(
                text(query), dict(values)
            )
            stack.callback(result.close)
            columns = list(result.keys())
        yield columns, _rows(result, access, timed)


class Timed:
    """What ends the connection when the time of the whole is up."""

    def __init__(self, stack: ExitStack, seconds: float) -> None:
        self._stack = stack
        self.ends = time.monotonic() + seconds
        self._cuts: list[Cut] = []

    def watch(self, fileno: int) -> None:
        """Cut this connection at the end of the time."""
        left = max(0.1, self.ends - time.monotonic())
        self._cuts.append(self._stack.enter_context(Cut(fileno, left)))

    @property
    def over(self) -> bool:
        """True once the time is up."""
        return any(cut.fired for cut in self._cuts) or time.monotonic() >= self.ends


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
    makers = {POSTGRESQL: _postgresql, MARIADB: _mariadb, SQLITE: _sqlite}
    names = {POSTGRESQL: "postgresql+psycopg://", MARIADB: "mysql+pymysql://", SQLITE: "sqlite://"}
    maker = makers.get(access.kind)
    if maker is None:
        engine = create_engine(_foreign(access), poolclass=NullPool)
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


def _postgresql(access: Access, timed: Timed) -> Any:
    import psycopg

    host, port = _host(access)
    addresses = (access.guard or Guard()).check(host, port)
    ca, certificate, key = access.certificates
    secure: dict[str, Any] = {"sslmode": "disable"}
    if access.encrypted:
        secure = {"sslmode": "verify-full", "sslrootcert": str(ca or certifi.where())}
        secure |= {"sslcert": str(certificate)} if certificate else {}
        secure |= {"sslkey": str(key or certificate)} if certificate else {}
    made = psycopg.connect(
        host=",".join([host] * len(addresses)),
        hostaddr=",".join(addresses),
        port=str(port),
        user=access.url.username or "",
        password=access.url.password or "",
        dbname=access.url.database or "",
        connect_timeout=max(2, int(access.connect)),
        gssencmode="disable",
        passfile="/dev/null",
        application_name="ioc",
        **secure,
    )
    timed.watch(made.fileno())
    return made


def _mariadb(access: Access, timed: Timed) -> Any:
    import pymysql

    host, port = _host(access)
    wire = open_socket(access.guard, host, port, access.connect)
    timed.watch(wire.fileno())
    ca, certificate, key = access.certificates
    context = None
    if access.encrypted:
        context = ssl.create_default_context(cafile=str(ca or certifi.where()))
        if certificate:
            context.load_cert_chain(certificate, key, password="")
    made = pymysql.connect(
        host=host,
        port=port,
        user=access.url.username or "",
        # As bytes: the driver would take a text for Latin letters only.
        password=(access.url.password or "").encode(),
        database=access.url.database or None,
        charset="utf8mb4",
        read_timeout=access.seconds + access.connect,
        write_timeout=access.connect,
        ssl=context,
        ssl_disabled=None if context else True,
        local_infile=False,
        defer_connect=True,
    )
    try:
        made.connect(wire)
    except BaseException:
        with suppress(pymysql.Error):
            made.close()
        wire.close()
        raise
    return made


def _sqlite(access: Access, timed: Timed) -> Any:
    path = inside(access.home, access.url.database or "")
    if path is None or not path.is_file():
        code = "folder_outside" if path is None else "file_unreadable"
        given = access.url.database or ""
        raise PermanentSourceError(
            f"{given}: no file inside the home directory",
            code=code,
            folder=given,
            file=given,
            reason="not found",
        )
    # query_only besides mode=ro: attached and temporary databases are no way to write either.
    made = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=access.lock)
    made.execute("PRAGMA query_only = ON")
    made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _SQLITE_LONGEST)
    ends = timed.ends - access.connect
    made.set_progress_handler(lambda: time.monotonic() > ends, _SQLITE_STEPS)
    return made


def _foreign(access: Access) -> URL:
    """The address of a kind of database that is known by an installed driver only.

    Its host is checked here; how the driver then connects is its own.
    """
    host, port = _host(access)
    (access.guard or Guard()).check(host, port)
    return access.url


def _host(access: Access) -> tuple[str, int]:
    return access.url.host or "", access.url.port or PORTS.get(access.kind, 0)


def _restrict(connection: Connection, access: Access) -> None:
    """What the server itself enforces from here on: nothing is written, nothing takes too long."""
    milliseconds, lock = int(access.seconds * 1000), int(access.lock * 1000)
    if access.kind == POSTGRESQL:
        for line in (
            "SET TRANSACTION READ ONLY",
            f"SET LOCAL statement_timeout = {milliseconds}",
            f"SET LOCAL lock_timeout = {lock}",
            f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds + 60_000}",
            "SET LOCAL TimeZone = 'Asia/Ho_Chi_Minh'",
        ):
            connection.exec_driver_sql(line)
    elif access.kind == MARIADB:
        maria = bool(getattr(connection.dialect, "is_mariadb", False))
        limit = (
            f"SET SESSION max_statement_time = {access.seconds:g}"
            if maria
            else f"SET SESSION max_execution_time = {milliseconds}"
        )
        for line in (
            f"SET SESSION lock_wait_timeout = {max(1, int(access.lock))}",
            f"SET SESSION time_zone = '{_ZONE}'",
            limit,
            "START TRANSACTION READ ONLY",
        ):
            connection.exec_driver_sql(line)
    elif access.kind == SQLITE:
        driver: Any = connection.connection.driver_connection
        driver.set_authorizer(_sqlite_may)


def _sqlite_may(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and str(second).lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _SQLITE_MAY else sqlite3.SQLITE_DENY


def address(given: str) -> URL:
    """The address of a database, checked; raises ValueError saying what is allowed."""
    try:
        url = make_url(given)
    except ArgumentError:
        raise ValueError("postgresql://user@host:5432/name, or sqlite:///file") from None
    backend = url.get_backend_name()
    own = backend in (POSTGRESQL, "mysql", "mariadb", SQLITE)
    if own and url.query:
        raise ValueError("an address without options behind ?")
    if backend == SQLITE:
        if not url.database or url.database.startswith(("/", ":", "file:")) or url.host:
            raise ValueError("sqlite:///file, a file inside the home directory")
    elif not url.host or "/" in url.host or "," in url.host:
        raise ValueError("an address with one host, such as postgresql://user@host:5432/name")
    return url
