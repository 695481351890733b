"""A private OpenSSH server for the tests: SFTP only, own keys, a free port of 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

INSTALL = "OpenSSH is not installed; on Debian or Ubuntu: apt-get install openssh-server"
DAEMON = Path("/usr/sbin/sshd")
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp {mode}
LogLevel VERBOSE
"""


@dataclass
class SshServer:
    """A server that can be stopped and started again; `files` is what it offers."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def made(cls, folder: Path) -> Iterator[SshServer]:
        """Make a server with its keys, started; stopped at the end."""
        if not DAEMON.is_file() or shutil.which("ssh-keygen") is None:
            pytest.fail(INSTALL)
        Path("/run/sshd").mkdir(exist_ok=True)  # the daemon refuses to start without it
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            server = cls(folder, probe.getsockname()[1])
        server.files.mkdir()
        for name in ("host_key", "other_key", "user_key"):
            server.keygen(name)
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
        try:
            server.start()
            yield server
        finally:
            server.stop()

    def keygen(self, name: str) -> None:
        """Make a pair of keys in the server's folder."""
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)],
            check=True,
        )

    def start(self, *, read_only: bool = False) -> None:
        """Start the daemon and wait until it answers."""
        mode = "-R" if read_only else ""
        config = self.folder / "sshd_config"
        config.write_text(CONFIG.format(port=self.port, folder=self.folder, mode=mode))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(DAEMON), "-D", "-e", "-f", str(config)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                said = (self.folder / "log").read_text()
                assert self.process.poll() is None, said
                assert time.monotonic() < deadline, said
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the daemon; sessions that are open end with it or soon after."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    @property
    def files(self) -> Path:
        """The folder on the server."""
        return self.folder / "files"

    def public(self, name: str = "host_key") -> str:
        """A public key as a line of known_hosts ends."""
        return (self.folder / f"{name}.pub").read_text().strip()

    def fingerprint(self, name: str = "host_key") -> str:
        """A public key's fingerprint, as ssh-keygen tells it."""
        done = subprocess.run(
            ["ssh-keygen", "-lf", str(self.folder / f"{name}.pub")],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.split()[1]

    @property
    def user(self) -> str:
        """Who may log in: whoever runs the tests."""
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
