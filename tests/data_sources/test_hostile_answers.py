"""Whatever a server answers, a JSON source ends with records or with a sentence, and soon."""

from __future__ import annotations

import json
import string
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from data_sources.http_json import CONNECTOR, HttpJsonConfig
from data_sources.portal_766 import CONNECTOR as PORTAL
from data_sources.portal_766 import Portal766Config
from ioc.domain.messages import say
from ioc.errors import SourceError
from ioc.ingest.connector import Record, Tools

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
NAMES = some.sampled_from(
    ["code", "data", "overview", "evaluation", "parent", "children", "metrics", "pagination",
     "departmentId", "numerator", "total", "totalPages", "totalOnTime", "rows", "next"]
)  # fmt: skip
PLAIN = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=5)
    | some.just("OK")
)
JSON = some.recursive(
    PLAIN,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
DEPARTMENT = some.fixed_dictionaries(
    {"departmentId": some.text(max_size=3) | PLAIN},
    optional={
        "metrics": some.lists(some.fixed_dictionaries({"code": PLAIN, "numerator": PLAIN}) | JSON),
        "totalOnTime": PLAIN,
        "totalReceived": PLAIN,
        "score": PLAIN,
    },
)
ENVELOPE = some.fixed_dictionaries(
    {
        "code": some.just("OK") | PLAIN,
        "data": JSON
        | some.fixed_dictionaries(
            {},
            optional={
                "overview": DEPARTMENT,
                "parent": DEPARTMENT,
                "evaluation": some.lists(DEPARTMENT, max_size=2),
                "children": some.lists(DEPARTMENT, max_size=2),
                "pagination": JSON
                | some.fixed_dictionaries(
                    {"total": some.integers(-1, 3), "totalPages": some.integers(-1, 3)}
                ),
            },
        ),
    }
)


def spoken(error: SourceError) -> str:
    """The code of an error that people can be told in both languages."""
    assert all(say(lang, f"source.{error.code}", **error.params) for lang in ("vi", "en"))
    return error.code


def outcome(connector: Any, config: Any, respond: Any) -> list[Any] | str:
    """The records, or the code of the sentence that says why there are none."""
    with httpx.Client(transport=httpx.MockTransport(respond)) as client:
        tools = Tools(client, lambda: NOW, Path("/nowhere"), sleep=lambda seconds: None)
        try:
            return list(connector.fetch(config, tools).records)
        except SourceError as error:
            return spoken(error)


@settings(max_examples=300, deadline=None)
@given(ENVELOPE | JSON)
def test_any_answer_of_the_portal_is_records_or_a_sentence(document: Any) -> None:
    config = Portal766Config.model_validate(
        {"departments": ["38"], "groups": ["transparency", "dvc-progress-tree"], "pause": 0,
         "periods": {"grain": "month", "last": 1, "again": 1}}
    )  # fmt: skip
    text = json.dumps(document).encode()
    found = outcome(PORTAL, config, lambda request: httpx.Response(200, content=text))
    if isinstance(found, list):
        assert all(isinstance(one, Record) and one.fields["code"] for one in found)
        assert all("_period" in one.fields for one in found)


PAGING = [
    {"kind": "page", "param": "p", "pages": "total"},
    {"kind": "offset", "param": "p", "size_param": "s", "size": 2, "total": "total"},
    {"kind": "cursor", "param": "p", "next": "next"},
    {"kind": "link", "next": "next"},
]


@settings(max_examples=200, deadline=None)
@given(JSON, some.sampled_from(PAGING))
def test_any_answer_is_records_or_a_sentence(document: Any, paging: dict[str, Any]) -> None:
    text = json.dumps({"rows": [{"a": 1}, {"a": 2}], "next": document, "total": document}).encode()
    config = HttpJsonConfig.model_validate(
        {"url": "https://a.example/x", "records": "rows", "attempts": 1,
         "paging": {**paging, "limit": 3}}
    )  # fmt: skip
    found = outcome(CONNECTOR, config, lambda request: httpx.Response(200, content=text))
    assert isinstance(found, list) or found in ("too_many_pages", "bad_answer_path", "bad_url")


@settings(max_examples=200, deadline=None)
@given(some.text(alphabet=string.printable + "ắ²", max_size=40))
def test_any_header_is_taken_or_passed_over(text: str) -> None:
    headers = [(name, text.encode()) for name in
               (b"link", b"etag", b"last-modified", b"content-type", b"x-road-error")]  # fmt: skip

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, content=b"[]")

    for more in ({"conditional": True}, {"paging": {"kind": "link", "limit": 2}}):
        config = HttpJsonConfig.model_validate({"url": "https://a.example/", "attempts": 1, **more})
        outcome(CONNECTOR, config, respond)


@pytest.mark.parametrize(
    "header",
    ["<" * 90_000, "<x>;" + "rel=" * 22_000, "<x>; rel=" + "a " * 45_000, "<x>,," * 18_000],
)
def test_a_header_cannot_keep_us_busy(header: str) -> None:
    config = HttpJsonConfig.model_validate(
        {"url": "https://a.example/", "paging": {"kind": "link"}, "attempts": 1}
    )
    started = time.monotonic()
    answer = httpx.Response(200, headers={"Link": header}, content=b"[]")
    assert outcome(CONNECTOR, config, lambda request: answer) == []
    assert time.monotonic() - started < 2


def test_a_cursor_out_of_all_proportion_is_a_sentence() -> None:
    config = HttpJsonConfig.model_validate(
        {"url": "https://a.example/", "records": "r", "attempts": 1,
         "paging": {"kind": "cursor", "param": "c", "next": "n"}}
    )  # fmt: skip
    for cursor in ("x" * 100_000, {"a": 1}, [1]):
        answer = httpx.Response(200, json={"r": [], "n": cursor})
        assert outcome(CONNECTOR, config, lambda request, one=answer: one) == "bad_answer_path"
