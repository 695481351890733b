"""Heavy scripts are loaded where they are used, and still there when a chart comes later."""

from __future__ import annotations

from typing import Any

from support.browser import OpenPage

ALIVE = "html.ready:not(.dead)"
HEAVY = ("plotly.min", "async-graph")


def test_a_page_without_charts_loads_no_chart_library(product: Any, open_page: OpenPage) -> None:
    page = open_page(width=1440, height=900)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(product.url + "/sources")
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    assert page.locator(".dash-graph").count() == 0
    assert not [one for one in asked if any(name in one for name in HEAVY)]
    page.locator(".nav-main a").first.click()
    page.wait_for_selector("#page .js-plotly-plot .main-svg", timeout=30_000)
    assert [one for one in asked if "plotly" in one]
