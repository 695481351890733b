"""Real servers of maps, read by whole runs: pygeoapi (OGC API Features), MapServer (WFS 2.0)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.mapserver import FORMAT, LAYER, MapServer, running_mapserver
from support.pygeoapi import COLLECTION, Pygeoapi, running_pygeoapi
from support.whole import Whole

from ioc.store.engine import micros, reading
from ioc.store.features import DEGREE, Known, as_known

SOURCE = """
name: diem-lom-song
title: {vi: "Điểm lõm sóng", en: "Blackspots"}
connector: geo
illustrative: true
schedule: {every: 60s}
config:
  from: ORIGIN
  place: {crs: "CRS"}
  key: ma_diem
  name: ten
  complete: true
  count:
    unit: ma_tinh
    units: ["08", "12"]
    where: {trang_thai: chua_xu_ly}
    classes:
      trang: {loai: trắng sóng}
      lom: {loai: lõm sóng}
    sums: {so_ho: so_ho}
mapping:
  unit: {code: ma_tinh, system: nso, pad: 2}
  period: {field: day}
  values:
    - {indicator: SIG-03, value: count, bound: bound}
    - {indicator: SIG-03, value: trang.count, breakdown: {class: {constant: none}}}
    - {indicator: SIG-03, value: lom.count, breakdown: {class: {constant: weak}}}
    - {indicator: SIG-04, value: so_ho, bound: so_ho_bound}
"""
MONTH = 202611


def spot(number: int, **more: Any) -> dict[str, Any]:
    """One blackspot of Tuyên Quang (08), every third of Lai Châu (12); illustrative."""
    far = number % 3 == 0
    place = more.pop("at", (103.2 if far else 105.2, 22.3 + number / 100))
    properties = {
        "ma_diem": f"D{number:03}",
        "ten": f"Thôn {number}",
        "ma_tinh": "12" if far else "08",
        "loai": "lõm sóng" if number % 2 else "trắng sóng",
        "so_ho": 10 + number,
        "trang_thai": "chua_xu_ly",
        **more,
    }
    geometry = {"type": "Point", "coordinates": [round(one, 7) for one in place]}
    return {"type": "Feature", "id": number, "properties": properties, "geometry": geometry}


SPOTS = [spot(number) for number in range(1, 26)]


def expected(spots: list[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    """(indicator, unit, class) → the figure, counted by hand."""
    found: dict[tuple[str, str, str], int] = {}
    for unit in ("08", "12"):
        mine = [
            one["properties"]
            for one in spots
            if one["properties"]["ma_tinh"] == unit
            and one["properties"]["trang_thai"] == "chua_xu_ly"
        ]
        found["SIG-03", unit, ""] = len(mine)
        found["SIG-03", unit, "class.none"] = sum(one["loai"] == "trắng sóng" for one in mine)
        found["SIG-03", unit, "class.weak"] = sum(one["loai"] == "lõm sóng" for one in mine)
        found["SIG-04", unit, ""] = sum(one["so_ho"] for one in mine)
    return found


def figures(whole: Whole) -> dict[tuple[str, str, str], int | None]:
    return {
        (code, unit, breakdown): num
        for (code, unit, _, breakdown), (num, _, _) in whole.figures().items()
    }


def points(whole: Whole, known_at: int | None = None) -> dict[str, Known]:
    source_id = whole.intake.facts[whole.name].id
    with reading(whole.intake.engine) as connection:
        found = as_known(connection, [source_id], known_at=known_at)
    return {one.point.key: one for one in found}


def source_text(origin: str, crs: str = "CRS84") -> str:
    return SOURCE.replace("ORIGIN", origin).replace("CRS", crs, 1)


@pytest.fixture(scope="session")
def pygeoapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pygeoapi]:
    with running_pygeoapi(tmp_path_factory.mktemp("pygeoapi")) as server:
        yield server


@pytest.fixture
def mapserver(tmp_path: Path) -> Iterator[MapServer]:
    folder = tmp_path / "mapserver"
    folder.mkdir()
    with running_mapserver(folder) as server:
        yield server


def features_source(server: Pygeoapi, page: int = 7) -> str:
    return source_text(
        f'{{kind: features, url: "{server.url}", collection: {COLLECTION}, page: {page},'
        " attempts: 1}"
    )


def wfs_source(server: MapServer, crs: str = "EPSG:4326", page: int = 7) -> str:
    return source_text(
        f'{{kind: wfs, url: "{server.url}", layer: {LAYER}, output: {FORMAT}, page: {page},'
        f' srs: "{crs}", attempts: 1}}',
        crs,
    )


# --- OGC API Features ----------------------------------------------------------------------------


def test_features_are_counted_and_kept(
    engine: Engine, tmp_path: Path, clock: Any, pygeoapi: Pygeoapi
) -> None:
    pygeoapi.put(SPOTS)
    whole = Whole.of(engine, tmp_path, features_source(pygeoapi), hosts=["127.0.0.1"], now=clock)
    assert whole.run() == "ok", whole.last()
    assert figures(whole) == expected(SPOTS)
    first = points(whole)
    assert len(first) == 25
    kept = first["D001"].point
    assert (kept.lon, kept.lat) == (round(105.2 * DEGREE), round(22.31 * DEGREE))
    assert whole.intake.units.by_id(kept.unit_id or 0).key == "08"
    before = micros(clock())

    clock.advance(hours=1)
    assert whole.run() == "unchanged"
    moved = [
        *(one for one in SPOTS[1:24] if one["id"] != 4),
        spot(4, trang_thai="da_xu_ly"),
        spot(26, at=(105.2, 22.9)),
    ]
    pygeoapi.put(moved)
    clock.advance(hours=1)
    assert whole.run() == "ok"
    assert figures(whole) == expected(moved)
    assert sorted(points(whole)) == sorted(one["properties"]["ma_diem"] for one in moved)
    assert points(whole, before) == first, "what was known then does not change"


def test_good_then_broken_then_good_leaves_no_hole(
    engine: Engine, tmp_path: Path, clock: Any, pygeoapi: Pygeoapi
) -> None:
    pygeoapi.put(SPOTS)
    whole = Whole.of(engine, tmp_path, features_source(pygeoapi), hosts=["127.0.0.1"], now=clock)
    assert whole.run() == "ok"
    stood, places = whole.figures(), points(whole)
    pygeoapi.spoil()
    clock.advance(minutes=5)
    assert whole.run() == "failed"
    assert whole.last().code == "http_later"
    assert whole.figures() == stood
    assert points(whole) == places
    pygeoapi.put(SPOTS)
    clock.advance(minutes=5)
    assert whole.run() == "unchanged"
    assert whole.state().broken_since is None
    assert points(whole) == places


def test_an_unknown_collection_is_told_in_the_servers_words(
    engine: Engine, tmp_path: Path, clock: Any, pygeoapi: Pygeoapi
) -> None:
    text = features_source(pygeoapi).replace(COLLECTION + ",", "khong-co,")
    whole = Whole.of(engine, tmp_path, text, hosts=["127.0.0.1"], now=clock)
    assert whole.run() == "failed"
    last = whole.last()
    assert last.code == "service_exception"
    assert "not found" in str(last.params["reason"]).lower()


def test_a_server_that_is_not_allowed_is_not_asked(
    engine: Engine, tmp_path: Path, clock: Any, pygeoapi: Pygeoapi
) -> None:
    whole = Whole.of(engine, tmp_path, features_source(pygeoapi), hosts=[], now=clock)
    assert whole.run() == "failed"
    assert whole.last().code == "address_refused"


# --- WFS 2.0 -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [7, 0])
def test_wfs_is_counted_and_kept(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer, page: int
) -> None:
    mapserver.put(SPOTS)
    whole = Whole.of(
        engine, tmp_path, wfs_source(mapserver, page=page), hosts=[mapserver.host], now=clock
    )
    assert whole.run() == "ok", whole.last()
    assert figures(whole) == expected(SPOTS)
    assert len(points(whole)) == 25


@pytest.mark.parametrize("crs", ["EPSG:9210", "EPSG:3405"])
def test_vn2000_from_a_server_comes_out_where_it_was(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer, crs: str
) -> None:
    """MapServer turns WGS 84 into VN-2000, the connector back again."""
    mapserver.put(SPOTS)
    whole = Whole.of(
        engine, tmp_path, wfs_source(mapserver, crs), hosts=[mapserver.host], now=clock
    )
    assert whole.run() == "ok", whole.last()
    assert figures(whole) == expected(SPOTS)
    found = points(whole)
    for one in SPOTS:
        lon, lat = one["geometry"]["coordinates"]
        kept = found[one["properties"]["ma_diem"]].point
        # Twelve centimetres at most: Debian's PROJ may choose the other published parameters.
        assert math.hypot(kept.lon / DEGREE - lon, kept.lat / DEGREE - lat) < 2e-5


def test_an_undeclared_vn2000_is_refused_not_drawn(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer
) -> None:
    mapserver.put(SPOTS)
    text = wfs_source(mapserver, "EPSG:9210").replace('place: {crs: "EPSG:9210"}', "place: {}")
    whole = Whole.of(engine, tmp_path, text, hosts=[mapserver.host], now=clock)
    assert whole.run() == "failed"
    assert whole.last().code == "crs_contradicts"
    assert not points(whole)


def test_wfs_good_then_broken_then_good(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer
) -> None:
    mapserver.put(SPOTS)
    whole = Whole.of(engine, tmp_path, wfs_source(mapserver), hosts=[mapserver.host], now=clock)
    assert whole.run() == "ok"
    stood, places = whole.figures(), points(whole)
    mapserver.spoil()
    clock.advance(minutes=5)
    assert whole.run() == "failed"
    assert whole.last().code == "service_exception"
    assert (whole.figures(), points(whole)) == (stood, places)
    mapserver.put([])
    clock.advance(minutes=5)
    assert whole.run() == "failed"
    assert whole.last().code == "no_features"
    assert (whole.figures(), points(whole)) == (stood, places)
    # One place in another country: its province keeps its old figure, nothing is doubled.
    mapserver.put([*SPOTS[:-1], spot(25, at=(2.0, 48.0), so_ho=999)])
    clock.advance(minutes=5)
    assert whole.run() == "partial"
    assert whole.refused() == ["outside_box", "count_incomplete"]
    assert (whole.figures(), points(whole)) == (stood, places)
    mapserver.put(SPOTS)
    clock.advance(minutes=5)
    assert whole.run() == "unchanged"
    assert (whole.figures(), points(whole)) == (stood, places)


def test_a_new_month_is_counted_although_nothing_moved(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer
) -> None:
    mapserver.put(SPOTS)
    whole = Whole.of(engine, tmp_path, wfs_source(mapserver), hosts=[mapserver.host], now=clock)
    assert whole.run() == "ok"
    clock.moment += timedelta(days=10)
    assert whole.run() == "ok"
    assert len({period for _, _, period, _ in whole.figures()}) == 2
    assert all(one.recorded_at <= micros(clock()) for one in points(whole).values())


def test_the_same_answer_is_read_again_when_it_is_read_otherwise(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer
) -> None:
    mapserver.put(SPOTS)
    text = wfs_source(mapserver)
    whole = Whole.of(engine, tmp_path, text, hosts=[mapserver.host], now=clock)
    assert whole.run() == "ok"
    all_of_them = figures(whole)["SIG-03", "08", ""]
    again = text.replace("where: {trang_thai: chua_xu_ly}", "where: {loai: lõm sóng}")
    whole = Whole.of(engine, tmp_path, again, hosts=[mapserver.host], now=clock)
    clock.advance(minutes=1)
    assert whole.run() == "ok"
    assert figures(whole)["SIG-03", "08", ""] == figures(whole)["SIG-03", "08", "class.weak"]
    assert figures(whole)["SIG-03", "08", ""] != all_of_them


def test_points_are_not_gone_while_the_fall_of_their_count_is_held(
    engine: Engine, tmp_path: Path, clock: Any, mapserver: MapServer
) -> None:
    mapserver.put(SPOTS)
    text = wfs_source(mapserver) + "contract:\n  max_jump: {SIG-03: {times: 3}}\n"
    whole = Whole.of(engine, tmp_path, text, hosts=[mapserver.host], now=clock)
    assert whole.run() == "ok"
    stood, places = whole.figures(), points(whole)
    mapserver.put(SPOTS[:3])
    clock.advance(minutes=5)
    assert whole.run() == "partial"
    assert whole.last().held > 0
    assert figures(whole)["SIG-03", "08", ""] == expected(SPOTS)["SIG-03", "08", ""]
    assert points(whole) == places
    mapserver.put(SPOTS)
    clock.advance(minutes=5)
    assert whole.run() == "ok"
    assert (whole.figures(), points(whole)) == (stood, places)
