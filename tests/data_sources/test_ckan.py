"""CKAN against a portal of that shape: pages, filters, files, and errors in its own words."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
from support.ckan import CkanPortal
from support.server import serving
from support.sources import NOW
from support.whole import Whole

from data_sources.ckan import CONNECTOR, CkanConfig
from ioc.domain.messages import say
from ioc.errors import SourceError, TransientSourceError
from ioc.ingest.client import open_client
from ioc.ingest.connector import Batch, Record, Rejected, Tools

ROWS = [
    {"_id": at, "ma_tinh": f"{at:02d}", "nam": 2025 + at % 2, "so_thon": at * 10}
    for at in range(1, 26)
]
CSV = "\ufeffMã tỉnh;Số thôn\n01;1.234\n38;56\n".encode()


def resource(id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": "Thôn  có sóng",
        "format": "CSV",
        "url": "/f.csv",
        "last_modified": "2026-11-01T02:03:04.5",
        "datastore_active": False,
        **more,
    }


@pytest.fixture
def portal() -> CkanPortal:
    return CkanPortal(
        packages={
            "song": [
                resource("r1", name="Bảng", datastore_active=True),
                resource("r2"),
                resource("r3", format="JSON", url="/f.json"),
                resource("r4", format="", url="/f.xlsx?x=1"),
                resource("r5", format="PDF", url="/f.pdf", name="Văn bản"),
            ]
        },
        rows={"r1": ROWS},
        files={"/f.csv": ("text/csv", CSV)},
    )


@pytest.fixture
def host(portal: CkanPortal) -> Iterator[str]:
    with serving(portal.respond) as host:
        yield host


def fetch(host: str, mark: str | None = None, **config: Any) -> Batch:
    settings = CkanConfig.model_validate({"url": f"http://{host}/", "attempts": 1, **config})
    declared = CONNECTOR.reach(settings, Path()).hosts
    with open_client([host], declared=[*declared, host]) as client:
        tools = Tools(client, lambda: NOW, Path(), mark, rules="1")
        batch = CONNECTOR.fetch(settings, tools)
        batch = replace(batch, records=list(batch.records))
    again = [one for kept in batch.payloads for one in CONNECTOR.reread(settings, kept)]
    assert [one.fields for one in again if isinstance(one, Record)] == fields(batch)
    return batch


def fields(batch: Batch) -> list[dict[str, Any]]:
    return [dict(one.fields) for one in batch.records if isinstance(one, Record)]


def refused(host: str, **config: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(host, **config)
    for lang in ("vi", "en"):
        assert say(lang, f"source.{caught.value.code}", **caught.value.params)
    return caught.value


@pytest.mark.parametrize("counted", [True, False])
def test_every_page_of_the_data_store_is_read(portal: CkanPortal, host: str, counted: bool) -> None:
    portal.counted = counted
    batch = fetch(host, resource="r1", size=10)
    assert [one["ma_tinh"] for one in fields(batch)] == [one["ma_tinh"] for one in ROWS]
    assert len(batch.payloads) == (3 if counted else 4)
    assert [one.place for one in batch.records][9:11] == ["1 · 10", "2 · 1"]
    assert [one.payload for one in batch.records][9:11] == [0, 1]
    assert fields(batch)[0]["_modified"] == "2026-11-01T02:03:04.5"


def test_a_portal_that_gives_fewer_rows_at_once_than_asked_is_read_whole(
    portal: CkanPortal, host: str
) -> None:
    portal.most = 7
    assert len(fields(fetch(host, resource="r1", size=20))) == 25


def test_the_portal_filters_sorts_and_leaves_out(portal: CkanPortal, host: str) -> None:
    batch = fetch(
        host, package="song", name="bảng", size=4,
        filters={"nam": 2026, "ma_tinh": ["01", "03", "05"]}, fields=["ma_tinh"],
        sort="ma_tinh desc",
    )  # fmt: skip
    assert [one["ma_tinh"] for one in fields(batch)] == ["05", "03", "01"]
    assert set(fields(batch)[0]) == {"ma_tinh", "_modified"}


def test_pages_are_asked_for_in_an_order(portal: CkanPortal, host: str) -> None:
    fetch(host, resource="r1")
    assert "sort=_id" in portal.asked[-1]
    fetch(host, resource="r1", sort="")
    assert "sort" not in portal.asked[-1]


def test_columns_get_short_names(host: str) -> None:
    batch = fetch(host, resource="r1", columns={"ma": "MA_TINH"}, filters={"ma_tinh": "07"})
    assert [(one["ma"], one["so_thon"]) for one in fields(batch)] == [("07", 70)]


def test_rows_that_vanish_between_pages_are_no_delivery(portal: CkanPortal, host: str) -> None:
    portal.claimed = 40
    error = refused(host, resource="r1", size=10)
    assert isinstance(error, TransientSourceError)
    assert (error.code, error.params["seen"], error.params["total"]) == ("ckan_short", 25, 40)


def test_more_pages_than_expected_are_an_error(host: str) -> None:
    assert refused(host, resource="r1", size=1, pages=3).code == "too_many_pages"


def test_a_csv_file_goes_by_its_own_headings(host: str) -> None:
    batch = fetch(host, package="song", name="thôn có sóng", format="csv")
    first = fields(batch)[0]
    assert (first["Mã tỉnh"], first["Số thôn"], first["_row"]) == ("01", "1.234", 2)
    assert first["_modified"] == "2026-11-01T02:03:04.5"
    assert batch.payloads[0].content == CSV
    assert batch.payloads[0].media == "text/csv"


def test_declared_headings_are_looked_for(portal: CkanPortal, host: str) -> None:
    config = {"resource": "r2", "columns": {"ma": ["Mã", "Mã tỉnh"], "so": "Số thôn"}}
    assert [(one["ma"], one["so"]) for one in fields(fetch(host, **config))][1] == ("38", "56")
    portal.files["/f.csv"] = ("text/csv", b"a;b\n1;2\n")
    (rejected,) = fetch(host, **config).records
    assert isinstance(rejected, Rejected)
    assert rejected.code == "file_no_header"


def test_a_workbook_is_known_by_its_ending(portal: CkanPortal, host: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Mã tỉnh", "Số thôn"])  # type: ignore[union-attr]
    book.active.append(["38", 56])  # type: ignore[union-attr]
    held = io.BytesIO()
    book.save(held)
    portal.files["/f.xlsx"] = ("application/octet-stream", held.getvalue())
    (found,) = fields(fetch(host, package="song", resource="r4"))
    assert (found["Mã tỉnh"], found["Số thôn"]) == ("38", 56)


def test_a_json_file_is_read_where_its_records_are(portal: CkanPortal, host: str) -> None:
    content = json.dumps({"du_lieu": [{"Mã": "38", "so": 1.10}]}).encode()
    portal.files["/f.json"] = ("application/json", content)
    batch = fetch(host, resource="r3", records="du_lieu", columns={"ma": "Mã"})
    assert (fields(batch)[0]["ma"], str(fields(batch)[0]["so"])) == ("38", "1.1")
    assert refused(host, resource="r3", records="khac").code == "no_records"


def test_a_file_that_has_not_changed_is_not_downloaded_again(portal: CkanPortal, host: str) -> None:
    first = fetch(host, resource="r2")
    portal.asked.clear()
    again = fetch(host, first.watermark, resource="r2")
    assert again.unchanged
    assert again.watermark == first.watermark
    assert all("/f.csv" not in one for one in portal.asked)
    assert fields(fetch(host, first.watermark, resource="r2", only_modified=False))
    assert fields(fetch(host, '{"modified": "", "rules": "another"}', resource="r2"))
    portal.packages["song"][1]["last_modified"] = "2026-11-02T00:00:00"
    newer = fetch(host, first.watermark, resource="r2")
    assert fields(newer)[0]["_modified"] == "2026-11-02T00:00:00"


def test_rows_of_the_data_store_are_read_whatever_date_the_resource_has(host: str) -> None:
    first = fetch(host, resource="r1")
    assert fields(fetch(host, first.watermark, resource="r1"))


@pytest.mark.parametrize(
    ("config", "code", "part"),
    [
        ({"resource": "r9"}, "ckan_refused", "Not Found Error: Not found"),
        ({"package": "khong", "format": "csv"}, "ckan_refused", "Not Found Error"),
        ({"resource": "r1", "filters": {"x": 1}}, "ckan_refused", 'column \\"x\\" not found'),
        ({"package": "song", "name": "khác"}, "ckan_no_resource", "Bảng; Thôn"),
        ({"package": "song", "name": "thôn có sóng"}, "ckan_many_resources", "Thôn"),
        ({"resource": "r5"}, "ckan_format", "pdf"),
        ({"resource": "r3", "read": "datastore"}, "ckan_refused", "Not found"),
        ({"resource": "r3"}, "http_status", "404"),
    ],
)
def test_what_the_portal_refuses_is_told_in_its_words(
    host: str, config: dict[str, Any], code: str, part: str
) -> None:
    error = refused(host, **config)
    assert error.code == code
    assert part in " ".join(str(one) for one in error.params.values())


def test_a_token_is_sent_to_the_portal_and_its_lack_is_told(portal: CkanPortal, host: str) -> None:
    portal.token = "khoa-1"
    assert "Authorization Error: Access denied" in str(refused(host, resource="r1"))
    assert fields(fetch(host, resource="r1", headers={"Authorization": "khoa-1"}))


def test_a_file_on_another_host_must_be_declared_and_gets_no_token(
    portal: CkanPortal, host: str
) -> None:
    other = CkanPortal(files={"/x.csv": ("text/csv", CSV)})
    with serving(other.respond) as elsewhere:
        port = elsewhere.split(":")[1]
        portal.packages["song"][1]["url"] = f"http://localhost:{port}/x.csv"
        config = {"resource": "r2", "headers": {"Authorization": "khoa-1"}}
        error = refused(host, **config)
        assert error.code == "host_undeclared"
        assert other.asked == []
        settings = CkanConfig.model_validate(
            {"url": f"http://{host}", "hosts": ["localhost"], **config}
        )
        hosts = CONNECTOR.reach(settings, Path()).hosts
        with open_client(["127.0.0.1", "localhost", "::1"], declared=hosts) as client:
            batch = CONNECTOR.fetch(settings, Tools(client, lambda: NOW, Path()))
    assert len(fields(batch)) == 2
    assert "Authorization" not in other.seen[0]
    assert portal.seen[-1]["Authorization"] == "khoa-1"


def test_a_page_in_place_of_a_file_is_no_data(portal: CkanPortal, host: str) -> None:
    portal.files["/f.csv"] = ("text/html", b"<html>log in</html>")
    assert refused(host, resource="r2").code == "not_data_html"
    portal.files["/f.csv"] = ("text/csv", b"  \n")
    (rejected,) = fetch(host, resource="r2").records
    assert isinstance(rejected, Rejected)
    assert rejected.code == "file_empty"


def test_one_resource_must_be_meant() -> None:
    for config in ({}, {"package": "song"}, {"name": "x"}, {"resource": "r", "url": "ftp://a"}):
        with pytest.raises(ValueError, match=r"resource|address"):
            CkanConfig.model_validate({"url": "https://a.example", **config})


SOURCE = """
name: song
title: {{vi: Phủ sóng, en: Coverage}}
connector: ckan
illustrative: false
schedule: {{every: 1h}}
config: {{url: "http://{host}", attempts: 1, {config}}}
mapping:
  locale: plain
  unit: {{code: ma, system: nso, pad: 2}}
  period: {{constant: "2026-10"}}
  values:
    - {{indicator: SIG-02, numerator: co_song, denominator: so_thon}}
contract: {{min_records: 2}}
"""
VILLAGES = [
    {"ma": "38", "co_song": 4300, "so_thon": 4357},
    {"ma": "1", "co_song": "2300", "so_thon": 2400},
]
FIGURES = {
    ("SIG-02", "38", 2026010, ""): (4300, 4357, None),
    ("SIG-02", "01", 2026010, ""): (2300, 2400, None),
}


def test_rows_become_figures_and_they_stay_when_the_portal_breaks(
    portal: CkanPortal, host: str, engine: Engine, tmp_path: Path
) -> None:
    portal.rows["r1"] = VILLAGES
    text = SOURCE.format(host=host, config="resource: r1, size: 1")
    whole = Whole.of(engine, tmp_path, text, hosts=[host], now=lambda: NOW)
    assert whole.run() == "ok"
    assert whole.figures() == FIGURES
    for breaking in (b"<html>log in</html>", b'{"success": false, "error": "x"}', b'{"success":'):
        portal.broken = breaking
        assert whole.run() == "failed"
        assert whole.figures() == FIGURES
        assert whole.state().broken_since is not None
    portal.broken = b""
    portal.rows["r1"] = VILLAGES[:1]
    assert whole.run() == "failed"
    assert whole.last().code == "too_few_records"
    portal.rows["r1"] = VILLAGES
    assert whole.run() == "unchanged"
    assert whole.state().broken_since is None


def test_a_file_that_has_not_changed_is_an_unchanged_run(
    portal: CkanPortal, host: str, engine: Engine, tmp_path: Path
) -> None:
    content = "ma,co_song,so_thon\n38,4300,4357\n1,2300,2400\n"
    portal.files["/f.csv"] = ("text/csv", content.encode())
    text = SOURCE.format(host=host, config="resource: r2")
    whole = Whole.of(engine, tmp_path, text, hosts=[host], now=lambda: NOW)
    assert [whole.run(), whole.run()] == ["ok", "unchanged"]
    assert len([one for one in portal.asked if "/f.csv" in one]) == 1
    assert whole.figures() == FIGURES
