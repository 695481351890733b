"""Heavy scripts are loaded where they are used, and still there when they are needed later."""

from __future__ import annotations

from typing import Any

from support.browser import OpenPage

ALIVE = "html.ready:not(.dead)"
CHARTS = ("plotly", "async-graph")
GRID = ("dash_ag_grid",)
GRIDS = ".ag-theme-quartz"


def test_a_page_without_charts_loads_no_chart_library(product: Any, open_page: OpenPage) -> None:
    page = open_page(width=1440, height=900)
    asked = asked_by(page)
    page.goto(product.url + "/sources")
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    assert page.locator(".dash-graph").count() == 0
    assert not of(asked, *CHARTS)
    page.locator(".nav-main a").first.click()
    page.wait_for_selector("#page .js-plotly-plot .main-svg", timeout=30_000)
    # The part that is enough, by the address that other pages have kept it under.
    assert of(asked, "plotly") == of(asked, "/assets/charts/plotly-cartesian.min.js?m=") != []


def test_a_page_without_a_grid_loads_no_grid_library(product: Any, open_page: OpenPage) -> None:
    page = open_page(width=1440, height=900)
    asked = asked_by(page)
    page.goto(product.url + "/")
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    assert page.locator(GRIDS).count() == 0
    assert not of(asked, *GRID)
    page.locator("a[href*='/indicator/OPS-01']").first.click()
    page.wait_for_selector("#page .ag-row a", timeout=30_000)
    assert len(of(asked, "dash_ag_grid.v")) == 1
    rows = page.locator("#page .ag-center-cols-container .ag-row").count()
    assert rows > 5
    # What others ask of the library is there, too: paper wants all rows.
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_selector("#page .ag-layout-print")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_selector("#page .ag-layout-normal")
    page.reload()
    page.wait_for_selector("#page .ag-row a", timeout=30_000)
    assert page.locator("#page .ag-center-cols-container .ag-row").count() == rows


def test_a_grid_comes_when_its_library_was_refused_at_first(
    product: Any, open_page: OpenPage
) -> None:
    page = open_page(width=1440, height=900, expected=("ERR_FAILED",))
    refused = []

    def refuse_once(route: Any) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    page.route("**/dash_ag_grid.v*", refuse_once)
    page.goto(product.url + "/")
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    page.locator("a[href*='/indicator/OPS-01']").first.click()
    page.wait_for_selector("#page .ag-row a", timeout=30_000)
    assert len(refused) == 1


def test_a_wall_loads_no_grid_library(product: Any, open_page: OpenPage) -> None:
    page = open_page(width=1920, height=1080)
    asked = asked_by(page)
    page.goto(product.url + "/scene/red?wall=1")
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    assert not of(asked, *GRID)


def asked_by(page: Any) -> list[str]:
    """The addresses a page asks for, as it asks."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def of(asked: list[str], *names: str) -> list[str]:
    """Those that have one of the names in them."""
    return [one for one in asked if any(name in one for name in names)]
