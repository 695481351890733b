"""A house of real units over an empty store of either kind."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from tests.ioc.queries.house import House


@pytest.fixture(scope="session")
def units() -> Units:
    return Units.load()


@pytest.fixture(scope="session")
def catalogue(units: Units) -> Catalogue:
    return Catalogue.load(units=units)


@pytest.fixture
def house(engine: Engine, units: Units, catalogue: Catalogue) -> House:
    return House(engine, units, catalogue).prepare()
