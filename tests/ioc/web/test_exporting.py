"""`/exports…` over HTTP: asked, bounded, followed, taken back, downloaded by who may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from support.exporting import Imitated, bench_of, made
from support.portal import Portal, free_port, grow, pages, running_portal, small_desk

from ioc.domain.scope import Scope
from ioc.exports.naming import disposition
from ioc.store import export_turns
from ioc.web import exporting

BOUND, OWN = 30, 5


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """Small pages with a small queue."""
    desk = small_desk(tmp_path, free_port())
    settings = replace(desk.settings, export_queue=BOUND, export_per_user=OWN)
    desk = replace(desk, settings=settings)
    grow(desk.engine)
    with running_portal(tmp_path, desk, pages=pages(), shell=lambda content, view: content) as one:
        yield one


def visitor(portal: Portal) -> httpx.Client:
    """A browser that has seen a page and so has a viewer and a token."""
    client = httpx.Client(base_url=portal.url, timeout=30)
    client.get("/")
    name = next(name for name in client.cookies if name.startswith("_csrf_token"))
    client.headers["X-CSRFToken"] = client.cookies[name]
    return client


@pytest.fixture
def mine(portal: Portal) -> Iterator[httpx.Client]:
    client = visitor(portal)
    yield client
    client.close()


@pytest.fixture
def other(portal: Portal) -> Iterator[httpx.Client]:
    client = visitor(portal)
    yield client
    client.close()


def ask(client: httpx.Client, address: str = "/unit/38", *forms: str, **more: Any) -> Any:
    said = {"address": address, "forms": list(forms or ("csv",)), **more}
    return client.post("/exports", json=said)


def make(portal: Portal) -> None:
    """What the process that makes exports would do with the next one."""
    desk = portal.desk
    job = export_turns.claim(desk.engine, "tests", desk.now(), 60)
    assert job is not None
    bench = bench_of(desk, pages=pages(), shell=lambda content, view: content)
    assert made(bench, job, Imitated()).files


def test_a_wish_is_followed_to_its_file_which_keeps_its_name(
    portal: Portal, mine: httpx.Client, other: httpx.Client
) -> None:
    mine.post("/viewer", json={"name": "Hạnh"})
    answer = ask(mine, "/unit/38?lang=vi&basis=today", "png", "csv", options={"scale": "1"})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["address"], told["title"]) == ("queued", "/unit/38", "Trang 38")
    assert told["progress"] == "Tệp của bạn là tiếp theo."
    code = told["code"]
    second = ask(mine).json()
    assert "1" in second["progress"]
    assert other.get(f"/exports/{code}.json").status_code == 404
    make(portal)
    ended = mine.get(f"/exports/{code}.json?lang=en").json()
    assert ended["state"] == "done"
    assert [one["form"] for one in ended["files"]] == ["PNG", "CSV"]
    assert ended["verify"] == f"/verify/{ended['shown']}"
    file = mine.get(ended["files"][1]["href"])
    assert file.status_code == 200
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert "Hạnh" in file.content.decode("utf-8-sig")
    named = file.headers["content-disposition"]
    assert named.startswith('attachment; filename="ioc-unit-38-')
    assert "Trang 38" in unquote(named.partition("UTF-8''")[2])
    listed = mine.get("/exports.json").json()
    assert [one["code"] for one in listed["jobs"]] == [second["code"], code]
    assert listed["trouble"], "nobody makes exports here, and that is said"
    assert other.get("/exports.json").json()["jobs"] == []
    again = mine.post("/exports", json={"again": code}).json()
    assert (again["address"], again["forms"]) == ("/unit/38", ["PNG", "CSV"])
    assert other.post("/exports", json={"again": code}).status_code == 404


def test_a_file_is_opened_under_the_scope_of_who_opens_it_now(
    portal: Portal, mine: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F10: knowing an address is not enough, and all refusals are the same."""
    code = ask(mine).json()["code"]
    make(portal)
    href = mine.get(f"/exports/{code}.json").json()["files"][0]["href"]
    assert mine.get(href).status_code == 200
    wrong = mine.get(href.replace(code, "0" * 12))
    assert wrong.status_code == 404
    assert mine.get(href.replace("/1/", "/2/")).status_code == 404
    assert mine.get(f"{href.rpartition('/')[0]}/x.csv").status_code == 404
    monkeypatch.setattr(exporting, "scope_of", lambda request: Scope.of(1038))
    refused = mine.get(href)
    assert (refused.status_code, refused.text) == (404, wrong.text)


WRONG: list[tuple[Any, int]] = [
    ({"address": "/unit/99", "forms": ["csv"]}, 404),
    ({"address": "/unit/77", "forms": ["csv"]}, 404),
    ({"address": "/nowhere", "forms": ["csv"]}, 404),
    ({"address": "/?colour=red", "forms": ["csv"]}, 404),
    ({"address": "/?status=purple", "forms": ["csv"]}, 404),
    ({"address": "https://evil.example/", "forms": ["csv"]}, 404),
    ({"address": "//evil.example/", "forms": ["csv"]}, 404),
    ({"address": "/unit/38", "forms": ["exe"]}, 404),
    ({"address": "/unit/38", "forms": []}, 404),
    ({"address": "/unit/38", "forms": "csv"}, 404),
    ({"address": "/unit/38", "forms": ["png"], "options": {"size": "huge"}}, 404),
    ({"address": "/unit/38", "forms": ["png"], "options": {"part": "../../etc"}}, 404),
    ({"address": "/unit/38", "forms": ["png"], "options": {"path": "/etc/passwd"}}, 404),
    ({"address": "/broken", "forms": ["csv"]}, 409),
    ({}, 404),
    ([1], 404),
]


def test_f4_what_is_not_a_page_or_a_form_is_refused_and_never_asked_for(
    mine: httpx.Client,
) -> None:
    """F4: an invalid filter, a unit that does not exist or is outside the scope, a wrong form."""
    for said, status in WRONG:
        answer = mine.post("/exports", json=said)
        assert answer.status_code == status, said
        assert answer.text
        assert "Traceback" not in answer.text
    assert mine.get("/exports.json").json()["jobs"] == []


@pytest.mark.parametrize("name", ["figure", "data", "layout", "__proto__", "constructor"])
def test_e7_figures_are_never_taken_from_outside(mine: httpx.Client, name: str) -> None:
    """E7: a figure is built on the server only; whoever sends one is refused by name."""
    figure = {"data": [{"type": "scatter", "y": [1, 2]}], "__proto__": {"polluted": True}}
    answer = ask(mine, **{name: figure})
    assert answer.status_code == 404
    assert name in answer.text
    options = ask(mine, options={name: figure})
    assert options.status_code == 404
    assert mine.get("/exports.json").json()["jobs"] == []


def test_outside_and_not_existing_read_the_same(mine: httpx.Client) -> None:
    assert ask(mine, "/unit/77").text == ask(mine, "/unit/99").text


def test_f7_two_hundred_wishes_at_once_are_bounded_and_others_are_served(
    portal: Portal, mine: httpx.Client, other: httpx.Client
) -> None:
    """F7: one person's flood is refused with its reason; others get their turn, pages too."""

    def one(_: int) -> tuple[int, str]:
        answer = ask(mine)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(16) as several:
        flood = several.map(one, range(200))
        began = time.monotonic()
        for _ in range(10):
            assert other.get("/unit/38").status_code == 200
            assert other.get("/healthz").status_code == 200
        spent = (time.monotonic() - began) / 20
        answers = list(flood)
    taken = [status for status, _ in answers if status == 202]
    refused = {words for status, words in answers if status == 429}
    assert len(taken) == OWN
    assert len(taken) + sum(status == 429 for status, _ in answers) == 200
    assert refused == {
        f"Bạn đang có {OWN} tệp chờ làm hoặc đang làm (tối đa {OWN}). Hãy đợi hoặc hủy bớt."
    }
    assert spent < 2.0, "seconds a page while two hundred wishes come in"
    third = ask(other)
    assert third.status_code == 202
    desk = portal.desk
    first = export_turns.claim(desk.engine, "w", desk.now(), 60)
    second = export_turns.claim(desk.engine, "w", desk.now(), 60)
    assert first is not None
    assert second is not None
    assert second.code == third.json()["code"], "not behind the five of the other"


def test_a_wish_is_taken_back_by_its_owner_only(mine: httpx.Client, other: httpx.Client) -> None:
    code = ask(mine).json()["code"]
    assert other.post(f"/exports/{code}/cancel").status_code == 404
    told = mine.post(f"/exports/{code}/cancel").json()
    assert (told["state"], told["words"], told["open"]) == ("cancelled", "Đã hủy", False)
    assert mine.post("/exports/000000000000/cancel").status_code == 404


def test_writing_needs_the_token_and_is_not_for_walls(
    portal: Portal, mine: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with httpx.Client(base_url=portal.url) as bare:
        bare.get("/")
        assert ask(bare).status_code == 400
    monkeypatch.setattr(exporting, "may_write", lambda request: False)
    assert ask(mine).status_code == 403
    assert mine.post("/exports/seen").status_code == 403


@pytest.mark.parametrize(
    "label",
    [
        "../../etc/passwd",
        "CON",
        "a/b\\c:d",
        "x" * 300,
        "dòng\nmới\r\nSet-Cookie: a=b",
        "\u202egnp.exe",
        'say "hi"; filename=evil.exe',
        "",
    ],
)
def test_e5_a_files_name_is_of_our_making(label: str) -> None:
    """E5: paths, reserved names, line breaks, turned writing, length."""
    header = disposition("ioc-unit-38-20261122-ab12.png", label)
    assert header.startswith('attachment; filename="ioc-unit-38-20261122-ab12.png"')
    assert "\n" not in header
    assert "\r" not in header
    read = unquote(header.partition("UTF-8''")[2])
    assert not set(read) & set('/\\:"<>|?*\u202e')
    assert len(read) < 160
    assert not read or read.endswith(" (20261122-ab12).png")
    assert not read.startswith(".")


def test_the_dialog_gets_its_words_in_both_languages(mine: httpx.Client) -> None:
    for lang in ("vi", "en"):
        told = mine.get(f"/exports/words.json?lang={lang}").json()
        for one in told["forms"]:
            assert told["words"][f"form_{one['key']}"]
        assert all(told["words"][f"size_{key}"] for key in told["sizes"])
        assert all(told["words"][f"scale_{key}"] for key in told["scales"])
