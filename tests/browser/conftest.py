"""Small portals for the tests of the browser side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.portal import Portal, running_portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A running portal of small pages, with a poller that beats."""
    with running_portal(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal shared by tests that only look at it."""
    with running_portal(tmp_path_factory.mktemp("steady")) as running:
        yield running
