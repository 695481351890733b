"""All pages that are found, in Chromium: drawn, quiet, drilled into, refreshed, on the wall."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from playwright.sync_api import expect
from support.portal import Portal, free_port, grow, running_portal, small_desk

from ioc import plugins
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page

ADDRESSES = (
    "/",
    "/?unit=gov",
    "/?lang=en",
    "/unit/38",
    "/unit/31",
    "/unit/moha",
    "/indicator/OPS-01",
    "/sources",
    "/?wall=1",
    "/unit/38?wall=1",
    "/indicator/OPS-01?wall=1",
    "/sources?wall=1",
)
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
CHARTS = ("/", "/unit/38", "/indicator/OPS-01")


def _samples() -> ModuleType:
    # The folder tests/layouts cannot be imported by name: the product has a package of that name.
    file = Path(__file__).parents[1] / "layouts" / "samples.py"
    spec = importlib.util.spec_from_file_location("layout_samples", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["layout_samples"] = module
    spec.loader.exec_module(module)
    return module


def _loading(answer: Callable[[View], Any]) -> Callable[[Desk, View, Scope], Any]:
    return lambda desk, view, scope: answer(view)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The discovered pages, callbacks and shell over sample answers."""
    samples = _samples()
    found = cast("dict[str, Page]", plugins.by_name(plugins.PAGE))
    answers = {
        "overview": samples.overview,
        "unit": samples.unit_page,
        "indicator": samples.indicator_page,
        "sources": samples.sources,
        "source": samples.sources,
    }
    pages = {
        name: replace(page, load=_loading(answers[name])) if name in answers else page
        for name, page in found.items()
    }
    folder = tmp_path_factory.mktemp("product")
    desk = replace(
        small_desk(folder, free_port()), units=samples.units(), catalogue=samples.catalogue()
    )
    grow(desk.engine)
    with running_portal(folder, desk, pages=pages) as portal:
        yield portal


def drawn(page: Any, address: str) -> None:
    """Open an address and wait until all its charts are drawn."""
    answer = page.goto(address)
    assert answer.status == 200
    page.wait_for_selector("html.ready", timeout=30_000, state="attached")


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_is_drawn_without_error_or_foreign_request(
    product: Portal, page: Any, path: str
) -> None:
    drawn(page, product.url + path)
    assert page.locator(".error-card").count() == 0
    assert page.title()
    theme = page.evaluate("document.documentElement.dataset.bsTheme")
    assert theme == ("dark" if "wall=1" in path else "light")


@pytest.mark.parametrize("path", CHARTS)
def test_a_click_on_a_ranking_drills_and_back_comes_back(
    product: Portal, page: Any, path: str
) -> None:
    drawn(page, product.url + path)
    chart = page.locator("section.chart[data-name=ranking] .js-plotly-plot")
    chart.scroll_into_view_if_needed()
    bar = chart.locator(".barlayer .point path, .scatterlayer .point").first
    box = bar.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(lambda url: url.rstrip("/") != (product.url + path).rstrip("/"), timeout=8000)
    assert page.url.startswith(product.url + "/unit/")
    page.go_back()
    page.wait_for_url(product.url + path)
    expect(page.locator("section.chart[data-name=ranking] .main-svg").first).to_be_visible()


def test_a_click_on_a_province_of_the_map_drills(product: Portal, page: Any) -> None:
    drawn(page, product.url)
    found = page.evaluate(INSIDE_38)
    page.mouse.move(found[0] - 1, found[1])
    page.mouse.move(found[0], found[1])
    page.wait_for_timeout(300)
    page.mouse.click(found[0], found[1])
    page.wait_for_url(lambda url: "/unit/38" in url, timeout=8000)


def test_new_data_are_drawn_in_place(product: Portal, page: Any) -> None:
    drawn(page, product.url)
    charts = page.locator(".js-plotly-plot").count()
    page.evaluate("window.stayed = true; window.scrollTo(0, 300)")
    version = product.grow()
    for _ in range(50):
        if page.evaluate("window.iocShown.version") == version:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("window.iocShown.version") == version
    assert page.evaluate("window.stayed") is True
    assert page.evaluate("window.scrollY") == 300
    assert page.locator(".js-plotly-plot").count() == charts


@pytest.mark.parametrize("part", ["ranking", "trend", "map", "heat"])
def test_each_chart_has_its_csv(product: Portal, page: Any, part: str) -> None:
    drawn(page, product.url)
    href = page.locator(f"section.chart[data-name={part}]").get_attribute("data-csv")
    answer = page.request.get(product.url + href)
    assert answer.status == 200
    text = answer.body().decode("utf-8-sig")
    assert "dữ liệu minh họa" in text.splitlines()[0]
    assert "OPS-" in text


def test_a_picture_of_a_real_chart(product: Portal, page: Any) -> None:
    drawn(page, product.url)
    card = page.locator("section.chart[data-name=trend]")
    card.locator("details.export summary").click()
    with page.expect_download() as waiting:
        card.locator("button.snap[data-form=svg]").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "DỮ LIỆU MINH HỌA" in text
    assert "data:font/woff2;base64," in text


def test_the_wall_turns_to_its_first_scene(product: Portal, page: Any) -> None:
    page.goto(product.url + "/wall")
    page.wait_for_selector("#wall-stage[data-state=good]", timeout=40_000)
    inner = page.frame_locator("#wall-stage iframe.on")
    expect(inner.locator("#main")).to_be_visible()
