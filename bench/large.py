"""A home with all the demonstration's figures and as many observations more as are wanted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bench.history import add
from bench.product import Product
from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import OverUnits
from ioc.domain.measure import Kind
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.store.engine import open_engine, reading
from ioc.store.observations import observation

FIRST = Period.month(2025, 7)
"""Since this month there are the communes of today."""
OTHERS = 9001
"""The first id of the indicators that no page shows: they make the store as large as asked."""


def enlarge(product: Product, observations: int) -> int:
    """Bring a filled home to so many observations; returns how many there are.

    First every commune gets all monthly ratios that the pages show, then come others. What was
    added by an earlier call is counted, so a home that is large enough stays as it is.
    """
    units = Units.load()
    catalogue = Catalogue.load(units=units)
    last = Period.of(Calendar.CALENDAR, Grain.MONTH, datetime.now(ZONE).date())
    months = 1
    while last.shift(-months) >= FIRST:
        months += 1
    shown = [
        one.id
        for one in catalogue.all
        if one.kind is Kind.RATIO
        and one.over_units is not OverUnits.NONE
        and one.cadence is Grain.MONTH
    ]
    engine = open_engine(product.database)
    try:
        there = _count(product)
        for number in [*shown, *range(OTHERS, OTHERS + 10_000)]:
            if there >= observations:
                break
            there += add(engine, units, [number], last, months)
    finally:
        engine.dispose()
    return there


def _count(product: Product) -> int:
    engine = open_engine(product.database)
    with reading(engine) as connection:
        there = connection.execute(select(func.count()).select_from(observation)).scalar_one()
    engine.dispose()
    return int(there)


def large_home(folder: Path, observations: int) -> Product:
    """A product that is not running, on a home with so many observations at least."""
    folder.mkdir(parents=True, exist_ok=True)
    product = Product(folder)
    product.prepare()
    if _count(product) >= observations:
        return product
    try:
        product.start()
        product.wait_filled()
    finally:
        product.stop()
    enlarge(product, observations)
    return product
