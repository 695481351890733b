"""Coordinates as sources write them, and the places that come of them."""

from __future__ import annotations

import math
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.ingest.coordinates import Box, country_box, ordinate, pair, placed
from ioc.ingest.geo_crs import crs_name, same_crs, to_wgs84
from ioc.ingest.values import ValueProblem

BOX = Box(102, 6, 118, 24)
PLACE = (105.34808, 22.62924)


def refused(call: object, *given: object) -> str:
    with pytest.raises(ValueProblem) as told:
        call(*given)  # type: ignore[operator]
    return told.value.code


@pytest.mark.parametrize(
    "text",
    [
        "105,34808/22,62924",
        "105,34808; 22,62924",
        "105,34808 22,62924",
        "105,34808, 22,62924",
        "105.34808,22.62924",
        " 105.34808 , 22.62924 ",
        "105.34808|22.62924",
    ],
)
def test_a_pair_of_decimal_commas_or_points(text: str) -> None:
    assert pair(text) == PLACE


def test_the_declared_order_decides() -> None:
    assert pair("22,62924/105,34808", "lat,lon") == PLACE


@pytest.mark.parametrize(
    "text",
    [
        "22°37'45\"B 105°20'53\"Đ",
        "105°20'53\"Đ; 22°37'45\"B",
        "22°37′45″N, 105°20′53″E",
        "22º37’45”N 105º20’53”E",
        "22°37,75'B 105°20'53''Đ",
    ],
)
def test_degrees_with_sides_say_which_is_which(text: str) -> None:
    lon, lat = pair(text)
    assert math.isclose(lon, 105 + 20 / 60 + 53 / 3600)
    assert math.isclose(lat, 22.6291666666, rel_tol=1e-9)


def test_n_means_north_beside_english_sides_and_south_beside_vietnamese_ones() -> None:
    assert pair("8°N 105°E") == (105, 8)
    assert pair("8°N 105°Đ") == (105, -8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "105,34808",
        "105,22",  # one number, or two
        "105,34808,22,62924",
        "105.3 22.6 10",
        "nan; 22",
        "1e3; 22",
        "105°; 22",
        "22°61' 105°20'",
        "22,5°30' 105°20'",
        "22°B 105°B",
        "-22°B 105°Đ",
        "một; hai",
        "1" * 300,
    ],
)
def test_what_could_be_read_in_two_ways_or_none_is_refused(text: str) -> None:
    assert refused(pair, text) == "bad_coordinates"


@pytest.mark.parametrize(
    "value", [None, True, "NaN", "Infinity", float("nan"), float("inf"), 10**400, [1], "1e400", ""]
)
def test_what_is_no_number_is_no_coordinate(value: object) -> None:
    assert refused(ordinate, value) == "bad_coordinates"


@given(
    st.decimals(102, 118, allow_nan=False, places=6), st.decimals(6, 24, allow_nan=False, places=6)
)
def test_every_place_of_the_country_is_read_back_as_it_was_written(
    lon: object, lat: object
) -> None:
    comma = f"{lon}/{lat}".replace(".", ",")
    assert pair(comma) == (float(str(lon)), float(str(lat)))
    assert pair(f"{lat}; {lon}", "lat,lon") == (float(str(lon)), float(str(lat)))


@given(st.text(max_size=200))
def test_any_text_is_two_finite_numbers_or_refused(text: str) -> None:
    try:
        found = pair(text)
    except ValueProblem:
        return
    assert all(math.isfinite(one) for one in found)


@given(st.floats(), st.floats())
def test_whatever_is_placed_lies_in_the_box(x: float, y: float) -> None:
    for name in ("CRS84", "EPSG:9210"):
        try:
            found = placed(x, y, to_wgs84(name), BOX)
        except ValueProblem:
            continue
        assert BOX.has(*found)


def test_numbers_that_were_exchanged_are_told_so() -> None:
    same = to_wgs84("CRS84")
    assert placed(*PLACE, same, BOX) == PLACE
    assert refused(placed, 22.62924, 105.34808, same, BOX) == "coordinates_swapped"
    assert refused(placed, 2.35, 48.85, same, BOX) == "outside_box"
    utm = to_wgs84("EPSG:3405")
    assert refused(placed, 2_300_000, 500_000, utm, BOX) == "coordinates_swapped"


def test_the_countrys_extent_is_data() -> None:
    box = country_box()
    assert box.has(109.5, 7.2), "the islands of Trường Sa"
    assert box.has(112.7, 17.1), "the islands of Hoàng Sa"
    assert not box.has(100.5, 13.7)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("EPSG:4326", "EPSG:4326"),
        ("epsg:9210", "EPSG:9210"),
        ("urn:ogc:def:crs:EPSG::4756", "EPSG:4756"),
        ("urn:ogc:def:crs:EPSG:6.9:3405", "EPSG:3405"),
        ("http://www.opengis.net/def/crs/EPSG/0/9210", "EPSG:9210"),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84>", "CRS84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "CRS84"),
        ("OGC:CRS84", "CRS84"),
        ("CRS84", "CRS84"),
    ],
)
def test_the_many_names_of_a_system_are_one(given: str, name: str) -> None:
    assert crs_name(given) == name


def test_only_wgs84_has_two_names() -> None:
    assert same_crs("CRS84", "EPSG:4326")
    assert not same_crs("EPSG:4756", "EPSG:4326")


@pytest.mark.parametrize("given", ["", "VN-2000", "EPSG:", "EPSG:1e5", "file:///etc/passwd"])
def test_a_name_of_no_system_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="CRS84 or a code"):
        crs_name(given)


VN2000 = [4756, 3405, 3406, *range(5896, 5900), *range(9205, 9219)]


@pytest.mark.parametrize("code", VN2000)
def test_every_zone_of_vn2000_leads_to_wgs84(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("a transformation asked the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    project = to_wgs84(f"EPSG:{code}")
    x, y = (105.75, 21.0) if code == 4756 else (500_000.0, 2_300_000.0)
    lon, lat = project(x, y)
    assert BOX.has(lon, lat)
    # The two datums lie about 110 metres apart in the east and north here, never kilometres.
    if code == 4756:
        assert 0.0005 < math.hypot(lon - x, lat - y) < 0.005


def test_a_place_in_vn2000_comes_out_where_it_is() -> None:
    """Against cs2cs of PROJ 9.5 with the parameters of Decision 05/2007/QĐ-BTNMT (EPSG:6960)."""
    lon, lat = to_wgs84("EPSG:9210")(458490.8232, 2503392.7318)
    assert math.isclose(lon, 105.34808, abs_tol=2e-6)
    assert math.isclose(lat, 22.62924, abs_tol=2e-6)


@pytest.mark.parametrize("name", ["EPSG:99999", "EPSG:4267", "EPSG:5773"])
def test_a_system_without_an_exact_way_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="reference system"):
        to_wgs84(name)
