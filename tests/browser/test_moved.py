"""New data move only what changed: the rest of the page, its charts too, is the same as before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.browser import OpenPage, until

ALIVE = "html.ready:not(.dead)"
WORDS = """() => {
    // A grid draws the rows near the window only, by its own reckoning of the moment: its rows are
    // asked of it, and its drawn text is left out.
    const grids = [...document.querySelectorAll('#main .ag-root-wrapper')];
    const rows = grids.map((grid) => {
        const found = [];
        dash_ag_grid.getApi(grid.closest('[id]').id).forEachNode((one) => found.push(one.data));
        return found;
    });
    grids.forEach((grid) => { grid.style.display = 'none'; });
    const text = document.querySelector('#main').innerText.replace(/\\s+/g, ' ');
    grids.forEach((grid) => { grid.style.display = ''; });
    // The minute may pass between two pages: clocks and ages are left out.
    const bare = text.replace(/\\d\\d:\\d\\d|\\d+ (giây|phút|giờ) trước|vừa xong/g, '');
    return bare + JSON.stringify(rows);
}"""
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
    until(page, f"window.iocShown.version === {version}")
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
    grids = page.locator("#main .ag-root-wrapper").count()
    until(fresh, f"document.querySelectorAll('#main .ag-root-wrapper').length === {grids}")
    fresh.wait_for_timeout(600)
    assert page.evaluate(WORDS) == fresh.evaluate(WORDS)
    assert page.evaluate(DRAWN) == fresh.evaluate(DRAWN)
