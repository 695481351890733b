"""Chromium for the tests, and pages that tell of requests to other hosts and of errors."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

INSTALL = "Chromium is not installed; on Debian: apt-get install chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
OWN_HOSTS = {"127.0.0.1", "localhost"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium found on PATH."""
    from playwright.sync_api import expect, sync_playwright

    # A machine that is busy with other work is slow, not wrong; what must be quick is measured.
    expect.set_options(timeout=15_000)
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail(INSTALL)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield running
        running.close()


def is_foreign(address: str) -> bool:
    """Whether asking this address would leave the machine."""
    parts = urlsplit(address)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in OWN_HOSTS


def until(page: Page, script: str, *, seconds: float = 20) -> None:
    """Wait until a script is true on a page.

    The page's own policy forbids what `wait_for_function` does after its first look.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {script}"
        page.wait_for_timeout(30)


class OpenPage:
    """Opens pages in contexts of their own and collects what must not happen on them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def __call__(
        self,
        *,
        width: int = 1920,
        height: int = 1080,
        expected: tuple[str, ...] = (),
        **context: Any,
    ) -> Page:
        """Open an empty page; complaints that contain a text of `expected` are forgiven."""
        self._expected.extend(expected)
        opened = self._browser.new_context(viewport={"width": width, "height": height}, **context)
        self._contexts.append(opened)
        opened.route(is_foreign, self._refuse)
        opened.on("request", lambda request: self.requests.append(request.url))
        page = opened.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _refuse(self, route: Route) -> None:
        self.complaints.append(f"request to another host: {route.request.url}")
        route.abort()

    def _heard(self, message: Any) -> None:
        # A wall leaves a scene while its last question is still under way: that is no fault.
        left = "the server did not respond" in message.text and "/wall" in message.page.url
        if message.type == "error" and not left:
            self.complaints.append(f"{message.location['url']}: console: {message.text}")

    def close(self) -> list[str]:
        """Close all pages and give what was wrong on them."""
        for context in self._contexts:
            context.close()
        return [one for one in self.complaints if not any(text in one for text in self._expected)]
