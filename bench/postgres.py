"""A private PostgreSQL server that can be stopped and started, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest of Debian's or that on PATH; None: not here."""
    versions = [one for one in _DEBIAN.glob("*") if (one / "bin/initdb").exists()]
    if versions:
        return max(versions, key=lambda one: float(one.name)) / "bin"
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Postgres:
    """A server on a unix socket in a folder of its own."""

    def __init__(self, bin: Path, folder: Path) -> None:
        self._bin = bin
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def made(cls, bin: Path) -> Iterator[Postgres]:
        """A new server, running; all of it is gone at the end."""
        folder = Path(tempfile.mkdtemp(prefix="ioc-pg-", dir=os.environ.get("TMPDIR", "/tmp")))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = cls(bin, folder)
        try:
            subprocess.run(
                server._own("initdb", "-D", str(folder / "data"), "-U", "ioc", "--auth=trust",
                            "-E", "UTF8", "--locale=C.UTF-8"),
                check=True, cwd=folder, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            server.start()
            yield server
            server.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql+psycopg://ioc@/postgres?host={self._folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = self._own("postgres", "-D", str(self._folder / "data"), "-c",
                            "listen_addresses=", "-k", str(self._folder))  # fmt: skip
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, stdout=log, stderr=log, process_group=0
            )
        for _ in range(300):
            try:
                psycopg.connect(f"host={self._folder} user=ioc dbname=postgres").close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise SystemExit("PostgreSQL did not start")

    def stop(self) -> None:
        """Stop it at once: every connection breaks."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def _own(self, program: str, *arguments: str) -> list[str]:
        """The command as PostgreSQL's own user, because it refuses root."""
        command = [str(self._bin / program), *arguments]
        if os.geteuid() != 0:
            return command
        user = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        return ["setpriv", *user, "--pdeathsig=INT", *command]
