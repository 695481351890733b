"""Sources in Chromium: decisions about figures on hold, requests to a real poller, what stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from support import access
from support.browser import OpenPage
from support.product import Product, running_product

from ioc.ingest.requests import taken
from ioc.ingest.work import do
from ioc.store import held, runs, slots, source_state
from ioc.store.engine import micros, reading, writing
from ioc.store.observations import Fact, Key
from ioc.store.rejections import Refusal, keep_rejections
from ioc.store.versions import grow_version, next_recorded_at
from ioc.web.scene import scenes

SOURCE = "cong-dvc-tinh"
ALIVE = "html.ready:not(.dead)"
LOOK = Path(__file__).with_name("scene_faults.js").read_text(encoding="utf-8")
LIMITS = {
    "label": 20, "key": 40, "keys": ".red-count, .clock", "across": [], "down": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product whose figures these tests may decide about."""
    with running_product(tmp_path_factory.mktemp("sources")) as running:
        yield running


def hold(product: Product, units: tuple[str, ...]) -> list[int]:
    """Hold a figure of each unit's newest one of OPS-01, as a run of the source does."""
    real = product.real
    engine, now = real.desk.engine, real.desk.now()
    fact = real.intake.facts[SOURCE]
    indicator = real.desk.catalogue.by_code("OPS-01")
    doubts = []
    with writing(engine) as connection:
        for unit in units:
            row = connection.execute(
                text(
                    "SELECT grain, period, num, den FROM standing WHERE indicator_id = :indicator"
                    " AND unit_id = :unit AND breakdown = '' AND source_id = :source"
                    " ORDER BY period DESC LIMIT 1"
                ),
                {
                    "indicator": indicator.id,
                    "unit": real.desk.units.by_key(unit).id,
                    "source": fact.id,
                },
            ).one()
            key = Key(indicator.id, row[0], row[1], real.desk.units.by_key(unit).id, "")
            params = {"moved": "80", "period": "2026-10", "limit": "20"}
            given, was = Fact(row[3] - 1, row[3]), Fact(row[2], row[3])
            doubts.append(
                held.Doubt(key, given, was, None, "4", "jump_points", params, '{"ma": 38}')
            )
        run_id = runs.begin_run(connection, fact.id, now)
        runs.finish_run(
            connection, run_id, fact.id, now=now, outcome="partial", held=len(doubts), kind="retry"
        )
        held.hold(connection, fact.id, run_id, micros(now), doubts)
        grow_version(connection, run_id, next_recorded_at(connection, now))
        return [one.id for one in held.open_held(connection, fact.id)]


def opened(open_page: OpenPage, address: str, **options: Any) -> Any:
    """A page that is drawn and alive."""
    page = open_page(**options)
    page.goto(address)
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    return page


def test_a_person_confirms_and_refuses_figures_on_hold(own: Product, open_page: OpenPage) -> None:
    hold(own, ("38", "01"))
    unit = opened(open_page, f"{own.url}/unit/38?indicator=OPS-01")
    expect(unit.locator(".warning.is-held").first).to_contain_text("đang chờ xác nhận")
    page = opened(open_page, f"{own.url}/source/{SOURCE}", expected=("400",))
    rows = page.locator(".held-card > .card-body > .scroll-x tbody tr")
    expect(rows).to_have_count(2)
    first = rows.filter(has_text="Thanh Hóa")
    first.get_by_role("button", name="Từ chối").click()
    form = page.locator("dialog.source-form")
    expect(form).to_be_visible()
    form.get_by_role("button", name="Từ chối").click()
    expect(form.locator(".source-said")).to_have_text("Hãy cho biết tên của bạn.")
    form.get_by_label("Tên của bạn").fill("Nguyễn Thị Lan")
    form.get_by_role("button", name="Từ chối").click()
    expect(form.locator(".source-said")).to_have_text("Hãy ghi vì sao từ chối.")
    form.get_by_label("Ghi chú").fill("Sai đơn vị tính <b>")
    form.get_by_role("button", name="Từ chối").click()
    expect(form).to_have_count(0)
    expect(rows).to_have_count(1, timeout=20_000)
    rows.get_by_role("button", name="Xác nhận").click()
    assert form.get_by_label("Tên của bạn").input_value() == "Nguyễn Thị Lan"
    form.get_by_role("button", name="Xác nhận").click()
    expect(rows).to_have_count(0, timeout=20_000)
    page.locator("#held-decided > summary").click()
    said = page.locator("#held-decided tbody")
    expect(said).to_contain_text("Nguyễn Thị Lan")
    expect(said).to_contain_text("Sai đơn vị tính <b>")
    expect(said).to_contain_text("đã xác nhận")
    expect(unit.locator(".warning.is-held")).to_have_count(0, timeout=20_000)
    with reading(own.real.desk.engine) as connection:
        ended = held.decided_held(connection)
    assert [one.decision for one in ended] == ["confirmed", "refused"]


def test_a_dry_run_and_a_retry_are_done_by_a_poller(own: Product, open_page: OpenPage) -> None:
    page = opened(open_page, f"{own.url}/source/{SOURCE}")
    expect(page.locator("#source-asked")).to_contain_text("Chưa có yêu cầu nào.")
    page.get_by_role("button", name="Chạy thử").click()
    asked = page.locator("#source-asked > ul > li")
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("đang chờ bộ thu thập")
    version = own.real.version()
    poll(own)
    expect(asked.locator(".asked-line")).to_contain_text(re.compile(r"Sẽ nhận [\d.]+ số liệu mới"))
    expect(asked.locator(".asked-rows li").first).to_contain_text("OPS-")
    assert own.real.version() == version
    own.real.ahead += timedelta(hours=9)  # so that there is something new to be read
    page.get_by_role("button", name="Thử lại").click()
    expect(asked).to_have_count(2)
    poll(own)
    expect(asked.first.locator(".asked-line").first).to_contain_text("Kết quả: ", timeout=20_000)
    expect(page.locator("table.runs tbody tr").first).to_contain_text("thử lại", timeout=20_000)


def poll(own: Product) -> None:
    """A look of the poller at what was asked for."""
    work = taken(own.real.intake, own.real.desk.now())
    assert len(work) == 1
    do(own.real.intake, work[0])


def test_a_page_asked_for_anew_is_not_built_anew(own: Product, open_page: OpenPage) -> None:
    page = opened(open_page, f"{own.url}/source/{SOURCE}")
    expect(page.locator("#source-asked").locator("p, ul").first).to_be_visible()
    page.evaluate(
        "window.kept = ['.moments', '.held-card', '#source-asked', 'table.runs tbody tr']"
        ".map(one => document.querySelector(one))"
    )
    page.evaluate("dash_clientside.set_props('data-version', { data: window.iocShown.version })")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.kept.every(one => one && one.isConnected)") is True


@pytest.fixture(scope="module")
def furnished(own: Product) -> Product:
    """Slots of every kind, a source left alone, rejected records and figures on hold."""
    real = own.real
    engine, now = real.desk.engine, real.desk.now()
    hold(own, ("38", "01"))
    with writing(engine) as connection:
        for name, fact in real.intake.facts.items():
            for at in range(90):
                due = now - timedelta(minutes=at + 1)
                odd = {3: slots.MISSED, 20: slots.LATE, 40: slots.HELD, 60: slots.FAILED}
                state = odd.get(at, slots.ARRIVED)
                if name in ("lms", "csdl") and at < 30:
                    state = slots.MISSED if at < 12 else slots.FAILED
                code = {slots.MISSED: "breaker_open", slots.FAILED: "too_slow"}.get(state)
                slots.expect(connection, fact.id, [due], state, code)
        for name in ("lms", "csdl"):
            source_state.change(
                connection,
                real.intake.facts[name].id,
                breaker="open",
                breaker_until=now + timedelta(minutes=9),
                failures=6,
                broken_since=now - timedelta(minutes=30),
                broken_code="too_slow",
                next_run=now + timedelta(minutes=1),
            )
        run_id = runs.begin_run(connection, real.intake.facts[SOURCE].id, now)
        keep_rejections(
            connection,
            run_id,
            [Refusal(str(at), "negative", {"given": -at, "part": "x"}, "{}") for at in range(50)],
        )
        runs.finish_run(
            connection, run_id, real.intake.facts[SOURCE].id, now=now, outcome="partial",
            rejected=50,
        )  # fmt: skip
        grow_version(connection, run_id, next_recorded_at(connection, now))
    return own


def test_everybody_can_read_what_is_wrong(furnished: Product, open_page: OpenPage) -> None:
    own = furnished
    page = opened(open_page, f"{own.url}/source/{SOURCE}", width=1440, height=900)
    for path in (f"/source/{SOURCE}", "/source/lms", "/sources"):
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(own.url + path)
            page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
            page.wait_for_timeout(300)
            assert access.violations(page) == [], f"{path} {width}"
            texts = page.evaluate(access.CONTRAST)
            assert not [one for one in texts if one["ratio"] < 4.5], f"{path} {width}"
            assert not page.evaluate(access.SIGNS), f"{path} {width}"
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 1, f"{path} {width}"
    for path in ("/source/lms", "/sources"):
        strip = page.goto(own.url + path) and page.locator(".moments").first
        expect(strip).to_have_attribute("aria-label", re.compile(r"90 lượt gần nhất: .*bỏ lỡ"))


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 1080), (5760, 2160)], ids=str)
def test_the_scene_of_sources_says_what_is_wrong_at_any_size(
    furnished: Product, open_page: OpenPage, size: tuple[int, int]
) -> None:
    address = f"{furnished.url}/scene/sources?wall=1"
    page = opened(open_page, address, width=size[0], height=size[1])
    page.wait_for_timeout(500)
    bad = page.locator(".wall-bad")
    expect(bad).to_contain_text("2 nguồn đang lỗi")
    expect(bad).to_contain_text("lượt bỏ lỡ")
    expect(bad).to_contain_text("số chờ xác nhận")
    strips = bad.locator(".moments")
    expect(strips).to_have_count(2)
    for at in range(2):
        box, row = strips.nth(at).bounding_box(), strips.nth(at).locator("..").bounding_box()
        assert box is not None
        assert row is not None
        assert box["y"] + box["height"] <= row["y"] + row["height"] + 1
    found = page.evaluate(LOOK, LIMITS)
    assert found["texts"] > 8
    assert found["faults"] == []


@pytest.mark.parametrize("size", [(1920, 1080), (5760, 2160)], ids=str)
def test_marks_of_figures_on_hold_fit_on_walls(
    own: Product, open_page: OpenPage, size: tuple[int, int]
) -> None:
    hold(own, ("38", "01"))
    page = open_page(width=size[0], height=size[1])
    for path in ("/scene/province?unit=38&wall=1", "/scene/map?indicator=OPS-01&wall=1"):
        page.goto(own.url + path)
        page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
        page.wait_for_timeout(500)
        found = page.evaluate(LOOK, LIMITS)
        assert found["faults"] == [], path
    page.goto(f"{own.url}/scene/province?unit=38&wall=1")
    expect(page.locator("body")).to_contain_text("◇")


def test_every_scene_and_page_says_that_the_collection_stopped_and_since_when(
    own: Product, open_page: OpenPage
) -> None:
    own.portal.poller = False
    page = open_page()
    try:
        page.goto(f"{own.url}/sources")
        page.wait_for_selector("html.dead", timeout=20_000, state="attached")
        paths = [*(f"/scene/{name}?wall=1" for name in scenes()), "/?wall=1", "/", "/sources"]
        for path in paths:
            page.goto(own.url + path)
            page.wait_for_selector("html.dead", timeout=20_000, state="attached")
            banner = page.locator("#live-banner")
            expect(banner).to_be_visible()
            expect(banner).to_have_text(
                re.compile(r"^Thu thập đã dừng từ \d\d:\d\d:\d\d\. Số liệu trên màn hình là .*cũ")
            )
        page.goto(f"{own.url}/wall")
        page.wait_for_selector("html.dead", timeout=20_000, state="attached")
        expect(page.locator("#live-banner")).to_contain_text("Thu thập đã dừng từ ")
    finally:
        own.portal.poller = True


def test_operators_are_told_on_the_desk_that_the_store_is_full_while_reads_go_on(
    own: Product, open_page: OpenPage
) -> None:
    page = opened(open_page, f"{own.url}/unit/38")
    expect(page.locator("#store-banner")).to_have_count(0)
    fill(own)
    banner = page.locator("#store-banner")
    expect(banner).to_contain_text("đã đầy", timeout=20_000)
    assert page.locator("html.dead").count() == 0
    page.goto(f"{own.url}/unit/01")
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    expect(page.locator("h1")).to_contain_text("Hà Nội")
    wall = opened(open_page, f"{own.url}/scene/national?wall=1")
    wall.wait_for_timeout(4000)
    expect(wall.locator("#store-banner")).to_have_count(0)


def fill(own: Product) -> None:
    """A write that the database really refuses because it may not grow."""
    engine = own.real.desk.engine
    with closing(engine.raw_connection()) as raw:
        pages = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
    connection = engine.connect().execution_options(writes=True)
    with connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OperationalError, match="full"):
            connection.exec_driver_sql("CREATE TABLE big AS SELECT randomblob(90000000) AS blob")
        connection.rollback()
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
