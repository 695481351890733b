"""Similar units by declared features: by hand, and whatever the units of measure."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.peers import Features, declared, peers
from ioc.domain.units import Units
from ioc.errors import CatalogueError

SIZE = st.floats(1, 1e7, allow_nan=False)


def unit(key: str, population: float = 100, communes: float = 10, kind: str = "tinh") -> Features:
    return Features(key, {"population": population, "communes": communes}, {"kind": kind})


def test_by_hand() -> None:
    # Logarithms 2, 3, 4: the deviation is √(2/3); communes do not vary; kinds differ once.
    found = peers(unit("a"), [unit("b", 1000), unit("c", 10_000, kind="thanh_pho")])
    assert [one.key for one in found] == ["b", "c"]
    step = 1 / sqrt(2 / 3)
    assert found[0].apart == pytest.approx({"population": step, "communes": 0, "kind": 0})
    assert found[0].distance == pytest.approx(step / sqrt(3))
    assert found[1].distance == pytest.approx(sqrt(((2 * step) ** 2 + 1) / 3))


def test_what_is_not_known_is_not_compared() -> None:
    bare = Features("b", {"communes": 10}, {})
    found = peers(unit("a"), [bare, Features("c", {}, {})])
    assert [(one.key, dict(one.apart)) for one in found] == [("b", {"communes": 0})]
    assert peers(Features("a", {}, {}), [unit("b")]) == ()


def test_oneself_is_no_peer_and_there_are_only_so_many() -> None:
    others = [unit(f"u{at}", 100 + at) for at in range(20)]
    found = peers(others[3], others, most=4)
    assert len(found) == 4
    assert "u3" not in {one.key for one in found}


@given(st.lists(st.tuples(SIZE, SIZE), min_size=3, max_size=8), st.floats(0.1, 100))
def test_the_unit_of_measure_does_not_matter(
    sizes: list[tuple[float, float]], factor: float
) -> None:
    plain = [unit(f"u{at}", *size) for at, size in enumerate(sizes)]
    scaled = [unit(f"u{at}", a * factor, b * factor) for at, (a, b) in enumerate(sizes)]
    before = {one.key: one.distance for one in peers(plain[0], plain, most=99)}
    after = {one.key: one.distance for one in peers(scaled[0], scaled, most=99)}
    assert after == pytest.approx(before, rel=1e-6, abs=1e-5)


def test_every_province_of_today_has_features() -> None:
    known = declared()
    assert len(known) == 34
    units = Units.load()
    for key, said in known.items():
        assert units.by_key(key).level == "province"
        assert said.keys() == {"population", "area_km2"}


@pytest.mark.parametrize("line", ["38,0,1", "38,x,1", "01,1,1"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "features.csv"
    file.write_text(f"key,population,area_km2\n01,5,5\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="line 3"):
        declared(file)
