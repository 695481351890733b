"""The desk's controls in Chromium: each changes the address, the page follows, back undoes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from support.browser import OpenPage, until

READY = 30_000
CHOSEN = "li .filter-chip:not(.is-unused)"
NEAR_BAR = """key => {
  const chart = document.querySelector("section.chart[data-name=ranking] .js-plotly-plot");
  chart.scrollIntoView({block: "center", behavior: "instant"});
  const trace = chart.data[0], size = chart._fullLayout, box = chart.getBoundingClientRect();
  const row = trace.customdata.findIndex(one => one[1] === key);
  return [box.x + size.xaxis._offset + 30, box.y + size.yaxis._offset + size.yaxis.l2p(row)];
}"""
"""Where on the screen the bar of a unit begins."""


def opened(page: Any, address: str) -> None:
    """Open an address and wait until charts and controls are there."""
    assert page.goto(address).status == 200
    page.wait_for_selector("html.ready", timeout=READY, state="attached")
    page.wait_for_selector(".filter-province .dash-dropdown", timeout=READY)
    page.wait_for_selector("#find-input", timeout=READY)


def shown(page: Any, part: str) -> None:
    """Wait until the page of an address with this part is drawn."""
    until(page, f"Boolean(window.iocShown) && window.iocShown.href.includes('{part}')", seconds=20)


def here(page: Any) -> str:
    return str(page.evaluate("location.pathname + location.search"))


def settled(page: Any) -> None:
    """Wait until drill.js listens to the ranking."""
    ranking = "document.querySelector('section.chart[data-name=ranking] .js-plotly-plot')"
    until(
        page,
        f"{ranking} && {ranking}._ev && {ranking}._ev.listenerCount('plotly_click') > 0",
        seconds=20,
    )


def pick(page: Any, name: str, words: str) -> None:
    """Choose from a dropdown by typing."""
    page.click(f".filter-{name} .dash-dropdown")
    search = page.locator(".dash-dropdown-content input[type=search], .dash-dropdown-search")
    if search.count():
        search.first.fill(words)
    page.locator(".dash-dropdown-content").get_by_text(
        re.compile(words, re.IGNORECASE)
    ).first.click()


def chips(page: Any) -> list[str]:
    return [str(one) for one in page.locator("#chips .filter-chip").all_inner_texts()]


@pytest.mark.parametrize("typed", ["thanh hoa", "Thanh Hoá", "thanh hóa"])
def test_a_province_is_found_however_it_is_typed(product: Any, tab: Any, typed: str) -> None:
    opened(tab, product.url + "/")
    tab.click(".filter-province .dash-dropdown")
    tab.locator(".dash-dropdown-content input").first.fill(typed)
    expect(tab.locator(".dash-dropdown-content label")).to_have_count(1)
    tab.locator(".dash-dropdown-content label").click()
    shown(tab, "/unit/38")


def test_any_commune_is_found_from_anywhere(product: Any, tab: Any) -> None:
    opened(tab, product.url + "/indicator/OPS-01")
    tab.fill("#find-input", "nga son thanh hoa")
    expect(tab.locator("#find-list [role=option]").first).to_contain_text("Xã Nga Sơn")
    tab.keyboard.press("ArrowDown")
    assert tab.get_attribute("#find-input", "aria-activedescendant") == "find-0"
    tab.keyboard.press("Enter")
    shown(tab, "/unit/16093")
    tab.fill("#find-input", "ops-05")
    expect(tab.locator("#find-list [role=option]").first).to_contain_text("OPS-05")
    tab.fill("#find-input", "không có gì như vậy")
    expect(tab.locator("#find-list .find-note")).to_contain_text("không có gì như vậy")
    tab.keyboard.press("Escape")
    expect(tab.locator("#find-list")).to_be_hidden()


CONTROLS = (
    ("region", "Trung du", "unit=R"),
    ("indicator", "Hồ sơ quá hạn", "indicator=OPS-06"),
    ("status", "nguy cơ", "status=at_risk"),
    ("period", "quý I/", "period=2026-Q1"),
)


@pytest.mark.parametrize(("name", "words", "part"), CONTROLS)
def test_each_filter_is_an_address_that_back_undoes(
    product: Any, tab: Any, name: str, words: str, part: str
) -> None:
    opened(tab, product.url + "/")
    pick(tab, name, words)
    shown(tab, part)
    assert part in here(tab)
    assert len(chips(tab)) == 1
    address = here(tab)
    tab.reload()
    tab.wait_for_selector("#chips", timeout=READY)
    assert here(tab) == address
    tab.go_back()
    until(tab, "!location.search && window.iocShown && window.iocShown.href === '/'", seconds=20)
    assert tab.locator("#chips").count() == 0
    tab.go_forward()
    shown(tab, part)
    tab.wait_for_selector("#chips .filter-chip")
    tab.locator("#chips .filter-chip").focus()
    tab.keyboard.press("Delete")
    until(tab, "window.iocShown.href === '/'", seconds=20)


@pytest.mark.parametrize(
    ("name", "words", "part"),
    [
        ("group", "Thủ tục", "group=OPS"),
        ("breakdown", "Trực tuyến", "breakdown=channel.online"),
        ("basis", "Trước sắp xếp", "basis=2025-06-30"),
    ],
)
def test_filters_used_less_are_behind_a_button(
    product: Any, tab: Any, name: str, words: str, part: str
) -> None:
    opened(tab, product.url + "/?indicator=OPS-05")
    tab.click("#more-filters summary")
    pick(tab, name, words)
    shown(tab, part)
    assert len(chips(tab)) == 2
    tab.click(".chips-clear")
    until(tab, "window.iocShown.href === '/'", seconds=20)


def test_a_moment_is_asked_for_and_cleared(product: Any, tab: Any) -> None:
    for path in ("/", "/unit/38", "/indicator/OPS-01"):
        opened(tab, product.url + path)
        tab.fill("#known-at-input", "20/11/2026 17:00")
        tab.keyboard.press("Enter")
        shown(tab, "known_at=2026-11-20T17%3A00%3A00%2B07%3A00")
        assert chips(tab)[0].startswith("Như đã biết lúc 17:00")
        assert tab.input_value("#known-at-input") == "20/11/2026 17:00"
        tab.click("#known-at .day-clear")
        until(tab, f"window.iocShown.href === '{path}'", seconds=20)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("1/2/2026", "2026-02-01T23%3A59%3A00%2B07%3A00"),
        ("8h 05.11.2026", "2026-11-05T08%3A00%3A00%2B07%3A00"),
        ("2026-11-20T17:00", "2026-11-20T17%3A00%3A00%2B07%3A00"),
        ("17 giờ 30 20-11-2026", "2026-11-20T17%3A30%3A00%2B07%3A00"),
    ],
)
def test_a_moment_may_be_written_in_many_ways(
    product: Any, tab: Any, typed: str, part: str
) -> None:
    opened(tab, product.url + "/")
    tab.fill("#known-at-input", typed)
    tab.keyboard.press("Enter")
    shown(tab, f"known_at={part}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2026", "Không hiểu “31/02/2026”. Viết như 20/11/2026 17:00, hoặc chỉ ngày."),
        ("11/20/2026", "Không hiểu “11/20/2026”"),
        ("20/11/2026 25:00", "Không hiểu"),
        ("hôm qua", "Không hiểu “hôm qua”"),
        ("01/01/2222", "Muộn nhất là"),
        ("31/12/1999", "Sớm nhất là 01/01/2000."),
    ],
)
def test_what_is_no_moment_is_said_and_changes_nothing(
    product: Any, tab: Any, typed: str, said: str
) -> None:
    opened(tab, product.url + "/")
    tab.fill("#known-at-input", typed)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#known-at-input-said:not(:empty)")
    assert tab.inner_text("#known-at-input-said").startswith(said)
    assert tab.get_attribute("#known-at-input", "aria-invalid") == "true"
    assert "known_at" not in tab.url
    tab.fill("#known-at-input", "")
    assert tab.inner_text("#known-at-input-said") == ""


def test_a_moment_is_chosen_in_the_calendar(product: Any, tab: Any) -> None:
    opened(tab, product.url + "/")
    tab.click("#known-at .day-open")
    tab.evaluate(
        "() => { const one = document.querySelector('#known-at .day-native');"
        "one.value = '2026-11-03T09:30'; one.dispatchEvent(new Event('change')); }"
    )
    shown(tab, "known_at=2026-11-03T09%3A30%3A00%2B07%3A00")
    assert tab.input_value("#known-at-input") == "03/11/2026 09:30"


def test_the_chip_counts_the_rows_that_are_drawn(product: Any, tab: Any) -> None:
    opened(tab, product.url + "/?indicator=OPS-01&status=at_risk")
    kept = int(re.search(r"(\d+)/34", chips(tab)[1])[1])  # type: ignore[index]
    bars = "section.chart[data-name=ranking] .js-plotly-plot"
    drawn = f"(document.querySelector('{bars}') || {{data: [{{y: []}}]}}).data[0].y.length"
    assert tab.evaluate(drawn) == kept


def test_marks_are_chosen_in_any_chart(product: Any, tab: Any) -> None:
    opened(tab, product.url + "/?indicator=OPS-01")
    settled(tab)
    x, y = tab.evaluate(NEAR_BAR, "38")
    tab.keyboard.down("Control")
    tab.mouse.click(x, y)
    tab.keyboard.up("Control")
    shown(tab, "units=38")
    assert [one.split("\n")[0] for one in chips(tab)][1:] == ["Đã chọn: Thanh Hóa"]
    tab.click("#pick")
    assert tab.get_attribute("#pick", "aria-pressed") == "true"
    settled(tab)
    x, y = tab.evaluate(NEAR_BAR, "31")
    tab.mouse.click(x, y)
    shown(tab, "units=38%2C31")
    expect(tab.locator(".total .card-head p")).to_have_text("2 đơn vị đã chọn")
    settled(tab)
    opacity = "document.querySelector('section.chart[data-name=ranking] .js-plotly-plot')"
    shades = tab.evaluate(f"{opacity}.data[1].marker.opacity")
    assert sorted(shades)[-2:] == [1, 1]
    assert max(sorted(shades)[:-2]) < 0.5
    x, y = tab.evaluate(NEAR_BAR, "38")
    tab.mouse.click(x, y)
    shown(tab, "units=31")
    tab.click("#pick")
    tab.locator("#chips .filter-chip").last.click()
    until(tab, "!window.iocShown.href.includes('units')", seconds=20)


def test_units_are_chosen_by_keyboard_in_the_table(product: Any, tab: Any) -> None:
    opened(tab, product.url + "/indicator/OPS-01")
    tab.wait_for_selector(".grid .pick-box", timeout=READY)
    key = str(tab.locator(".ag-center-cols-container .ag-row").first.get_attribute("row-id"))
    tab.locator(".ag-row .ag-cell[col-id=picked]").first.click(position={"x": 2, "y": 2})
    tab.keyboard.press("Space")
    shown(tab, f"units={key}")
    expect(tab.locator(f".ag-row[row-id='{key}'] .pick-box")).to_be_checked()
    assert len(chips(tab)) == 1
    tab.locator(f".ag-row[row-id='{key}'] .pick-box").click()
    until(tab, "!window.iocShown.href.includes('units')", seconds=20)


def test_who_chooses_by_keyboard_goes_on_from_there(product: Any, tab: Any) -> None:
    focused = "document.activeElement.closest"
    opened(tab, product.url + "/?status=at_risk&period=2026-09")
    tab.locator("#chips li .filter-chip").first.focus()
    tab.keyboard.press("Delete")
    until(tab, "!window.iocShown.href.includes('period')", seconds=20)
    until(tab, f"Boolean({focused}('#chips li .filter-chip'))")
    tab.keyboard.press("Delete")
    until(tab, "window.iocShown.href === '/'", seconds=20)
    until(tab, "document.activeElement.id === 'main'")
    tab.locator(".filter-status .dash-dropdown").focus()
    tab.keyboard.press("Enter")
    until(tab, f"Boolean({focused}('.dash-dropdown-content'))")
    tab.keyboard.press("ArrowDown")
    until(tab, f"Boolean({focused}('.dash-dropdown-option, [role=option]'))")
    tab.keyboard.press("Enter")
    shown(tab, "status=")
    until(tab, f"Boolean({focused}('.filter-status'))")
    tab.locator(".filters").get_by_role("link", name="Bộ, ngành", exact=True).focus()
    tab.keyboard.press("Enter")
    shown(tab, "unit=gov")
    until(tab, "document.activeElement.textContent === 'Bộ, ngành'")
    tab.get_by_role("link", name="EN", exact=True).focus()
    tab.keyboard.press("Enter")
    shown(tab, "lang=en")
    until(tab, "document.activeElement.textContent === 'EN'")


def test_rows_are_chosen_one_after_another_by_keyboard(product: Any, tab: Any) -> None:
    opened(tab, product.url + "/indicator/OPS-01")
    tab.wait_for_selector(".grid .pick-box", timeout=READY)
    tab.locator(".ag-row .ag-cell[col-id=picked]").first.click(position={"x": 2, "y": 2})
    place = "document.activeElement.closest('.ag-row')"
    first = tab.evaluate(f"{place}.getAttribute('row-id')")
    tab.keyboard.press("Space")
    shown(tab, f"units={first}")
    until(tab, f"Boolean({place}) && {place}.getAttribute('row-id') === '{first}'")
    tab.keyboard.press("ArrowDown")
    second = tab.evaluate(f"{place}.getAttribute('row-id')")
    assert second != first
    tab.keyboard.press("Space")
    shown(tab, f"units={first}%2C{second}")


def test_a_view_is_kept_shared_and_found_by_others(product: Any, open_page: OpenPage) -> None:
    mine = open_page(width=1440, height=900)
    opened(mine, product.url + "/?indicator=OPS-05&status=at_risk")
    mine.click("#views summary")
    mine.fill("#viewer-name", "Nguyễn Thị Hạnh")
    mine.locator(".views-form", has=mine.locator("#viewer-name")).locator("button").click()
    expect(mine.locator(".views-told")).to_have_text("Đã ghi tên.")
    mine.fill("#views-name", "Họp giao ban")
    mine.check("#views-shared")
    mine.focus("#views-name")
    mine.keyboard.press("Enter")
    until(mine, "document.querySelectorAll('#views-menu .views-act').length > 0")
    until(mine, "document.activeElement.id === 'views-name'")
    expect(mine.locator("#views-menu li a")).to_have_text("Họp giao ban")
    assert mine.get_attribute("#views-menu li a", "aria-current") == "page"
    other = open_page(width=1440, height=900)
    opened(other, product.url + "/")
    other.click("#views summary")
    expect(other.locator("#views-menu li")).to_contain_text("của Nguyễn Thị Hạnh")
    assert other.locator("#views-menu .views-act").count() == 0, "only its owner may change it"
    other.click("#views-menu li a")
    shown(other, "status=at_risk")
    assert mine.input_value("#views-name") == "", "what was kept is not half typed"
    mine.fill("#views-name", "Họp qu")
    mine.locator("#views-menu .views-act").first.click()
    expect(mine.locator("#views-menu .views-act").first).to_have_text("Dùng chung")
    assert mine.input_value("#views-name") == "Họp qu"
    mine.get_by_role("button", name="Xóa: Họp giao ban").click()
    expect(mine.locator("#views-menu li")).to_have_count(0)


def test_the_bar_is_folded_on_a_phone(product: Any, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844, has_touch=True)
    for path in ("/?status=at_risk", "/unit/38", "/indicator/OPS-01"):
        page.goto(product.url + path)
        page.wait_for_selector("html.ready", timeout=READY, state="attached")
        assert not page.locator("#filters-body").is_visible()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
        page.click("#filters-open")
        assert page.locator("#filters-body").is_visible()
        assert page.get_attribute("#filters-open", "aria-expanded") == "true"
        assert page.evaluate(wide) <= 0
        page.click("#filters-open")
    assert page.locator("#filters-open").inner_text() == "Bộ lọc"


def test_a_late_answer_says_so_and_offers_to_try_again(product: Any, open_page: OpenPage) -> None:
    page = open_page(width=1440, height=900, expected=("Failed to load", "net::ERR"))
    opened(page, product.url + "/")
    page.route("**/_dash-update-component*", lambda route: None)
    page.evaluate("window.iocGo('/unit/38')")
    until(page, "document.documentElement.classList.contains('waiting')")
    page.wait_for_selector("#slow-strip", timeout=15_000)
    page.click("#slow-strip button")
    page.unroute("**/_dash-update-component*")
    page.wait_for_selector("html.ready", timeout=READY, state="attached")
    expect(page.locator("h1")).to_have_text("Tỉnh Thanh Hóa")


def test_switches_say_which_choice_is_the_present_one(product: Any, tab: Any) -> None:
    tab.goto(product.url + "/compare?form=slope&indicator=OPS-01")
    tab.wait_for_selector("html.ready", timeout=READY, state="attached")
    chosen = "[...document.querySelectorAll('a[aria-current]')].map(one => one.textContent)"
    until(tab, f"{chosen}.includes('Hai kỳ')")
    assert "So sánh" in tab.evaluate(chosen)
    tab.click("a.pill:text-is('Lưới xu hướng')")
    shown(tab, "form=multiples")
    until(tab, f"{chosen}.includes('Lưới xu hướng') && !{chosen}.includes('Hai kỳ')")
