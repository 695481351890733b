"""How long the overview takes to be drawn in Chromium, against a static page with the same figures
in one JSON file; and what a page view and an idle viewer cost the server."""

from __future__ import annotations

import json
import statistics
import sys
from typing import TYPE_CHECKING

from bench.browser import chromium
from bench.running import Running, running
from bench.static import COLLECT, static_files

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

_SIZE = {"width": 1440, "height": 900}
_VIEWERS = 10

# Notes when every chart of the page was drawn, counted from the start of the navigation.
_WATCH = """
window.__want = %d; window.__drawn = null;
(function look() {
  const plots = [...document.querySelectorAll('.js-plotly-plot')];
  const drawn = plots.filter(one => one.querySelector('.main-svg'));
  if (window.__want && drawn.length >= window.__want) { window.__drawn = performance.now(); }
  else { requestAnimationFrame(look); }
})();
"""

_STATIC = """<!doctype html><meta charset="utf-8"><title>static</title>
<script src="plotly.min.js"></script><body><script>
fetch('figures.json').then(answer => answer.json()).then(all => {
  for (const one of all) {
    const box = document.createElement('div');
    box.style.cssText = `width:${one.width}px;height:${one.height}px`;
    document.body.appendChild(box);
    Plotly.newPlot(box, one.figure.data, one.figure.layout, {displayModeBar: false});
  }
});
</script></body>"""


def measure(*, rounds: int, idle_seconds: int) -> None:
    """Fill a home, then print the page's ratio and the server's cost."""
    _say("\nfilling a home from the demonstration …")
    with running() as product, chromium() as browser:
        context = browser.new_context(viewport=_SIZE)  # type: ignore[arg-type]
        charts = _charts(context, product.address)
        _say(f"the overview draws {len(charts)} charts")
        files = {"figures.json": json.dumps(charts), "index.html": _STATIC}
        with static_files(files) as static:
            _compare(context, product.address, f"{static}/index.html", len(charts), rounds)
        _cost(context, product, len(charts), rounds)
        _idle(context, product, idle_seconds)


def _compare(context: BrowserContext, address: str, static: str, want: int, rounds: int) -> None:
    ways = {"overview": f"{address}/", "static": static}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 2):
        for name, target in ways.items():
            took = _drawn(context, target, want)
            if turn >= 2:
                spent[name].append(took)
    middle = {name: statistics.median(times) for name, times in spent.items()}
    _say(f"warm, until all charts are drawn: overview {middle['overview']:.0f} ms,")
    _say(f"  static page with the same figures {middle['static']:.0f} ms,")
    _say(f"  ratio {middle['overview'] / middle['static']:.2f}")
    _say(f"  of the rest: {_rest(context, address, want)}")


def _drawn(context: BrowserContext, target: str, want: int) -> float:
    page = context.new_page()
    page.add_init_script(_WATCH % want)
    page.goto(target, wait_until="commit")
    took = _wait_drawn(page)
    page.close()
    return took


def _wait_drawn(page: Page) -> float:
    """Milliseconds until all charts were drawn; asked for in steps, as the page allows no eval."""
    for _ in range(600):
        took = page.evaluate("window.__drawn")
        if took is not None:
            return float(took)
        page.wait_for_timeout(100)
    raise SystemExit(f"{page.url}: the charts were not drawn within a minute")


def _rest(context: BrowserContext, address: str, want: int) -> str:
    """Where the overview's own time goes: first byte, scripts, and the last answer of data."""
    page = context.new_page()
    page.add_init_script(_WATCH % want)
    page.goto(f"{address}/", wait_until="commit")
    _wait_drawn(page)
    marks = page.evaluate(
        """() => {
          const first = performance.getEntriesByType('navigation')[0];
          const all = performance.getEntriesByType('resource');
          const end = part => Math.max(0, ...all.filter(one => one.name.includes(part))
                                          .map(one => one.responseEnd));
          return {html: first.responseEnd, scripts: end('.js'), data: end('_dash-'),
                  requests: all.length, drawn: window.__drawn};
        }"""
    )
    page.close()
    return (
        f"page by {marks['html']:.0f} ms, scripts by {marks['scripts']:.0f} ms, data by"
        f" {marks['data']:.0f} ms, drawn at {marks['drawn']:.0f} ms, {marks['requests']} requests"
    )


def _cost(context: BrowserContext, product: Running, want: int, rounds: int) -> None:
    before = product.cpu_seconds()
    for _ in range(rounds):
        _drawn(context, f"{product.address}/", want)
    spent = (product.cpu_seconds() - before) / rounds * 1000
    _say(f"server: {spent:.1f} ms of processor time a view of the overview")


def _idle(context: BrowserContext, product: Running, seconds: int) -> None:
    pages: list[Page] = []
    start = product.cpu_seconds()
    _wait(context, seconds)
    alone = product.cpu_seconds() - start
    for _ in range(_VIEWERS):
        page = context.new_page()
        page.goto(f"{product.address}/", wait_until="load")
        pages.append(page)
    _wait(context, 5)
    start = product.cpu_seconds()
    _wait(context, seconds)
    spent = product.cpu_seconds() - start
    each = max(0.0, spent - alone) / (_VIEWERS * seconds / 60) * 1000
    _say(
        f"server: {each:.2f} ms of processor time an idle viewer-minute"
        f" ({alone / seconds * 60_000:.0f} ms a minute with nobody watching)"
    )
    for page in pages:
        page.close()


def _wait(context: BrowserContext, seconds: float) -> None:
    page = context.new_page()
    page.wait_for_timeout(seconds * 1000)
    page.close()


def _charts(context: BrowserContext, address: str) -> list[dict[str, object]]:
    page = context.new_page()
    page.goto(f"{address}/", wait_until="load")
    page.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)
    page.wait_for_timeout(3_000)
    found: list[dict[str, object]] = page.evaluate(COLLECT)
    page.close()
    if not found:
        raise SystemExit("the overview drew no chart")
    return found


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
