"""The real units and catalogue, and a way to write a source in a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.polled import Polled
from support.sources import NOW, source_of

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.connector import Record
from ioc.ingest.mapping import Reader
from tests.conftest import Clock


@pytest.fixture(scope="session")
def units() -> Units:
    return Units.load()


@pytest.fixture(scope="session")
def catalogue(units: Units) -> Catalogue:
    return Catalogue.load(units=units)


@pytest.fixture
def read(units: Units, catalogue: Catalogue) -> Callable[..., Any]:
    """Read one record (keywords) by a mapping; the only result, or the list of them."""

    def reading(mapping: str, record: dict[str, object], **more: Any) -> Any:
        reader = Reader(source_of(mapping, **more), catalogue, units, NOW)
        results = reader.read(Record("dòng 12", record))
        return results[0] if len(results) == 1 else results

    return reading


@pytest.fixture
def polled(
    engine: Engine, clock: Clock, tmp_path: Path, units: Units, catalogue: Catalogue
) -> Polled:
    """Pollers over one empty database, on SQLite and on PostgreSQL."""
    return Polled(engine, clock, tmp_path, units, catalogue)
