"""What the accessibility tests ask a page in the browser: axe, contrast, keyboard, room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WITHOUT = {
    # The frame of /wall shows other documents, which are looked at under their own addresses.
    "frame-tested": "frames are pages of their own",
}
"""Rules of axe that are switched off, and why."""

LOOK = """() => {
  const seen = element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 0
      && box.height > 0 && !element.closest("[inert], .visually-hidden");
  };
  const parse = text => {
    const found = text.match(/[\\d.]+/g).map(Number);
    const share = text.startsWith("color(") ? 255 : 1;
    return {r: found[0] * share, g: found[1] * share, b: found[2] * share,
            a: found.length > 3 ? found[3] : 1};
  };
  const over = (top, ground) => ({
    r: top.r * top.a + ground.r * (1 - top.a), g: top.g * top.a + ground.g * (1 - top.a),
    b: top.b * top.a + ground.b * (1 - top.a), a: 1});
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a > 0) { layers.push(colour); }
      if (colour.a === 1) { break; }
    }
    const paper = {r: 255, g: 255, b: 255, a: 1};
    return layers.reverse().reduce((below, top) => over(top, below), paper);
  };
  const lum = c => [c.r, c.g, c.b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const faded = element => {
    let share = 1;
    for (let at = element; at; at = at.parentElement) {
      share *= Number(getComputedStyle(at).opacity);
    }
    return share;
  };
"""

CONTRAST = (
    LOOK
    + """
  const found = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.data.trim(), holder = texts.currentNode.parentElement;
    if (!words || !holder || holder.closest("svg, script, style, noscript, select, [disabled]")
        || !seen(holder)) { continue; }
    const below = ground(holder), colour = parse(getComputedStyle(holder).color);
    const top = over({...colour, a: colour.a * faded(holder)}, below);
    const [high, low] = [lum(top), lum(below)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const look = holder.className && holder.className.baseVal === undefined ? holder.className : "";
    const key = `${holder.tagName.toLowerCase()}.${look}`;
    if (!found.has(key) || found.get(key).ratio > ratio) {
      found.set(key, {key, ratio: Math.round(ratio * 100) / 100, words: words.slice(0, 40)});
    }
  }
  return [...found.values()];
}"""
)
"""Every kind of text with its least contrast against what is really behind it."""

SIGNS = (
    LOOK
    + """
  const looks = ".is-reached, .is-near, .is-at-risk, .is-not-judged, "
    + ".state-ok, .state-late, .state-failing, .state-stopped, .state-never";
  const silent = [];
  document.querySelectorAll(looks).forEach(one => {
    if (!seen(one) || one.closest("svg, .segments")) { return; }
    if (!one.textContent.trim() && !one.title) {         // the bar beside a shape and a word
      const row = one.parentElement && one.parentElement.parentElement;
      if (row && row.querySelector(".sign")) { return; }
    }
    const said = one.textContent + (one.getAttribute("aria-label") || "") + (one.title || "")
      + [...one.querySelectorAll("[title], [aria-label]")].map(
          part => (part.title || "") + (part.getAttribute("aria-label") || "")).join("");
    const shape = /[●◆▼■○–△◇□⊘]/.test(one.textContent);
    const word = /\\p{L}{2,}/u.test(said);
    if (!shape || !word) { silent.push(one.outerHTML.slice(0, 160)); }
  });
  return silent;
}"""
)
"""Elements that carry the colour of a status without a shape and a word."""

TABBABLE = (
    LOOK
    + """
  const inside = "a[href], button, input, select, textarea, summary, [tabindex]";
  return [...document.querySelectorAll(inside)].filter(one =>
    one.tabIndex >= 0 && !one.disabled && seen(one)
    && !one.closest("details:not([open]) > :not(summary), .ag-root-wrapper, dialog:not([open])")
  ).map((one, at) => { one.dataset.stop = String(at); return one.outerHTML.slice(0, 110); });
}"""
)
"""Marks whatever the Tab key should reach outside of grids, and tells of it."""

SMALL = (
    LOOK
    + """
  const found = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.data.trim(), holder = texts.currentNode.parentElement;
    if (!words || !holder || holder.closest("script, style, noscript") || !seen(holder)) {
      continue;
    }
    if (holder.closest("svg") && /^[●◆▼–]$/.test(words)) { continue; }   // a mark, not a word
    const size = parseFloat(getComputedStyle(holder).fontSize);
    const look = typeof holder.className === "string" ? holder.className : "svg";
    const key = `${holder.tagName.toLowerCase()}.${look}`;
    if (!found.has(key) || found.get(key).size > size) {
      found.set(key, {key, size, words: words.slice(0, 40)});
    }
  }
  return [...found.values()];
}"""
)
"""Every kind of text with its least size in px of the canvas."""

MENDED = (
    "!document.querySelector('button.dash-dropdown[tabindex=\"-1\"]:not([disabled])') "
    "&& !document.querySelector('[class*=dash-][role=listbox] > label[role=option]')"
)
"""Whether assets/access.js has been over what is on the page."""

STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) { return null; }
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const labelled = (one.getAttribute("aria-labelledby") || "").split(" ")
    .map(id => (document.getElementById(id) || {}).textContent || "").join(" ");
  const label = one.labels && one.labels.length ? one.labels[0].textContent : "";
  const name = one.getAttribute("aria-label") || labelled.trim() || label.trim()
    || (one.innerText || one.textContent || "").trim() || one.title
    || [...one.querySelectorAll("[aria-label]")].map(part => part.ariaLabel).join(" ");
  const x = box.left + Math.min(box.width / 2, 40), y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y), holder = one.closest("label, .ag-root-wrapper");
  const tall = box.height > 0.8 * innerHeight;
  const uncovered = tall || top && (one.contains(top) || top.contains(one)
    || (holder && holder.contains(top)));
  return {
    at: one.dataset.stop || "",
    name: name.trim().slice(0, 60),
    // Inside of a date field the browser draws the ring itself, around its own button.
    ring: !one.matches(":focus") ? 2
      : style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0,
    width: box.width,
    grid: Boolean(one.closest(".ag-root-wrapper")),
    html: one.outerHTML.slice(0, 110),
    covered: uncovered ? "" : top ? top.outerHTML.slice(0, 80) : "outside of the window",
  };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the Tab key came by: `ring` is the width of the outline, `covered` what lies above."""

    at: str
    name: str
    ring: float
    width: float
    grid: bool
    html: str
    covered: str


@cache
def axe_script() -> str:
    """axe-core, as the test package brings it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, *, rules: tuple[str, ...] = RULES) -> list[str]:
    """What axe finds wrong, a line each: the rule, the element and what to do."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(axe_script())
    options = {
        "runOnly": {"type": "tag", "values": list(rules)},
        "rules": {
            "target-size": {"enabled": True},
            **{name: {"enabled": False} for name in WITHOUT},
        },
        "resultTypes": ["violations"],
        "iframes": False,
    }
    answer = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['html'][:140]} | {' '.join(node['failureSummary'].split())[:220]}"
        for one in answer["violations"]
        for node in one["nodes"][:4]
    ]


def walked(page: Any, at_most: int = 600) -> list[Stop]:
    """Press Tab from the top of the page until it comes round, and tell of every stop.

    Grids and date fields have stops within themselves, as many as their content asks for, so that
    only a page that never comes round meets the limit.
    """
    page.evaluate("document.activeElement && document.activeElement.blur(); window.scrollTo(0, 0)")
    stops = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        found = page.evaluate(STOP)
        if found is None or (stops and found["at"] == stops[0].at != ""):
            break
        stops.append(Stop(**found))
    return stops
