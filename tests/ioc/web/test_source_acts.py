"""What people do about sources over HTTP: who may, what is needed, what they get back."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.store import held, run_requests
from ioc.store.engine import micros, reading, writing
from ioc.store.observations import Fact
from ioc.store.rejections import Refusal, keep_rejections
from ioc.store.runs import finish_run, start_run
from ioc.store.versions import current_version
from ioc.web import source_acts
from ioc.web.app import create_app
from tests.ioc.queries.house import House, Said, about

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    made = House(engine, units, Catalogue.load(units=units)).prepare()
    made.tell(Said("38", "OPS-01", "2026-10", 10, 100))
    return made


@pytest.fixture
def app(house: House) -> Any:
    return create_app(
        house.desk, pages={}, callbacks={}, shell=lambda content, view: content
    ).server


def person(app: Any, name: str = "") -> Any:
    """A browser of its own, whose owner may have given a name; without CSRF checks."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.get("/viewer")
    if name:
        assert client.post("/viewer", json={"name": name}).status_code == 200
    return client


def hold(house: House, unit: str = "38") -> int:
    fact = house.sources["demo"]
    doubt = held.Doubt(
        house.key(Said(unit, "OPS-01", "2026-10")), Fact(90, 100), Fact(10, 100), None, "4",
        "jump_points", {"moved": "80", "period": "2026-09", "limit": "20"}, "{}",
    )  # fmt: skip
    with writing(house.engine) as connection:
        held.hold(connection, fact.id, 1, micros(house.now), [doubt])
        return held.open_held(connection, fact.id)[0].id


def test_a_retry_and_a_dry_run_are_asked_for_once(house: House, app: Any) -> None:
    lan = person(app, "Lan")
    first = lan.post("/sources/demo/requests", json={"kind": "retry"})
    assert first.status_code == 200
    again = person(app).post("/sources/demo/requests", json={"kind": "retry"})
    assert again.json == first.json
    dry = lan.post("/sources/demo/requests", json={"kind": "dry"})
    assert dry.json["id"] != first.json["id"]
    told = lan.get("/sources/demo/requests").json
    assert told["name"] == "Lan"
    assert [(one["kind"], one["state"]) for one in told["requests"]] == [
        ("chạy thử", "waiting"), ("thử lại", "waiting"),
    ]  # fmt: skip
    assert told["requests"][0]["signed"].startswith("Lan, ")
    english = lan.get("/sources/demo/requests?lang=en").json
    assert english["requests"][1]["state_words"] == "waiting for the poller"


def test_other_kinds_and_sources_are_refused(house: House, app: Any) -> None:
    lan = person(app, "Lan")
    assert lan.post("/sources/demo/requests", json={"kind": "backfill"}).status_code == 400
    assert lan.post("/sources/demo/requests", data="x").status_code == 400
    assert lan.post("/sources/nothing/requests", json={"kind": "dry"}).status_code == 404
    assert lan.get("/sources/nothing/requests").status_code == 404


def test_what_came_of_a_dry_run_is_said_row_by_row_within_the_scope(
    house: House, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = person(app, "Lan")
    asked = lan.post("/sources/demo/requests", json={"kind": "dry"}).json["id"]
    row = {"indicator": "OPS-01", "period": "2026-10", "breakdown": "", "code": "", "params": {}}
    result = {
        "outcome": "ok", "code": None, "params": {},
        "accepted": 1, "unchanged": 0, "rejected": 1, "held": 1, "missing": 0,
        "rejections": [
            {"place": "7", "verdict": "rejected", "code": "unknown_code",
             "params": {"given": "999", "system": "nso"}, "unit": None},
            {**row, "place": "8", "verdict": "held", "code": "jump_points", "unit": "38",
             "params": {"moved": "80", "period": "2026-09", "limit": "20"},
             "given": [90, 100, None], "standing": [10, 100, None]},
        ],
        "examples": [{**row, "place": "9", "verdict": "accepted", "unit": "01",
                      "given": [1, 2, None], "standing": None}],
    }  # fmt: skip
    run_requests.finish(house.engine, asked, house.now, result)
    (told,) = lan.get("/sources/demo/requests").json["requests"]
    assert told["state"] == "done"
    assert told["lines"] == [
        "Sẽ nhận 1 số liệu mới, 0 không đổi, 1 chờ xác nhận, 0 thiếu; từ chối 1 bản ghi."
    ]
    refused, doubtful, good = told["rows"]
    assert refused == ("dòng 7: từ chối. Mã đơn vị “999” không có trong danh mục nso.")
    assert "dòng 8: chờ xác nhận" in doubtful
    assert "90,00%" in doubtful
    assert "đang dùng 10,00%" in doubtful
    assert "Hà Nội" in good
    hanoi = Scope(frozenset({house.units.by_key("01").id}))
    monkeypatch.setattr(source_acts, "scope_of", lambda _: hanoi)
    (told,) = lan.get("/sources/demo/requests").json["requests"]
    assert told["rows"] == [good]


def test_a_failed_request_says_why(house: House, app: Any) -> None:
    lan = person(app, "Lan")
    asked = lan.post("/sources/demo/requests", json={"kind": "retry"}).json["id"]
    result = {"outcome": "failed", "code": "too_slow", "params": {}}
    run_requests.finish(house.engine, asked, house.now, result)
    (told,) = lan.get("/sources/demo/requests").json["requests"]
    assert told["lines"][0].startswith("Không đọc được: Nguồn không trả lời")


def test_confirming_makes_the_given_figure_stand(house: House, app: Any) -> None:
    held_id, version = hold(house), current_version(house.engine)
    done = person(app, "Lan").post(f"/held/{held_id}/confirm", json={"note": ""})
    assert done.status_code == 200, done.text
    cell = about(house.unit("38").cells, "OPS-01")
    assert cell.figure.numerator == 90
    assert cell.waiting is None
    assert current_version(house.engine) > version
    with reading(house.engine) as connection:
        entry = held.one_held(connection, held_id)
    assert entry is not None
    assert (entry.decision, entry.decided_by) == ("confirmed", "Lan")


def test_refusing_needs_a_note_and_keeps_the_old_figure(house: House, app: Any) -> None:
    held_id = hold(house)
    lan = person(app, "Lan")
    for note in ({}, {"note": "  "}, {"note": "\u202e"}, {"note": 7}):
        assert lan.post(f"/held/{held_id}/refuse", json=note).status_code == 400
    done = lan.post(f"/held/{held_id}/refuse", json={"note": "Sai đơn vị tính"})
    assert done.status_code == 200
    assert about(house.unit("38").cells, "OPS-01").figure.numerator == 10
    again = lan.post(f"/held/{held_id}/confirm", json={"note": ""})
    assert again.status_code == 409
    assert "Lan" in again.text
    with reading(house.engine) as connection:
        entry = held.one_held(connection, held_id)
    assert entry is not None
    assert (entry.decision, entry.note) == ("refused", "Sai đơn vị tính")


def test_a_decision_needs_a_name_a_right_and_a_figure_in_the_scope(
    house: House, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_id = hold(house)
    assert person(app).post(f"/held/{held_id}/confirm", json={}).status_code == 400
    lan = person(app, "Lan")
    assert lan.post("/held/999/confirm", json={}).status_code == 404
    hanoi = Scope(frozenset({house.units.by_key("01").id}))
    with monkeypatch.context() as patch:
        patch.setattr(source_acts, "scope_of", lambda _: hanoi)
        assert lan.post(f"/held/{held_id}/confirm", json={}).status_code == 404
    lan.set_cookie(f"ioc_wall_{house.desk.settings.port}", "whatever")
    assert lan.post(f"/held/{held_id}/confirm", json={}).status_code == 403
    assert lan.post("/sources/demo/requests", json={"kind": "dry"}).status_code == 403
    assert lan.get("/sources/demo/requests").status_code == 403
    with reading(house.engine) as connection:
        assert held.open_held(connection)[0].id == held_id
        assert run_requests.recent(connection, house.sources["demo"].id) == ()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sources/demo/requests", {"kind": "dry"}),
        ("/held/1/confirm", {}),
        ("/held/1/refuse", {"note": "sai"}),
    ],
)
def test_nothing_is_done_without_the_token_of_the_page(
    app: Any, path: str, body: dict[str, str]
) -> None:
    client = app.test_client()
    client.get("/viewer")
    assert client.post(path, json=body).status_code == 400
    assert "CSRF" in client.post(path, json=body).text


def rejected(house: House, many: int = 3) -> int:
    source_id = house.sources["demo"].id
    run_id = start_run(house.engine, source_id, house.now)
    with writing(house.engine) as connection:
        keep_rejections(
            connection,
            run_id,
            [
                Refusal(str(n), "not_a_number", {"given": FORMULA}, f"{FORMULA}{n}")
                for n in range(many)
            ],
        )
        finish_run(connection, run_id, source_id, now=house.now, outcome="partial", rejected=many)
    return run_id


def test_rejections_are_taken_away_as_a_harmless_file(house: House, app: Any) -> None:
    run_id = rejected(house, 80)
    answer = person(app).get(f"/rejections.csv?source=demo&run={run_id}&reason=not_a_number")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert re.search(
        r"filename=ioc-demo-rejections-\d{8}\.csv", answer.headers["Content-Disposition"]
    )
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][1] == "dữ liệu minh họa"
    table = rows[rows.index([]) + 2 :]
    assert len(table) == 80
    assert table[0][2] == "dòng 0"
    assert table[0][3] == "not_a_number"
    assert table[0][5] == f"'{FORMULA}0"
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_rejections_are_for_who_may_see_everything(
    house: House, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejected(house)
    lan = person(app)
    for wrong in ("source=nothing", "source=demo&run=999", "source=demo&colour=red", ""):
        assert lan.get(f"/rejections.csv?{wrong}").status_code == 404
    hanoi = Scope(frozenset({house.units.by_key("01").id}))
    monkeypatch.setattr(source_acts, "scope_of", lambda _: hanoi)
    assert lan.get("/rejections.csv?source=demo").status_code == 404
