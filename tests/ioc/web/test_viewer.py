"""Viewers: each browser is one, for ever, under the name it gives; forged cookies are nobody's."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from support.portal import Portal

from ioc.web.viewer import LONGEST_NAME, clean_name


def cookie(client: httpx.Client) -> str:
    return next(name for name in client.cookies if name.startswith("ioc_viewer_"))


def token(client: httpx.Client) -> dict[str, str]:
    client.get("/")
    name = next(name for name in client.cookies if name.startswith("_csrf_token"))
    return {"X-CSRFToken": client.cookies[name]}


def test_the_first_page_gives_a_cookie_that_scripts_cannot_read(client: httpx.Client) -> None:
    said = [one for one in client.get("/").headers.get_list("set-cookie") if "ioc_viewer_" in one]
    assert len(said) == 1
    assert "HttpOnly" in said[0]
    assert "SameSite=Lax" in said[0]
    assert int(re.search(r"Max-Age=(\d+)", said[0])[1]) > 300 * 86_400  # type: ignore[index]


def test_what_is_no_page_gives_no_cookie(client: httpx.Client) -> None:
    assert "ioc_viewer_" not in client.get("/_dash-layout").headers.get("set-cookie", "")


def test_the_same_browser_stays_the_same_viewer(client: httpx.Client) -> None:
    client.get("/")
    first = client.cookies[cookie(client)]
    client.get("/unit/38")
    assert client.cookies[cookie(client)] == first


def test_a_name_is_kept_and_taken_back(portal: Portal, client: httpx.Client) -> None:
    head = token(client)
    before = client.cookies[cookie(client)]
    said = client.post("/viewer", json={"name": "  Nguyễn  Thị Hạnh "}, headers=head)
    assert said.json() == {"name": "Nguyễn Thị Hạnh"}
    assert client.get("/viewer").json() == {"name": "Nguyễn Thị Hạnh"}
    assert client.cookies[cookie(client)] != before
    client.post("/viewer", json={"name": ""}, headers=head)
    assert client.get("/viewer").json() == {"name": ""}
    assert client.cookies[cookie(client)] == before, "the id stays, so the cookie is as before"


def test_a_name_without_the_token_is_refused(client: httpx.Client) -> None:
    client.get("/")
    assert client.post("/viewer", json={"name": "Hạnh"}).status_code == 400


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"name": 1}', json.dumps({"name": "x" * 81})])
def test_what_is_no_name_is_refused(client: httpx.Client, body: str) -> None:
    head = {**token(client), "Content-Type": "application/json"}
    assert client.post("/viewer", content=body, headers=head).status_code == 400


@pytest.mark.parametrize("forged", ["", "abc", "WyJhIiwiYiJd.AAAA"])
def test_a_forged_cookie_is_a_new_viewer(portal: Portal, client: httpx.Client, forged: str) -> None:
    name = f"ioc_viewer_{portal.desk.settings.port}"
    given = httpx.get(portal.url + "/", headers={"Cookie": f"{name}={forged}"})
    assert given.status_code == 200
    assert given.cookies[name] != forged


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Hạnh", "Hạnh"),
        ("Ha\u0323nh", "Hạnh"),  # typed in pieces
        ("a\u202eb", None),
        ("a\x00b", None),
        (None, None),
        ("x" * (LONGEST_NAME + 1), None),
    ],
)
def test_names_are_what_a_person_can_read(given: object, kept: str | None) -> None:
    assert clean_name(given) == kept
