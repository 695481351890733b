"""The product's pages over a real store in Chromium: drawn, quiet, drilled into, true to names."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from support.browser import OpenPage, until
from support.real import HOSTILE, HOSTILE_COMMUNE

DESK = (
    "/",
    "/?unit=gov",
    "/?unit=R3",
    "/?calendar=administrative&indicator=BUD-01",
    "/unit/38",
    "/unit/31",
    "/unit/30.2025",
    "/unit/38?basis=reported",
    "/unit/moha",
    "/unit/mic.2025",
    "/unit/14797",
    "/indicator/OPS-01",
    "/indicator/SIG-03?unit=gov",
    "/sources",
    "/source/csdl",
    "/source/cong-bo-dia-phuong",
)
WALL = ("/", "/?unit=gov", "/unit/38", "/unit/moha", "/indicator/OPS-01", "/sources")
PHONE = ("/", "/unit/38", "/unit/moha", "/indicator/OPS-01", "/sources", "/source/csdl")
INSIDE_38 = """() => {
  const chart = document.querySelector("section.chart[data-name=map] .js-plotly-plot");
  chart.scrollIntoView({block: "center", behavior: "instant"});
  const size = chart._fullLayout, box = chart.getBoundingClientRect();
  const trace = chart.data.find(
    one => one.customdata && String(one.customdata[0]).startsWith("/unit/38"));
  const xs = trace.x.filter(x => x !== null), ys = trace.y.filter(y => y !== null);
  const inside = (x, y) => {
    let found = false;
    for (let i = 0; i + 1 < trace.x.length; i++) {
      const [a, b, c, d] = [trace.x[i], trace.y[i], trace.x[i + 1], trace.y[i + 1]];
      if (a === null || c === null) { continue; }
      if ((b > y) !== (d > y) && x < (c - a) * (y - b) / (d - b) + a) { found = !found; }
    }
    return found;
  };
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const step = (x1 - x0) / 12;
  for (let x = x0; x < x1; x += step / 2) {
    for (let y = y0; y < y1; y += step / 2) {
      const near = [[0, 0], [step, 0], [-step, 0], [0, step], [0, -step]];
      if (near.every(([u, v]) => inside(x + u, y + v))) {
        return [box.x + size.xaxis._offset + size.xaxis.l2p(x),
                box.y + size.yaxis._offset + size.yaxis.l2p(y)];
      }
    }
  }
  return null;
}"""
"""Where on the screen a place well inside the province 38 is."""


def drawn(page: Any, address: str) -> None:
    """Open an address and wait until all its charts are drawn."""
    answer = page.goto(address)
    assert answer.status == 200
    page.wait_for_selector("html.ready", timeout=30_000, state="attached")
    assert page.locator(".error-card").count() == 0
    undrawn = "[...document.querySelectorAll('.dash-graph')]"
    assert page.evaluate(f"{undrawn}.filter(one => !one.querySelector('.main-svg')).length") == 0
    assert page.title()


def charts(page: Any) -> int:
    return int(page.locator(".js-plotly-plot").count())


def settled(page: Any) -> None:
    """Wait until drill.js listens to every chart."""
    until(
        page,
        "[...document.querySelectorAll('.js-plotly-plot')].every("
        "one => one._ev && one._ev.listenerCount && one._ev.listenerCount('plotly_click'))",
    )


@pytest.mark.parametrize("path", DESK)
def test_each_page_is_drawn_on_a_desk(product: Any, tab: Any, path: str) -> None:
    drawn(tab, product.url + path)
    assert tab.evaluate("document.documentElement.dataset.bsTheme") == "light"
    if not path.startswith("/source"):
        assert charts(tab) >= 1


@pytest.mark.parametrize("path", WALL)
def test_each_page_is_drawn_on_a_wall(product: Any, tab: Any, path: str) -> None:
    drawn(tab, product.url + path + ("&" if "?" in path else "?") + "wall=1")
    assert tab.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    overflow = "document.documentElement.scrollHeight - window.innerHeight"
    assert tab.evaluate(overflow) <= 1, "a wall cannot be scrolled"


@pytest.mark.parametrize("path", PHONE)
def test_each_page_is_drawn_on_a_phone(product: Any, tab: Any, path: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    drawn(tab, product.url + path)
    overflow = "document.documentElement.scrollWidth - window.innerWidth"
    assert tab.evaluate(overflow) <= 1, "the page is wider than the screen"


def test_a_click_on_a_province_of_the_map_drills_and_back_comes_back(
    product: Any, tab: Any
) -> None:
    drawn(tab, product.url)
    settled(tab)
    tab.evaluate("window.stayed = true")
    found = tab.evaluate(INSIDE_38)
    tab.mouse.move(found[0] - 1, found[1])
    tab.mouse.move(found[0], found[1])
    chart = "document.querySelector('section.chart[data-name=map] .js-plotly-plot')"
    until(tab, f"{chart}._hoverdata && {chart}._hoverdata.length")
    tab.mouse.click(found[0], found[1])
    tab.wait_for_url(lambda url: "/unit/38" in url, timeout=20_000)
    expect(tab.locator("h1")).to_have_text("Tỉnh Thanh Hóa")
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("Cả nước")
    assert tab.evaluate("window.stayed") is True


@pytest.mark.parametrize("path", ["/", "/unit/38", "/indicator/OPS-01"])
def test_a_click_on_a_ranking_drills(product: Any, tab: Any, path: str) -> None:
    drawn(tab, product.url + path)
    settled(tab)
    chart = tab.locator("section.chart[data-name=ranking] .js-plotly-plot")
    chart.scroll_into_view_if_needed()
    box = chart.locator(".barlayer .point path").first.bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.move(at[0] - 1, at[1])
    tab.mouse.move(*at)
    tab.mouse.click(*at)
    tab.wait_for_url(lambda url: url.startswith(product.url + "/unit/") and not
                     url.startswith(product.url + path + "?"), timeout=20_000)  # fmt: skip
    if path == "/":
        tab.go_back()
        expect(tab.locator("h1")).to_have_text("Cả nước")


def test_the_red_list_and_the_table_lead_on(product: Any, tab: Any) -> None:
    drawn(tab, product.url)
    row = tab.locator(".red-row").first
    unit = row.locator(".red-unit").get_attribute("title")
    row.click()
    expect(tab.locator("h1")).to_have_text(unit)
    drawn(tab, product.url + "/unit/38")
    link = tab.locator(".ag-cell a").first
    name = link.text_content()
    link.click()
    expect(tab.locator("h1")).to_have_text(name)


FILTERS = (
    ("region", "Trung du và miền núi phía Bắc", "unit=R1"),
    ("province", "Tỉnh Thanh Hóa", "/unit/38"),
    ("ministry", "Bộ Nội vụ", "/unit/moha"),
    ("indicator", "OPS-02", "indicator=OPS-02"),
    ("period", "tháng 10/2026", "period="),
)


@pytest.mark.parametrize(("name", "choice", "part"), FILTERS)
def test_each_filter_goes_to_its_address(
    product: Any, tab: Any, name: str, choice: str, part: str
) -> None:
    drawn(tab, product.url)
    tab.locator(f".filter-{name} .dash-dropdown").click()
    options = tab.locator(".dash-dropdown-option, .dash-options-list-option")
    expect(options.first).to_be_visible()
    chosen = options.filter(has_text=choice) if name != "period" else options.nth(3)
    chosen.first.click()
    tab.wait_for_url(lambda url: part in url, timeout=20_000)
    until(tab, f"window.iocShown.href.includes('{part}')")
    assert tab.evaluate("document.documentElement.dataset.status") == "200"
    tab.go_back()
    until(tab, "window.iocShown.href === '/'")
    expect(tab.locator("h1")).to_have_text("Cả nước")


def test_tree_and_language_are_switches(product: Any, tab: Any) -> None:
    drawn(tab, product.url + "/?unit=gov")
    tab.locator(".pill").filter(has_text="Địa phương").first.click()
    until(tab, "window.iocShown.href === '/'")
    drawn(tab, product.url + "/unit/38?indicator=BUD-01")
    tab.locator(".pill").filter(has_text="EN").first.click()
    until(tab, "window.iocShown.href.includes('lang=en')")
    assert tab.evaluate("document.documentElement.lang") == "en"
    expect(tab.locator("h1")).to_have_text("Thanh Hoa")
    assert "unit" not in tab.title()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/unit/nope", "nope"),
        ("/indicator/OPS-99", "OPS-99"),
        ("/source/nope", "nope"),
        ("/nowhere", "nowhere"),
        ("/?period=2026-13", "2026-13"),
        ("/?unit=vn&unit=gov", "unit"),
        ("/unit/38?colour=red", "colour"),
    ],
)
def test_a_wrong_address_shows_what_is_wrong(
    product: Any, open_page: OpenPage, path: str, said: str
) -> None:
    page = open_page(expected=("404",))
    answer = page.goto(product.url + path)
    assert answer is not None
    assert answer.status == 404
    expect(page.locator(".error-card")).to_be_visible()
    expect(page.locator(".error-reason")).to_contain_text(said)


@pytest.mark.parametrize(
    "path", ["/", "/indicator/TRN-01", "/unit/96?wall=1", "/sources", "/source/lms"]
)
def test_hostile_names_are_text(product: Any, tab: Any, path: str) -> None:
    drawn(tab, product.url + path)
    if path in ("/", "/indicator/TRN-01"):
        words = tab.locator("svg text").filter(has_text="<img src=x")
    else:
        words = tab.locator("#main").get_by_text(HOSTILE)
    assert words.count() >= 1
    assert tab.locator("img[src=x]").count() == 0
    assert tab.title() != "hacked"


def test_a_hostile_unit_has_a_page_of_its_own(product: Any, tab: Any) -> None:
    drawn(tab, f"{product.url}/unit/{HOSTILE_COMMUNE}")
    expect(tab.locator("h1")).to_have_text(HOSTILE)
    assert tab.title() == HOSTILE
    assert tab.locator("img[src=x]").count() == 0
    drawn(tab, product.url + "/unit/38")
    search = tab.locator(".ag-cell", has_text=HOSTILE)
    # By name it stands first: only rows that are seen are in the page.
    tab.locator(".ag-header-cell[col-id=name] .ag-header-cell-text").click()
    expect(search.first).to_be_attached()


def test_two_viewers_share_nothing_but_the_data(product: Any, open_page: OpenPage) -> None:
    one, two = open_page(), open_page()
    drawn(one, product.url + "/?lang=en")
    drawn(two, product.url + "/unit/38")
    one.locator(".pill").filter(has_text="Ministries").first.click()
    until(one, "window.iocShown.href.includes('unit=gov')")
    version = product.portal.grow()
    for page in (one, two):
        until(page, f"window.iocShown.version === {version}")
    assert one.evaluate("window.iocShown.href") == "/?lang=en&unit=gov"
    assert two.evaluate("window.iocShown.href") == "/unit/38"
    expect(two.locator("h1")).to_have_text("Tỉnh Thanh Hóa")
    assert two.evaluate("document.documentElement.lang") == "vi"
