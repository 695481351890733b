"""How a database is reached: its address, whose certificate is trusted, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ioc.ingest.guard import Guard
from ioc.ingest.wire import Cut

POSTGRESQL, MARIADB, SQLITE = "postgresql", "mysql", "sqlite"
PORTS: Mapping[str, int] = {POSTGRESQL: 5432, MARIADB: 3306, "mssql": 1433, "oracle": 1521}


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

    def abandon(self) -> None:
        """Cut the connection now."""
        for cut in self._cuts:
            cut.now()

    @property
    def over(self) -> bool:
        """True once the time is up."""
        return any(cut.fired for cut in self._cuts) or time.monotonic() >= self.ends


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
