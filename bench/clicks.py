"""From a click to the last chart drawn over a large store, against a page that draws the same
figures from memory."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.browser import chromium
from bench.large import large_home
from bench.product import Product
from bench.static import COLLECT, static_files
from bench.trend import quantile
from ioc.domain.catalogue import Catalogue
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.domain.view import ZONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SIZE = {"width": 1440, "height": 900}
_NEVER_STOPPED = "9999999999000000"

# Milliseconds from an act until the page of the new address is shown and its last chart drawn; -1
# when that took longer than half a minute. Half a second without a drawing is the end.
_CLICK = """
act => new Promise(resolve => {
  const begin = performance.now(), before = window.iocShown, heard = new WeakSet();
  let last = begin, settled = 0;
  const acts = {
    follow: href => {
      const link = [...document.querySelectorAll('#page a')].find(
        one => one.getAttribute('href') === href);
      if (link) { link.click(); } else { window.iocGo(href); }
    },
    back: () => history.back(),
    known: moment => {
      const input = document.querySelector('#known-at-input');
      input.value = moment;
      input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
    },
  };
  function look() {
    const now = performance.now(), page = document.querySelector('#page');
    for (const plot of page.querySelectorAll('.js-plotly-plot')) {
      if (plot.on && !heard.has(plot)) {
        heard.add(plot);
        plot.on('plotly_afterplot', () => { last = performance.now(); });
      }
    }
    const shown = window.iocShown, here = location.href.split('#')[0];
    const graphs = [...page.querySelectorAll('.dash-graph')];
    if (shown === before || !shown || shown.asked !== here ||
        !graphs.every(one => one.querySelector('.main-svg'))) { settled = 0; }
    else if (!settled) { settled = now; }
    const end = Math.max(settled, last);
    if (settled && now - end > 500) { resolve(end - begin); }
    else if (now - begin > 30000) { resolve(-1); }
    else { requestAnimationFrame(look); }
  }
  acts[act[0]](act[1]);
  look();
})
"""

_STATIC = """<!doctype html><meta charset="utf-8"><title>static</title>
<script src="plotly.min.js"></script><body><script>
const boxes = [];
let sets = null;
fetch('figures.json').then(answer => answer.json()).then(all => { sets = all; });
function draw(name) {
  const begin = performance.now(), set = sets[name];
  while (boxes.length < set.length) {
    boxes.push(document.body.appendChild(document.createElement('div')));
  }
  boxes.slice(set.length).forEach(box => Plotly.purge(box));
  return Promise.all(set.map((one, at) => {
    boxes[at].style.cssText = `width:${one.width}px;height:${one.height}px`;
    return Plotly.react(boxes[at], one.figure.data, one.figure.layout, {displayModeBar: false});
  })).then(() => performance.now() - begin);
}
</script></body>"""


def measure(*, observations: int, rounds: int, folder: Path | None) -> None:
    """Fill a store, or take the one that is kept in `folder`; then click and print a table."""
    with tempfile.TemporaryDirectory() as name:
        home = folder or Path(name) / "home"
        _say(f"\na store of {observations:,} observations in {home} …")
        with _serving(home, observations) as product, chromium() as browser:
            context = browser.new_context(viewport=_SIZE)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"{product.address}/", wait_until="load")
            _drawn(page)
            sets, spent = _product(page, rounds)
            page.close()
            files = {"figures.json": json.dumps(sets), "index.html": _STATIC}
            with static_files(files) as address:
                still = context.new_page()
                still.goto(f"{address}/index.html", wait_until="load")
                bare = _bare(still, rounds)
    _table(spent, bare, {name: len(charts) for name, charts in sets.items()})


@contextmanager
def _serving(home: Path, observations: int) -> Iterator[Product]:
    product = large_home(home, observations)
    (home / "ioc.beat").write_text(_NEVER_STOPPED, encoding="ascii")
    product.start("web")
    try:
        yield product
    finally:
        product.stop()


def _product(page: Page, rounds: int) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """The figures of each page, and the milliseconds of each act.

    Every round goes to another province, indicator and moment, so that none but the way back
    finds a page that the server has drawn before.
    """
    units = Units.load()
    today = datetime.now(ZONE)
    provinces = [units.by_id(one).key for one in units.ids_by_level(Level.PROVINCE, today.date())]
    codes = [one.code for one in Catalogue.load(units=units).all if one.headline]
    spent: dict[str, list[float]] = {"province": [], "indicator": [], "back": [], "known": []}
    sets: dict[str, Any] = {"back": page.evaluate(COLLECT)}
    for turn in range(rounds + 1):
        moment = (today - timedelta(minutes=turn + 1)).strftime("%Y-%m-%dT%H:%M")
        acts = {
            "province": ["follow", f"/unit/{provinces[turn % len(provinces)]}"],
            "indicator": ["follow", f"/indicator/{codes[turn % len(codes)]}"],
            "known": ["known", moment],
        }
        for name, act in acts.items():
            took = _click(page, act)
            sets.setdefault(name, page.evaluate(COLLECT))
            back = _click(page, ["back", ""])
            if turn:  # the first round only warms up
                spent[name].append(took)
                spent["back"].append(back)
    return sets, spent


def _click(page: Page, act: list[str]) -> float:
    took = float(page.evaluate(_CLICK, act))
    if took < 0:
        raise SystemExit(f"{act}: not drawn within 30 s; the address is {page.url}")
    return took


def _drawn(page: Page) -> None:
    for _ in range(600):
        if page.evaluate("document.documentElement.classList.contains('ready')"):
            page.wait_for_timeout(1000)
            return
        page.wait_for_timeout(100)
    raise SystemExit("the overview was not drawn within a minute")


def _bare(page: Page, rounds: int) -> dict[str, list[float]]:
    """The same figures from memory: from the overview to a page, and back."""
    while not page.evaluate("sets !== null"):
        time.sleep(0.05)
    spent: dict[str, list[float]] = {"province": [], "indicator": [], "back": [], "known": []}
    page.evaluate("draw('back')")
    for turn in range(rounds + 1):
        for name in ("province", "indicator", "known"):
            took = float(page.evaluate(f"draw('{name}')"))
            page.wait_for_timeout(100)
            back = float(page.evaluate("draw('back')"))
            page.wait_for_timeout(100)
            if turn:
                spent[name].append(took)
                spent["back"].append(back)
    return spent


def _table(
    mine: dict[str, list[float]], bare: dict[str, list[float]], charts: dict[str, int]
) -> None:
    names = {
        "province": "choose a province",
        "indicator": "choose an indicator",
        "back": "go back to the overview",
        "known": "change the as-known moment",
    }
    _say(f"{'':28} {'charts':>6} {'median':>9} {'p95':>9} {'from memory':>12} {'p95':>9}"
         f" {'ratio':>6} {'p95':>6}")  # fmt: skip
    for name, words in names.items():
        middle, least = statistics.median(mine[name]), statistics.median(bare[name])
        late, slow = quantile(mine[name], 0.95), quantile(bare[name], 0.95)
        _say(f"{words:28} {charts[name]:6d} {middle:6.0f} ms {late:6.0f} ms {least:9.0f} ms"
             f" {slow:6.0f} ms {middle / least:6.2f} {late / slow:6.2f}")  # fmt: skip


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
