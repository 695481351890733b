"""The kinds of databases that are built in: how each is opened and held to reading."""

from __future__ import annotations

import sqlite3
import ssl
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import certifi
from sqlalchemy import URL, Connection

from ioc.errors import PermanentSourceError
from ioc.ingest.database_access import MARIADB, PORTS, POSTGRESQL, SQLITE, Access, Timed
from ioc.ingest.drop import inside
from ioc.ingest.guard import Guard
from ioc.ingest.wire import open_socket

_SQLITE_STEPS = 20_000
_SQLITE_LONGEST = 50_000_000
_SQLITE_MAY = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_ZONE = "+07:00"


def postgresql(access: Access, timed: Timed) -> Any:
    """A connection of the driver; raises what the driver raises, and SourceError."""
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


def mariadb(access: Access, timed: Timed) -> Any:
    """A connection of the driver, over a socket of our own."""
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


def leave(connection: Connection) -> None:
    """Let MariaDB's driver forget an answer that was not read to its end.

    It would read on to that end before it closes, for hours where there is none.
    """
    driver: Any = connection.connection.driver_connection
    answer = getattr(driver, "_result", None)
    if answer is not None:
        answer.unbuffered_active = False


def sqlite(access: Access, timed: Timed) -> Any:
    """A connection to a file of the home directory, opened for reading."""
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


def foreign(access: Access) -> URL:
    """The address of a kind of database that is known by an installed driver only.

    Its host is checked here; how the driver then connects is its own.
    """
    host, port = _host(access)
    (access.guard or Guard()).check(host, port)
    return access.url


def _host(access: Access) -> tuple[str, int]:
    return access.url.host or "", access.url.port or PORTS.get(access.kind, 0)


def restrict(connection: Connection, access: Access) -> None:
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
