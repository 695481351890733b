"""Live pages in Chromium: new data without reload, grey when nothing vouches, back alone."""

from __future__ import annotations

import time
from typing import Any

import httpx
from playwright.sync_api import expect
from support.browser import OpenPage
from support.portal import Portal

ALIVE = "html.ready:not(.dead)"
LOST = ("net::ERR_", "Failed to fetch", "the server did not respond")


def opened(portal: Portal, open_page: OpenPage, path: str = "/", **options: Any) -> Any:
    """A page that is drawn and alive; lost connections are expected on it."""
    page = open_page(expected=(*LOST, "502", "503"), **options)
    page.goto(portal.url + path)
    page.wait_for_selector(ALIVE, timeout=20_000)
    return page


def test_new_data_appear_without_reload_and_idle_asks_nothing(
    portal: Portal, open_page: OpenPage
) -> None:
    page = opened(portal, open_page)
    page.evaluate("window.stayed = true; window.scrollTo(0, 400)")
    version = portal.grow()
    expect(page.locator("#seen")).to_have_text(str(version), timeout=15_000)
    assert page.evaluate("window.stayed") is True
    assert page.evaluate("window.scrollY") == 400
    page.wait_for_timeout(500)
    before = len(open_page.requests)
    page.wait_for_timeout(5000)
    assert open_page.requests[before:] == []


def test_a_question_that_found_no_server_is_asked_again_with_the_next_pulse(
    portal: Portal, open_page: OpenPage
) -> None:
    page = opened(portal, open_page)
    lost: list[Any] = []

    def lose(route: Any) -> None:
        lost.append(route)
        route.abort("connectionrefused")

    page.route("**/_dash-update-component*", lose, times=1)
    version = portal.grow()
    expect(page.locator("#seen")).to_have_text(str(version))
    assert len(lost) == 1


def test_without_shared_workers_a_page_has_its_own_stream(
    portal: Portal, open_page: OpenPage
) -> None:
    page = open_page()
    page.add_init_script("delete window.SharedWorker")
    page.goto(portal.url)
    page.wait_for_selector(ALIVE, timeout=20_000)
    assert any(url.endswith("/live") for url in open_page.requests)
    version = portal.grow()
    expect(page.locator("#seen")).to_have_text(str(version), timeout=15_000)


def test_a_wrong_client_clock_changes_nothing(portal: Portal, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("const real = Date.now; Date.now = () => real() + 600000;")
    page.goto(portal.url)
    page.wait_for_selector(ALIVE, timeout=20_000)
    page.wait_for_timeout(4000)
    assert page.locator("html.dead").count() == 0


def recorded(portal: Portal) -> str:
    """What a stream says that somebody kept: a real pulse of now, for ever the same."""
    said = httpx.get(portal.url + "/pulse?nonce=recorded1").text
    return f"event: pulse\ndata: {said}\n\n"


def fed(portal: Portal, open_page: OpenPage) -> tuple[Any, str]:
    """A page that hears the same pulse for ever, and that pulse."""
    page = open_page()
    page.add_init_script("delete window.SharedWorker")
    kept = recorded(portal)
    answer = {"status": 200, "content_type": "text/event-stream", "body": kept}
    page.route("**/live", lambda route: route.fulfill(**answer))
    return page, kept


def test_pulses_that_are_played_again_keep_nothing_alive(
    portal: Portal, open_page: OpenPage
) -> None:
    page, kept = fed(portal, open_page)
    # A cache would answer so too: with the word of whoever asked it before.
    page.route("**/pulse?*", lambda route: route.fulfill(body=kept.split("data: ")[1].strip()))
    began = time.monotonic()
    page.goto(portal.url)
    page.wait_for_selector(ALIVE, timeout=20_000)
    page.wait_for_selector("html.dead", timeout=20_000)
    assert time.monotonic() - began < 19
    page.wait_for_timeout(4000)
    assert page.locator("html.dead").count() == 1
    page.unroute("**/pulse?*")
    page.wait_for_selector(ALIVE)


def test_a_server_whose_clock_was_set_back_is_believed_when_it_answers(
    portal: Portal, open_page: OpenPage
) -> None:
    page, _ = fed(portal, open_page)
    page.goto(portal.url)
    page.wait_for_selector(ALIVE, timeout=20_000)
    page.wait_for_timeout(20_000)
    assert page.locator("html.dead").count() == 0


def test_a_new_release_reloads_the_page_once(portal: Portal, open_page: OpenPage) -> None:
    page = opened(portal, open_page)
    page.evaluate(
        "Math.random = () => 0.01; window.stayed = true;"
        "document.documentElement.dataset.release = 'older'"
    )
    page.wait_for_load_state("load")
    page.wait_for_timeout(5000)
    page.wait_for_selector(ALIVE, timeout=20_000)
    assert page.evaluate("window.stayed") is None
