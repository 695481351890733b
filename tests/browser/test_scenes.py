"""Every scene on every shape of wall: nothing cut, nothing over another, nothing small, no seam."""

from __future__ import annotations

from typing import Any

import pytest

from ioc.web.scene import scenes

SIZES = {"1080p": (1920, 1080), "4k": (3840, 2160), "32:9": (3840, 1080), "3x2": (5760, 2160)}
LABEL, KEY_FIGURE = 20, 40
"""Least text height in px of 1080, as layouts/theme.py works out for five metres."""
FAULTS = """(seams) => {
  const W = innerWidth, H = innerHeight, frame = document.querySelector(".wall-frame");
  const unit = 22 / parseFloat(getComputedStyle(frame).fontSize);
  const safe = { left: W * 0.025, right: W * 0.975, top: H * 0.025, bottom: H * 0.975 };
  const faults = [], shown = [];
  const meet = (a, b) => ({ left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
                            top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom) });
  const wide = box => box.right - box.left, high = box => box.bottom - box.top;

  // What of a text is seen: its box cut by every ancestor that hides what overflows it.
  function look(element, range) {
    const boxes = [...range.getClientRects()].filter(box => box.width > 0.5 && box.height > 0.5);
    if (!boxes.length) { return; }
    const whole = { left: Math.min(...boxes.map(b => b.left)), top: Math.min(...boxes.map(b => b.top)),
                    right: Math.max(...boxes.map(b => b.right)), bottom: Math.max(...boxes.map(b => b.bottom)) };
    let seen = whole, ellipsis = false;
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") { return; }
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") { ellipsis = true; }
      if (style.overflowX !== "visible" && style.display !== "inline") { seen = meet(seen, at.getBoundingClientRect()); }
    }
    if (wide(seen) < 1 || high(seen) < 1) { return; }
    const words = range.toString().trim().slice(0, 40), style = getComputedStyle(element);
    const name = `${element.getAttribute("class") || element.tagName} “${words}”`;
    const size = parseFloat(style.fontSize) * unit;
    const cutHigh = high(whole) - high(seen) > size * 0.3, cutWide = wide(whole) - wide(seen) > 1.5;
    if ((cutHigh && style.webkitLineClamp === "none") || (cutWide && !ellipsis)) { faults.push(`cut: ${name}`); }
    if (ellipsis && cutWide && wide(seen) < wide(whole) * 0.4) { faults.push(`hardly any of it is left: ${name}`); }
    if (seen.left < safe.left - 0.5 || seen.right > safe.right + 0.5 ||
        seen.top < safe.top - 0.5 || seen.bottom > safe.bottom + 0.5) { faults.push(`in the margin: ${name}`); }
    if (size < LABEL - 0.01) { faults.push(`${size.toFixed(1)} px: ${name}`); }
    const ink = high(seen) / boxes.length * 0.24;
    shown.push({ element, name, box: { ...seen, top: seen.top + ink, bottom: seen.bottom - ink } });
  }

  const walker = document.createTreeWalker(frame, NodeFilter.SHOW_TEXT);
  const texts = new Map();
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.nodeValue.trim() || element.closest(".visually-hidden, style, script, title")) { continue; }
    texts.set(node, element);
  }
  for (const [node, element] of texts) {
    const range = document.createRange();
    range.selectNodeContents(node);
    look(element, range);
  }
  for (const figure of frame.querySelectorAll(KEYS)) {
    if (!figure.offsetParent) { continue; }
    const size = parseFloat(getComputedStyle(figure).fontSize) * unit;
    if (size < KEY_FIGURE) { faults.push(`key figure of ${size} px: ${figure.textContent}`); }
  }
  for (let i = 0; i < shown.length; i++) {
    for (let j = i + 1; j < shown.length; j++) {
      const both = meet(shown[i].box, shown[j].box);
      if (wide(both) > 1 && high(both) > 1) { faults.push(`${shown[i].name} over ${shown[j].name}`); }
    }
  }
  for (const { name, box } of shown) {
    for (const x of seams[0]) {
      if (box.left < x * W + 4 && box.right > x * W - 4) { faults.push(`across the seam: ${name}`); }
    }
    for (const y of seams[1]) {
      if (box.top < y * H + 4 && box.bottom > y * H - 4) { faults.push(`across the seam: ${name}`); }
    }
  }
  const root = document.documentElement;
  if (root.scrollHeight > H + 1 || root.scrollWidth > W + 1) { faults.push("the page can be scrolled"); }
  return { faults: [...new Set(faults)], texts: shown.length };
}"""
KEYS = ".tile-figure:not(.is-empty), .wall-total:not(.is-empty), .red-count, .clock"
SCRIPT = (
    FAULTS.replace("KEY_FIGURE", str(KEY_FIGURE))
    .replace("LABEL", str(LABEL))
    .replace("KEYS", f'"{KEYS}"')
)
ADDRESSES = {
    **{name: f"/scene/{name}?wall=1" for name in scenes()},
    "province 38": "/scene/province?unit=38&wall=1",
    "ministry moha": "/scene/ministry?unit=moha&wall=1",
    "ministries' indicator": "/scene/map?indicator=DOC-01&unit=gov&wall=1",
    "exercise": "/scene/national?exercise=source%3Alms&wall=1",
    "in English": "/scene/national?lang=en&wall=1",
    "sources in English": "/scene/sources?exercise=source%3Alms&lang=en&wall=1",
}
CASES = [
    pytest.param(address, shape, id=f"{name}, {shape}")
    for name, address in ADDRESSES.items()
    for shape in SIZES
    if name in scenes() or shape in ("1080p", "3x2")
]


def drawn(page: Any, address: str) -> None:
    answer = page.goto(address)
    assert answer.status == 200
    page.wait_for_selector("html.ready", timeout=30_000, state="attached")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(400)


@pytest.mark.parametrize(("address", "shape"), CASES)
def test_a_scene_is_whole_on_each_shape_of_wall(
    product: Any, tab: Any, address: str, shape: str
) -> None:
    width, height = SIZES[shape]
    tab.set_viewport_size({"width": width, "height": height})
    drawn(tab, product.url + address)
    seams = [[1 / 3, 2 / 3], [1 / 2]] if shape == "3x2" else [[], []]
    found = tab.evaluate(SCRIPT, seams)
    assert found["texts"] > 8
    assert found["faults"] == []


def test_the_look_at_a_scene_finds_what_is_wrong(product: Any, tab: Any) -> None:
    drawn(tab, product.url + "/scene/national?wall=1")
    spoil = {
        ".tile-target": ("marginTop", "-40px", " over "),
        ".wall-title": ("marginLeft", "-80px", "in the margin: "),
        ".card-head h2": ("fontSize", "14px", "14.0 px: "),
        ".tile-foot, .tile .when": ("marginTop", "60px", "cut: "),
    }
    for selector, (name, value, fault) in spoil.items():
        spoilt = f"[...document.querySelectorAll('{selector}')]"
        tab.evaluate(f"{spoilt}.forEach(one => {{ one.style.{name} = '{value}'; }})")
        found = tab.evaluate(SCRIPT, [[], []])["faults"]
        assert any(fault in one for one in found), fault
        tab.evaluate(f"{spoilt}.forEach(one => {{ one.style.{name} = ''; }})")
    assert tab.evaluate(SCRIPT, [[], []])["faults"] == []


def test_wide_walls_show_more_cards_not_wider_ones(product: Any, tab: Any) -> None:
    cards = "[...document.querySelectorAll('.slot')].filter(one => one.offsetParent).length"
    counted = []
    for width, height in (SIZES["1080p"], SIZES["32:9"]):
        tab.set_viewport_size({"width": width, "height": height})
        drawn(tab, product.url + "/scene/national?wall=1")
        counted.append(tab.evaluate(cards))
    assert counted == [4, 6]


def test_an_unknown_scene_is_a_wrong_address(product: Any, open_page: Any) -> None:
    page = open_page(expected=("404",))
    answer = page.goto(product.url + "/scene/nowhere?wall=1")
    assert answer.status == 404
    assert "nowhere" in page.locator(".error-reason").inner_text()
