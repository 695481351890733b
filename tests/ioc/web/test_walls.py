"""Walls over HTTP: devices and their credentials, reports, orders, acts and freezes."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select
from support.portal import HOSTILE, Portal, running_portal

from ioc.settings import Settings
from ioc.store import walls
from ioc.store.engine import reading, writing
from ioc.web.app import create_app
from ioc.web.wall_acts import ACTS
from ioc.web.wall_device import LETTERS, Devices, hashed, new_code

OPENED: list[httpx.Client] = []
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Portal]:
    """A portal of its own: these tests change what it keeps."""
    with running_portal(tmp_path) as running:
        yield running
        while OPENED:
            OPENED.pop().close()


class Browser:
    """A browser with its cookies, and the token of its first page."""

    def __init__(self, portal: Portal) -> None:
        self.client = httpx.Client(base_url=portal.url, timeout=20)
        OPENED.append(self.client)
        self.client.get("/wall")

    def post(self, path: str, body: object) -> httpx.Response:
        # The credential's path is /wall: like a browser, the client sends it nowhere else.
        name = next(name for name in self.client.cookies if name.startswith("_csrf_token"))
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.client.cookies[name]})

    def report(self, **said: Any) -> dict[str, Any]:
        answer = self.post("/wall/report", {"scene": "/?wall=1", "state": "good", **said})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def act(self, act: str, **parts: Any) -> httpx.Response:
        return self.post("/walls/act", {"act": act, **parts})

    def secret(self) -> str | None:
        found = [one for one in self.client.cookies.jar if one.name.startswith("ioc_wall_")]
        return found[0].value if found else None


def registered(place: Portal, name: str = "Sảnh A") -> tuple[Browser, Browser, int]:
    """A registered screen, the operator's browser, and the number of the wall."""
    screen, operator = Browser(place), Browser(place)
    code = screen.report()["code"]["code"]
    assert operator.act("register", code=code, name=name, playlist="default").status_code == 200
    assert screen.report()["state"] == "registered"
    wall_id = operator.client.get("/walls/state").json()["walls"][0]["id"]
    return screen, operator, wall_id


# --- devices -----------------------------------------------------------------------------------


def test_codes_have_no_letters_that_look_alike() -> None:
    assert not set("0O1IL") & set(LETTERS)
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(one) == 6 for one in codes)


def test_a_new_screen_gets_a_code_and_a_credential_that_only_its_hash_is_kept_of(
    place: Portal,
) -> None:
    screen = Browser(place)
    answer = screen.post("/wall/report", {})
    told = answer.json()
    assert told["state"] == "waiting"
    assert re.fullmatch(r"[A-Z2-9]{3} [A-Z2-9]{3}", told["code"]["code"])
    assert len(told["scenes"]) >= 4
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/wall", f"Max-Age={400 * 86400}"):
        assert part in cookie
    secret = screen.secret()
    assert secret is not None
    assert len(base64.urlsafe_b64decode(secret + "==")) == 32
    with reading(place.desk.engine) as connection:
        (row,) = connection.execute(select(walls.wall)).mappings()
    assert row["credential"] == hashed(secret)
    assert secret not in str(dict(row))
    assert screen.report()["code"]["code"] == told["code"]["code"]


def test_a_registered_screen_gets_a_credential_of_its_own_and_stays_after_a_restart(
    place: Portal,
) -> None:
    screen, operator, _ = registered(place)
    second = screen.secret()
    with reading(place.desk.engine) as connection:
        (found,) = walls.walls(connection)
    assert found.next_credential == hashed(str(second))
    assert found.credential != found.next_credential
    place.stop()
    place.start()
    told = screen.report()
    assert (told["state"], told["name"]) == ("registered", "Sảnh A")
    with reading(place.desk.engine) as connection:
        (found,) = walls.walls(connection)
    assert (found.credential, found.next_credential) == (hashed(str(second)), None)
    assert [one["by"] for one in operator.client.get("/walls/state").json()["acts"]] == [
        "127.0.0.1"
    ]


def test_whoever_carries_a_wall_s_credential_may_write_nothing_but_its_report(
    place: Portal,
) -> None:
    screen, operator, wall_id = registered(place)
    name = next(one.name for one in screen.client.cookies.jar if one.name.startswith("ioc_wall_"))
    token = next(one for one in operator.client.cookies if one.startswith("_csrf_token"))
    headers = {
        "X-CSRFToken": operator.client.cookies[token],
        "Cookie": "; ".join(
            [f"{one.name}={one.value}" for one in operator.client.cookies.jar]
            + [f"{name}={screen.secret()}"]
        ),
    }
    server = create_app(place.desk, **place.parts).server
    tried = 0
    for rule in server.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            path = re.sub(r"<[^>]*>", "1", rule.rule)
            if path == "/wall/report":
                continue
            answer = httpx.request(method, place.url + path, headers=headers, json={})
            assert (path, answer.status_code) == (path, 403)
            tried += 1
    assert tried >= 4
    asked = httpx.post(
        place.url + "/walls/act", headers=headers, json={"act": "reload", "wall": wall_id}
    )
    assert asked.status_code == 403
    assert screen.report()["reload"] == 0
    for path in ("/", "/walls/state", "/export.csv"):
        assert httpx.get(place.url + path, headers=headers).status_code in (200, 404)


def test_a_report_without_a_token_is_refused(place: Portal) -> None:
    assert httpx.post(place.url + "/wall/report", json={}).status_code == 400
    assert httpx.post(place.url + "/walls/act", json={"act": "reload"}).status_code == 400


def test_a_revoked_screen_is_told_no_scene_and_a_new_code(place: Portal) -> None:
    screen, operator, wall_id = registered(place)
    before = screen.secret()
    assert operator.act("revoke", wall=wall_id).status_code == 200
    for _ in range(2):
        told = screen.report()
        assert told["state"] == "revoked"
        assert "Sảnh A" in told["title"]
        assert "đã bị thu hồi" in told["title"]
        assert told["code"]["code"]
        assert "scenes" not in told
    assert screen.secret() != before
    code = told["code"]["code"]
    answer = operator.act("register", code=code, name="Sảnh B", playlist="default")
    assert answer.status_code == 200
    assert screen.report()["name"] == "Sảnh B"
    # What was revoked stays so, whoever still holds it.
    thief = Browser(place)
    thief.client.cookies.clear()
    thief.client.get("/wall")
    thief.client.cookies.set(f"ioc_wall_{place.desk.settings.port}", str(before), path="/wall")
    assert thief.report()["state"] == "revoked"


def test_credentials_change_weekly_and_none_is_lost(
    engine: Engine, tmp_path: Path, clock: Any
) -> None:
    devices = Devices(engine, Settings(home=tmp_path, secret_key="k" * 40))
    first = devices.see(None, clock()).secret
    assert first is not None
    with writing(engine) as connection:
        waiting = walls.wall_of(connection, hashed(first))
        assert waiting is not None
        given = {"name": "A", "playlist": "default", "by": "Lan", "now": clock()}
        walls.register_wall(connection, str(waiting.code), **given)
    second = devices.see(first, clock()).secret
    assert second is not None
    # The answer got lost: the old one holds, and a minute later there is another.
    clock.advance(seconds=5)
    assert devices.see(first, clock()).secret is None
    clock.advance(minutes=2)
    third = devices.see(first, clock()).secret
    assert third not in (None, second)
    seen = devices.see(third, clock())
    assert seen.wall is not None
    assert (seen.wall.state, seen.secret) == ("registered", None)
    for gone in (first, second):
        assert devices.see(gone, clock()).wall != seen.wall
    clock.advance(days=6)
    assert devices.see(third, clock()).secret is None
    clock.advance(days=1)
    assert devices.see(third, clock()).secret is not None


def test_a_code_is_renewed_before_it_ends(engine: Engine, tmp_path: Path, clock: Any) -> None:
    devices = Devices(engine, Settings(home=tmp_path, secret_key="k" * 40))
    begun = devices.see(None, clock())
    assert begun.wall is not None
    clock.advance(minutes=13)
    same = devices.see(begun.secret, clock()).wall
    assert same is not None
    assert same.code == begun.wall.code
    clock.advance(minutes=1.5)
    renewed = devices.see(begun.secret, clock()).wall
    assert renewed is not None
    assert renewed.id == begun.wall.id
    assert renewed.code != begun.wall.code
    assert renewed.code_until == clock() + timedelta(minutes=15)


# --- reports -----------------------------------------------------------------------------------


def test_reports_do_not_wait_for_a_large_delivery(place: Portal) -> None:
    screen, _, _ = registered(place)
    held, done = threading.Event(), threading.Event()

    def writer() -> None:
        with writing(place.desk.engine):
            held.set()
            done.wait(20)

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        assert held.wait(5)
        for _ in range(3):
            began = time.monotonic()
            assert screen.report()["state"] == "registered"
            assert time.monotonic() - began < 1.5
        began = time.monotonic()
        assert Browser(place).report()["code"]["code"] == ""
        assert time.monotonic() - began < 5
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"scene": "x" * 601},
        {"at": -2},
        {"state": "fine"},
        {"heap": -1},
        {"lang": "fr"},
        {"clock": 10**16},
        {"picture": "x" * 350_001},
    ],
)
def test_a_report_that_is_none_is_refused(place: Portal, body: object) -> None:
    assert Browser(place).post("/wall/report", body).status_code == 400


def test_a_picture_is_kept_only_if_it_is_one(place: Portal) -> None:
    screen, operator, wall_id = registered(place)
    bad = base64.b64encode(b"<script>alert(1)</script>").decode()
    for form in ("image/jpeg", "text/html", "image/svg+xml"):
        screen.report(picture=f"data:{form};base64,{bad}")
        assert operator.client.get(f"/walls/picture/{wall_id}").status_code == 404
    screen.report(picture="data:image/jpeg;base64," + base64.b64encode(JPEG).decode())
    answer = operator.client.get(f"/walls/picture/{wall_id}")
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    row = operator.client.get("/walls/state").json()["walls"][0]
    assert "không phải ảnh chụp" in row["picture_words"]


def test_the_console_says_what_a_wall_should_and_does_show(place: Portal) -> None:
    screen, operator, _ = registered(place)
    scenes = screen.report()["scenes"]
    clock = int((time.time() - 600) * 1000)
    screen.report(
        scene=scenes[1]["key"], at=1, version=1, pulse=1200, heap=41.26, errors=2, skipped=1204,
        width=3840, height=2160, clock=clock,
    )  # fmt: skip
    row = operator.client.get("/walls/state").json()["walls"][0]
    assert row["state"] == "alive"
    assert row["does"] == f"Cảnh 2: {scenes[1]['title']}"
    assert row["differs"] is False
    assert row["should"] == f"Theo lệnh: Trình chiếu chung, {len(scenes)} cảnh"
    assert (row["heap"], row["errors"], row["screen"]) == ("41,3 MB", "2", "3840×2160")
    assert row["data"] == "Bản 1, mới nhất"
    assert row["clock"] == "đồng hồ máy chậm 10 phút"
    assert row["skipped"] == "bỏ qua 1.204 lượt vì lượt trước chưa xong"
    place.grow()
    screen.report(scene="/unit/38?wall=1", title=HOSTILE, version=1)
    row = operator.client.get("/walls/state?lang=en").json()["walls"][0]
    assert row["does"] == f"Not on its playlist: {HOSTILE}"
    assert (row["differs"], row["late"], row["skipped"]) == (True, True, "")
    assert row["data"] == "Version 1, the newest is 2"


def test_the_age_of_a_pulse_is_the_servers_own_count(place: Portal) -> None:
    screen, operator, _ = registered(place)
    heard = httpx.get(place.url + "/pulse?nonce=fromthescreen").json()
    assert screen.report(heard=heard, pulse=0)["vouched"] is True
    row = operator.client.get("/walls/state").json()["walls"][0]
    assert (row["state"], row["pulse"][:9]) == ("alive", "tín hiệu ")
    # Played again with a newer time, or made up: the wall is told, and so is the operator.
    newer = {**heard, "t": heard["t"] + 3_600_000}
    for false in (newer, {"t": heard["t"], "sig": HOSTILE}, {"t": "now"}):
        assert screen.report(heard=false, pulse=0)["vouched"] is False
        row = operator.client.get("/walls/state").json()["walls"][0]
        assert row["state"] == "grey"
        assert row["pulse"] == "tín hiệu không phải của hệ thống này"
    assert screen.report(pulse=1200)["vouched"] is True


# --- acts --------------------------------------------------------------------------------------


def test_orders_reach_the_wall_and_each_is_written_down(place: Portal) -> None:
    screen, operator, wall_id = registered(place)
    text = "Họp <b>15:00</b> " + HOSTILE
    for act, parts in (
        ("identify", {}),
        ("reload", {}),
        ("picture", {}),
        ("hold", {}),
        ("notice", {"text": text, "minutes": 5}),
        ("exercise", {"kind": "server", "minutes": 5}),
    ):
        answer = operator.act(act, wall=wall_id, **parts)
        assert answer.status_code == 200, answer.text
        assert "Sảnh A" in answer.json()["words"]
    told = screen.report()
    assert (told["reload"], told["picture"], told["hold"]) == (1, 1, True)
    assert 10_000 < told["identify"] <= 20_000
    assert told["notice"] == " ".join(text.split())
    assert told["exercise"]["kind"] == "server"
    assert told["exercise"]["mark"] == "DIỄN TẬP"
    assert not any("exercise" in one["href"] for one in told["scenes"])
    for act in ("go", "notice_end", "exercise_end"):
        assert operator.act(act, wall=wall_id).status_code == 200
    told = screen.report()
    assert (told["hold"], told["notice"], told["exercise"]) == (False, "", None)
    state = operator.client.get("/walls/state").json()
    assert len(state["acts"]) == 10
    assert state["acts"][-1]["act"] == "Đăng ký"
    assert {one["wall"] for one in state["acts"]} == {"Sảnh A"}


def test_who_acted_is_the_name_that_the_browser_gave(place: Portal) -> None:
    _, operator, wall_id = registered(place)
    assert operator.post("/viewer", {"name": "Trần Thị Lan"}).status_code == 200
    operator.act("identify", wall=wall_id)
    assert operator.client.get("/walls/state").json()["acts"][0]["by"] == "Trần Thị Lan"


def test_each_act_has_words_in_both_languages() -> None:
    from ioc.domain.messages import knows

    for act in ACTS:
        for lang in ("vi", "en"):
            assert knows(lang, f"walls.act_{act}"), act
            assert knows(lang, f"walls.done_{act}"), act


@pytest.mark.parametrize(
    ("act", "parts", "words"),
    [
        ("nonsense", {}, "Không có thao tác nonsense"),
        ("reload", {"wall": 99}, "không còn được đăng ký"),
        ("register", {"code": "AAA AAA", "name": "B", "playlist": "default"}, "mã AAAAAA"),
        ("register", {"code": "AAAAAA", "name": " ", "playlist": "default"}, "Cần một dòng chữ"),
        ("register", {"code": "AAAAAA", "name": "B", "playlist": "gone"}, "trình chiếu gone"),
        ("freeze", {"text": "Giao ban"}, "Chọn ít nhất một màn hình"),
        ("release", {"code": "NOTHER"}, "NOTHER"),
    ],
)
def test_what_cannot_be_done_is_said(
    place: Portal, act: str, parts: dict[str, Any], words: str
) -> None:
    answer = Browser(place).act(act, **parts)
    assert answer.status_code == 409
    assert words in answer.text


def test_what_is_malformed_is_refused(place: Portal) -> None:
    operator = Browser(place)
    assert operator.act("notice", wall="x").status_code == 400
    assert operator.act("notice", minutes=0).status_code == 400
    assert operator.act("notice", more=1).status_code == 400
    assert operator.post("/walls/act", []).status_code == 400


def test_a_freeze_pins_the_scenes_of_the_chosen_wall_until_it_is_released(place: Portal) -> None:
    screen, operator, wall_id = registered(place)
    answer = operator.act("freeze", text="Giao ban tuần 47", walls=[wall_id])
    assert answer.status_code == 200
    state = operator.client.get("/walls/state").json()
    code = state["freezes"][0]["code"]
    assert "Sảnh A" in state["freezes"][0]["words"]
    told = screen.report()
    assert told["freeze"]["code"] == code
    assert all(f"meeting={code}" in one["href"] for one in told["scenes"])
    assert not any("meeting" in one["key"] for one in told["scenes"])
    assert operator.act("release", code=code).status_code == 200
    told = screen.report()
    assert told["freeze"] is None
    assert not any("meeting" in one["href"] for one in told["scenes"])
    assert operator.client.get("/walls/state").json()["freezes"] == []


def test_playlists_of_the_home_are_read_again_and_wrong_ones_are_told(place: Portal) -> None:
    screen, operator, wall_id = registered(place)
    folder = place.desk.settings.home / "playlists"
    folder.mkdir()
    (folder / "hall.yaml").write_text(
        'title: {vi: Sảnh, en: Hall}\nscenes: [{address: "/unit/38?wall=1"}]\n', encoding="utf-8"
    )
    (folder / "wrong.yaml").write_text("title: x", encoding="utf-8")
    deadline = time.monotonic() + 10
    while operator.act("assign", wall=wall_id, playlist="hall").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.3)
    assert [one["href"] for one in screen.report()["scenes"]] == ["/unit/38?wall=1"]
    state = operator.client.get("/walls/state?choices=1").json()
    assert "playlists/wrong.yaml" in state["wrong"][0]
    assert {"key": "hall", "name": "Sảnh"} in state["choices"]["playlists"]
