"""Fixtures for all tests: a fixed clock, both databases, a browser that watches its pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

# With --import-mode=importlib the folder of a conftest is not importable by itself.
sys.path.insert(0, str(Path(__file__).parent))

from support.browser import OpenPage, chromium
from support.postgres import PostgresServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from sqlalchemy import Engine
    from support.product import Product

# How long an example takes says something of the machine, and nothing of the product.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HANOI = timezone(timedelta(hours=7))


class Clock:
    """A clock that stands still until it is told to move; call it for the moment it shows."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **step: float) -> None:
        """Move on by `timedelta(**step)`."""
        self.moment += timedelta(**step)


@pytest.fixture
def clock() -> Clock:
    """10:00 on 22 November 2026 in Hà Nội."""
    return Clock(datetime(2026, 11, 22, 10, 0, tzinfo=HANOI))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run browser tests last: Playwright's loop would forbid `asyncio.run` in tests after it.

    Where several processes share the tests, one takes a whole file at a time, but those of its
    tests that need the browser are a file of their own.
    """
    items.sort(key=_needs_browser)
    if hasattr(config, "workerinput"):
        for item in items:
            part = "browser" if _needs_browser(item) else "plain"
            item.add_marker(
                pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem}:{part}")
            )


def _needs_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


# --- databases ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A private PostgreSQL server on a unix socket, gone after the tests."""
    with PostgresServer.started() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "template.sqlite"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def _migrated_postgres(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database() as url:
        _migrate(url)
        yield url.split("/")[3].split("?")[0]


def _migrate(url: str) -> None:
    from ioc.store.engine import open_engine
    from ioc.store.migration import migrate

    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A fresh, migrated database behind an engine, once for SQLite and once for PostgreSQL."""
    from ioc.store.engine import open_engine

    if request.param == "sqlite":
        file = tmp_path / "ioc.sqlite"
        template: Path = request.getfixturevalue("_migrated_sqlite")
        file.write_bytes(template.read_bytes())
        engine = open_engine(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database(template=request.getfixturevalue("_migrated_postgres")) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


# --- browser -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; open pages with `open_page`, which watches them."""
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open watched pages: `open_page(width=1920, height=1080, expected=(), **context)`.

    The test fails at its end when a page asked another host, logged an error to the console or
    threw one, unless a text of `expected` is part of it.
    """
    pages = OpenPage(browser)
    yield pages
    found = pages.close()
    assert not found, "\n".join(found)


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    """One watched page of a desk screen, 1920 × 1080."""
    return open_page()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The real pages with the real queries over a small real store; one for all tests."""
    from support.product import running_product

    with running_product(tmp_path_factory.mktemp("product")) as running:
        yield running
