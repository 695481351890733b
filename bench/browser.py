"""Chromium for the measurements, and what it says of its own memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@dataclass(frozen=True, slots=True)
class Memory:
    """What one page holds after a forced collection; its frames are counted with it."""

    heap_mb: float
    nodes: int
    documents: int
    listeners: int


def program() -> str:
    """The Chromium on PATH."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit("Chromium is not installed; `make test` installs it")
    return found


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A Chromium without a window, closed at the end."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program(), args=[*ARGUMENTS, *arguments]
        )
        yield running
        running.close()


def watch_memory(page: Page) -> CDPSession:
    """A session that `memory` can ask."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    return session


def memory(session: CDPSession) -> Memory:
    """Collect what is garbage, then tell what is left."""
    session.send("HeapProfiler.collectGarbage")
    answer = session.send("Performance.getMetrics")["metrics"]
    found = {one["name"]: one["value"] for one in answer}
    return Memory(
        found["JSHeapUsedSize"] / 1e6,
        int(found["Nodes"]),
        int(found["Documents"]),
        int(found["JSEventListeners"]),
    )
