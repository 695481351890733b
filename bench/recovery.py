"""How long until a lost server, poller, database or network is seen on the screen, and how long
from its return until the right figures are: real processes, a real browser, a wire to cut."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ioc
from bench.browser import chromium
from bench.changing import changes, changing_source
from bench.postgres import Postgres, programs
from bench.product import Product, family
from bench.proxy import Proxy
from ioc import home
from ioc.store.engine import open_engine
from ioc.store.versions import current_version

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHANGE_SECONDS = 3.0
MOST_TO_GREY = 20.0
MOST_TO_RIGHT = 60.0
SLEEP_SECONDS = 30.0
_STEP_MS = 100

# A clock that can be moved: only what `Date` says, as on a machine whose clock was set wrongly.
_CLOCK = """
(() => {
  const Real = Date;
  window.benchShift = 0;
  window.Date = class extends Real {
    constructor(...given) {
      if (given.length) { super(...given); } else { super(Real.now() + (top.benchShift || 0)); }
    }
    static now() { return Real.now() + (top.benchShift || 0); }
  };
})();
"""
# What the eye sees: on a wall the frame in front, whose figures are greyed by its own or by the
# outer document.
_LOOK = """
(() => {
  const stage = document.querySelector('#wall-stage');
  const frame = stage && stage.querySelector('iframe.on');
  const wall = location.pathname.startsWith('/wall');
  const seen = frame ? frame.contentWindow : window;
  const root = seen.document.documentElement, own = document.documentElement;
  const shown = seen.iocShown || {};
  return {
    grey: root.classList.contains('dead') || own.classList.contains('dead'),
    ready: root.classList.contains('ready') && (!wall || Boolean(frame)),
    version: shown.version || 0, born: performance.timeOrigin,
    release: own.dataset.release || '',
  };
})()
"""


@dataclass
class Screen:
    """One page under watch."""

    name: str
    page: Any
    seen: dict[str, Any]

    def look(self) -> dict[str, Any]:
        """What the screen shows now; a page between two documents is grey and shows nothing."""
        try:
            self.seen = self.page.evaluate(_LOOK)
        except Exception as error:
            if "navigation" not in str(error) and "context was destroyed" not in str(error):
                raise
            self.seen = {**self.seen, "grey": True, "ready": False}
        return self.seen


@dataclass(frozen=True, slots=True)
class Row:
    """What one cause did to one screen: seconds, None where it never happened."""

    screen: str
    grey: float | None
    right: float | None
    reloads: int


@dataclass
class Trial:
    """The product, the wire before it and the screens at its end."""

    product: Product
    wire: Proxy
    screens: list[Screen]
    browser: int

    def newest(self) -> int:
        """The data version that stands in the store."""
        engine = open_engine(self.product.database)
        try:
            return current_version(engine)
        finally:
            engine.dispose()

    def until(
        self, done: Callable[[dict[str, Any]], bool], seconds: float
    ) -> dict[str, float | None]:
        """For each screen the seconds until it was so, or None."""
        begun = time.monotonic()
        found: dict[str, float | None] = dict.fromkeys((one.name for one in self.screens), None)
        while None in found.values() and time.monotonic() - begun < seconds:
            for screen in self.screens:
                if found[screen.name] is None and done(screen.look()):
                    found[screen.name] = time.monotonic() - begun
            self.screens[0].page.wait_for_timeout(_STEP_MS)
        return found

    def right(self) -> dict[str, float | None]:
        """Seconds until each screen is alive and shows what the store holds now, or newer."""
        newest = self.newest()
        return self.until(
            lambda seen: not seen["grey"] and seen["ready"] and seen["version"] >= newest,
            MOST_TO_RIGHT,
        )

    def run(
        self, begin: Callable[[], object], end: Callable[[], object], *, wait: float = MOST_TO_GREY
    ) -> list[Row]:
        """Begin the cause, wait until all is grey, end it, wait until all is right."""
        born = {one.name: one.look()["born"] for one in self.screens}
        begin()
        grey = self.until(lambda seen: bool(seen["grey"]), wait)
        end()
        right = self.right()
        return [
            Row(one.name, grey[one.name], right[one.name], int(one.seen["born"] != born[one.name]))
            for one in self.screens
        ]


def measure() -> None:
    """Run every cause and print a line each."""
    _say(f"{'cause':44} {'screen':6} {'grey after':>11} {'right after':>12} {'reloads':>8}")
    with tempfile.TemporaryDirectory() as name, _trial(Path(name) / "home") as trial:
        product, wire = trial.product, trial.wire
        _tell("web server killed, started again",
              trial.run(lambda: product.kill("web"), lambda: product.start("web")))  # fmt: skip
        _tell("poller killed, started again",
              trial.run(lambda: product.kill("poll"), lambda: product.start("poll")))  # fmt: skip
        _tell("network refuses, returns",
              trial.run(lambda: wire.set("refuse"), lambda: wire.set("pass")))  # fmt: skip
        _tell("network swallows silently, returns",
              trial.run(lambda: wire.set("silent"), lambda: wire.set("pass")))  # fmt: skip
        for minutes in (10, -10):
            _shift(trial, minutes)
            _tell(f"browser's clock {minutes:+d} min, all well", trial.run(_nothing, _nothing))
            _tell(f"browser's clock {minutes:+d} min, network refuses",
                  trial.run(lambda: wire.set("refuse"), lambda: wire.set("pass")))  # fmt: skip
        _shift(trial, 0)
        _tell(f"machine asleep for {SLEEP_SECONDS:.0f} s", _asleep(trial))
        _tell("tab frozen by the browser for 20 s", _frozen(trial))
        with _locked(product):
            rows = trial.run(_nothing, _nothing)
        _tell("SQLite held by another writer (readers go on)", rows)
        _tell("new release", _released(trial, Path(name) / "next"))
    bin = programs()
    if bin is None:
        _say("PostgreSQL is not installed: a database that goes away was not measured")
        return
    with (
        Postgres.made(bin) as server,
        tempfile.TemporaryDirectory() as name,
        _trial(Path(name) / "home", server.url) as trial,
    ):
        _tell("PostgreSQL stopped, started again", trial.run(server.stop, server.start))


@contextmanager
def _trial(folder: Path, database: str = "") -> Iterator[Trial]:
    """A small product whose data change every few seconds, and both screens, right."""
    folder.mkdir()
    home.fill(folder)
    for file in home.source_files(folder):
        file.write_text(_shorter(file.read_text(encoding="utf-8")), encoding="utf-8")
    product = Product(folder, database)
    with changing_source(folder) as environment, Proxy(product.port) as wire:
        product.prepare(environment)
        try:
            product.start()
            product.wait_filled()
            with changes(product.environment, CHANGE_SECONDS), chromium() as browser:
                pid = next(one for one in family(os.getpid()) if _is_chromium(one))
                screens = [
                    _open(browser, "desk", f"{wire.address}/", 1440, 900),
                    _open(browser, "wall", f"{wire.address}/wall", 1920, 1080),
                ]
                trial = Trial(product, wire, screens, pid)
                if None in trial.right().values():
                    raise SystemExit(f"the pages were not right in {MOST_TO_RIGHT} s")
                yield trial
        finally:
            product.stop()


def _shorter(text: str) -> str:
    """A source's file with less history."""
    text = re.sub(r"(grain: month,.*?last: )\d+", r"\g<1>4", text)
    text = re.sub(r"(grain: quarter,.*?last: )\d+", r"\g<1>2", text)
    return re.sub(r"at_once: \d+", "at_once: 4", text)


def _open(browser: Browser, name: str, address: str, width: int, height: int) -> Screen:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(_CLOCK)
    page.goto(address, wait_until="load")
    return Screen(name, page, {})


def _is_chromium(pid: int) -> bool:
    try:
        return "chrom" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def _nothing() -> None:
    """No cause."""


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
    time.sleep(20)
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
        trial.screens[0].page.wait_for_timeout(_STEP_MS)
    return [
        Row(one.name, grey[one.name], right[one.name], int(one.seen["born"] != born[one.name]))
        for one in trial.screens
    ]


@contextmanager
def _locked(product: Product) -> Iterator[None]:
    """Another program begins to write to the file and does not end."""
    connection = sqlite3.connect(product.folder / "ioc.sqlite", timeout=30, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def _released(trial: Trial, folder: Path) -> list[Row]:
    """Start the web process from a copy of the program with one style sheet changed."""
    whole = Path(ioc.__file__).parent.parent
    for part in ("ioc", "layouts", "callbacks", "data_sources", "assets", "examples"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(whole / part, folder / part, ignore=ignored)
    with next((folder / "assets").glob("*.css")).open("a", encoding="utf-8") as sheet:
        sheet.write("\n/* another release */\n")
    before = {one.name: one.look() for one in trial.screens}
    turns = {one.name: {one.seen["born"]} for one in trial.screens}
    grey = dict.fromkeys(before, False)
    trial.product.code = folder
    trial.product.stop("web")
    trial.product.start("web")
    newest = trial.newest()

    def renewed(screen: Screen) -> Callable[[dict[str, Any]], bool]:
        def look(seen: dict[str, Any]) -> bool:
            turns[screen.name].add(seen["born"])
            grey[screen.name] |= seen["grey"] and seen["ready"]
            return (
                seen["release"] != before[screen.name]["release"]
                and not seen["grey"] and seen["ready"] and seen["version"] >= newest
            )  # fmt: skip

        return look

    begun = time.monotonic()
    right: dict[str, float | None] = dict.fromkeys(before, None)
    watch = {one.name: renewed(one) for one in trial.screens}
    # Some time longer than the first reload, to see that there is no second.
    while time.monotonic() - begun < 40:
        for screen in trial.screens:
            fine = watch[screen.name](screen.look())
            if fine and right[screen.name] is None:
                right[screen.name] = time.monotonic() - begun
        trial.screens[0].page.wait_for_timeout(_STEP_MS)
    return [
        Row(name, 0.0 if grey[name] else None, right[name], len(turns[name]) - 1) for name in before
    ]


def _tell(cause: str, rows: Sequence[Row]) -> None:
    def seconds(value: float | None) -> str:
        return "never" if value is None else f"{value:.1f} s"

    for row in rows:
        _say(f"{cause:44} {row.screen:6} {seconds(row.grey):>11} {seconds(row.right):>12}"
             f" {row.reloads:8d}")  # fmt: skip
        cause = ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
