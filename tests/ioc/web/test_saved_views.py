"""`/views` over HTTP: what is kept, for whom, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support.portal import Portal


def visitor(portal: Portal) -> httpx.Client:
    """A browser that has seen a page and so has a viewer and a token."""
    client = httpx.Client(base_url=portal.url)
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


def keep(client: httpx.Client, **more: Any) -> httpx.Response:
    return client.post("/views", json={"name": "Họp", "address": "/unit/38", **more})


def test_a_view_is_kept_shared_and_taken_away(mine: httpx.Client, other: httpx.Client) -> None:
    mine.post("/viewer", json={"name": "Hạnh"})
    view_id = keep(mine, address="/unit/38?lang=vi&indicator=OPS-01&basis=today").json()["id"]
    own = mine.get("/views").json()
    assert own["name"] == "Hạnh"
    assert own["own"] == [
        {
            "id": view_id,
            "name": "Họp",
            "address": "/unit/38?indicator=OPS-01",
            "shared": False,
            "owner": "Hạnh",
        }
    ]
    assert other.get("/views").json()["shared"] == []
    assert mine.post(f"/views/{view_id}", json={"shared": True}).status_code == 200
    seen = other.get("/views").json()["shared"]
    assert [one["owner"] for one in seen] == ["Hạnh"]
    assert set(seen[0]) == {"id", "name", "address", "shared", "owner"}, "no id of a viewer"
    assert other.post(f"/views/{view_id}", json={"removed": True}).status_code == 404
    assert mine.post(f"/views/{view_id}", json={"removed": True}).status_code == 200
    assert mine.get("/views").json()["own"] == other.get("/views").json()["shared"] == []


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "/nowhere",
        "/unit/38?colour=red",
        "/unit/38?status=great",
        "/export.csv",
        None,
        7,
    ],
)
def test_an_address_that_no_page_answers_is_not_kept(mine: httpx.Client, address: Any) -> None:
    assert keep(mine, address=address).status_code == 400
    assert mine.get("/views").json()["own"] == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u202eb", None, 7])
def test_a_view_needs_a_name_one_can_read(mine: httpx.Client, name: Any) -> None:
    assert keep(mine, name=name).status_code == 400


def test_what_belongs_to_a_moment_is_not_kept(mine: httpx.Client) -> None:
    address = keep(mine, address="/unit/38?meeting=ABC&exercise=server").json()["address"]
    assert address == "/unit/38"


def test_nothing_is_kept_without_the_token(mine: httpx.Client) -> None:
    del mine.headers["X-CSRFToken"]
    assert keep(mine).status_code == 400


def test_a_change_that_is_none_is_refused(mine: httpx.Client) -> None:
    view_id = keep(mine).json()["id"]
    for body in ({}, [], {"shared": "yes"}, {"owner": "me"}):
        assert mine.post(f"/views/{view_id}", json=body).status_code == 400


def test_a_wall_keeps_nothing(portal: Portal, mine: httpx.Client) -> None:
    mine.cookies.set(f"ioc_wall_{portal.desk.settings.port}", "anything")
    assert keep(mine).status_code == 403
