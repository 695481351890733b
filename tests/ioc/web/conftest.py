"""A portal of small pages, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from support.portal import Portal, running_portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal, shared by tests that only look."""
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def client(portal: Portal) -> Iterator[httpx.Client]:
    """A client of the portal that keeps cookies, as a browser does."""
    with httpx.Client(base_url=portal.url) as client:
        yield client
