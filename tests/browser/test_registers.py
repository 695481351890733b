"""Registers in Chromium: narrow a list, open an item, act on it with a reason, and go back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect
from support import access
from support.browser import OpenPage
from support.portal import Portal, free_port, running_portal

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.settings import Settings
from ioc.store.engine import open_engine
from ioc.store.migration import migrate
from tests.ioc.queries.house import House
from tests.ioc.queries.registered import SIX, act, kept, said, tell

ALIVE = "html.ready"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Portal]]:
    """The product over a store with some tasks, served at the real time."""
    folder = tmp_path_factory.mktemp("registers")
    engine = open_engine(f"sqlite:///{folder / 'ioc.sqlite'}")
    migrate(engine)
    units = Units.load()
    house = House(engine, units, Catalogue.load(units=units)).prepare()
    tell(
        house,
        *(said(house, f"t{at:02}", "38", "doing", due="2026-01-12", **SIX) for at in range(60)),
        said(house, "words", "38", "assigned", due="2099-12-31", title="Số hóa hồ sơ"),
    )
    settings = Settings(home=folder, secret_key="k" * 40, port=free_port())
    desk = replace(house.desk, settings=settings, now=lambda: datetime.now(UTC))
    with running_portal(folder, desk) as portal:
        yield house, portal
    engine.dispose()


def ready(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(ALIVE, timeout=20_000)


def test_a_list_is_narrowed_by_choices_and_words(made: tuple[House, Portal], page: Any) -> None:
    _, portal = made
    ready(page, f"{portal.url}/register/task?unit=38")
    page.evaluate("window.stayed = true")
    page.locator(".filter-due .dash-dropdown").click()
    page.get_by_text("Quá hạn", exact=True).last.click()
    expect(page.locator("#chips")).to_contain_text("Quá hạn, chưa xong")
    assert "due=overdue" in page.url
    expect(page.locator(".items tbody tr")).to_have_count(50)
    page.locator(".item-sheets a").click()
    expect(page.locator(".items tbody tr")).to_have_count(10)
    page.locator("#chips .filter-chip", has_text="Quá hạn").click()
    expect(page.locator("#chips")).not_to_contain_text("Quá hạn")
    box = page.locator("#register-words input")
    box.fill("so hoa")
    box.press("Enter")
    expect(page.locator(".items tbody tr")).to_have_count(1)
    expect(page.locator(".item-title a")).to_have_text("Số hóa hồ sơ")
    assert page.evaluate("window.stayed") is True


def test_a_person_moves_an_item_and_says_why(made: tuple[House, Portal], page: Any) -> None:
    house, portal = made
    ready(page, f"{portal.url}/register/task?unit=38&due=overdue")
    page.locator(".item-title a").first.click()
    expect(page.locator("h1")).to_have_text("Việc t00")
    page.locator("#item-act summary").click()
    form = page.locator(".act-form")
    form.get_by_label("Sang trạng thái").select_option("waiting")
    form.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".act-said")).to_have_text("Hãy ghi lý do.")
    form.get_by_label("Lý do").fill("Đã nộp sản phẩm")
    form.get_by_label("Tên người cập nhật").fill("Nguyễn Lan")
    assert access.violations(page) == []
    form.get_by_role("button", name="Ghi lại").click()
    history = page.locator(".item-history > li")
    expect(history).to_have_count(2, timeout=20_000)
    expect(history.first).to_contain_text("Nguyễn Lan chuyển trạng thái")
    expect(history.first).to_contain_text("Đã nộp sản phẩm")
    expect(history.first).to_contain_text("Chờ nghiệm thu")
    expect(page.locator(".item-standing .item-state")).to_contain_text("Chờ nghiệm thu")
    now = kept(house, "t00")
    assert now is not None
    assert now.state == "waiting"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Nhiệm vụ: Tỉnh Thanh Hóa")
    assert "due=overdue" in page.url


def test_who_looked_at_an_older_version_is_told(
    made: tuple[House, Portal], open_page: OpenPage
) -> None:
    house, portal = made
    page = open_page(expected=("409",))
    ready(page, f"{portal.url}/item/t01?register=task")
    # Nothing may be drawn anew in between: this is about what was not seen yet.
    page.route(re.compile("_dash-update"), lambda route: None)
    page.locator("#item-act summary").click()
    page.get_by_label("Lý do").fill("Vội")
    page.get_by_label("Tên người cập nhật").fill("Minh")
    act(house, "t01", changes={"person": "An"})
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".act-said")).to_contain_text("vừa có thay đổi khác")
    expect(page.get_by_label("Lý do")).to_have_value("Vội")


def test_on_a_phone_items_are_cards(made: tuple[House, Portal], open_page: OpenPage) -> None:
    _, portal = made
    page = open_page(width=390, height=844)
    for address in ("/register/task?unit=38", "/item/t02?register=task", "/registers?unit=38"):
        ready(page, portal.url + address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, address
    ready(page, f"{portal.url}/register/task?unit=38")
    expect(page.locator(".items thead")).to_be_hidden()
