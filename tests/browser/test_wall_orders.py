"""A wall that is told what to do: lists by hour, alarms, devices, notices, rehearsals, drift."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect
from support.browser import OpenPage, until
from support.portal import HOSTILE, Portal, free_port, grow, now, pages, running_portal, small_desk

from ioc.domain.view import ZONE
from layouts.pages import wall

LOST = ("net::ERR_", "Failed to fetch", "502", "503", "ChunkLoadError")
FIRST, SECOND = "/?wall=1", "/unit/38?wall=1"
GOOD = "#wall-stage[data-at='{}'][data-state='good']"


def written(home: Path, *scenes: dict[str, Any]) -> None:
    """Make this the default playlist of a home."""
    (home / "playlists").mkdir(exist_ok=True)
    content = {"title": {"vi": "Thử", "en": "Test"}, "scenes": list(scenes)}
    (home / "playlists" / "default.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Portal]:
    """A portal of small pages whose wall is the product's, with a playlist of two of them."""
    written(tmp_path, {"address": FIRST, "seconds": 5}, {"address": SECOND, "seconds": 5})
    desk = small_desk(tmp_path, free_port())
    grow(desk.engine)
    parts = {"pages": {**pages(), "wall": wall.PAGE}, "shell": lambda content, view: content}
    with running_portal(tmp_path, desk, **parts) as running:
        yield running


def opened(open_page: OpenPage, address: str, **options: Any) -> Any:
    """A wall whose first scene is drawn."""
    page = open_page(**options)
    page.goto(address)
    page.wait_for_selector("#wall-stage[data-state]", timeout=30_000, state="attached")
    return page


def act(page: Any, **order: Any) -> None:
    """What an operator does, from a browser of his own."""
    until(page, "Boolean(window.iocSend)")
    said = page.evaluate("order => window.iocSend('/walls/act', order)", order)
    assert said["words"]


def registered(place: Portal, open_page: OpenPage, **options: Any) -> tuple[Any, Any, int]:
    """A registered wall, an operator's page and the wall's number."""
    screen = opened(open_page, place.url + "/wall", **options)
    operator = open_page(**options)
    operator.goto(place.url)
    shown = screen.locator(".wall-code.on b")
    expect(shown).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    act(operator, act="register", code=shown.inner_text(), name="Sảnh A", playlist="default")
    expect(screen.locator(".wall-code.on")).to_have_count(0)
    state = operator.evaluate("fetch('/walls/state').then(answer => answer.json())")
    return screen, operator, int(state["walls"][0]["id"])


# --- what is played, over a server of the test's own making -------------------------------------


def scene(address: str, **more: Any) -> dict[str, Any]:
    return {"key": address, "href": address, "seconds": 60, "title": address, **more}


@pytest.fixture
def ordered(place: Portal, open_page: OpenPage) -> Callable[..., Any]:
    """Open a wall whose reports are answered by the test: change `told` and it is obeyed."""

    def start(told: dict[str, Any], address: str = "/wall") -> Any:
        page = open_page()
        page.route("**/wall/report", lambda route: route.fulfill(body=json.dumps(told)))
        page.goto(place.url + address)
        page.wait_for_selector("#wall-stage", timeout=30_000, state="attached")
        return page

    return start


def test_an_alarm_comes_at_once_and_the_rotation_goes_on(ordered: Callable[..., Any]) -> None:
    told: dict[str, Any] = {
        "state": "registered",
        "scenes": [scene(FIRST), scene(SECOND, seconds=2)],
    }
    page = ordered(told)
    page.wait_for_selector(GOOD.format(0))
    told["scenes"] = [scene("/unit/01?wall=1", alarm=True, seconds=2), *told["scenes"]]
    page.wait_for_selector(GOOD.format(0) + ":has(iframe.on)")
    inner = page.frame_locator("#wall-stage iframe.on").locator("h1")
    expect(inner).to_have_text("Đơn vị 01", timeout=15_000)
    page.wait_for_selector(GOOD.format(1), timeout=20_000)
    expect(inner).to_have_text("Đơn vị vn", timeout=15_000)


def test_another_list_keeps_the_scene_that_is_on_it(ordered: Callable[..., Any]) -> None:
    told: dict[str, Any] = {"state": "registered", "scenes": [scene(FIRST), scene(SECOND)]}
    page = ordered(told)
    page.wait_for_selector(GOOD.format(0))
    told["scenes"] = [scene(SECOND), scene("/unit/01?wall=1"), scene(FIRST)]
    page.wait_for_selector("#wall-stage[data-at='2']")
    assert page.evaluate("iocWall.state().scene") == FIRST
    assert page.url.endswith("#at=2&scene=%2F%3Fwall%3D1")
    told["scenes"] = [scene(SECOND)]
    inner = page.frame_locator("#wall-stage iframe.on").locator("h1")
    expect(inner).to_have_text("Đơn vị 38", timeout=20_000)


def test_a_pinned_scene_is_opened_again_at_once_and_released_within_ten_seconds(
    ordered: Callable[..., Any],
) -> None:
    told: dict[str, Any] = {"state": "registered", "scenes": [scene(SECOND)]}
    page = ordered(told)
    page.wait_for_selector(GOOD.format(0))
    words = "ĐÓNG BĂNG · Giao ban " + HOSTILE
    told |= {
        # What pins a scene is a part of its address; any other serves here as well.
        "scenes": [{**scene(SECOND), "href": SECOND + "&lang=en"}],
        "freeze": {"code": "ABC234", "words": words},
    }
    seen = "iocWall.frame().contentWindow.location.search"
    until(page, f"{seen}.includes('lang=en')")
    expect(page.locator(".wall-strip.is-freeze")).to_have_text(words)
    told |= {"scenes": [scene(SECOND)], "freeze": None}
    until(page, f"!{seen}.includes('lang=en')")
    expect(page.locator(".wall-strip.is-freeze")).to_be_hidden()


def test_a_held_wall_stays_on_its_scene(ordered: Callable[..., Any]) -> None:
    told: dict[str, Any] = {
        "state": "registered",
        "scenes": [scene(FIRST, seconds=2), scene(SECOND, seconds=2)],
        "hold": True,
    }
    page = ordered(told)
    page.wait_for_selector("#wall-stage[data-state='good']", timeout=30_000)
    page.wait_for_timeout(6000)
    at = page.evaluate("iocWall.state().at")
    page.wait_for_timeout(5000)
    assert page.evaluate("iocWall.state().at") == at
    told["hold"] = False
    page.wait_for_selector(f"#wall-stage[data-at='{1 - at}']", timeout=15_000)


def test_a_name_and_a_notice_are_texts_and_cover_no_figure(ordered: Callable[..., Any]) -> None:
    told: dict[str, Any] = {
        "state": "registered",
        "name": "Sảnh " + HOSTILE,
        "scenes": [scene(FIRST)],
        "notice": HOSTILE,
        "identify": 3000,
    }
    page = ordered(told)
    expect(page.locator(".wall-name")).to_have_text("Sảnh " + HOSTILE)
    expect(page.locator(".wall-strip.is-notice")).to_have_text(HOSTILE)
    assert page.locator(".wall-name *, .wall-strip.is-notice img").count() == 0
    assert page.title() != "hacked"
    frame = page.locator("#wall-stage iframe.on").bounding_box()
    foot = page.locator(".wall-strip.is-notice").bounding_box()
    assert frame is not None
    assert foot is not None
    assert frame["y"] + frame["height"] <= foot["y"] + 1
    told["identify"] = 0
    expect(page.locator(".wall-name")).to_be_hidden(timeout=10_000)


def test_no_scene_is_due_or_ours(ordered: Callable[..., Any]) -> None:
    told: dict[str, Any] = {"state": "registered", "scenes": [scene("//evil.example/")]}
    page = ordered(told, "/wall")
    expect(page.locator(".wall-card")).to_have_text(
        "Danh sách trình chiếu không có cảnh nào cho lúc này.", timeout=9000
    )


# --- drift --------------------------------------------------------------------------------------


def test_the_drift_stays_within_24_pixels_and_comes_everywhere(
    place: Portal, open_page: OpenPage
) -> None:
    page = opened(open_page, place.url + "/wall")
    path = page.evaluate("Array.from({length: 5000}, (_, n) => iocWallDrift(n))")
    assert max((x * x + y * y) ** 0.5 for x, y in path) <= 24
    assert {(x > 8, y > 8) for x, y in path} == {(a, b) for a in (0, 1) for b in (0, 1)}
    steps = [abs(a - c) + abs(b - d) for (a, b), (c, d) in itertools.pairwise(path)]
    assert max(steps) <= 24
    assert len({tuple(one) for one in path}) > 300


def test_the_drift_moves_and_holds_still_for_a_capture(place: Portal, open_page: OpenPage) -> None:
    page = opened(open_page, place.url + "/wall")
    page.evaluate("iocWall.stage().dataset.driftEvery = 600")
    before = page.evaluate("iocWall.stage().style.transform")
    until(page, f"iocWall.stage().style.transform !== {json.dumps(before)}")
    assert page.evaluate("getComputedStyle(iocWall.stage()).transitionDuration") == "2s"
    page.evaluate("document.documentElement.dataset.capture = ''")
    until(page, "iocWall.stage().style.transform === ''")
    page.wait_for_timeout(1500)
    assert page.evaluate("getComputedStyle(iocWall.stage()).transform") == "none"
    page.evaluate("delete document.documentElement.dataset.capture")
    until(page, "iocWall.stage().style.transform !== ''")


def test_with_reduced_motion_the_drift_jumps(place: Portal, open_page: OpenPage) -> None:
    page = opened(open_page, place.url + "/wall", reduced_motion="reduce")
    until(page, "iocWall.stage().style.transform !== ''")
    assert page.evaluate("getComputedStyle(iocWall.stage()).transitionProperty") == "none"


# --- with the server ----------------------------------------------------------------------------


def test_scenes_follow_the_server_s_hours_whatever_the_screen_s_clock_says(
    place: Portal, open_page: OpenPage
) -> None:
    soon = (now() + timedelta(hours=2)).astimezone(ZONE)
    later = soon + timedelta(hours=1)
    hours = f"{soon:%H:%M}-{later:%H:%M}"
    home = place.desk.settings.home
    written(home, {"address": FIRST, "seconds": 5}, {"address": SECOND, "hours": hours})
    page = open_page()
    page.add_init_script("const real = Date.now; Date.now = () => real() + 7500000;")
    page.goto(place.url + "/wall")
    page.wait_for_selector(GOOD.format(0), timeout=30_000)
    until(page, "iocWall.state().scenes === 1")
    page.evaluate("window.stayed = true")
    passed = now().astimezone(ZONE)
    hours = f"{passed - timedelta(hours=1):%H:%M}-{passed + timedelta(hours=1):%H:%M}"
    written(home, {"address": FIRST, "seconds": 5}, {"address": SECOND, "hours": hours})
    until(page, "iocWall.state().scenes === 2")
    assert page.evaluate("window.stayed")


def test_a_screen_is_registered_survives_restarts_and_is_revoked(
    place: Portal, open_page: OpenPage
) -> None:
    screen, operator, wall_id = registered(place, open_page, expected=(*LOST, "409"))
    place.stop()
    place.start()
    screen.goto("about:blank")
    screen.goto(place.url + "/wall")
    screen.wait_for_selector("#wall-stage[data-state='good']", timeout=30_000)
    screen.wait_for_timeout(2000)
    assert screen.locator(".wall-code.on").count() == 0
    act(operator, act="revoke", wall=wall_id)
    expect(screen.locator(".wall-large-title")).to_have_text("Màn hình Sảnh A đã bị thu hồi")
    expect(screen.locator(".wall-large-code")).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    expect(screen.locator("#wall-stage iframe.on")).to_have_count(0)
    for frame in screen.frames[1:]:
        assert frame.url == "about:blank"


def test_the_code_can_be_shown_large(place: Portal, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(place.url + "/wall#register")
    expect(page.locator(".wall-large.on .wall-large-code")).to_have_text(
        re.compile(r"^\w{3} \w{3}$"), timeout=15_000
    )
    expect(page.locator(".wall-code.on")).to_have_count(0)
    page.wait_for_selector("#wall-stage[data-state]", timeout=30_000, state="attached")
    page.reload()
    page.wait_for_selector("#wall-stage[data-state]", timeout=30_000, state="attached")
    page.wait_for_timeout(6500)
    expect(page.locator(".wall-large.on .wall-large-code")).to_be_visible()


def test_a_rehearsed_dead_server_greys_within_15_seconds_is_marked_and_ends(
    place: Portal, open_page: OpenPage
) -> None:
    screen, operator, wall_id = registered(place, open_page)
    act(operator, act="exercise", wall=wall_id, kind="server", minutes=5)
    mark = screen.locator(".wall-strip.is-exercise.on .wall-mark")
    expect(mark).to_have_text("DIỄN TẬP", timeout=20_000)
    began = time.monotonic()
    at = screen.evaluate("iocWall.state().at")
    screen.wait_for_selector("html.dead", state="attached", timeout=15_500)
    assert time.monotonic() - began < 15
    inner = screen.frame_locator("#wall-stage iframe.on").locator("html.dead")
    expect(inner).to_have_count(1)
    expect(mark).to_be_visible()
    expect(screen.locator("#live-banner")).to_contain_text("Mất kết nối từ ")
    # The banner covers nothing of the scene but what the drift may move under it.
    covers = """() => document.querySelector('#live-banner').getBoundingClientRect().bottom
        - document.querySelector('#wall-stage iframe.on').getBoundingClientRect().top"""
    until(screen, f"({covers})() < 17")
    assert operator.locator("html.dead").count() == 0
    assert screen.evaluate("iocWall.state().at") == at
    act(operator, act="exercise_end", wall=wall_id)
    expect(screen.locator("html.dead")).to_have_count(0, timeout=20_000)
    expect(inner).to_have_count(0, timeout=15_000)
    expect(mark).to_be_hidden()


def test_a_lost_server_leaves_the_last_scene_greyed_on_screen(
    place: Portal, open_page: OpenPage
) -> None:
    page = opened(open_page, place.url + "/wall", expected=LOST)
    page.wait_for_selector("#wall-stage[data-state='good']", timeout=25_000)
    place.stop()
    page.wait_for_selector("html.dead", state="attached", timeout=16_000)
    page.wait_for_timeout(4000)
    expect(page.locator(".wall-card.on")).to_have_count(0)
    expect(page.locator("#wall-stage iframe.on")).to_have_count(1)
    place.start()
    expect(page.locator("html.dead")).to_have_count(0, timeout=15_000)
    at = page.evaluate("iocWall.state().at")
    page.wait_for_selector(f"#wall-stage[data-at='{1 - at}'][data-state='good']", timeout=25_000)


def test_a_picture_is_drawn_in_the_browser_and_says_what_it_is(
    place: Portal, open_page: OpenPage
) -> None:
    screen, operator, wall_id = registered(place, open_page)
    screen.wait_for_timeout(1000)
    act(operator, act="picture", wall=wall_id)
    found: dict[str, Any] = {}
    for _ in range(40):
        state = operator.evaluate("fetch('/walls/state').then(answer => answer.json())")
        found = state["walls"][0]
        if "picture" in found:
            break
        operator.wait_for_timeout(500)
    assert found["picture_words"].startswith("Vẽ lại từ nội dung trang")
    answer = operator.request.get(f"{place.url}/walls/picture/{wall_id}")
    assert answer.body().startswith(b"\xff\xd8\xff")
    assert 1000 < len(answer.body()) < 250_000


def test_a_slow_answer_is_waited_for_and_what_was_skipped_is_told(
    place: Portal, open_page: OpenPage
) -> None:
    screen, operator, wall_id = registered(place, open_page)
    screen.wait_for_selector("#wall-stage[data-state='good']", timeout=25_000)
    screen.evaluate(
        "addEventListener('ioc-wall-orders', event => { window.held = event.detail.hold; }, true)"
    )
    act(operator, act="hold", wall=wall_id)
    # A document that is only just being loaded asks for its page, which is no refresh.
    until(
        screen,
        "window.held && [...document.querySelectorAll('iframe')].every(frame =>"
        " frame.classList.contains('on') || frame.contentDocument.URL === 'about:blank')",
        seconds=25,
    )
    asked: list[Any] = []
    screen.route(re.compile("_dash-update"), lambda route: asked.append(route))
    for _ in range(4):
        place.grow()
        screen.wait_for_timeout(1000)
    senders = [route.request.frame for route in asked]
    assert senders
    assert len(senders) == len(set(senders))
    for route in asked:
        route.continue_()
    screen.unroute(re.compile("_dash-update"))
    operator.goto(place.url + "/walls/state")
    words = re.compile(r"bỏ qua \d+ lượt vì lượt trước chưa xong")
    deadline = time.monotonic() + 15
    while not (told := words.search(operator.reload().json()["walls"][0]["skipped"])):
        assert time.monotonic() < deadline
        operator.wait_for_timeout(500)
    assert int(re.findall(r"\d+", told.group())[0]) >= 2
