"""Places from files and services: paging, refusals, limits, and where files may lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from data_sources.geo import CONNECTOR
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.connector import Batch, Outcome, Reach, Record, Rejected, Tools
from ioc.ingest.geo_config import GeoConfig
from ioc.ingest.geo_paging import told_by

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=timezone(timedelta(hours=7)))
Respond = Callable[[httpx.Request], httpx.Response]
URL = "https://ban-do.example/api"


def spot(number: int, at: Any = (105.8, 19.8)) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "id": f"A{number}", "properties": {"ma": "38"}, "geometry": geometry}


def collection(features: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features, **more}


SPOTS = [spot(number) for number in range(1, 8)]


def fetch(respond: Respond, **config: Any) -> Batch:
    origin = {"url": URL, "attempts": 1, **config.pop("origin")}
    given = GeoConfig.model_validate({"from": origin, **config})
    with httpx.Client(transport=httpx.MockTransport(respond)) as client:
        tools = Tools(client, lambda: NOW, Path("/nowhere"), sleep=lambda seconds: None)
        return CONNECTOR.fetch(given, tools)


def wfs(
    features: list[Any], *, total: bool = True, cap: int = 10**6, start: bool = True
) -> tuple[Respond, list[dict[str, str]]]:
    """A service; `cap` is the most it gives at once, `start` whether it knows startIndex."""
    asked: list[dict[str, str]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        asked.append(query)
        first = int(query.get("startIndex", 0)) if start else 0
        count = min(int(query.get("count", 10**6)), cap)
        more = {"numberMatched": len(features)} if total else {}
        return httpx.Response(200, json=collection(features[first : first + count], **more))

    return respond, asked


# --- WFS 2.0 -------------------------------------------------------------------------------------


def test_wfs_is_read_page_by_page() -> None:
    respond, asked = wfs(SPOTS)
    batch = fetch(respond, origin={"kind": "wfs", "layer": "a:b", "page": 3, "srs": "EPSG:4326"})
    assert len(batch.points or ()) == 7
    assert [one["startIndex"] for one in asked] == ["0", "3", "6"]
    first = asked[0]
    assert (first["service"], first["version"], first["request"]) == ("WFS", "2.0.0", "GetFeature")
    assert (first["typeNames"], first["srsName"], first["count"]) == ("a:b", "EPSG:4326", "3")
    assert [one.label for one in batch.payloads] == [
        f"{URL} {number}/3 · 2026-11-22" for number in (1, 2, 3)
    ]
    assert [one.payload for one in batch.records] == [0, 0, 0, 1, 1, 1, 2]
    assert next(iter(batch.records)).place == "1.1 · A1"


def test_wfs_that_gives_less_than_asked_and_no_total_is_read_to_its_end() -> None:
    respond, asked = wfs(SPOTS, total=False, cap=2)
    batch = fetch(respond, origin={"kind": "wfs", "layer": "b", "page": 5})
    assert len(batch.points or ()) == 7
    assert [one["startIndex"] for one in asked] == ["0", "2", "4", "6", "7"]


def test_wfs_that_cannot_page_is_found_out_and_can_be_asked_once() -> None:
    respond, _ = wfs(SPOTS, total=False, cap=3, start=False)
    with pytest.raises(PermanentSourceError) as told:
        fetch(respond, origin={"kind": "wfs", "layer": "b", "page": 3})
    assert told.value.code == "page_repeated"
    respond, asked = wfs(SPOTS, start=False)
    assert len(fetch(respond, origin={"kind": "wfs", "layer": "b", "page": 0}).points or ()) == 7
    assert "count" not in asked[0]


def test_half_a_delivery_is_none() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=collection(SPOTS[:2], numberMatched=7))

    with pytest.raises(TransientSourceError) as told:
        fetch(respond, origin={"kind": "wfs", "layer": "b", "page": 0})
    assert told.value.code == "features_short"
    assert told.value.params == {"announced": 7, "delivered": 2}


REPORT = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b SYSTEM
"file:///etc/passwd">]><ows:ExceptionReport version="2.0.0"><ows:Exception
exceptionCode="{code}" locator="typename"><ows:ExceptionText>No layer &amp; &b;
Traceback (most recent call last)</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"""


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "InvalidParameterValue", PermanentSourceError),
        (200, "InvalidParameterValue", PermanentSourceError),
        (200, "OperationProcessingFailed", TransientSourceError),
    ],
)
def test_an_exception_report_is_told_in_its_own_words(
    status: int, code: str, kind: type[SourceError]
) -> None:
    text = REPORT.replace("{code}", code)
    with pytest.raises(kind) as told:
        fetch(
            lambda request: httpx.Response(status, text=text), origin={"kind": "wfs", "layer": "b"}
        )
    assert told.value.code == "service_exception"
    assert told.value.params["kind"] == code
    # Entities are not expanded, and what follows the first line may be a program's trace.
    assert told.value.params["reason"] == "No layer & &b;"


def test_an_entity_bomb_costs_nothing() -> None:
    bomb = "<!DOCTYPE a [" + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 2000)
    )
    assert told_by(bomb) is None
    assert told_by(bomb + "]><ows:ExceptionReport>&a1999;") == ("–", "–")
    assert told_by("<ServiceExceptionReport><ServiceException code='X'>No</") == ("X", "No")


# --- OGC API Features ----------------------------------------------------------------------------


def features_api(features: list[Any], elsewhere: str = "") -> tuple[Respond, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        offset, limit = (int(request.url.params.get(one, 0)) for one in ("offset", "limit"))
        page = features[offset : offset + limit]
        links = [{"rel": "self", "href": str(request.url)}]
        if offset + limit < len(features):
            url = request.url.copy_merge_params({"offset": str(offset + limit)})
            target = elsewhere or f"{url.path}?{url.query.decode()}"
            links.append({"rel": "next", "type": "text/html", "href": "/html"})
            links.append({"rel": "next", "type": "application/geo+json", "href": target})
        document = collection(
            page, links=links, numberMatched=len(features), numberReturned=len(page)
        )
        return httpx.Response(200, json=document)

    return respond, asked


def test_features_are_read_along_their_links() -> None:
    respond, asked = features_api(SPOTS)
    origin = {
        "kind": "features",
        "collection": "diem%20lom",
        "page": 3,
        "bbox": [102, 8, 110, 24],
        "datetime": "2026-01-01T00:00:00Z/..",
        "headers": {"X-Key": "bi-mat"},
    }
    batch = fetch(respond, origin=origin)
    assert len(batch.points or ()) == 7
    assert len(asked) == 3
    assert asked[0].url.params["bbox"] == "102,8,110,24"
    assert asked[0].url.params["datetime"] == "2026-01-01T00:00:00Z/.."
    assert all(one.headers["x-key"] == "bi-mat" for one in asked)


def test_a_key_is_not_sent_to_another_server() -> None:
    respond, asked = features_api(SPOTS, elsewhere="https://khac.example/trang-2?offset=3&limit=9")
    fetch(
        respond,
        origin={"kind": "features", "collection": "c", "page": 3, "headers": {"X-Key": "bi-mat"}},
    )
    assert asked[1].url.host == "khac.example"
    assert "x-key" not in asked[1].headers


def test_links_in_a_circle_end() -> None:
    respond, _ = features_api(SPOTS * 2, elsewhere=f"{URL}/collections/c/items?limit=3&offset=3")
    with pytest.raises(PermanentSourceError) as told:
        fetch(respond, origin={"kind": "features", "collection": "c", "page": 3})
    assert told.value.code == "page_repeated"


def test_another_crs_in_the_header_is_refused() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        named = "<http://www.opengis.net/def/crs/EPSG/0/4756>"
        return httpx.Response(200, json=collection(SPOTS), headers={"Content-Crs": named})

    with pytest.raises(PermanentSourceError) as told:
        fetch(respond, origin={"kind": "features", "collection": "c"})
    assert told.value.code == "crs_contradicts"
    found = fetch(
        respond, origin={"kind": "features", "collection": "c"}, place={"crs": "EPSG:4756"}
    )
    assert len(found.points or ()) == 7


def test_an_error_in_json_is_told_in_its_own_words() -> None:
    with pytest.raises(PermanentSourceError) as told:
        fetch(
            lambda request: httpx.Response(
                404, json={"code": "NotFound", "description": "Collection not found"}
            ),
            origin={"kind": "features", "collection": "c"},
        )
    assert told.value.params["reason"] == "Collection not found"


# --- limits and refusals (reliability C7, C8, D13) -----------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(200, text="<html>Đăng nhập</html>"), "not_data_html"),
        (httpx.Response(200, text=""), "not_data_empty"),
        (httpx.Response(200, text="null"), "not_data_null"),
        (httpx.Response(200, text='{"type": "FeatureCollection", "feat'), "not_data_broken"),
        (httpx.Response(200, text="[" * 100_000), "not_data_nested"),
        (httpx.Response(200, json={"code": "OK"}), "no_feature_collection"),
        (httpx.Response(200, json=collection([])), "no_features"),
        (httpx.Response(200, json=collection([1] * 101)), "too_many_features"),
        (httpx.Response(200, content=b" " * 3_000_000), "too_large_answer"),
        (httpx.Response(404, text="<html>"), "http_status"),
        (httpx.Response(401, text=""), "http_refused"),
    ],
)
def test_what_is_no_data_fails_as_a_whole(answer: httpx.Response, code: str) -> None:
    with pytest.raises(PermanentSourceError) as told:
        fetch(
            lambda request: answer,
            origin={"kind": "url", "limits": {"megabytes": 2}},
            limits={"features": 100},
        )
    assert told.value.code == code


def test_pages_together_are_limited_too() -> None:
    respond, _ = wfs([spot(one) for one in range(2000)])
    with pytest.raises(PermanentSourceError) as told:
        fetch(
            respond,
            origin={"kind": "wfs", "layer": "b", "page": 500},
            limits={"megabytes": 0.1},
        )
    assert told.value.code == "too_large_answer"
    with pytest.raises(PermanentSourceError) as told:
        fetch(respond, origin={"kind": "wfs", "layer": "b", "page": 10}, limits={"pages": 3})
    assert told.value.code == "too_many_pages"


def test_only_declared_hosts_are_reached() -> None:
    config = GeoConfig.model_validate({"from": {"kind": "url", "url": "https://a.example/x"}})
    assert CONNECTOR.reach(config, Path("/nowhere")).hosts == ("a.example",)
    files = GeoConfig.model_validate({"from": {"kind": "file", "folder": "drop"}})
    assert CONNECTOR.reach(files, Path("/nowhere")) == Reach()


@pytest.mark.parametrize(
    "origin",
    [
        {"kind": "url", "url": "file:///etc/passwd"},
        {"kind": "url", "url": "gopher://a.example/"},
        {"kind": "url", "url": "../../.env"},
        {"kind": "file", "folder": "file:///etc"},
        {"kind": "file", "folder": "/etc"},
        {"kind": "file", "folder": "../secrets"},
        {"kind": "file", "folder": "drop/../../secrets"},
        {"kind": "file", "folder": "drop", "patterns": ["../*.json"]},
        {"kind": "file", "folder": "drop", "patterns": ["*.env"]},
        {"kind": "file", "folder": "drop", "url": "https://a.example"},
        {"kind": "features", "url": "https://a.example", "collection": "../x/y"},
        {"kind": "features", "url": "https://a.example", "collection": "a?b"},
    ],
)
def test_a_map_comes_from_the_drop_folder_or_the_web_only(origin: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GeoConfig.model_validate({"from": origin})


@pytest.mark.parametrize(
    "config",
    [
        {"place": {"crs": "EPSG:99999"}},
        {"place": {"crs": "VN-2000"}},
        {"place": {"crs": "EPSG:4267"}},
        {"place": {"lon": "x"}},
        {"place": {"text": "a", "lon": "x", "lat": "y"}},
        {"place": {"within": [118, 6, 102, 24]}},
        {"geometry": "any", "count": {"locate": "province"}},
    ],
)
def test_what_cannot_be_meant_stops_the_start(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GeoConfig.model_validate({"from": {"kind": "url", "url": "https://a.example"}, **config})


# --- files (C4) ----------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "drop").mkdir(parents=True)
    (tmp_path / "secret.json").write_text(json.dumps(collection(SPOTS)))
    return tmp_path / "home"


def read_drop(home: Path, **config: Any) -> Batch:
    given = GeoConfig.model_validate(
        {"from": {"kind": "file", "folder": "drop", "settle": 0}, **config}
    )
    with httpx.Client() as client:
        tools = Tools(client, lambda: NOW, home, sleep=lambda seconds: None)
        batch = CONNECTOR.fetch(given, tools)
        refused = tuple(one for one in batch.records if isinstance(one, Rejected))
        good = sum(isinstance(one, Record) for one in batch.records)
        CONNECTOR.finish(given, batch, Outcome(True, good, 0, refused), tools)
    return batch


def test_a_dropped_map_is_read_and_moved_aside(home: Path) -> None:
    (home / "drop" / "điểm lõm.geojson").write_text(json.dumps(collection(SPOTS)))
    batch = read_drop(home, complete=True)
    assert len(batch.points or ()) == 7
    assert batch.points_whole
    assert batch.payloads[0].label == "điểm lõm.geojson · 2026-11-22"
    assert sorted(one.name for one in (home / "drop" / "processed").iterdir()) == [
        "điểm lõm.geojson",
        "điểm lõm.geojson.report.txt",
    ]
    again = CONNECTOR.reread(
        GeoConfig.model_validate({"from": {"kind": "file", "folder": "drop"}}), batch.payloads[0]
    )
    assert again == list(batch.records)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_no_geojson"),
        (b"<html>", "file_no_geojson"),
        (b"[" * 10_000_000, "file_too_large"),
        (b"[" * 1_000_000, "file_no_geojson"),
        (json.dumps(collection([])).encode(), "no_features"),
        (b'{"rows": []}', "no_feature_collection"),
        (
            json.dumps(
                collection(SPOTS, crs={"type": "name", "properties": {"name": "EPSG:3405"}})
            ).encode(),
            "crs_contradicts",
        ),
    ],
)
def test_a_file_that_is_no_map_is_told_beside_it(home: Path, content: bytes, code: str) -> None:
    (home / "drop" / "a.json").write_bytes(content)
    batch = read_drop(home, limits={"megabytes": 5})
    (told,) = batch.records
    assert isinstance(told, Rejected)
    assert told.code == code
    assert batch.points is None, "nothing is gone because a file was bad"
    report = (home / "drop" / "rejected" / "a.json.report.txt").read_text(encoding="utf-8")
    assert "cả tệp:" in report
    assert "chưa được mô tả" not in report


def test_links_out_of_the_folder_are_not_followed(home: Path) -> None:
    (home / "drop" / "a.json").symlink_to(home.parent / "secret.json")
    assert not list(read_drop(home).records)
    (home / "drop2").symlink_to(home.parent)
    given = GeoConfig.model_validate({"from": {"kind": "file", "folder": "drop2", "settle": 0}})
    with httpx.Client() as client, pytest.raises(PermanentSourceError) as told:
        CONNECTOR.fetch(given, Tools(client, lambda: NOW, home, sleep=lambda seconds: None))
    assert told.value.code == "folder_outside"


def test_one_page_of_several_cannot_speak_for_the_count() -> None:
    respond, _ = wfs(SPOTS)
    config = {"origin": {"kind": "wfs", "layer": "b", "page": 4}, "count": {"unit": "ma"}}
    batch = fetch(respond, **config)
    assert [dict(one.fields)["count"] for one in batch.records if isinstance(one, Record)] == [7]
    with pytest.raises(PermanentSourceError) as told:
        CONNECTOR.reread(
            GeoConfig.model_validate(
                {"from": {"url": URL, **config["origin"]}, "count": config["count"]}
            ),
            batch.payloads[0],
        )
    assert told.value.code == "page_of_many"
