"""Rehearsals pretend on the screen only: a source lost, a unit late, and nothing else changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ioc.domain.measure import Empty
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.health import sources
from ioc.queries.overview import overview
from tests.ioc.queries.house import House, Said


def view(exercise: str | None, path: str = "/") -> View:
    return View.from_address(path, indicator="OPS-01", exercise=exercise)


def fed(house: House) -> House:
    house.tell(
        Said("38", "OPS-01", "2026-10", 80, 100),
        Said("01", "OPS-01", "2026-10", 50, 100),
        source="real",
    )
    return house


def test_a_lost_source_is_said_on_its_figures_and_on_the_sources(house: House) -> None:
    fed(house)
    real = overview(house.desk, view(None), Scope.all())
    lost = overview(house.desk, view("source:real"), Scope.all())
    assert not any(cell.failing for cell in real.children)
    failing = [cell for cell in lost.children if cell.figure.value is not None]
    assert len(failing) == 2
    assert all(cell.failing for cell in failing)
    assert [cell.figure for cell in lost.children] == [cell.figure for cell in real.children]
    rows = sources(house.desk, view("source:real", "/sources"), Scope.all()).rows
    assert {row.name: row.state for row in rows} == {"real": "failing", "demo": "never"}
    real_row = next(row for row in rows if row.name == "real")
    assert real_row.broken_since == house.now - timedelta(minutes=5)


def test_a_late_unit_has_no_figure_and_its_neighbours_keep_theirs(house: House) -> None:
    fed(house)
    late = overview(house.desk, view("late:38"), Scope.all())
    cells = {cell.unit.key: cell for cell in late.children}
    assert cells["38"].figure.value is None
    assert cells["38"].figure.empty is Empty.LATE
    assert cells["01"].figure.value is not None


def test_a_lost_server_is_the_browsers_to_pretend(house: House) -> None:
    fed(house)
    plain = overview(house.desk, view(None), Scope.all())
    assert overview(house.desk, view("server"), Scope.all()).children == plain.children


@pytest.mark.parametrize("given", ["source:none", "source:", "late:nowhere", "fire", "late"])
def test_what_cannot_be_pretended_is_refused(house: House, given: str) -> None:
    with pytest.raises(AddressError):
        overview(house.desk, view(given), Scope.all())
