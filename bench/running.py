"""The product running in its own processes on a home of its own, while it is measured."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ioc.store.engine import open_engine, reading
from ioc.store.reference import sources as stored_sources
from ioc.store.source_state import progress, states

_START_SECONDS = 180
_HISTORY_SECONDS = 400


@dataclass(frozen=True, slots=True)
class Running:
    """A web process over a filled store; `web` is its process id."""

    address: str
    web: int

    def cpu_seconds(self) -> float:
        """Processor time the web process has used so far, its threads included."""
        fields = Path(f"/proc/{self.web}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[Running]:
    """Fill a home from the demonstration, then run the web process alone on it.

    The poller and the demonstration are stopped before anything is measured; a heartbeat file
    of the far future keeps the pages alive.
    """
    with tempfile.TemporaryDirectory() as folder:
        port, demo = free_port(), free_port()
        environment = {
            **os.environ,
            "IOC_HOME": folder,
            "IOC_PORT": str(port),
            "IOC_DEMO_PORT": str(demo),
        }
        fill(Path(folder), environment, port)
        (Path(folder) / "ioc.beat").write_text("9999999999000000", encoding="ascii")
        web = subprocess.Popen([sys.executable, "-m", "ioc", "web"], env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            answers(f"{address}/healthz")
            yield Running(address, web.pid)
        finally:
            stop(web)


def fill(folder: Path, environment: dict[str, str], port: int) -> None:
    """Let the whole product run on the folder until the demonstration's history is in."""
    whole = subprocess.Popen(
        [sys.executable, "-m", "ioc", "serve"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        engine = open_engine(f"sqlite:///{folder / 'ioc.sqlite'}")
        deadline = time.monotonic() + _HISTORY_SECONDS
        done, parts = 0, 1
        while time.monotonic() < deadline and done < parts:
            time.sleep(2)
            with reading(engine) as connection:
                active = [one.id for one in stored_sources(connection) if one.active]
                done, parts = progress(states(connection, active).values(), len(active) or 1)
        engine.dispose()
    finally:
        stop(whole)


def answers(address: str) -> None:
    """Wait until something answers there."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process in order, and at once when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
