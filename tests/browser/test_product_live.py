"""The product over time: new figures, a broken source, a lost server, the wall, pictures."""

from __future__ import annotations

import html
import json
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from support.browser import OpenPage, until
from support.portal import Portal, free_port, grow, running_portal, small_desk

ALIVE = "html.ready:not(.dead)"
LOST = ("net::ERR_", "Failed to fetch", "502", "503")


def opened(open_page: OpenPage, address: str, **options: Any) -> Any:
    """A page that is drawn and alive."""
    page = open_page(**options)
    page.goto(address)
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    return page


def test_a_new_figure_comes_to_every_page_by_itself(product: Any, open_page: OpenPage) -> None:
    paths = ("/?indicator=OPS-01", "/unit/38?indicator=OPS-01", "/?indicator=OPS-01&wall=1")
    pages = [opened(open_page, product.url + path) for path in paths]
    words = [page.locator("#main").inner_text() for page in pages]
    for page in pages:
        page.evaluate("window.stayed = true; window.scrollTo(0, 300)")
    scrolled = [page.evaluate("window.scrollY") for page in pages]
    product.real.ahead += timedelta(hours=7)
    report = product.real.poll("cong-dvc-tinh")
    assert report.added > 0
    version = product.real.version()
    for page in pages:
        until(page, f"window.iocShown.version === {version}")
    for page, before, y in zip(pages, words, scrolled, strict=True):
        page.wait_for_selector(ALIVE)
        assert page.locator("#main").inner_text() != before
        assert page.evaluate("window.stayed") is True
        assert page.evaluate("window.scrollY") == y


def test_a_source_that_breaks_and_comes_back_is_told_without_reload(
    product: Any, open_page: OpenPage
) -> None:
    listed = opened(open_page, product.url + "/sources")
    alone = opened(open_page, product.url + "/source/csdl")
    row = listed.locator("tr.source-row", has_text="csdl")
    good = row.locator(".chip.state-ok")
    expect(good).to_be_visible()
    product.real.uptime = 5
    product.real.ahead += timedelta(minutes=5)
    assert product.real.poll("csdl").outcome == "failed"
    for place in (row, alone.locator(".source-log")):
        expect(place.locator(".log.is-break")).to_be_visible(timeout=15_000)
        expect(place.locator(".log-reason")).not_to_be_empty()
    expect(row.locator(".chip.state-failing")).to_be_visible()
    product.real.uptime = 7
    assert product.real.poll("csdl").outcome != "failed"
    for place in (row, alone.locator(".source-log")):
        expect(place.locator(".log.is-back")).to_be_visible(timeout=15_000)
        expect(place.locator(".log.is-break")).to_have_count(0)
    expect(good).to_be_visible()


def test_pages_grey_when_poller_or_server_is_gone_and_come_back_alone(
    product: Any, open_page: OpenPage
) -> None:
    desk = opened(open_page, product.url, expected=LOST)
    wall = opened(open_page, product.url + "/wall", expected=LOST)
    phone = opened(open_page, product.url + "/unit/38", width=390, height=844, expected=LOST)
    pages = (desk, wall, phone)
    for page in pages:
        page.evaluate("window.stayed = true")
    product.portal.poller = False
    began = time.monotonic()
    for page in pages:
        page.wait_for_selector("html.dead", timeout=16_500, state="attached")
    # The portal's poller beats twice a second: at most that much of the 15 s was over before.
    assert time.monotonic() - began < 15.5
    expect(desk.locator("#live-banner")).to_contain_text("Thu thập đã dừng từ ")
    product.portal.poller = True
    for page in pages:
        page.wait_for_selector(ALIVE, timeout=20_000, state="attached")
    assert product.portal.stop() < 3
    began = time.monotonic()
    for page in pages:
        page.wait_for_selector("html.dead", timeout=15_500, state="attached")
    assert time.monotonic() - began < 15
    expect(desk.locator("#live-banner")).to_contain_text("Mất kết nối từ ")
    version = grow(product.real.desk.engine)
    product.portal.start()
    for page in pages:
        page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
        until(page, f"window.iocShown.version >= {version}")
        assert page.evaluate("window.stayed") is True


def test_the_wall_passes_a_failed_page_and_goes_on(product: Any, open_page: OpenPage) -> None:
    page = open_page(expected=("404",))
    scenes = [
        {"href": "/?wall=1", "seconds": 2},
        {"href": "/unit/nope?wall=1", "seconds": 2},
        {"href": "/unit/38?wall=1", "seconds": 8},
    ]
    page.goto(product.url + "/wall")
    holder = page.locator("#page [data-playlist]")
    expect(holder).to_be_attached()
    shown = json.loads(str(holder.get_attribute("data-playlist")))
    assert len(shown) >= 5
    # The list is the page's from now on, not the server's.
    own = "(one, list) => { delete one.dataset.byServer; one.dataset.playlist = list; }"
    holder.evaluate(own, json.dumps(scenes))
    page.wait_for_selector("#wall-stage[data-at='0'][data-state='good']", timeout=30_000)
    page.wait_for_selector("#wall-stage[data-at='1'][data-state='bad']", timeout=30_000)
    expect(page.locator(".wall-card")).to_contain_text("nope")
    page.wait_for_selector("#wall-stage[data-at='2'][data-state='good']", timeout=30_000)
    inner = page.frame_locator("#wall-stage iframe.on")
    expect(inner.locator("h1")).to_have_text("Tỉnh Thanh Hóa")
    page.wait_for_selector("#wall-stage[data-at='0'][data-state='good']", timeout=30_000)


# --- pictures and files ------------------------------------------------------------------------

CHARTS = (
    ("/", "map"),
    ("/", "ranking"),
    ("/", "trend"),
    ("/", "heat"),
    ("/unit/38", "points"),
    ("/unit/moha", "trend"),
    ("/indicator/OPS-01", "ranking"),
)


@pytest.mark.parametrize(("path", "name"), CHARTS)
def test_each_chart_can_be_taken_along(product: Any, tab: Any, path: str, name: str) -> None:
    tab.goto(product.url + path)
    tab.wait_for_selector("html.ready", state="attached", timeout=30_000)
    card = tab.locator(f"section.chart[data-name={name}]")
    title, strip = card.get_attribute("data-title"), card.get_attribute("data-strip")
    assert strip is not None
    unit, period, *_ = strip.split(" · ")
    assert unit in ("Cả nước", "Tỉnh Thanh Hóa", "Bộ Nội vụ")
    assert period == "Kỳ mới nhất" if name == "heat" else period.startswith("tháng ")
    for words in ("Tháng dương lịch", "Số liệu đến ", "Nguồn: ", "dữ liệu minh họa"):
        assert words in strip, (words, strip)
    taken = {}
    for form in ("svg", "png"):
        card.locator("details.export summary").click()
        with tab.expect_download() as waiting:
            card.locator(f"button.snap[data-form={form}]").click()
        taken[form] = Path(waiting.value.path()).read_bytes()
    text = plain(taken["svg"].decode())
    for words in (title, strip, "DỮ LIỆU MINH HỌA"):
        assert together(words) in text, words
    assert "<script" not in text
    assert not re.search(r"(href|src)=.?https?://", text)
    assert taken["png"].startswith(b"\x89PNG")
    assert min(struct.unpack(">II", taken["png"][16:24])) > 500
    card.locator("details.export summary").click()
    with tab.expect_download() as waiting:
        card.locator("a.snap-csv").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    about = "\n".join(lines[:16])
    for words in ("dữ liệu minh họa", unit, "Số liệu tính đến", "Nguồn", "tháng "):
        assert words in about, (words, about)


def plain(svg: str) -> str:
    """The words of a picture without its breaks of lines and elements."""
    return together(html.unescape(re.sub(r"<[^>]*>", "", svg)))


def together(words: str | None) -> str:
    return re.sub(r"\s+", "", words or "")


# --- before there is anything ------------------------------------------------------------------


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, product: Any) -> Iterator[Portal]:
    """The product over a database into which nothing was ever written."""
    folder = tmp_path_factory.mktemp("nothing")
    desk = small_desk(folder, free_port())
    real = product.real.desk
    desk = replace(desk, units=real.units, catalogue=real.catalogue)
    with running_portal(folder, desk) as portal:
        yield portal


@pytest.mark.parametrize("path", ["/", "/unit/38", "/indicator/OPS-01", "/sources", "/?wall=1"])
def test_before_the_first_figure_every_page_says_so(empty: Portal, tab: Any, path: str) -> None:
    answer = tab.goto(empty.url + path)
    assert answer.status == 200
    tab.wait_for_selector("html.ready", state="attached", timeout=30_000)
    text = tab.locator("#main").inner_text()
    assert re.search(r"[Cc]hưa có|chưa ", text), text[:500]
    figures = tab.locator(".tile .figure, .total-figure, .score-card .figure").all_inner_texts()
    assert [one for one in figures if re.match(r"[0-9]", one)] == []
