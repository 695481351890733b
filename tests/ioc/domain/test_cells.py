"""Squares of the map: every point of the country lies in the cell that its id names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.cells import LEVELS, SIDE, SOUTH, WEST, bounds, cell


@given(
    lon=st.integers(WEST, WEST + SIDE - 1),
    lat=st.integers(SOUTH, SOUTH + SIDE - 1),
    level=st.sampled_from(LEVELS),
)
def test_a_point_lies_in_its_cell(lon: int, lat: int, level: int) -> None:
    name = cell(lon, lat, level)
    edges = bounds(name)
    assert len(name) == level
    assert edges.west <= lon < edges.east
    assert edges.south <= lat < edges.north
    assert edges.east - edges.west == SIDE >> level
    assert cell(*edges.centre, level) == name
    assert all(name.startswith(cell(lon, lat, above)) for above in LEVELS if above <= level)


def test_the_country_with_its_islands_has_cells_and_the_rest_of_the_world_has_none() -> None:
    far = [(1_023_000_000, 224_000_000), (1_147_000_000, 82_000_000), (1_120_000_000, 165_000_000)]
    assert all(cell(lon, lat, 5) for lon, lat in far)
    assert cell(1_058_500_000, 210_200_000, 5) == "21203"
    for lon, lat in [(959_999_999, 1), (WEST + SIDE, 1), (1_050_000_000, -1), (0, 480_000_000)]:
        assert cell(lon, lat, 9) == ""


@pytest.mark.parametrize("wrong", ["", "4", "0123012301", "a", "-1"])
def test_what_is_no_cell_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        bounds(wrong)
