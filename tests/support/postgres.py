"""A private PostgreSQL server for the tests: own directory, unix socket only, nothing kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

INSTALL = "PostgreSQL 15 or newer is not installed; on Debian or Ubuntu: apt-get install postgresql"
QUICK = {  # a server that lives for one test run has nothing to keep
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


def binaries() -> Path | None:
    """The folder that holds initdb and postgres: the newest of Debian's, else the one on PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda file: [int(part) for part in file.parts[4].split(".") if part.isdigit()],
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: step down to its own user there."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", "postgres", "--", *command]


@dataclass
class PostgresServer:
    """A running server; `folder` holds its data and its socket."""

    bin: Path
    folder: Path
    names: Iterator[int]

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[PostgresServer]:
        """Make, start and at the end remove a server."""
        bin = binaries()
        if bin is None:
            pytest.fail(INSTALL)
        # Not below pytest's own folder: other users may not enter that one, and the path of a
        # socket must be short.
        folder = Path(tempfile.mkdtemp(prefix="ioc-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = cls(bin, folder, count(1))
        try:
            server._make()
            server._control("start", "--wait", "-l", str(folder / "log"))
            try:
                yield server
            finally:
                server._control("stop", "--mode=immediate")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _make(self) -> None:
        data = str(self.folder / "data")
        command = [str(self.bin / "initdb"), "-D", data, "-U", "ioc", "-E", "UTF8", "--no-sync"]
        self._run([*command, "--auth=trust", "--locale=C.UTF-8"])

    def _control(self, verb: str, *more: str) -> None:
        options = " ".join(f"-c {key}={value or repr('')}" for key, value in QUICK.items())
        options += f" -c unix_socket_directories={self.folder}"
        command = [str(self.bin / "pg_ctl"), verb, "-D", str(self.folder / "data"), *more]
        self._run([*command, "-o", options] if verb == "start" else command)

    def _run(self, command: list[str]) -> None:
        log = self.folder / "commands"
        with log.open("w") as output:
            done = subprocess.run(
                _as_postgres(command), stdout=output, stderr=output, cwd=self.folder, check=False
            )
        assert done.returncode == 0, f"{command}: {log.read_text()}"

    def _sql(self, statement: str) -> None:
        import psycopg

        where = f"host={self.folder} user=ioc dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a fresh copy of `template`, dropped at the end."""
        name = f"t{next(self.names)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield f"postgresql+psycopg://ioc@/{name}?host={self.folder}"
        finally:
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")
