"""JSON sources: pages, periods, shapes, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from data_sources.http_json import CONNECTOR, HttpJsonConfig
from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.connector import Batch, Outcome, Record, Tools

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
URL = "https://a.example/x"
Respond = Callable[[httpx.Request], httpx.Response]


def fetch(respond: Respond, watermark: str | None = None, **config: Any) -> Batch:
    given = HttpJsonConfig.model_validate({"url": URL, **config})
    with httpx.Client(transport=httpx.MockTransport(respond)) as client:
        tools = Tools(client, lambda: NOW, Path("/nowhere"), watermark, sleep=lambda seconds: None)
        batch = CONNECTOR.fetch(given, tools)
        CONNECTOR.finish(given, batch, Outcome(True), tools)
    return batch


def fields(batch: Batch) -> list[dict[str, object]]:
    return [dict(one.fields) for one in batch.records if isinstance(one, Record)]


def test_records_are_found_where_the_file_says_with_what_stands_around_them() -> None:
    document = {"data": {"at": "2026-11-22", "rows": [{"ma": "38"}, {"ma": "40"}]}}
    batch = fetch(
        lambda request: httpx.Response(200, json=document),
        records="data.rows", context={"cap_nhat": "data.at"},
    )  # fmt: skip
    assert fields(batch) == [
        {"ma": "38", "cap_nhat": "2026-11-22"}, {"ma": "40", "cap_nhat": "2026-11-22"},
    ]  # fmt: skip
    assert [one.place for one in batch.records] == ["1 · 1", "1 · 2"]
    assert json.loads(batch.payloads[0].content) == document
    assert batch.more is False


@pytest.mark.parametrize(
    ("document", "config", "expected"),
    [
        ({"38": {"so": 1}}, {"keyed": True}, [{"so": 1, "_key": "38"}]),
        ({"38": 1}, {"keyed": True}, [{"_item": 1, "_key": "38"}]),
        ([["38", 5]], {}, [{"_item": ["38", 5]}]),
        ([], {}, []),
        ({"a": [{"b": [{"c": 1}, {"c": 2}]}]}, {"records": "a[].b[]"}, [{"c": 1}, {"c": 2}]),
    ],
)
def test_other_shapes(document: object, config: dict[str, Any], expected: object) -> None:
    assert fields(fetch(lambda request: httpx.Response(200, json=document), **config)) == expected


def test_a_changed_structure_is_an_error_and_no_empty_delivery() -> None:
    for document in ({"data": {}}, {"data": {"rows": None}}, {"data": {"rows": {}}}):
        with pytest.raises(PermanentSourceError) as caught:
            fetch(
                lambda request, document=document: httpx.Response(200, json=document),
                records="data.rows",
            )
        assert caught.value.code == "no_records"


def test_pages_by_number_in_the_body_until_the_count_of_pages() -> None:
    asked: list[dict[str, Any]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        page = asked[-1]["currentPage"]
        return httpx.Response(200, json={"rows": [{"n": page}], "pages": 3})

    batch = fetch(
        respond, method="POST", body={"kind": "{value}"}, records="rows",
        each={"values": ["a"]},
        paging={"kind": "page", "param": "currentPage", "in": "body", "size_param": "pageSize",
                "size": 200, "pages": "pages"},
    )  # fmt: skip
    assert asked == [{"kind": "a", "currentPage": n, "pageSize": 200} for n in (1, 2, 3)]
    assert [one["n"] for one in fields(batch)] == [1, 2, 3]
    assert {one.payload for one in batch.records} == {0, 1, 2}


@pytest.mark.parametrize(
    ("paging", "starts"),
    [
        ({"kind": "page", "param": "p", "size_param": "s", "size": 2}, ["1", "2", "3"]),
        ({"kind": "page", "param": "p", "first": 0}, ["0", "1", "2", "3"]),
        ({"kind": "offset", "param": "p", "size_param": "s", "size": 2}, ["0", "2", "4"]),
        ({"kind": "offset", "param": "p", "size_param": "s", "size": 2, "total": "total"},
         ["0", "2", "4"]),
        ({"kind": "cursor", "param": "p", "next": "next"}, [None, "c2", "c4"]),
    ],
)  # fmt: skip
def test_pages_in_the_query(paging: dict[str, Any], starts: list[str | None]) -> None:
    asked: list[str | None] = []
    rows = [{"n": n} for n in range(5)]

    def respond(request: httpx.Request) -> httpx.Response:
        given = request.url.params.get("p")
        asked.append(given)
        if paging["kind"] == "page":
            start = 2 * (int(given or 0) - paging.get("first", 1))
        else:
            start = int((given or "0").lstrip("c"))
        after = f"c{start + 2}" if start + 2 < 5 else None
        return httpx.Response(
            200, json={"rows": rows[start : start + 2], "next": after, "total": "5"}
        )

    assert fields(fetch(respond, records="rows", paging=paging)) == rows
    assert asked == starts


def test_pages_by_the_link_header_and_by_an_address_in_the_answer() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        last = request.url.params.get("t") == "2"
        link = '<https://a.example/x?t=1>; rel="prev", </x?t=2>; rel="next"'
        headers = {} if last else {"Link": link}
        following = None if last else "/x?t=2"
        return httpx.Response(200, json={"r": [{"t": last}], "n": following}, headers=headers)

    for paging in ({"kind": "link"}, {"kind": "link", "next": "n"}):
        batch = fetch(respond, records="r", paging=paging)
        assert fields(batch) == [{"t": False}, {"t": True}]


def test_more_pages_than_allowed_are_an_error_and_no_silent_cut() -> None:
    with pytest.raises(PermanentSourceError) as caught:
        fetch(
            lambda request: httpx.Response(200, json=[{"n": 1}]),
            paging={"kind": "page", "param": "p", "limit": 3},
        )
    assert caught.value.code == "too_many_pages"


def test_history_is_asked_period_by_period_and_later_only_the_newest() -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=[{"ma": "38"}])

    config: dict[str, Any] = {
        "url": "https://a.example/{year}/{month}", "query": {"tu": "{from}", "den": "{to}"},
        "each": {"periods": {"grain": "month", "last": 3, "again": 1, "at_once": 2}},
    }  # fmt: skip
    first = fetch(respond, **config)
    assert asked[0] == "https://a.example/2026/11?tu=2026-11-01&den=2026-11-30"
    assert (first.more, first.progress, len(asked)) == (True, (2, 3), 2)
    assert fields(first)[0] == {
        "ma": "38", "_period": "2026-11", "_year": "2026", "_month": "11", "_quarter": "4",
        "_half": "2", "_from": "2026-11-01", "_to": "2026-11-30",
    }  # fmt: skip
    second = fetch(respond, first.watermark, **config)
    assert asked[2:] == ["https://a.example/2026/09?tu=2026-09-01&den=2026-09-30"]
    assert (second.more, second.progress) == (False, (3, 3))
    fetch(respond, second.watermark, **config)
    assert [one.split("?")[0] for one in asked[3:]] == ["https://a.example/2026/11"]


def test_since_is_the_moment_of_the_last_committed_fetch() -> None:
    asked: list[str | None] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("s"))
        return httpx.Response(200, json=[])

    first = fetch(respond, query={"s": "{since}"})
    fetch(respond, first.watermark, query={"s": "{since}"})
    fetch(respond, "not a watermark", query={"s": "{since}"})
    assert asked == [
        "2023-11-01T10:00:00+07:00", "2026-11-22T10:00:00+07:00", "2023-11-01T10:00:00+07:00",
    ]  # fmt: skip


def test_what_changes_while_it_is_asked_for_is_asked_for_again() -> None:
    moments = iter(NOW + timedelta(minutes=step) for step in range(100))
    config = HttpJsonConfig(url=URL, attempts=1)
    with httpx.Client(
        transport=httpx.MockTransport(lambda request: httpx.Response(200, json=[]))
    ) as client:
        batch = CONNECTOR.fetch(config, Tools(client, lambda: next(moments), Path("/nowhere")))
    assert json.loads(batch.watermark or "")["since"] == NOW.isoformat(timespec="seconds")


def test_a_failing_page_fails_the_run_so_that_nothing_half_is_taken_in() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        page = request.url.params["p"]
        return httpx.Response(200, json=[{}]) if page == "1" else httpx.Response(500)

    with pytest.raises(TransientSourceError):
        fetch(respond, paging={"kind": "page", "param": "p"})


@pytest.mark.parametrize(
    "config",
    [
        {"url": "file:///etc/passwd"},
        {"headers": {"A": "b\r\nHost: evil"}},
        {"headers": {"A": "mật khẩu"}},
        {"body": {"a": 1}},
        {"records": "a["},
        {"query": {"a": "{value}"}},
        {"query": {"a": "{year}"}},
        {"each": {}},
        {"each": {"periods": {"grain": "month", "last": 1, "again": 2}}},
        {"paging": {"kind": "page"}},
        {"paging": {"kind": "magic", "param": "p"}},
        {"limits": {"megabytes": 0}},
        {"verify": False},
    ],
)
def test_a_wrong_config_is_refused_at_the_start(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HttpJsonConfig.model_validate({"url": URL, **config})


def test_an_expression_that_cannot_be_applied_fails_the_run_with_its_name() -> None:
    for config in ({"records": "keys(@)"}, {"context": {"a": "sum(@)"}}):
        with pytest.raises(PermanentSourceError) as caught:
            fetch(lambda request: httpx.Response(200, json=["a"]), **config)
        assert caught.value.code == "bad_answer_path"
