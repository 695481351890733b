"""Features, polygons, provinces by place, and counts per unit."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ioc import packaged
from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.connector import Record, Rejected
from ioc.ingest.geo_area import MAP_FILE, Areas, provinces
from ioc.ingest.geo_config import GeoConfig
from ioc.ingest.geo_delivery import Delivered, deliver
from ioc.ingest.geo_features import features_in
from ioc.ingest.geo_shape import crosses_itself, polygons
from ioc.ingest.values import ValueProblem

DAY = "2026-11-22"
SQUARE = [[105.0, 20.0], [106.0, 20.0], [106.0, 21.0], [105.0, 21.0], [105.0, 20.0]]
BOW_TIE = [[105.0, 20.0], [106.0, 21.0], [106.0, 20.0], [105.0, 21.0], [105.0, 20.0]]


def point(key: str | None, at: Any = (105.8, 19.8), **properties: Any) -> dict[str, Any]:
    geometry = at if at is None or isinstance(at, dict) else {"type": "Point", "coordinates": at}
    if isinstance(geometry, dict) and isinstance(geometry.get("coordinates"), tuple):
        geometry["coordinates"] = list(geometry["coordinates"])
    one = {"type": "Feature", "properties": properties, "geometry": geometry}
    return one if key is None else {**one, "id": key}


def read(features: list[Any], **config: Any) -> Delivered:
    given = {"from": {"kind": "url", "url": "https://a.example/x"}, **config}
    return deliver(GeoConfig.model_validate(given), [features], DAY)


def records(found: Delivered) -> list[dict[str, Any]]:
    return [dict(one.fields) for one in found.records if isinstance(one, Record)]


def codes(found: Delivered) -> list[str]:
    return [one.code for one in found.records if isinstance(one, Rejected)]


# --- features ----------------------------------------------------------------------------------


def test_a_point_becomes_a_record_and_a_kept_place() -> None:
    found = read([point("A1", ten="Nà Ngao", ho=12)], name="ten")
    assert records(found) == [
        {"ten": "Nà Ngao", "ho": 12, "_key": "A1", "_lon": 105.8, "_lat": 19.8, "_day": DAY}
    ]
    assert found.points is not None
    assert [(one.key, one.lon, one.lat) for one in found.points] == [("A1", 105.8, 19.8)]


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (point("A1", None), "no_geometry"),
        (point("A1", []), "no_geometry"),
        (point("A1", [105.8]), "bad_coordinates"),
        (point("A1", ["NaN", 20]), "bad_coordinates"),
        (point("A1", [Decimal("1e400"), 20]), "bad_coordinates"),
        (point("A1", {"type": "Polygon", "coordinates": [SQUARE]}), "not_a_point"),
        (point("A1", {"type": "MultiPoint", "coordinates": [[105, 20], [106, 20]]}), "not_a_point"),
        (point("A1", [20.0, 105.0]), "coordinates_swapped"),
        (point("A1", [2.0, 48.0]), "outside_box"),
        (point(None), "no_key"),
        ("none", "not_a_feature"),
        ({"type": "Point"}, "not_a_feature"),
    ],
)
def test_what_has_no_place_is_refused_by_name(feature: Any, code: str) -> None:
    if isinstance(feature, dict) and "properties" in feature:
        feature["properties"]["ten"] = "Bản Pắc"
    found = read([feature], name="ten")
    assert codes(found) == [code]
    assert not found.points
    told = found.records[0]
    assert told.place.startswith("1 · ")
    if isinstance(feature, dict) and "properties" in feature:
        assert "Bản Pắc" in told.place or code == "no_key"


def test_coordinates_may_stand_in_properties() -> None:
    text = read([point("A1", None, toa_do="105,34808/22,62924")], place={"text": "toa_do"})
    assert text.points is not None
    assert (text.points[0].lon, text.points[0].lat) == (105.34808, 22.62924)
    two = read([point("A1", None, x="105,5", y="22,5")], place={"lon": "x", "lat": "y"})
    assert two.points is not None
    assert (two.points[0].lon, two.points[0].lat) == (105.5, 22.5)
    assert codes(read([point("A1", None)], place={"text": "toa_do"})) == ["bad_coordinates"]


def test_one_key_twice_is_refused_by_name() -> None:
    found = read([point("A1", ten="một"), point("A1", ten="hai")], name="ten", complete=True)
    assert codes(found) == ["key_twice"]
    assert found.records[1].place == "2 · hai · A1"
    assert len(found.points or ()) == 1


def test_a_refused_point_is_not_gone() -> None:
    found = read([point("A1"), point("A2", None)], complete=True)
    assert (found.whole, found.still) == (True, frozenset({"A2"}))
    assert not read([point("A1"), point(None)], complete=True).whole


def test_properties_too_deep_or_too_long_are_refused() -> None:
    deep: Any = 1
    for _ in range(30):
        deep = [deep]
    assert codes(read([point("A1", x=deep)])) == ["feature_too_deep"]
    assert codes(read([point("A1", x="y" * 70_000)])) == ["feature_too_deep"]


def test_personal_properties_can_be_left_out() -> None:
    found = read([point("A1", ten="Nà Ngao", nguoi_bao="Nguyễn Văn A")], keep=["ten"])
    assert found.points is not None
    assert found.points[0].fields == {"ten": "Nà Ngao"}


def test_an_empty_delivery_is_no_zero() -> None:
    with pytest.raises(PermanentSourceError) as told:
        read([])
    assert told.value.code == "no_features"
    assert records(read([], empty=True)) == []


def test_the_deadline_ends_a_long_reading() -> None:
    config = GeoConfig.model_validate({"from": {"kind": "url", "url": "https://a.example/x"}})
    with pytest.raises(TransientSourceError):
        deliver(config, [[point(str(at)) for at in range(2000)]], DAY, deadline=0.001)


@pytest.mark.parametrize("named", ["urn:ogc:def:crs:EPSG::4756", "EPSG:9210", "something", None])
def test_a_contradicting_crs_in_the_data_is_refused(named: object) -> None:
    document = {"features": [], "crs": {"type": "name", "properties": {"name": named}}}
    with pytest.raises(PermanentSourceError) as told:
        features_in(document, "CRS84", "x")
    assert told.value.code == "crs_contradicts"


def test_a_crs_in_the_data_that_agrees_is_taken() -> None:
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert features_in({"features": [1], "crs": named}, "CRS84", "x") == [1]


@pytest.mark.parametrize("document", [None, [], {}, {"features": {}}, 7, "x"])
def test_what_is_no_collection_is_refused(document: object) -> None:
    with pytest.raises(PermanentSourceError) as told:
        features_in(document, "CRS84", "x")
    assert told.value.code == "no_feature_collection"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "id", "properties", "geometry", "coordinates", "ma"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(JSON, min_size=1, max_size=4), st.sampled_from(["point", "polygon", "any"]))
def test_whatever_comes_is_read_or_refused(features: list[Any], geometry: str) -> None:
    found = read(features, geometry=geometry, complete=True)
    assert len(found.records) == len(features)
    counted = read(features, geometry=geometry, count={"unit": "ma", "sums": {"so": "so"}})
    assert all(isinstance(one, (Record, Rejected)) for one in counted.records)


# --- polygons ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Polygon", "coordinates": [BOW_TIE]}, "polygon_crosses"),
        ({"type": "Polygon", "coordinates": [SQUARE[::-1]]}, "polygon_winding"),
        ({"type": "Polygon", "coordinates": [SQUARE, SQUARE]}, "polygon_winding"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "polygon_open"),
        ({"type": "Polygon", "coordinates": []}, "no_geometry"),
        ({"type": "Polygon", "coordinates": [[[1, 1]]]}, "no_geometry"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [BOW_TIE]]}, "polygon_crosses"),
        ({"type": "Point", "coordinates": [105, 20]}, "not_a_polygon"),
        (None, "not_a_polygon"),
    ],
)
def test_a_wrong_polygon_is_refused_by_name(geometry: Any, code: str) -> None:
    found = read([point("V1", geometry, ten="Vùng 1")], geometry="polygon", name="ten")
    assert codes(found) == [code]
    assert found.records[0].place == "1 · Vùng 1 · V1"


def test_a_good_polygon_is_read_for_its_properties_and_has_no_middle() -> None:
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    found = read([point("V1", shape, ma="38")], geometry="polygon")
    assert [one["ma"] for one in records(found)] == ["38"]
    assert found.points is None


def test_a_polygon_outside_the_country_is_refused() -> None:
    shape = {"type": "Polygon", "coordinates": [[[x - 90, y] for x, y in SQUARE]]}
    assert codes(read([point("V1", shape)], geometry="polygon")) == ["outside_box"]


def test_a_polygon_of_too_many_corners_is_refused() -> None:
    with pytest.raises(ValueProblem) as told:
        polygons({"type": "Polygon", "coordinates": [SQUARE]}, 4)
    assert told.value.code == "too_many_corners"


def test_a_dense_polygon_costs_a_second_and_no_more() -> None:
    rows = [(105 + (at // 2 + at) % 2 * 0.9, 20 + at // 2 / 1e4) for at in range(9000)]
    ring = [*rows, (104.9, 20.45), (104.9, 20.0), rows[0]]
    assert not crosses_itself(ring)
    turned = [(x + y / 2, y + x / 2) for x, y in ring]
    with pytest.raises(ValueProblem) as told:
        crosses_itself(turned)
    assert told.value.code == "polygon_dense"


def test_the_products_own_map_does_not_cross_itself() -> None:
    content = json.loads((packaged.assets() / MAP_FILE).read_text(encoding="utf-8"))
    for one in content["features"]:
        parts = one["geometry"]["coordinates"]
        parts = [parts] if one["geometry"]["type"] == "Polygon" else parts
        assert not any(crosses_itself(ring) for part in parts for ring in part), one["id"]


# --- provinces by place --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (105.8, 19.8, "38"),
        (105.85, 21.03, "01"),
        (106.68, 10.78, "79"),
        (112.34, 16.83, "48"),  # Hoàng Sa
        (111.92, 8.645, "56"),  # Trường Sa
        (102.8, 21.9, "11"),
    ],
)
def test_a_province_is_found_by_place(lon: float, lat: float, code: str) -> None:
    assert provinces().find(lon, lat, 2) == code


def test_every_province_contains_its_own_point() -> None:
    content = json.loads((packaged.assets() / MAP_FILE).read_text(encoding="utf-8"))
    for one in content["features"]:
        about = one["properties"]
        assert provinces().find(about["lon"], about["lat"], 0) == one["id"]


def square(west: float) -> list[list[tuple[float, float]]]:
    return [[(west, 20), (west + 1, 20), (west + 1, 21), (west, 21), (west, 20)]]


def test_near_a_border_nobody_can_tell() -> None:
    areas = Areas({"A": square(105), "B": square(106)})
    assert areas.find(105.9, 20.5, 2) == "A"
    assert areas.find(106.1, 20.5, 2) == "B"
    with pytest.raises(ValueProblem) as told:
        areas.find(105.99, 20.5, 2)
    assert told.value.code == "area_in_doubt"
    assert areas.find(105.99, 20.5, 0) == "A"
    assert areas.find(104.99, 20.5, 2) == "A", "at the coast the nearest alone"
    with pytest.raises(ValueProblem) as told:
        areas.find(104.9, 20.5, 2)
    assert told.value.code == "no_area"


@given(st.floats(102, 118), st.floats(6, 24))
def test_a_place_has_one_province_or_none(lon: float, lat: float) -> None:
    try:
        found = provinces().find(lon, lat, 2)
    except ValueProblem:
        return
    assert found in provinces().codes


# --- counts --------------------------------------------------------------------------------------

COUNT = {
    "unit": "ma",
    "where": {"tt": "mo"},
    "classes": {"trang": {"loai": "trắng"}, "lom": {"loai": "lõm"}},
    "sums": {"ho": "so_ho"},
    "locale": "vi",
}


def spot(key: str, ma: str = "08", loai: str = "trắng", so_ho: Any = "1.200", **more: Any) -> Any:
    return point(key, more.pop("at", (105.3, 22.6)), ma=ma, loai=loai, so_ho=so_ho, tt="mo", **more)


def test_points_are_counted_per_unit_and_class() -> None:
    found = read(
        [
            spot("A1"),
            spot("A2", loai="lõm", so_ho=5),
            spot("A3", ma="12"),
            spot("A4", ma="12") | {"properties": {"ma": "12", "tt": "xong"}},
        ],
        count=COUNT,
    )
    first, second = records(found)
    assert first["ma"] == "08"
    assert (first["count"], first["bound"], first["ho"], first["day"]) == (2, "exact", 1205, DAY)
    assert first["trang"] == {"count": 1, "bound": "exact", "ho": 1200, "ho_bound": "exact"}
    assert first["lom"]["count"] == 1
    assert (second["ma"], second["count"], second["lom"]["count"]) == ("12", 1, 0)
    assert len(found.points or ()) == 4, "a point that is not counted is still kept"


def test_a_count_that_would_be_too_small_is_not_given() -> None:
    features = [spot("A1"), spot("A2", at=None), spot("A3", ma="12")]
    found = read(features, count=COUNT)
    assert codes(found) == ["no_geometry", "count_incomplete"]
    assert [one["ma"] for one in records(found)] == ["12"]
    partial = read(features, count={**COUNT, "partial": True})
    assert [(one["ma"], one["count"], one["bound"]) for one in records(partial)] == [
        ("08", 1, "at_least"),
        ("12", 1, "exact"),
    ]


def test_a_point_of_nobody_may_be_anybodys() -> None:
    found = read([spot("A1"), spot("A2", ma=""), spot("A3", ma="12")], count=COUNT)
    assert codes(found) == ["no_unit", "count_incomplete", "count_incomplete"]
    assert not records(found)


def test_a_sum_with_a_blank_is_missing_or_at_least() -> None:
    features = [spot("A1"), spot("A2", so_ho="-")]
    whole = records(read(features, count=COUNT))[0]
    assert (whole["count"], whole["bound"], whole["ho"]) == (2, "exact", None)
    partial = records(read(features, count={**COUNT, "partial": True}))[0]
    assert (partial["ho"], partial["ho_bound"], partial["bound"]) == (1200, "at_least", "exact")


@pytest.mark.parametrize("given", ["nhiều", "1.2", "12%", True])
def test_a_number_that_cannot_be_read_refuses_its_point(given: Any) -> None:
    found = read([spot("A1", so_ho=given)], count=COUNT)
    assert codes(found)[1:] == ["count_incomplete"]


def test_a_unit_without_a_point_is_zero_only_where_that_is_promised() -> None:
    count = {**COUNT, "units": ["08", "12"]}
    assert [one["ma"] for one in records(read([spot("A1")], count=count))] == ["08"]
    whole = records(read([spot("A1")], count=count, complete=True))
    assert [(one["ma"], one["count"], one["ho"]) for one in whole] == [
        ("08", 1, 1200),
        ("12", 0, 0),
    ]


def test_a_refused_point_leaves_no_zero_behind() -> None:
    count = {**COUNT, "units": ["08", "12"], "partial": True}
    found = read([spot("A1"), spot("A2", ma="12", at=None)], count=count, complete=True)
    assert [one["ma"] for one in records(found)] == ["08"]
    assert codes(found) == ["no_geometry", "count_incomplete"]


def test_points_are_counted_by_place() -> None:
    features = [spot("A1", at=(105.8, 19.8)), spot("A2", at=(105.8, 19.9))]
    count = {**COUNT, "unit": None, "locate": "province"}
    found = read(features, count=count, complete=True)
    by = {one["province"]: one["count"] for one in records(found)}
    assert len(by) == 34
    assert by["38"] == 2
    assert sum(by.values()) == 2
    assert found.points is not None
    assert found.points[0].fields["province"] == "38"


def test_counts_may_be_of_periods_in_the_data() -> None:
    features = [spot("A1", thang="2026-09"), spot("A2", thang="2026-10")]
    found = records(read(features, count={**COUNT, "period": "thang"}))
    assert [(one["thang"], one["count"]) for one in found] == [("2026-09", 1), ("2026-10", 1)]


@pytest.mark.parametrize(
    "count",
    [
        {},
        {"unit": "ma", "locate": "province"},
        {"locate": "province", "units": ["08"]},
        {"unit": "count"},
        {"unit": "ma", "sums": {"ma": "x"}},
        {"unit": "ma", "classes": {"day": {"x": 1}}},
        {"unit": "ma", "classes": {"x": {}}},
        {"unit": "mã tỉnh"},
    ],
)
def test_unclear_counts_are_refused(count: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read([spot("A1")], count=count)
