"""Both screens of the product before a wire that can be cut: when are they grey, when right?"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.browser import chromium
from bench.changing import changes, changing_source
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
STEP_MS = 100

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
            self.screens[0].page.wait_for_timeout(STEP_MS)
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


@contextmanager
def tried(folder: Path, database: str = "") -> Iterator[Trial]:
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
