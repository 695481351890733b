"""What the tests of the browser side look at: small portals, and the product over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.browser import OpenPage
from support.portal import Portal, running_portal

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A running portal of small pages, with a poller that beats."""
    with running_portal(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal shared by tests that only look at it."""
    with running_portal(tmp_path_factory.mktemp("steady")) as running:
        yield running


@pytest.fixture(scope="session")
def _lasting(browser: Browser) -> Iterator[tuple[OpenPage, Any]]:
    pages = OpenPage(browser)
    yield pages, pages()
    pages.close()


@pytest.fixture
def tab(_lasting: tuple[OpenPage, Any]) -> Iterator[Any]:
    """One watched page that lasts: scripts are read once, as for a person who stays.

    For tests that leave nothing behind and expect no complaint; the screen is 1920 × 1080 unless
    the test changes it.
    """
    pages, page = _lasting
    before = len(pages.complaints)
    page.set_viewport_size({"width": 1920, "height": 1080})
    yield page
    page.goto("about:blank")
    found = pages.complaints[before:]
    assert not found, "\n".join(found)
