"""Hours of the overview and the wall's rotation while data change every second: what grows?

Every minute: heap after a forced collection, DOM nodes, documents and listeners of both pages, the
memory of every process, how far what is shown lies behind, redraws, scenes that hang.
"""

from __future__ import annotations

import csv
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from playwright.sync_api import Error

import ioc
from bench import heap
from bench.browser import chromium, memory, watch_memory
from bench.changing import changes, changing_source
from bench.product import ROLES, Product, family, resident_mb
from bench.soak_summary import LINES, SETTLED_MINUTES, summary
from bench.trend import quantile
from ioc.store.engine import open_engine
from ioc.store.versions import current_version

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from sqlalchemy import Engine

EVERY_SECONDS = 1.0
SLOT_SECONDS = 10
STUCK_SECONDS = 20
PLAYLIST = "playlists/default.yaml"
SUMMARY, ERRORS = "summary.txt", "errors.txt"
SETTLED, ENDED, GREW = "settled.heapsnapshot", "ended.heapsnapshot", "grew.txt"
_MOST_ERRORS = 1000

# Counts redraws over all frames in the outermost one.
_WATCH = """
document.addEventListener('ioc-shown', () => { top.benchDraws = (top.benchDraws || 0) + 1; });
"""

_LOOK = """
(() => {
  const stage = document.querySelector('#wall-stage');
  const frame = stage && stage.querySelector('iframe.on');
  const seen = frame ? frame.contentWindow : window;
  const shown = seen.iocShown || {};
  return {
    version: shown.version || 0, draws: window.benchDraws || 0, born: performance.timeOrigin,
    dead: document.documentElement.classList.contains('dead'),
    at: stage ? stage.dataset.at || '' : '', state: stage ? stage.dataset.state || '' : '',
  };
})()
"""


@dataclass
class Watched:
    """One page under watch, and what it did since the last line of the record."""

    name: str
    page: Any
    session: Any
    born: float = 0.0
    counted: int = 0
    draws: int = 0
    loads: int = 0
    dead_seconds: int = 0
    version: int = 0
    scene: tuple[str, ...] = ()
    since: float = 0.0
    turns: int = 0
    failed: int = 0
    stuck: int = 0
    told: bool = False
    errors: int = 0
    complaints: int = 0
    behind: list[float] = field(default_factory=list)

    def look(self, now: float, learned: dict[int, float]) -> None:
        """Look once, and note what changed; `learned` is when each data version was first seen."""
        try:
            seen = self.page.evaluate(_LOOK)
        except Error as error:
            # A wall loads itself anew now and then: the next look finds it loaded once more.
            if "navigation" not in str(error) and "context" not in str(error):
                raise
            return
        if seen["born"] != self.born:
            self.born, self.counted = seen["born"], 0
            self.loads += 1
        self.draws += seen["draws"] - self.counted
        self.counted = seen["draws"]
        self.dead_seconds += seen["dead"]
        self.version = seen["version"]
        if self.version:
            newer = learned.get(self.version + 1)
            self.behind.append(0.0 if newer is None else now - newer)
        self._scene(now, (str(seen["born"]), seen["at"], seen["state"]))

    def _scene(self, now: float, scene: tuple[str, ...]) -> None:
        if scene != self.scene:
            self.turns += scene[1] != ""
            self.failed += scene[2] == "bad"
            self.scene, self.since, self.told = scene, now, False
        elif self.name == "wall" and now - self.since > SLOT_SECONDS + STUCK_SECONDS:
            self.stuck += not self.told
            self.told = True

    def line(self) -> dict[str, float]:
        """The record of the time since the last one, memory included."""
        held = memory(self.session)
        found = {
            "heap_mb": round(held.heap_mb, 3),
            "nodes": held.nodes,
            "documents": held.documents,
            "listeners": held.listeners,
            "version": self.version,
            "behind_p95_s": round(quantile(self.behind, 0.95), 2) if self.behind else -1,
            "draws": self.draws,
            "loads": self.loads,
            "dead_s": self.dead_seconds,
            "errors": self.errors,
            "turns": self.turns,
            "failed": self.failed,
            "stuck": self.stuck,
        }
        self.draws = self.loads = self.dead_seconds = self.errors = 0
        self.turns = self.failed = self.stuck = 0
        self.behind.clear()
        return {f"{self.name}_{key}": value for key, value in found.items()}


def measure(*, hours: float, out: Path, home: Path | None = None) -> None:
    """Run for so long, or until Ctrl-C, writing a line a minute into `out`; then sum it up.

    A `home` that is given is kept, and its history read only the first time.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / ERRORS).write_text("", encoding="utf-8")
    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda caught, _: stop.append(caught))
    with tempfile.TemporaryDirectory() as folder, _changing(home or Path(folder)) as product:
        engine = open_engine(product.database)
        with chromium() as browser:
            pages = [
                _open(browser, out, "desk", f"{product.address}/", 1440, 900),
                _open(browser, out, "wall", f"{product.address}/wall", 1920, 1080),
            ]
            _watch(product, engine, pages, out, hours * 3600, stop)
        engine.dispose()
    words = summary(out)
    if (out / ENDED).exists():
        told = heap.grown(heap.read(out / SETTLED), heap.read(out / ENDED))
        (out / GREW).write_text(told, encoding="utf-8")
        words += f"overview, from the end of the first half hour: {told}"
    (out / SUMMARY).write_text(words, encoding="utf-8")
    _say(words)


@contextmanager
def _changing(folder: Path) -> Iterator[Product]:
    """The whole product, its history read, while a figure changes every second."""
    folder.mkdir(parents=True, exist_ok=True)
    product = Product(folder)
    with changing_source(folder) as environment:
        product.prepare(environment)
        _short_slots(folder)
        try:
            product.start()
            _say(f"serving at {product.address}; reading the history …")
            product.wait_filled()
            with changes(product.environment, EVERY_SECONDS):
                yield product
        finally:
            product.stop()


def _short_slots(home: Path) -> None:
    """Give the home the product's own playlist, every scene of it for a short time."""
    given = yaml.safe_load((Path(ioc.__file__).parent / PLAYLIST).read_text(encoding="utf-8"))
    for scene in given["scenes"]:
        scene["seconds"] = SLOT_SECONDS
    mine = home / PLAYLIST
    mine.parent.mkdir(exist_ok=True)
    mine.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")


def _open(browser: Browser, out: Path, name: str, address: str, width: int, height: int) -> Watched:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(_WATCH)
    watched = Watched(name, page, watch_memory(page))

    def complain(text: str) -> None:
        watched.errors += 1
        watched.complaints += 1
        if watched.complaints <= _MOST_ERRORS:
            with (out / ERRORS).open("a", encoding="utf-8") as file:
                file.write(f"{time.strftime('%H:%M:%S')} {name} {page.url}: {text[:500]}\n")

    def heard(message: Any) -> None:
        if message.type == "error":
            complain(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", heard)
    page.on("pageerror", lambda error: complain(str(error)))
    page.on("crash", lambda _: complain("the page crashed"))
    page.goto(address, wait_until="load")
    return watched


def _watch(
    product: Product,
    engine: Engine,
    pages: list[Watched],
    out: Path,
    seconds: float,
    stop: list[int],
) -> None:
    begun = minute = time.monotonic()
    learned: dict[int, float] = {}
    writer: Any = None
    chromium_pid = next(pid for pid in family(os.getpid()) if "chrom" in _name(pid))
    for snapshot in (SETTLED, ENDED):
        (out / snapshot).unlink(missing_ok=True)
    with (out / LINES).open("w", encoding="utf-8", newline="", buffering=1) as opened:
        while not stop and time.monotonic() - begun < seconds:
            now = time.monotonic()
            learned.setdefault(current_version(engine), now)
            for watched in pages:
                watched.look(now, learned)
            if now - minute >= 60:
                minute += 60
                line: dict[str, object] = {"minute": round((now - begun) / 60, 2)}
                line["newest"] = max(learned)
                for watched in pages:
                    line |= watched.line()
                line |= {f"{role}_mb": round(resident_mb(product.pid(role)), 1) for role in ROLES}
                line["browser_mb"] = round(resident_mb(*family(chromium_pid)), 1)
                line["store_mb"] = round((product.folder / "ioc.sqlite").stat().st_size / 1e6, 1)
                if writer is None:
                    writer = csv.DictWriter(opened, list(line))
                    writer.writeheader()
                writer.writerow(line)
                if now - begun > SETTLED_MINUTES * 60 and not (out / SETTLED).exists():
                    heap.take(pages[0].session, out / SETTLED)
                learned = {one: when for one, when in learned.items() if now - when < 600}
            pages[0].page.wait_for_timeout(max(1, 1000 - (time.monotonic() - now) * 1000))
    if (out / SETTLED).exists():
        heap.take(pages[0].session, out / ENDED)


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
