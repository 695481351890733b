"""The server of the imitated systems: labelled answers, paging, the slow and the failing one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from ioc.demo.answer import LABEL, Request
from ioc.demo.databases import CYCLE
from ioc.demo.ledger import Ledger
from ioc.demo.server import SYSTEMS, answered, serving
from ioc.domain.units import Units

FAILING = "/csdl/api/dang-ky"


def asked(ledger: Ledger, path: str, minute: int, **parts: str) -> Any:
    """The JSON a system answers."""
    return json.loads(answered(ledger, path, Request(parts, minute)).body)


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    """A server that serves; its address."""
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("path", sorted(SYSTEMS))
def test_every_answer_is_labelled(ledger: Ledger, noon: int, path: str) -> None:
    assert asked(ledger, path, noon, so_ky="1")[LABEL] is True


@pytest.mark.parametrize("path", sorted(SYSTEMS))
def test_an_answer_is_the_same_when_asked_again(ledger: Ledger, noon: int, path: str) -> None:
    request = Request({"so_ky": "2"}, noon)
    assert answered(ledger, path, request) == answered(ledger, path, request)


def test_an_unknown_path_lists_the_systems(ledger: Ledger, noon: int) -> None:
    answer = answered(ledger, "/nothing", Request({}, noon))
    assert answer.status == 404
    assert json.loads(answer.body)["he_thong"] == sorted(SYSTEMS)


def test_history_goes_back_36_months_and_no_further(ledger: Ledger, noon: int) -> None:
    path = "/so-hoa/api/thong-ke"
    assert asked(ledger, path, noon, ky="2023-12")["tong_so"] > 0
    assert asked(ledger, path, noon, ky="2023-11")["tong_so"] == 0
    assert asked(ledger, path, noon, ky="2026-12")["tong_so"] == 0


def test_pages_together_are_the_whole(ledger: Ledger, noon: int) -> None:
    path = "/cong-dvc/api/v1/reporting/evaluation"
    parts = {"year": "2024", "month": "6", "cap": "tinh"}
    pages = [
        asked(ledger, path, noon, **parts, pageSize="25", currentPage=str(page))["data"]
        for page in (1, 2, 3, 4)
    ]
    codes = [unit["departmentCode"] for page in pages for unit in page["evaluation"]]
    assert len(codes) == len(set(codes)) == 63
    assert pages[0]["pagination"]["totalPages"] == 3
    assert pages[3]["evaluation"] == []


def test_the_cursor_leads_through_all_communes(ledger: Ledger, noon: int) -> None:
    path, cursor, codes = "/kho-xa/api/thang", "0", set()
    while cursor is not None:
        page = asked(ledger, path, noon, ky="2026-10", con_tro=str(cursor))
        codes |= {row["ma"] for row in page["xa"]}
        cursor = page["con_tro_sau"]
    assert len(codes) == 3321
    assert asked(ledger, path, noon, ky="2025-06")["xa"] == []


def test_numbers_of_the_digitisation_system_are_vietnamese_texts(ledger: Ledger, noon: int) -> None:
    row = asked(ledger, "/so-hoa/api/thong-ke", noon, ky="2026-10")["ban_ghi"][0]
    assert row["ky_bao_cao"] == "10/2026"
    assert "." in row["ho_so"]
    assert row["ho_so"].replace(".", "").isdigit()


def test_a_unit_that_sent_nothing_is_null_at_the_portal(ledger: Ledger, noon: int) -> None:
    missing = [
        unit
        for month in range(1, 11)
        for unit in asked(
            ledger, "/cong-dvc/api/v1/reporting/evaluation", noon, year="2026", month=str(month)
        )["data"]["evaluation"]
        if unit["score"] is None
    ]
    assert missing
    assert all(metric["numerator"] is None for unit in missing for metric in unit["metrics"])


def test_what_changed_since_a_moment(ledger: Ledger, noon: int) -> None:
    rows = asked(ledger, "/truc-van-ban/api/organs", noon, tu="2026-11-22T04:00:00+00:00")
    assert {row["ReportMonth"] for row in rows["Body"]["Organs"]} == {"2026-10", "2026-11"}


def test_the_slow_system_thinks_for_two_to_four_seconds(ledger: Ledger, noon: int) -> None:
    for minute in range(noon, noon + 60):
        wait = answered(ledger, "/truc-van-ban/api/organs", Request({"so_ky": "1"}, minute)).wait
        assert 2 <= wait <= 4


def test_the_failing_system_breaks_and_recovers(ledger: Ledger, noon: int) -> None:
    answers = [
        answered(ledger, FAILING, Request({"so_ky": "1"}, noon + up, up)) for up in range(2 * CYCLE)
    ]
    good = [one.status == 200 and one.media.startswith("application/json") for one in answers]
    assert good[:4] == [True] * 4
    assert answers[4].status == 500
    assert answers[5].media.startswith("text/html")
    assert good[:CYCLE] == good[CYCLE:]
    assert good.count(False) == 4


def test_known_numbers_of_databases_are_kept(ledger: Ledger, noon: int) -> None:
    rows = asked(ledger, FAILING, noon, ky="2026-10", cap="bo")["danh_sach"]
    assigned = {row["co_quan"]: row["csdl"]["duoc_giao"] for row in rows}
    assert assigned["memr"] == 5
    assert assigned["moha"] == 14
    assert all(row["csdl"]["van_hanh"] <= row["csdl"]["duoc_giao"] for row in rows)


def test_it_answers_over_http_on_this_machine_only(units: Units) -> None:
    slept: list[float] = []
    server = serving(0, 1, units=units, sleep=slept.append)
    assert server.server_address[0] == "127.0.0.1"
    with running(server) as address, httpx.Client(base_url=address, timeout=60) as client:
        listed = client.get("/").json()["he_thong"]
        assert listed == sorted(SYSTEMS)
        portal = client.post(
            "/cong-dvc/api/v1/reporting/evaluation", json={"cap": "bo", "pageSize": 5, "so_ky": 1}
        )
        assert len(portal.json()["data"]["evaluation"]) == 5
        assert portal.json()[LABEL] is True
        assert client.post(listed[0], content=b"not json").status_code == 200
        assert client.get("/truc-van-ban/api/organs", params={"so_ky": 1}).status_code == 200
        assert len(slept) == 1
        assert client.get("/nothing").status_code == 404
