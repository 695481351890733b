"""Meeting packs over HTTP: whose they are, versions, baskets, wishes, previews, files, walls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import BriefingError
from ioc.queries.desk import Desk
from ioc.store import briefing_runs, export_jobs, snapshots
from ioc.store.engine import writing
from ioc.web.app import create_app
from ioc.web.briefing_mistakes import mistake_words
from tests.ioc.queries.house import House

UNITS = Units.load()


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    house = House(engine, UNITS, Catalogue.load(units=UNITS)).prepare()
    return replace(house.desk, settings=replace(house.desk.settings, home=tmp_path))


@pytest.fixture
def server(desk: Desk) -> Any:
    made = create_app(desk, callbacks={}).server
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def person(server: Any, name: str) -> Any:
    client = server.test_client()
    client.get("/viewer")
    client.post("/viewer", json={"name": name})
    return client


def begun(client: Any, **given: str) -> str:
    answer = client.post("/briefings", json={"title": "Giao ban", **given})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["key"])


def about(client: Any, key: str) -> Any:
    return client.get(f"/briefings/{key}/about.json").get_json()


def test_one_begins_with_a_template_changes_it_and_shares_it(server: Any) -> None:
    an, binh = person(server, "Ân"), person(server, "Bình")
    key = begun(an, **{"from": "giao-ban-tuan"})
    seen = about(an, key)
    assert (seen["editable"], seen["own"], seen["seen"]) == (True, True, 1)
    assert len(seen["definition"]["sections"]) == 8
    definition = {**seen["definition"], "title": "Giao ban thứ Hai"}
    saved = an.post(f"/briefings/{key}", json={"seen": 1, "definition": definition})
    assert saved.get_json()["seen"] == 2
    stale = an.post(f"/briefings/{key}", json={"seen": 1, "definition": definition})
    assert stale.status_code == 409

    for path in (f"/briefings/{key}/about.json", f"/briefings/{key}/runs.json"):
        hidden, unknown = binh.get(path), binh.get(path.replace(key, "khong-co"))
        assert (hidden.status_code, hidden.data) == (unknown.status_code, unknown.data)
        assert hidden.status_code == 404
    change = {"seen": 2, "definition": definition}
    assert binh.post(f"/briefings/{key}", json=change).status_code == 404
    assert binh.post(f"/briefings/{key}/make", json={}).status_code == 404
    an.post(f"/briefings/{key}", json={"shared": True})
    assert [one["key"] for one in binh.get("/briefings/list.json").get_json()["shared"]] == [key]
    assert binh.post(f"/briefings/{key}", json=change).get_json()["seen"] == 3
    assert about(an, key)["version"].count("Bình") == 1
    assert binh.post(f"/briefings/{key}", json={"removed": True}).status_code == 404
    assert an.post(f"/briefings/{key}", json={"removed": True}).status_code == 200
    assert an.get(f"/briefings/{key}/about.json").status_code == 404


def test_a_wrong_definition_is_refused_with_its_reason(server: Any) -> None:
    an = person(server, "Ân")
    key = begun(an)
    good = about(an, key)["definition"]
    for wrong in (
        {"sections": [{"kind": "view", "address": "http://khac.vn"}]},
        {"deliver": {"folder": "../.."}},
        {"deliver": {"mail": ["an@khac.vn"]}},
        {"schedule": {"every": "day"}},
        {"unknown": 1},
    ):
        answer = an.post(f"/briefings/{key}", json={"seen": 1, "definition": {**good, **wrong}})
        assert answer.status_code == 400, wrong
        assert answer.text
    assert about(an, key)["seen"] == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"schedule": {"every": "week", "at": "25:00"}},
            "Lúc: “25:00” không dùng được. Cần giờ và phút, như 07:30.",
        ),
        (
            {"schedule": {"every": "week", "day": 9}},
            "Vào ngày: cần ngày có trong kỳ: tuần 1 đến 7 (ngày làm việc 1 đến 5),"
            " tháng và quý 1 đến 31.",
        ),
        (
            {"sections": [{"kind": "text", "text": "x"}, {"kind": "view", "address": "//khac.vn"}]},
            "Mục 2 › Địa chỉ trang: “//khac.vn” không dùng được."
            " Cần địa chỉ một trang của hệ thống này, như /unit/38.",
        ),
        (
            {"deliver": {"mail": ["an@coquan.vn", "bình"]}},
            "Địa chỉ thư, mỗi dòng một địa chỉ: “bình” không dùng được."
            " Cần địa chỉ thư như ten@coquan.vn, nhiều nhất 50 địa chỉ.",
        ),
        ({"forms": []}, "Dạng tệp: cần ít nhất một dạng tệp."),
        ({"title": ""}, "Tên báo cáo: cần tên một dòng, 1 đến 300 ký tự."),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_page(
    server: Any, wrong: dict[str, Any], told: str
) -> None:
    an = person(server, "Ân")
    key = begun(an)
    good = about(an, key)["definition"]
    answer = an.post(f"/briefings/{key}", json={"seen": 1, "definition": {**good, **wrong}})
    assert (answer.status_code, answer.text) == (400, told)


def test_every_part_of_a_definition_has_words_for_its_mistake() -> None:
    """Whatever a field of the page is given, no pattern or English of a library is said."""
    fields = {
        "title", "forms", "schedule.at", "schedule.day", "waiting.hours", "deliver.folder",
        "deliver.mail[3]", "heading.office", "heading.recipients[2]", "sections[1].view.title",
        "sections[1].red.most", "sections[2].text.text", "sections[3].register.address",
    }  # fmt: skip
    for field in fields:
        error = BriefingError(file="", field=field, given="x", allowed="String should match '^x$'")
        for lang in ("vi", "en"):
            words = mistake_words(error, lang)
            assert "String should" not in words, field
            assert "{" not in words, field


def test_the_basket_becomes_a_pack_and_is_empty_then(server: Any) -> None:
    an, binh = person(server, "Ân"), person(server, "Bình")
    page = {"address": "/unit/38?lang=vi", "title": "Thanh Hóa"}
    chart = {"address": "/indicator/OPS-01", "title": "Diễn biến", "part": "trend"}
    for one in (page, chart):
        assert an.post("/basket", json={"add": one}).status_code == 200
    wrong = an.post("/basket", json={"add": {"address": "//khac.vn"}})
    assert wrong.status_code == 400
    assert len(an.get("/basket").get_json()["items"]) == 2
    assert binh.get("/basket").get_json()["items"] == []
    key = begun(an, **{"from": "basket"})
    sections = about(an, key)["definition"]["sections"]
    assert [(one["address"], one["part"]) for one in sections] == [
        ("/unit/38", None), ("/indicator/OPS-01", "trend"),
    ]  # fmt: skip
    assert an.get("/basket").get_json()["items"] == []


def test_a_wish_is_queued_once_with_its_run_and_names_its_files(server: Any, desk: Desk) -> None:
    an, binh = person(server, "Ân"), person(server, "Bình")
    key = begun(an)
    empty = an.post(f"/briefings/{key}/make", json={})
    assert empty.status_code == 409, "nothing to make yet"
    good = about(an, key)["definition"]
    good["sections"] = [{"kind": "red", "title": "Nguy cơ"}]
    an.post(f"/briefings/{key}", json={"seen": 1, "definition": good})
    wish = an.post(f"/briefings/{key}/make", json={}).get_json()
    with writing(desk.engine) as connection:
        job = export_jobs.by_code(connection, wish["code"])
        assert job is not None
        assert (job.kind, job.run_id, job.owner_name) == ("briefing", wish["run"], "Ân")
        number = snapshots.keep(
            connection, code=job.code, kind="briefing", owner=job.owner, owner_name="Ân",
            scope="*", title="Giao ban", address=f"/briefing/{key}", lang="vi", data_version=1,
            known_at=desk.now(), made_at=desk.now(), data=b"", data_hash="",
            illustrative=False, complete=True, expires_at=None, facts=(),
            files=(snapshots.File("ioc-a.xlsx", "xlsx", "application/zip", 2, "h", "aa/a.xlsx"),),
        )  # fmt: skip
        briefing_runs.turn(
            connection, wish["run"], before=("queued",), now=desk.now(), state="done",
            snapshot_id=number,
        )  # fmt: skip
    path = desk.settings.home / "exports" / "aa" / "a.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK")
    (run,) = an.get(f"/briefings/{key}/runs.json").get_json()["runs"]
    (file,) = run["files"]
    assert run["words"] == "Đã lập đủ"
    assert an.get(file["href"], buffered=True).data == b"PK"
    assert binh.get(file["href"]).status_code == 404
    assert an.get(file["href"].replace("ioc-a", "ioc-b")).status_code == 404


def test_a_section_is_previewed_and_a_text_checked(server: Any) -> None:
    an = person(server, "Ân")
    key = begun(an)
    definition = about(an, key)["definition"]
    definition["sections"] = [
        {"kind": "text", "title": "Chữ", "text": "{KHONG-CO.value}"},
        {"kind": "view", "address": "/unit/khong-co"},
        {"kind": "changes"},
    ]

    def preview(number: int) -> Any:
        given = {"definition": definition, "section": number}
        return an.post(f"/briefings/{key}/preview", json=given)

    assert preview(1).get_json()["problems"]
    assert preview(2).get_json()["missing"]
    assert preview(3).get_json()["sheets"]
    assert preview(4).status_code == 404
    checked = an.post("/briefings/check", json={"text": "{KHONG-CO.value}"}).get_json()
    assert "KHONG-CO" in checked["problems"][0]
    assert an.post("/briefings/check", json={"text": "Không có số."}).get_json()["problems"] == []


def test_a_wall_only_reads(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ioc.web import briefing_acts, briefing_basket

    an = person(server, "Ân")
    key = begun(an)
    for module in (briefing_acts, briefing_basket):
        monkeypatch.setattr(module, "may_write", lambda _: False)
    assert an.get(f"/briefings/{key}/about.json").status_code == 200
    for path, given in (
        ("/briefings", {"title": "x"}), (f"/briefings/{key}", {"removed": True}),
        (f"/briefings/{key}/make", {}), ("/basket", {"add": {"address": "/"}}),
    ):  # fmt: skip
        assert an.post(path, json=given).status_code == 403


def test_what_is_not_from_this_site_is_refused(server: Any) -> None:
    an = person(server, "Ân")
    key = begun(an)
    server.config["WTF_CSRF_ENABLED"] = True
    for path in ("/briefings", f"/briefings/{key}", f"/briefings/{key}/make", "/basket"):
        assert an.post(path, json={}).status_code == 400
