"""A private PostgreSQL server for the tests: own directory, unix socket only, nothing kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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


def _as_postgres(command: list[str], *, tied: bool = False) -> list[str]:
    """The command as PostgreSQL's own user, because it refuses root.

    With `tied` it gets SIGQUIT when the tests are killed, so that no server is left behind.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return command
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    end = ["--pdeathsig=QUIT"] if tied else []
    return [setpriv, *user, *end, *command] if user or end else command


@dataclass
class PostgresServer:
    """A running server; `folder` holds its data and its socket."""

    bin: Path
    folder: Path
    names: Iterator[int]
    port: int = 5432
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def started(
        cls, port: int = 5432, settings: dict[str, str] | None = None
    ) -> Iterator[PostgresServer]:
        """Make, start and at the end remove a server; `settings` are further ones of its own."""
        bin = binaries()
        if bin is None:
            pytest.fail(INSTALL)
        # Not below pytest's own folder: another user may not enter that one, and the path of a
        # socket must be short.
        folder = Path(tempfile.mkdtemp(prefix="ioc-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = cls(bin, folder, count(1), port, settings or {})
        try:
            server._make()
            with server._running():
                yield server
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _make(self) -> None:
        command = [str(self.bin / "initdb"), "-D", str(self.folder / "data"), "-U", "ioc"]
        command += ["--no-sync", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        done = subprocess.run(
            _as_postgres(command), cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def _running(self) -> Iterator[None]:
        command = [str(self.bin / "postgres"), "-D", str(self.folder / "data")]
        for key, value in self._settings().items():
            command += ["-c", f"{key}={value}"]
        with (
            (self.folder / "log").open("w+") as log,
            subprocess.Popen(
                _as_postgres(command, tied=True), cwd=self.folder, stdout=log, stderr=log
            ) as process,
        ):
            try:
                self._wait(process)
                yield
            finally:
                process.send_signal(signal.SIGQUIT)

    def _settings(self) -> dict[str, str]:
        own = {"unix_socket_directories": str(self.folder), "port": str(self.port)}
        return {**QUICK, **own, **self.settings}

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                return self._sql("SELECT 1")
            except psycopg.OperationalError:
                log = (self.folder / "log").read_text()
                assert process.poll() is None, log
                assert time.monotonic() < deadline, log
                time.sleep(0.05)

    def _sql(self, statement: str) -> None:
        import psycopg

        where = f"host={self.folder} port={self.port} user=ioc dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a fresh copy of `template`, dropped at the end."""
        name = f"t{next(self.names)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield f"postgresql+psycopg://ioc@/{name}?host={self.folder}&port={self.port}"
        finally:
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")
