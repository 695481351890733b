"""Pages in Chromium: first paint, drilling, back, filters, hostile text, several viewers."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect
from support.browser import OpenPage
from support.portal import HOSTILE, Portal


def ready(page: Any, address: str) -> None:
    """Open an address and wait until all its charts are drawn."""
    page.goto(address)
    page.wait_for_selector("html.ready", timeout=20_000)


def test_the_first_document_holds_the_page(steady: Portal, open_page: OpenPage) -> None:
    page = open_page()
    ready(page, steady.url)
    asked = [url for url in open_page.requests if "/_dash-" in url and "suites" not in url]
    assert asked == []
    expect(page.locator("h1")).to_have_text("Đơn vị vn")
    assert page.locator(".bars .point, .barlayer .point").count() == 3


def test_clicking_a_mark_drills_and_back_comes_back(steady: Portal, page: Any) -> None:
    ready(page, steady.url)
    page.evaluate("window.stayed = true")
    page.locator(".barlayer .point").nth(2).hover(force=True)
    box = page.locator(".barlayer .point").nth(2).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("h1")).to_have_text("Đơn vị 38")
    assert page.url == f"{steady.url}/unit/38"
    assert page.title() == "Trang 38"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Đơn vị vn")
    assert page.evaluate("window.stayed") is True


def test_a_mark_that_leads_elsewhere_leads_nowhere(steady: Portal, page: Any) -> None:
    ready(page, steady.url)
    box = page.locator(".barlayer .point").nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(700)
    assert page.url == f"{steady.url}/"


def test_plain_links_are_followed_without_a_reload(steady: Portal, page: Any) -> None:
    ready(page, steady.url)
    page.evaluate("window.stayed = true")
    page.locator("#to-38").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Đơn vị 38")
    assert page.evaluate("window.stayed") is True


def test_a_filter_goes_to_its_address(steady: Portal, page: Any) -> None:
    ready(page, steady.url)
    page.locator(".dash-dropdown").first.click()
    page.get_by_text("01", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Đơn vị 01")
    assert page.url == f"{steady.url}/unit/01"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Đơn vị vn", timeout=15_000)
    page.wait_for_timeout(500)
    assert page.url == f"{steady.url}/"


def test_hostile_text_is_text(steady: Portal, page: Any) -> None:
    ready(page, steady.url)
    expect(page.locator("#hostile")).to_have_text(HOSTILE)
    assert page.title() == "Trang vn"
    assert page.locator("#page img").count() == 0


def test_a_wrong_address_says_what_is_wrong(steady: Portal, open_page: OpenPage) -> None:
    page = open_page(expected=("404", "500"))
    answer = page.goto(f"{steady.url}/unit/99")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator(".error-reason")).to_contain_text("99")
    assert page.evaluate("document.documentElement.dataset.status") == "404"
    answer = page.goto(f"{steady.url}/broken")
    assert answer is not None
    assert answer.status == 500
    expect(page.locator(".error-card")).to_be_visible()
    assert "secret detail" not in page.content()


def test_two_viewers_do_not_share_where_they_are(steady: Portal, open_page: OpenPage) -> None:
    one, two = open_page(), open_page()
    ready(one, steady.url)
    ready(two, steady.url)
    one.locator("#to-38").click()
    expect(one.locator("h1")).to_have_text("Đơn vị 38")
    steady.grow()
    expect(one.locator("#seen")).not_to_have_text("1", timeout=20_000)
    expect(two.locator("#seen")).not_to_have_text("1", timeout=20_000)
    expect(two.locator("h1")).to_have_text("Đơn vị vn")
    expect(one.locator("h1")).to_have_text("Đơn vị 38")
