"""All processes of one drawing: found, weighed and ended, whoever became their parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

VARIABLE = "IOC_DRAWING"
"""Marks the environment of a child and so of all it starts."""
_PROC = Path("/proc")
_SUBREAPER = 36  # prctl(2), PR_SET_CHILD_SUBREAPER
_PAGE = os.sysconf("SC_PAGE_SIZE")


def adopt() -> None:
    """Become the parent of what a killed child leaves behind, so that it can be buried."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


class Family:
    """The child and what it started; `token` stands in the environment of each.

    A browser makes a session of its own and its children leave their names behind, so members
    are told by their parents, by the token, and by the sessions of those known so far.
    """

    def __init__(self, pid: int, token: str) -> None:
        self.pid = pid
        self._mark = f"{VARIABLE}={token}".encode()
        # The child leads a session of its own: what it started stays in it when it is gone.
        self._sessions: set[int] = {pid}
        # Crash handlers leave parents and sessions, and the dead have no environment: who was seen
        # once is known by when it was started.
        self._known: dict[int, int] = {}

    def near(self) -> set[int]:
        """Children and their children, by who started whom: cheap enough to be asked often."""
        found = {self.pid}
        todo = [self.pid]
        while todo:
            for child in _children(todo.pop()):
                if child not in found:
                    found.add(child)
                    todo.append(child)
        for pid in found - {self.pid}:
            stat = _stat(pid)
            if stat is not None and stat[3] == pid:
                self._sessions.add(pid)
        return found

    def members(self) -> set[int]:
        """Every process that belongs to it, looked for among all of the machine."""
        stats = {pid: stat for pid in _all() if (stat := _stat(pid)) is not None}
        found = self.near() & stats.keys()
        found |= {pid for pid in stats if self._mark in _environment(pid)}
        sessions = self._sessions | {stats[pid][3] for pid in found if stats[pid][3] in found}
        found |= {pid for pid, stat in stats.items() if stat[3] in sessions}
        found |= {
            pid for pid, born in self._known.items() if pid in stats and stats[pid][4] == born
        }
        self._known.update((pid, stats[pid][4]) for pid in found)
        return found - {os.getpid()}

    def megabytes(self, limit: int) -> float:
        """Memory of all; exact (proportional) only where the cheap upper bound is over `limit`."""
        near = self.near()
        bound = sum(map(_resident, near)) / 2**20
        return bound if bound <= limit else sum(map(_proportional, near)) / 2**20

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all; who is gone already is passed over."""
        for pid in self.members():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    def end(self, *, within: float = 10.0) -> set[int]:
        """Kill all and bury them; gives who would not go, which is nobody.

        The child itself is its Popen's to bury; of a killed parent's children only we are left.
        They come to us when its last thread has ended, which is later than it looks dead: all are
        waited for until they are gone, not until they are ours.
        """
        self.near()
        deadline = time.monotonic() + within
        while True:
            self.signal(signal.SIGKILL)
            left = self.members()
            bury(left - {self.pid})
            alive = {pid for pid in left if not _dead(pid)}
            unburied = {pid for pid in left - {self.pid} if _stat(pid) is not None}
            if not (alive or unburied) or time.monotonic() > deadline:
                return alive
            time.sleep(0.01)


def bury(pids: Iterable[int]) -> None:
    """Take the last word of those that came to us as orphans; others are not ours to bury."""
    for pid in pids:
        with contextlib.suppress(ChildProcessError, OSError):
            os.waitpid(pid, os.WNOHANG)


def _all() -> list[int]:
    return [int(one) for one in os.listdir(_PROC) if one.isdigit()]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(_PROC / str(pid) / "task"):
            with contextlib.suppress(OSError):
                text = (_PROC / str(pid) / "task" / task / "children").read_text()
                found += map(int, text.split())
    return found


def _stat(pid: int) -> tuple[str, int, int, int, int] | None:
    """State, parent, group, session and when it was started."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    state, parent, group, session, *rest = text[text.rindex(")") + 2 :].split()
    return state, int(parent), int(group), int(session), int(rest[15])


def _dead(pid: int) -> bool:
    stat = _stat(pid)
    return stat is None or stat[0] in "ZX"


def _environment(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return b""


def _resident(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return _resident(pid)
    line = next((one for one in text.splitlines() if one.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024
