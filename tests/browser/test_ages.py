"""Ages grow on the screen by the server's clock, also where this machine's own is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from support.browser import OpenPage, until

SHIFTED = """
const real = Date;
Date = class extends real {
  constructor(...parts) { super(...(parts.length ? parts : [real.now() + SHIFT])); }
  static now() { return real.now() + SHIFT; }
};
"""
AGES = "[...document.querySelectorAll('time.age')].map((one) => one.textContent)"


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_an_age_grows_without_a_redraw(product: Any, open_page: OpenPage, minutes: int) -> None:
    page = open_page(width=1440, height=900)
    page.add_init_script(SHIFTED.replace("SHIFT", str(minutes * 60_000)))
    page.goto(product.url + "/unit/38?lang=en")
    page.wait_for_selector("html.ready:not(.dead)", timeout=30_000, state="attached")
    drawn = page.evaluate(AGES)
    assert drawn
    now = product.real.desk.now().timestamp() * 1000
    assert abs(page.evaluate("window.iocNow()") - now) < 10_000
    old = product.real.desk.now().timestamp() - 3 * 3600 - 30
    page.evaluate(
        "(old) => { document.querySelector('time.age').dateTime = new Date(old).toISOString(); }",
        old * 1000,
    )
    until(page, f"{AGES}[0] === '3 h ago'", seconds=15)
    fresh = {"just now", *(f"{count} min ago" for count in range(1, 60))}
    assert set(page.evaluate(AGES)[1:]) <= fresh | set(drawn)
