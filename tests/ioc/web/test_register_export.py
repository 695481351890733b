"""The items of a list as a file and for programs: those that pass, with where they are from."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.web import register_api, register_export
from ioc.web.app import create_app
from tests.ioc.queries.house import House
from tests.ioc.queries.registered import SIX, act, said, tell

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    made = House(engine, units, Catalogue.load(units=units)).prepare()
    tell(
        made,
        *(said(made, f"t{at:03}", "38", "doing", due="2026-11-13", progress=95_500, **SIX)
          for at in range(60)),
        said(made, "other", "31", "doing", due="2026-12", person=FORMULA),
        cite="Kế hoạch 1",
    )  # fmt: skip
    return made


@pytest.fixture
def client(house: House) -> Any:
    made = create_app(house.desk, pages={}, callbacks={}, shell=lambda content, view: content)
    return made.server.test_client()


def table(client: Any, address: str) -> tuple[list[list[str]], list[dict[str, str]]]:
    answer = client.get("/register/task.csv", query_string={"address": address})
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    empty = rows.index([])
    names = rows[empty + 1]
    return rows[:empty], [dict(zip(names, row, strict=True)) for row in rows[empty + 2 :]]


def test_a_file_has_every_item_that_passes(client: Any) -> None:
    about, rows = table(client, "/register/task?unit=38&due=overdue&sheet=2")
    assert [row["Mã"] for row in rows] == [f"t{at:03}" for at in range(60)]
    first = rows[0]
    assert (first["Hạn (mã)"], first["Quá hạn (ngày làm việc)"]) == ("2026-11-13", "5")
    assert first["Tiến độ (%)"] == "95,5"
    assert first["Trích dẫn"] == "Kế hoạch 1"
    assert {row["Minh họa"] for row in rows} == {"Có"}
    told = dict(about)
    assert told["Lọc theo"] == "Quá hạn, chưa xong"
    assert told["Đơn vị"] == "Tỉnh Thanh Hóa"
    assert "minh họa" in told["Lưu ý"]


def test_no_text_becomes_a_formula_and_nothing_known_stays_empty(client: Any) -> None:
    _, (row,) = table(client, "/register/task?unit=31")
    assert row["Người thực hiện (rõ người)"] == f"'{FORMULA}"
    assert row["Tiến độ (%)"] == ""
    assert "Sản phẩm" in row["Thông tin còn thiếu"]
    assert row["Hạn"] == "tháng 12/2026"


def test_programs_read_sheets(client: Any) -> None:
    first = client.get("/api/v1/registers/task.json?unit=38&state=doing").get_json()
    assert (first["count"], len(first["items"]), first["sheets"]) == (60, 50, 2)
    assert first["stamp"]["illustrative"] is True
    one = first["items"][0]
    assert one["values"]["progress"] == "95.5"
    assert one["due"]["late_working_days"] == 5
    assert (one["citation"], one["illustrative"]) == ("Kế hoạch 1", True)
    assert one["checklists"]["clear"] == {"have": 6, "of": 6, "missing": []}
    rest = client.get(first["next"]).get_json()
    assert len(rest["items"]) == 10
    assert rest["next"] is None


def test_the_past_is_read_as_it_was_known(house: House, client: Any) -> None:
    before = house.clock.isoformat()
    act(house, "other", to_state="done")
    asked = {"unit": "31", "known_at": before}
    then = client.get("/api/v1/registers/task.json", query_string=asked).get_json()
    now = client.get("/api/v1/registers/task.json?unit=31").get_json()
    assert [one["state"] for one in then["items"]] == ["doing"]
    assert [one["state"] for one in now["items"]] == ["done"]


WRONG = (
    "/api/v1/registers/nosuch.json",
    "/api/v1/registers/task.json?unit=nosuch",
    "/api/v1/registers/task.json?state=nosuch",
    "/api/v1/registers/task.json?colour=red",
    "/register/nosuch.csv?address=/register/nosuch",
    "/register/task.csv?address=/register/task?where=x",
)


def test_a_wrong_address_says_so(client: Any) -> None:
    for address in WRONG:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert answer.mimetype == "text/plain"


def test_a_scope_reads_its_own_items_only(
    house: House, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (register_api, register_export):
        monkeypatch.setattr(module, "scope_of", lambda _: Scope.of(house.units.by_key("38").id))
    assert client.get("/api/v1/registers/task.json?unit=38").status_code == 200
    assert client.get("/api/v1/registers/task.json?unit=31").status_code == 404
    hidden = client.get("/register/task.csv", query_string={"address": "/register/task?unit=31"})
    assert hidden.status_code == 404
