"""Acts on items over HTTP: who, when and why; stale ones and walls are refused; then recounted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.store.versions import current_version
from ioc.web import register_acts as web
from ioc.web.app import create_app
from tests.ioc.queries.house import House
from tests.ioc.queries.registered import SIX, act, item, kept, said, tell


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    made = House(engine, units, Catalogue.load(units=units)).prepare()
    tell(made, said(made, "NV/1", "38", "doing", due="2026-11-13", **SIX),
         said(made, "NV-2", "31", "doing", due="2026-11-13", **SIX))  # fmt: skip
    return made


@pytest.fixture
def client(house: House) -> Any:
    made = create_app(house.desk, pages={}, callbacks={}, shell=lambda content, view: content)
    made.server.config["WTF_CSRF_ENABLED"] = False
    client = made.server.test_client()
    client.get("/viewer")
    client.post("/viewer", json={"name": "Lan"})
    return client


def send(house: House, client: Any, key: str = "NV%2F1", **given: object) -> Any:
    now = kept(house, key.replace("%2F", "/"))
    asked = {"kind": "note", "why": "đã kiểm tra", "seen": now.recorded_at if now else 0, **given}
    return client.post(f"/register/task/{key}/act", json=asked)


def test_a_move_is_recorded_with_who_and_why(house: House, client: Any) -> None:
    before = current_version(house.engine)
    answer = send(house, client, kind="state", to="done", day="2026-11-12", evidence="BB 1")
    assert answer.status_code == 200
    assert current_version(house.engine) > before
    detail = item(house, "NV/1", register="task")
    assert detail.row.state.code == "done"
    assert str(detail.row.done) == "2026-11-12"
    (one,) = detail.acts
    assert (one.kind, one.by, one.why, one.evidence) == ("state", "Lan", "đã kiểm tra", "BB 1")
    assert one.id == answer.get_json()["act"]


VALUES = (
    ("person", "  Trần An ", "Trần An"),
    ("person", "", None),
    ("due", "Quý III/2026", "2026-Q3"),
    ("progress", "95,5%", 95_500),
    ("progress", "40", 40_000),
    ("class", "target", "target"),
    ("indicator", "OPS-01", "OPS-01"),
)


def test_a_field_is_read_as_its_kind(house: House, client: Any) -> None:
    for field, value, wanted in VALUES:
        assert send(house, client, kind="edit", field=field, value=value).status_code == 200
        now = kept(house, "NV/1")
        assert now is not None
        assert now.fields.get(field) == wanted, value


def test_a_stale_act_is_refused_with_words(house: House, client: Any) -> None:
    seen = kept(house, "NV/1")
    assert seen is not None
    act(house, "NV/1", changes={"person": "An"})
    answer = send(house, client, kind="state", to="done", seen=seen.recorded_at)
    assert answer.status_code == 409
    assert "thay đổi" in answer.get_data(as_text=True)
    now = kept(house, "NV/1")
    assert now is not None
    assert now.state == "doing"


REFUSED: tuple[tuple[dict[str, object], int], ...] = (
    ({"why": " "}, 400),
    ({"why": None}, 400),
    ({"kind": "fly"}, 400),
    ({"kind": "state", "to": "assigned"}, 409),
    ({"kind": "state", "to": "nosuch"}, 409),
    ({"kind": "edit", "field": "nosuch", "value": "1"}, 400),
    ({"kind": "edit", "field": "due", "value": "31/02/2026"}, 400),
    ({"kind": "edit", "field": "class", "value": "nosuch"}, 400),
    ({"kind": "edit", "field": "progress", "value": "140%"}, 400),
    ({"seen": "x"}, 400),
)


def test_what_does_not_fit_is_refused_and_changes_nothing(house: House, client: Any) -> None:
    before = current_version(house.engine)
    for given, status in REFUSED:
        answer = send(house, client, **given)
        assert answer.status_code == status, given
        assert len(answer.get_data(as_text=True)) > 10
    assert current_version(house.engine) == before


def test_who_gave_no_name_cannot_act(house: House, client: Any) -> None:
    client.post("/viewer", json={"name": ""})
    assert send(house, client).status_code == 400


def test_a_wall_cannot_act(house: House, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "may_write", lambda _: False)
    assert send(house, client).status_code == 403


def test_outside_the_scope_there_is_no_item(
    house: House, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "scope_of", lambda _: Scope.of(house.units.by_key("38").id))
    hidden, unknown = send(house, client, "NV-2"), send(house, client, "NV-9")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.data == unknown.data
    assert send(house, client).status_code == 200


def test_a_token_is_needed(house: House) -> None:
    made = create_app(house.desk, pages={}, callbacks={}, shell=lambda content, view: content)
    answer = made.server.test_client().post("/register/task/NV-2/act", json={})
    assert answer.status_code == 400
    assert "CSRF" in answer.get_data(as_text=True)
