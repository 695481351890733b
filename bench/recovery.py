"""How long until a lost server, poller, database or network is seen on the screen, and how long
from its return until the right figures are: real processes, a real browser, a wire to cut."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ioc
from bench.postgres import Postgres, programs
from bench.product import family
from bench.proxy import Mode
from bench.screens import MOST_TO_RIGHT, STEP_MS, Row, Trial, tried

SLEEP_SECONDS = 30.0
FROZEN_SECONDS = 20.0
WATCH_RELEASE_SECONDS = 45.0


def measure(wanted: str = "") -> None:
    """Run every cause whose name has `wanted` in it, and print a line for each screen."""
    _say(f"{'cause':46} {'screen':6} {'grey after':>11} {'right after':>12} {'reloads':>8}")
    causes = [cause for cause in CAUSES if wanted in cause]
    if causes:
        with tempfile.TemporaryDirectory() as name, tried(Path(name) / "home") as trial:
            for cause in causes:
                _tell(cause, CAUSES[cause](trial))
    if wanted not in DATABASE:
        return
    bin = programs()
    if bin is None:
        _say("PostgreSQL is not installed: a database that goes away was not measured")
        return
    with (
        Postgres.made(bin) as server,
        tempfile.TemporaryDirectory() as name,
        tried(Path(name) / "home", server.url) as trial,
    ):
        _tell(DATABASE, trial.run(server.stop, server.start))


def _killed(role: str) -> Callable[[Trial], list[Row]]:
    return lambda trial: trial.run(
        lambda: trial.product.kill(role), lambda: trial.product.start(role)
    )


def _cut(mode: Mode, minutes: int = 0) -> Callable[[Trial], list[Row]]:
    """Cut the network, with the browser's clock so many minutes wrong."""

    def trial_of(trial: Trial) -> list[Row]:
        _shift(trial, minutes)
        rows = trial.run(lambda: trial.wire.set(mode), lambda: trial.wire.set("pass"))
        _shift(trial, 0)
        return rows

    return trial_of


def _wrong_clock(minutes: int) -> Callable[[Trial], list[Row]]:
    """The clock jumps and nothing else happens: a screen that greys is wrong."""
    return lambda trial: trial.run(lambda: _shift(trial, minutes), lambda: _shift(trial, 0))


def _shift(trial: Trial, minutes: int) -> None:
    for screen in trial.screens:
        screen.page.evaluate(f"window.benchShift = {minutes * 60_000}")


def _asleep(trial: Trial) -> list[Row]:
    """Stop every process of the browser, as a lid does; then see what it shows on waking."""
    born = {one.name: one.look()["born"] for one in trial.screens}
    sleeping = family(trial.browser)
    for pid in sleeping:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(SLEEP_SECONDS)
    for pid in sleeping:
        os.kill(pid, signal.SIGCONT)
    return _woken(trial, born)


def _frozen(trial: Trial) -> list[Row]:
    born = {one.name: one.look()["born"] for one in trial.screens}
    sessions = [one.page.context.new_cdp_session(one.page) for one in trial.screens]
    for session in sessions:
        session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(FROZEN_SECONDS)
    for session in sessions:
        session.send("Page.setWebLifecycleState", {"state": "active"})
    return _woken(trial, born)


def _woken(trial: Trial, born: dict[str, float]) -> list[Row]:
    """Seconds after waking; `grey` is None where the right figures came before any grey."""
    begun, newest = time.monotonic(), trial.newest()
    grey: dict[str, float | None] = dict.fromkeys((one.name for one in trial.screens), None)
    right = dict(grey)
    while None in right.values() and time.monotonic() - begun < MOST_TO_RIGHT:
        for screen in trial.screens:
            name, seen, now = screen.name, screen.look(), time.monotonic() - begun
            if right[name] is not None:
                continue
            if seen["grey"] and grey[name] is None:
                grey[name] = now
            if not seen["grey"] and seen["ready"] and seen["version"] >= newest:
                right[name] = now
        trial.screens[0].page.wait_for_timeout(STEP_MS)
    return [
        Row(one.name, grey[one.name], right[one.name], int(one.seen["born"] != born[one.name]))
        for one in trial.screens
    ]


def _locked(trial: Trial) -> list[Row]:
    """Another program begins to write to the file and does not end for some time."""
    file = trial.product.folder / "ioc.sqlite"
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    try:
        return trial.run(
            lambda: connection.execute("BEGIN IMMEDIATE"), lambda: connection.execute("ROLLBACK")
        )
    finally:
        connection.close()


def _released(trial: Trial) -> list[Row]:
    """Start the web process from a copy of the program with one style sheet changed."""
    folder = trial.product.folder.with_name("next")
    whole = Path(ioc.__file__).parent.parent
    for part in ("ioc", "layouts", "callbacks", "data_sources", "assets", "examples"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(whole / part, folder / part, ignore=ignored)
    with next((folder / "assets").glob("*.css")).open("a", encoding="utf-8") as sheet:
        sheet.write("\n/* another release */\n")
    screens = trial.screens
    before = {one.name: one.look() for one in screens}
    born = {one.name: {one.seen["born"]} for one in screens}
    grey: dict[str, float | None] = dict.fromkeys(before, None)
    right = dict(grey)
    trial.product.code = folder
    stopped = time.monotonic()
    trial.product.stop("web")
    starting = threading.Thread(target=trial.product.start, args=("web",))
    starting.start()
    started = newest = 0.0
    # Some time longer than the first reload, to see that there is no second.
    while not started or time.monotonic() - started < WATCH_RELEASE_SECONDS:
        if not started and not starting.is_alive():
            started, newest = time.monotonic(), trial.newest()
        for name, seen in [(one.name, one.look()) for one in screens]:
            born[name].add(seen["born"])
            if grey[name] is None and seen["grey"] and seen["ready"]:
                grey[name] = time.monotonic() - stopped
            new = started and seen["release"] != before[name]["release"] and seen["ready"]
            if right[name] is None and new and not seen["grey"] and seen["version"] >= newest:
                right[name] = time.monotonic() - started
        screens[0].page.wait_for_timeout(STEP_MS)
    return [Row(name, grey[name], right[name], len(born[name]) - 1) for name in before]


CAUSES: dict[str, Callable[[Trial], list[Row]]] = {
    "web server killed, started again": _killed("web"),
    "poller killed, started again": _killed("poll"),
    "network refuses, returns": _cut("refuse"),
    "network swallows silently, returns": _cut("silent"),
    "browser's clock +10 min, all well": _wrong_clock(10),
    "browser's clock +10 min, network refuses": _cut("refuse", 10),
    "browser's clock -10 min, all well": _wrong_clock(-10),
    "browser's clock -10 min, network refuses": _cut("refuse", -10),
    f"machine asleep for {SLEEP_SECONDS:.0f} s": _asleep,
    f"tab frozen by the browser for {FROZEN_SECONDS:.0f} s": _frozen,
    "SQLite held by another writer (readers go on)": _locked,
    "new release": _released,
}
DATABASE = "PostgreSQL stopped, started again"


def _tell(cause: str, rows: Sequence[Row]) -> None:
    def seconds(value: float | None) -> str:
        return "never" if value is None else f"{value:.1f} s"

    for row in rows:
        _say(f"{cause:46} {row.screen:6} {seconds(row.grey):>11} {seconds(row.right):>12}"
             f" {row.reloads:8d}")  # fmt: skip
        cause = ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
