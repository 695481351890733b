"""A private MariaDB server for the tests: own directory, a free port of 127.0.0.1, nothing kept."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest

INSTALL = "MariaDB is not installed; on Debian or Ubuntu: apt-get install mariadb-server"
DAEMON = Path("/usr/sbin/mariadbd")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class MariadbServer:
    """A running server; `ioc` is the account that may read one database and nothing else."""

    folder: Path
    port: int
    password: str = "mật khẩu-ioc@1"

    @classmethod
    @contextmanager
    def started(cls, certificate: bytes = b"") -> Iterator[MariadbServer]:
        """Make, start and at the end remove a server; `certificate` is its own with its key."""
        install = shutil.which("mariadb-install-db")
        if install is None or not DAEMON.is_file():
            pytest.fail(INSTALL)
        folder = Path(tempfile.mkdtemp(prefix="ioc-maria-", dir="/tmp"))
        server = cls(folder, free_port())
        try:
            done = subprocess.run(
                [install, "--no-defaults", f"--datadir={folder}/data", "--user=root",
                 "--auth-root-authentication-method=normal", "--skip-test-db"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "tls.pem").write_bytes(certificate)
            with server._running():
                server._fill()
                yield server
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _running(self) -> Iterator[None]:
        command = [
            str(DAEMON), "--no-defaults", f"--datadir={self.folder}/data", "--user=root",
            f"--socket={self.folder}/s", f"--port={self.port}", "--bind-address=127.0.0.1",
            "--skip-name-resolve", "--innodb-buffer-pool-size=16M", "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0", f"--pid-file={self.folder}/pid",
        ]  # fmt: skip
        if (self.folder / "tls.pem").stat().st_size:
            command += [f"--ssl-cert={self.folder}/tls.pem", f"--ssl-key={self.folder}/tls.pem"]
        setpriv = shutil.which("setpriv")
        command = [setpriv, "--pdeathsig=KILL", *command] if setpriv else command
        with (
            (self.folder / "log").open("w+") as log,
            subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log) as process,
        ):
            try:
                self._wait(process)
                yield
            finally:
                process.send_signal(signal.SIGKILL)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 60
        log = self.folder / "log"
        while "ready for connections" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)

    def _fill(self) -> None:
        self.run("CREATE DATABASE motcua CHARACTER SET utf8mb4", database=None)
        self.run(f"CREATE USER ioc@'127.0.0.1' IDENTIFIED BY '{self.password}'")
        self.run("GRANT SELECT, EXECUTE ON motcua.* TO ioc@'127.0.0.1'")

    def run(self, *statements: str, database: str | None = "motcua") -> None:
        """Run statements as the server's owner."""
        given: dict[str, Any] = {"unix_socket": f"{self.folder}/s", "user": "root"}
        with pymysql.connect(**given, database=database, autocommit=True) as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    @property
    def url(self) -> str:
        """Where the read-only account finds it."""
        return f"mariadb://ioc@127.0.0.1:{self.port}/motcua"
