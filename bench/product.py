"""The product's processes on a home of its own, each of which may be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.running import answers, free_port, stop
from ioc import home
from ioc.store.engine import open_engine, reading
from ioc.store.migration import migrate
from ioc.store.reference import sources as stored_sources
from ioc.store.source_state import progress, states

ROLES = ("demo-sources", "web", "poll")
_HISTORY_SECONDS = 600
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Product:
    """Web, poller and demonstration of one home; `database` is SQLite in it unless given.

    `code` is the folder of another copy of the program to start from; None: this one.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.database = database or f"sqlite:///{folder / 'ioc.sqlite'}"
        self.environment = {
            **os.environ,
            "IOC_HOME": str(folder),
            "IOC_PORT": str(self.port),
            "IOC_DEMO_PORT": str(free_port()),
            "IOC_DATABASE_URL": self.database,
        }
        self.log = folder / "bench.log"
        self.code: Path | None = None
        self._alive: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self, environment: Mapping[str, str] | None = None) -> None:
        """Fill the home and bring the database up to date; `environment` is added."""
        self.environment |= environment or {}
        home.fill(self.folder)
        engine = open_engine(self.database)
        migrate(engine)
        engine.dispose()

    def start(self, *roles: str) -> None:
        """Start these processes, or all, and wait for the pages if they are among them."""
        environment = self.environment
        if self.code is not None:
            environment = {**environment, "PYTHONPATH": str(self.code)}
        for role in roles or ROLES:
            with self.log.open("ab") as log:
                self._alive[role] = subprocess.Popen(
                    [sys.executable, "-m", "ioc", role],
                    env=environment,
                    cwd=self.code,
                    stdout=log,
                    stderr=log,
                    process_group=0,
                )
        if not roles or "web" in roles:
            answers(f"{self.address}/healthz")

    def kill(self, role: str) -> None:
        """End a process at once, as a crash does."""
        gone = self._alive.pop(role)
        gone.send_signal(signal.SIGKILL)
        gone.wait()

    def stop(self, *roles: str) -> None:
        """End these processes, or all, in order."""
        for role in roles or tuple(self._alive):
            stop(self._alive.pop(role))

    def pid(self, role: str) -> int:
        """The process id of a role that runs."""
        return self._alive[role].pid

    def wait_filled(self) -> None:
        """Wait until every source has read its history."""
        engine = open_engine(self.database)
        deadline = time.monotonic() + _HISTORY_SECONDS
        done, parts = 0, 1
        while done < parts:
            if time.monotonic() > deadline:
                raise SystemExit(f"the history was not read in {_HISTORY_SECONDS} s: {self.log}")
            time.sleep(2)
            with reading(engine) as connection:
                active = [one.id for one in stored_sources(connection) if one.active and one.polled]
                done, parts = progress(states(connection, active).values(), len(active) or 1)
        engine.dispose()


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used so far, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(*pids: int) -> float:
    """The memory these processes hold, shared pages counted in each; those gone hold none."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        except OSError:
            continue
    return total / 1e6


def family(pid: int) -> list[int]:
    """A process and everything it has started."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found
