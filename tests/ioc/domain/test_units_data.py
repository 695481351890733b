"""The tables themselves: wrong ones are refused with file, field, given and allowed; the map."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ioc.domain.units import Level, Units
from ioc.errors import UnitDataError

ROOT = Path(__file__).parents[3]
MAP = ROOT / "assets" / "map"
UNIT = "id,key,level,lat,lon\n"
VERSION = (
    "unit_id,valid_from,valid_to,name,short_name,name_en,kind,parent_id,region_id,legal_basis,"
    "district,aliases\n"
)
CODE = "unit_id,system,code,valid_from,valid_to\n"
SUCCESSION = (
    "predecessor_id,successor_id,day,coverage,kind,principal,function,function_en,legal_basis\n"
)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A small right data set, with single tables replaced."""

    def write(**tables: str) -> Path:
        right = {
            "units": UNIT + "1,vn,nation,,\n5,a,province,10.5,105\n6,a.2025,province,,\n",
            "versions": VERSION
            + "1,2008-08-01,,Cả nước,Cả nước,Nationwide,quoc_gia,,,,,\n"
            + "5,2025-07-01,,Tỉnh A,A,A,tinh,1,,x,,\n"
            + "6,2008-08-01,2025-07-01,Tỉnh A,A,A,tinh,1,,x,,\n",
            "codes": CODE + "5,nso,01,2025-07-01,\n",
            "successions": SUCCESSION + "6,5,2025-07-01,whole,merge,1,,,x\n",
        }
        folder = tmp_path / "some"
        folder.mkdir()
        for name, text in (right | tables).items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_right_data_set_loads(written: Callable[..., Path]) -> None:
    units = Units.load(written())
    assert units.chain(6) == (5, 1)
    assert (units.by_key("a").lat, units.by_key("a").lon) == (10.5, 105.0)


@pytest.mark.parametrize(
    ("tables", "field", "given"),
    [
        ({"units": UNIT + "1,vn,empire,,\n"}, "line 2 level", "'empire'"),
        ({"units": UNIT + "x,vn,nation,,\n"}, "line 2 id", "'x'"),
        ({"units": UNIT + "1,vn,nation,north,\n"}, "line 2 lat", "'north'"),
        ({"units": UNIT + "1,vn\n"}, "line 2 row", "2"),
        ({"units": "id,key\n1,vn\n"}, "header", "'id,key'"),
        ({"units": UNIT + "1,vn,nation,,\n1,b,province,,\n"}, "key", "'b'"),
        ({"units": UNIT + "1,vn,nation,,\n7,vn,province,,\n"}, "key", "'vn'"),
        ({"versions": VERSION}, "unit_id", "'vn'"),
        (
            {"versions": VERSION + "1,01/07/2025,,A,A,A,tinh,,,x,,\n"},
            "line 2 valid_from",
            "'01/07/2025'",
        ),
        ({"versions": VERSION + "1,2025-07-01,,A,,A,tinh,,,x,,\n"}, "line 2 name", "'A'"),
        ({"codes": CODE + "5,phone,01,2025-07-01,\n"}, "line 2 system", "'phone'"),
        ({"codes": CODE + "77,nso,01,2025-07-01,\n"}, "unit_id", "77"),
        (
            {"successions": SUCCESSION + "6,5,2025-07-01,half,merge,1,,,x\n"},
            "line 2 coverage",
            "'half'",
        ),
        (
            {"successions": SUCCESSION + "6,9,2025-07-01,whole,merge,1,,,x\n"},
            "successor_id",
            "9",
        ),
        (
            {
                "successions": SUCCESSION
                + "6,5,2025-07-01,whole,merge,1,,,x\n6,1,2025-07-01,whole,merge,0,,,x\n"
            },
            "coverage",
            "'a.2025: 2 times whole'",
        ),
    ],
)
def test_a_wrong_cell_is_named(
    written: Callable[..., Path], tables: dict[str, str], field: str, given: str
) -> None:
    with pytest.raises(UnitDataError) as caught:
        Units.load(written(**tables))
    assert caught.value.params["field"] == field
    assert caught.value.params["given"] == given
    assert caught.value.params["allowed"]
    assert str(caught.value.params["file"]).endswith(".csv")


def test_gaps_overlaps_and_circles_are_refused(written: Callable[..., Path]) -> None:
    base = VERSION + "1,2008-08-01,,V,V,V,quoc_gia,{parent},,,,\n6,2008-08-01,2025-07-01,A,A,A,"
    base += "tinh,1,,x,,\n5,2025-07-01,{end},A,A,A,tinh,1,,x,,\n5,{begin},,A,A,A,thanh_pho,1,,x,,\n"
    folder = written()
    table = folder / "some" / "versions.csv"
    for parent, end, begin, field in (
        ("", "2026-01-01", "2026-02-01", "valid_to"),
        ("", "2026-02-01", "2026-01-01", "valid_to"),
        ("5", "2026-01-01", "2026-01-01", "parent_id"),
    ):
        table.write_text(base.format(parent=parent, end=end, begin=begin), encoding="utf-8")
        with pytest.raises(UnitDataError) as caught:
            Units.load(folder)
        assert caught.value.params["field"] == field
    table.write_text(base.format(parent="", end="2026-01-01", begin="2026-01-01"), encoding="utf-8")
    assert len(Units.load(folder).by_key("a").versions) == 2


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnitDataError):
        Units.load(tmp_path)
    with pytest.raises(UnitDataError):
        Units.load(tmp_path / "absent")


def test_loading_is_fast() -> None:
    def seconds() -> float:
        start = time.process_time()
        Units.load()
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 3.0  # 0.2 s, 1 s under coverage


def test_the_tables_are_what_the_raw_tables_say(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "build_units.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    packaged = ROOT / "ioc" / "units"
    tables = {path.relative_to(tmp_path) for path in tmp_path.glob("*/*.csv")}
    written_by_hand = {Path("nation/extent.csv"), Path("nation/features.csv")}
    kept = {path.relative_to(packaged) for path in packaged.glob("*/*.csv")}
    assert tables == kept - written_by_hand
    for table in tables:
        assert (tmp_path / table).read_bytes() == (packaged / table).read_bytes()


def test_no_text_is_decomposed_or_padded() -> None:
    for table in (ROOT / "ioc" / "units").glob("*/*.csv"):
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                assert all(cell == cell.strip() and "\u0300" not in cell for cell in row)


def _points(feature: dict[str, Any]) -> Iterator[tuple[float, float]]:
    for polygon in feature["geometry"]["coordinates"]:
        for ring in polygon:
            yield from (tuple(point) for point in ring)


@pytest.fixture(scope="module")
def features() -> dict[str, dict[str, Any]]:
    collection = json.loads((MAP / "provinces_34.geojson").read_text(encoding="utf-8"))
    assert "OpenStreetMap" in collection["attribution"]
    assert "ODbL" in collection["attribution"]
    return {feature["id"]: feature for feature in collection["features"]}


def test_the_map_has_the_provinces_of_today(features: dict[str, dict[str, Any]]) -> None:
    codes = {unit.key for unit in Units.load().all() if unit.level is Level.PROVINCE}
    assert set(features) == {code for code in codes if "." not in code}
    assert len(features) == 34


@pytest.mark.parametrize(
    ("code", "west", "east", "south", "north", "islands"),
    [("48", 111.0, 113.0, 15.6, 17.3, 8), ("56", 111.5, 117.9, 7.1, 11.6, 16)],
    ids=["Hoàng Sa", "Trường Sa"],
)
def test_both_archipelagos_are_drawn(
    features: dict[str, dict[str, Any]],
    code: str,
    west: float,
    east: float,
    south: float,
    north: float,
    islands: int,
) -> None:
    polygons = features[code]["geometry"]["coordinates"]
    inside = [
        polygon
        for polygon in polygons
        if all(west < x < east and south < y < north for x, y in polygon[0])
    ]
    assert len(inside) >= islands
    reach = [point for polygon in inside for point in polygon[0]]
    assert max(x for x, _ in reach) - min(x for x, _ in reach) > 1.5
    assert max(y for _, y in reach) - min(y for _, y in reach) > 1.3


def test_representative_points_lie_near_their_province(
    features: dict[str, dict[str, Any]],
) -> None:
    units = Units.load()
    for code, feature in features.items():
        unit = units.by_key(code)
        xs, ys = zip(*_points(feature), strict=True)
        assert unit.lon is not None
        assert unit.lat is not None
        assert min(xs) < unit.lon < max(xs)
        assert min(ys) < unit.lat < max(ys)


def test_the_tile_grid_has_each_province_once() -> None:
    with (MAP / "province_tile_grid.csv").open(encoding="utf-8", newline="") as file:
        tiles = list(csv.DictReader(file))
    units = Units.load()
    assert {tile["code"]: tile["short_name"] for tile in tiles} == {
        unit.key: unit.short_name
        for unit in units.all()
        if unit.level is Level.PROVINCE and unit.valid_to is None
    }
    assert len({(tile["row"], tile["col"]) for tile in tiles}) == 34
