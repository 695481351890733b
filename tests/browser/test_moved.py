"""New data move only what changed: the rest of the page, its charts too, is the same as before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.browser import OpenPage, until

ALIVE = "html.ready:not(.dead)"
WORDS = "document.querySelector('#main').innerText.replace(/\\s+/g, ' ')"
DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].map(
    (chart) => JSON.stringify([chart.data, chart.layout.annotations, chart.layout.shapes]))"""


@pytest.mark.parametrize("path", ["/?indicator=OPS-01", "/unit/38?indicator=OPS-01", "/sources"])
def test_what_did_not_change_is_not_drawn_again(
    product: Any, open_page: OpenPage, path: str
) -> None:
    page = open_page(width=1440, height=900)
    answers: list[int] = []
    page.on(
        "response",
        lambda one: answers.append(len(one.body())) if "_dash-update" in one.url else None,
    )
    page.goto(product.url + path)
    page.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    page.evaluate("document.querySelectorAll('#page *').forEach((one) => { one.marked = true; })")
    page.locator("#main a[href^='/']").first.focus()
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    whole = len(page.evaluate("JSON.stringify(window.dash_stores[0].getState().layout)"))
    product.real.ahead += timedelta(hours=9)
    assert product.real.poll("cong-dvc-tinh").added > 0
    version = product.real.version()
    until(page, f"window.iocShown.version === {version}", seconds=8)
    page.wait_for_timeout(600)
    kept = page.evaluate(
        "[...document.querySelectorAll('#page .js-plotly-plot, #page h1')].map((o) => o.marked)"
    )
    assert kept
    assert all(kept)
    assert answers
    assert sum(answers) < whole / 2
    assert page.evaluate("document.activeElement.getAttribute('href')") == focused
    fresh = open_page(width=1440, height=900)
    fresh.goto(product.url + path)
    fresh.wait_for_selector(ALIVE, timeout=30_000, state="attached")
    fresh.wait_for_timeout(600)
    assert page.evaluate(WORDS) == fresh.evaluate(WORDS)
    assert page.evaluate(DRAWN) == fresh.evaluate(DRAWN)
