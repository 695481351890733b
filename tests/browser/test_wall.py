"""The rotating wall in Chromium."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect
from support.browser import OpenPage
from support.portal import Portal


def test_rotation_passes_a_failed_scene_and_goes_on(portal: Portal, open_page: OpenPage) -> None:
    page = open_page(expected=("500",))
    page.goto(f"{portal.url}/wall#at=0")
    stage = page.locator("#wall-stage")
    page.wait_for_selector("#wall-stage[data-at='0'][data-state='good']", timeout=30_000)
    assert page.url.endswith("#at=0&scene=%2F%3Fwall%3D1")
    page.wait_for_selector("#wall-stage[data-at='1'][data-state='bad']", timeout=30_000)
    expect(page.locator(".wall-card")).to_contain_text("Không hiển thị được hai: ")
    page.wait_for_selector("#wall-stage[data-at='2'][data-state='good']", timeout=30_000)
    expect(page.locator(".wall-card")).not_to_be_visible()
    inner = page.frame_locator("#wall-stage iframe.on")
    expect(inner.locator("h1")).to_have_text("Đơn vị 38")
    page.wait_for_selector("#wall-stage[data-at='0'][data-state='good']", timeout=30_000)
    assert stage.count() == 1


def test_the_address_holds_where_the_rotation_is(portal: Portal, open_page: OpenPage) -> None:
    page = open_page(expected=("500",))
    page.goto(f"{portal.url}/wall#at=2")
    page.wait_for_selector("#wall-stage[data-at='2']", timeout=30_000)


def test_the_right_scene_is_restored_by_its_address_when_the_playlist_changed(
    portal: Portal, open_page: OpenPage
) -> None:
    page = open_page(expected=("500",))
    page.goto(f"{portal.url}/wall#at=0&scene=%2Funit%2F38%3Fwall%3D1")
    page.wait_for_selector("#wall-stage[data-at='2']", timeout=30_000)
    page.goto("about:blank")
    page.goto(f"{portal.url}/wall#at=5&scene=%2Fgone")
    page.wait_for_selector("#wall-stage[data-at='2']", timeout=30_000)


def test_leaving_the_wall_takes_the_stage_away(portal: Portal, open_page: OpenPage) -> None:
    page = open_page(expected=("500",))
    page.goto(f"{portal.url}/unit/38")
    page.wait_for_selector("html.ready", timeout=20_000)
    assert page.locator("#wall-stage").count() == 0


def test_a_wall_that_plays_foreign_pulses_greys_its_scene(
    portal: Portal, open_page: OpenPage
) -> None:
    page = open_page(expected=("500",))

    def unvouched(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "vouched": False})

    page.route("**/wall/report", unvouched)
    page.goto(f"{portal.url}/wall#at=0")
    page.wait_for_selector("html.dead", timeout=20_000, state="attached")
    page.wait_for_selector("#wall-stage iframe.on", timeout=30_000)
    scene = page.frame_locator("#wall-stage iframe.on")
    expect(scene.locator("html.dead[data-unvouched]")).to_have_count(1)
    page.unroute("**/wall/report")
    page.wait_for_selector("html:not(.dead)", timeout=20_000, state="attached")
