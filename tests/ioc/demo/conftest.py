"""The figures of one seed, shared by the tests of the demonstration."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ioc.demo.clock import minute_of
from ioc.demo.ledger import Ledger
from ioc.demo.server import ledger_of
from ioc.domain.units import Units

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture(scope="session")
def units() -> Units:
    """The units of the product."""
    return Units.load()


@pytest.fixture(scope="session")
def ledger(units: Units) -> Ledger:
    """The figures of seed 1."""
    return ledger_of(1, units)


@pytest.fixture(scope="session")
def noon() -> int:
    """Noon of 22 November 2026 in Hà Nội, as a minute."""
    return minute_of(NOON)
