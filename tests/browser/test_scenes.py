"""Every scene on every shape of wall: nothing cut, nothing over another, nothing small, no seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ioc.web.scene import scenes

SIZES = {"1080p": (1920, 1080), "4k": (3840, 2160), "32:9": (3840, 1080), "3x2": (5760, 2160)}
LABEL, KEY_FIGURE = 20, 40
"""Least text height in px of 1080, as layouts/theme.py works out for five metres."""
KEYS = ".tile-figure:not(.is-empty), .wall-total:not(.is-empty), .red-count, .clock"
LOOK = Path(__file__).with_name("scene_faults.js").read_text(encoding="utf-8")
LIMITS = {"label": LABEL, "key": KEY_FIGURE, "keys": KEYS, "across": [], "down": []}
SEAMS = {"across": [1 / 3, 2 / 3], "down": [1 / 2]}
"""Where the screens of a video wall meet, as shares of its width and of its height."""
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
    found = tab.evaluate(LOOK, {**LIMITS, **(SEAMS if shape == "3x2" else {})})
    assert found["texts"] > 8
    assert found["faults"] == []


def test_the_look_at_a_scene_finds_what_is_wrong(product: Any, tab: Any) -> None:
    drawn(tab, product.url + "/scene/national?wall=1")
    spoil = {
        ".tile-target": ("marginTop", "-40px", " over "),
        ".wall-head h1": ("marginLeft", "-80px", "in the margin: "),
        ".card-head h2": ("fontSize", "14px", "14.0 px: "),
        ".tile-foot, .tile .when": ("marginTop", "60px", "cut: "),
    }
    for selector, (name, value, fault) in spoil.items():
        spoilt = f"[...document.querySelectorAll('{selector}')]"
        tab.evaluate(f"{spoilt}.forEach(one => {{ one.style.{name} = '{value}'; }})")
        found = tab.evaluate(LOOK, LIMITS)["faults"]
        assert any(fault in one for one in found), fault
        tab.evaluate(f"{spoilt}.forEach(one => {{ one.style.{name} = ''; }})")
    assert tab.evaluate(LOOK, LIMITS)["faults"] == []


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
