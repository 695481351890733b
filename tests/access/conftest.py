"""The addresses that are looked at: every discovered page and scene, none named by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from support.browser import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Visitor:
    """One browser page that is led from address to address and stays where it was asked last."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self._url = url
        self._at: tuple[str, int, int] | None = None

    def at(self, address: str, width: int, height: int) -> Any:
        """The page, drawn at this address in a window of this size."""
        if self._at is None or self._at[0] != address:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.goto(self._url + address)
            self.page.wait_for_selector("html.ready", timeout=30_000, state="attached")
        elif self._at != (address, width, height):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(350)  # charts follow the size of their card
        self._at = (address, width, height)
        return self.page


@pytest.fixture(scope="session")
def visitor(browser: Browser, product: Any) -> Iterator[Visitor]:
    """Looks at the product's pages one after the other."""
    pages = OpenPage(browser)
    yield Visitor(pages(reduced_motion="reduce"), product.url)
    pages.close()
