"""A page asks the store a fixed number of questions, however many units it draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.health import sources
from tests.ioc.queries.house import House, Said, counting

CASES: list[tuple[str, int, Callable[[House], Any]]] = [
    ("overview", 14, lambda house: house.overview()),
    ("a region", 14, lambda house: house.overview(unit="R2")),
    ("a quarter", 14, lambda house: house.overview(unit="local", period="2026-Q3")),
    ("as reported", 14, lambda house: house.overview(basis="reported", period="2025-Q2")),
    ("province", 16, lambda house: house.unit("31")),
    ("province, a quarter", 16, lambda house: house.unit("31", period="2025-Q2")),
    ("ministry", 16, lambda house: house.unit("most")),
    ("indicator", 14, lambda house: house.indicator("OPS-01")),
    ("sources", 6, lambda house: sources(house.desk, View.from_address("/sources"), Scope.all())),
]


@pytest.mark.parametrize(("name", "most", "ask"), CASES, ids=[one[0] for one in CASES])
def test_statements_do_not_grow_with_units(
    house: House, name: str, most: int, ask: Callable[[House], Any]
) -> None:
    house.tell(Said("31", "OPS-01", "2026-10", 1, 2, cite="Báo"), source="real")
    few = counting(house.engine, lambda: ask(house))
    keys = [one.key for one in house.units.all() if one.id < 3000 and one.valid_to is None]
    house.tell(*(Said(key, "OPS-01", "2026-10", 1, 2, cite=f"Báo {key}") for key in keys))
    house.tell(*(Said(key, "OPS-03", "2026-09", 1, 2) for key in keys))
    many = counting(house.engine, lambda: ask(house))
    assert many <= most
    assert many <= few + 3


def test_a_past_moment_costs_a_few_more(house: House) -> None:
    moment = house.tell(Said("31", "OPS-01", "2026-10", 1, 2))
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    asked = counting(house.engine, lambda: house.overview(known_at=moment.isoformat()))
    # With the figures drawn looked up twice more, as known then and as known now, and the items of
    # two registers through their versions; and what was revised by then.
    assert asked <= 37
