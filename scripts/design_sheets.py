"""Sheets of the design for docs/design.md: the product's own parts, tokens and style sheets."""

from __future__ import annotations

import base64
import html as markup
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.colour_sight import contrast

from ioc.domain.measure import Coverage
from ioc.domain.target import Status
from layouts import components, source_tables, states
from layouts.theme import wall_px
from layouts.tokens import THEMES, tokens

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LANG = "vi"
VOID = {"img", "br", "input"}
SIGHTS = {
    "none": "mắt thường",
    "protanopia": "không thấy đỏ (protan)",
    "deuteranopia": "không thấy lục (deutan)",
    "tritanopia": "không thấy lam (tritan)",
}
CLIP: Any = {"x": 0, "y": 215, "width": 1440, "height": 885}
STYLE = """
body { padding: 22px; background: var(--ground); }
.sheet { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 18px; }
.half { padding: 18px; background: var(--ground); color: var(--ink); border: 1px solid var(--line);
  border-radius: 10px; display: flex; flex-direction: column; gap: 14px; }
.half h2 { font-size: 17px; } .half h3 { font-size: 13px; color: var(--soft); font-weight: 600; }
.swatches { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px; }
.colour { border: 1px solid var(--line); border-radius: 8px; background: var(--surface);
  overflow: hidden; font-size: 11.5px; }
.colour i { display: block; height: 34px; } .colour span { display: block; padding: 4px 8px; }
.colour small { color: var(--soft); font-size: 11px; }
.line { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.three { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; }
.bars { display: flex; flex-direction: column; gap: 4px; } .bars i { display: block; height: 10px;
  background: var(--accent); border-radius: 2px; }
.views { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
.views img { width: 100%; border-radius: 8px; } .views p { font-weight: 600; margin-bottom: 4px; }
"""


def markup_of(one: Any) -> str:
    """A component of `html` as the browser would hold it."""
    if one is None:
        return ""
    if isinstance(one, list | tuple):
        return "".join(markup_of(child) for child in one)
    if not isinstance(one, Component):
        return markup.escape(str(one))
    properties = dict(one.to_plotly_json()["props"])
    children = properties.pop("children", None)
    style = properties.pop("style", None) or {}
    names = {"className": "class", "dateTime": "datetime", "tabIndex": "tabindex"}
    said = {names.get(name, name): value for name, value in properties.items()}
    if style:
        said["style"] = ";".join(f"{name}:{value}" for name, value in style.items())
    attributes = "".join(f' {name}="{markup.escape(str(value))}"' for name, value in said.items())
    tag = type(one).__name__.lower()
    return f"<{tag}{attributes}>" + ("" if tag in VOID else f"{markup_of(children)}</{tag}>")


def colours() -> str:
    """Every colour of both themes with its contrast on the card, the type and the space scale."""
    return _halves(_colours)


def _colours(theme: str) -> str:
    of = tokens(theme)
    shown = [name for name, value in of.items() if value.startswith("#") and "bar" not in name]
    wall = {"pulse", "pulse-dead", "wall-ground", "wall-ink", "alarm-ink"}
    swatches = "".join(
        f'<div class="colour"><i style="background:{of[name]}"></i><span>{name}<br>'
        f"<small>{of[name]} · {contrast(of[name], of['surface']):.1f}</small></span></div>"
        for name in shown
        if name not in wall
    )
    sizes = "".join(
        f'<span style="font-size:var(--text-{step})">{of[f"text-{step}"]} Ặ 0123</span>'
        for step in range(1, 9)
    )
    spaces = "".join(f'<i style="width:calc(var(--space-{step}) * 6)"></i>' for step in range(1, 7))
    return (
        f'<h3>colour · contrast on surface</h3><div class="swatches">{swatches}</div>'
        f'<h3>type: text-1 to text-8</h3><div class="line">{sizes}</div>'
        f'<h3>space-1 to space-6 (six times)</h3><div class="bars">{spaces}</div>'
    )


def shapes() -> str:
    """Statuses, states of sources, kinds of empty, and the states of a part of a page."""
    return _halves(_shapes)


def _shapes(theme: str) -> str:
    now = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    chips = [components.chip(status, LANG) for status in Status]
    sources = ("ok", "late", "failing", "stopped", "never")
    rows = (
        ("statuses", markup_of(chips)),
        ("sources", markup_of([source_tables.state_chip(one, LANG) for one in sources])),
        ("marks of a figure", markup_of(_warnings(now))),
        ("partial", markup_of(states.partial(Coverage(49, 51), LANG))),
    )
    lines = "".join(f'<h3>{name}</h3><div class="line">{body}</div>' for name, body in rows)
    blanks = "".join(
        f'<div class="card">{markup_of(one)}</div>'
        for one in (
            states.empty(LANG),
            states.failed(LANG, "3f9a01c2"),
            states.not_allowed(LANG),
        )
    )
    empties = markup_of(components.empty_legend(LANG))
    loading = markup_of(states.loading((5, 15), LANG))
    return (
        f"{lines}<h3>loading</h3>{loading}<h3>empty, failed, not allowed</h3>"
        f'<div class="three">{blanks}</div><h3>kinds of empty</h3>'
        f'<div class="reading">{empties}</div>'
    )


def _warnings(now: datetime) -> list[Any]:
    """The marks beside a figure that is in all three troubles and made up besides."""
    checked = now - timedelta(hours=5)
    troubled: Any = SimpleNamespace(
        failing=True, stale=True, overdue=True, checked=checked, waiting=None, corrected=None
    )
    return [*states.warnings(troubled, now, LANG), components.illustrative_mark(LANG, True)]


def distances() -> str:
    """Figures and labels as large as the wall shows them, for four viewing distances."""
    body = ""
    for metres in (3, 5, 7, 10):
        figure, label = wall_px(metres, key_figure=True), wall_px(metres, key_figure=False)
        body += (
            f'<div class="line" style="gap:40px;align-items:baseline">'
            f'<b style="font-size:{figure}px" class="figure">86,17%</b>'
            f'<span style="font-size:{label}px;color:var(--soft)">Giải ngân · {metres} m: '
            f"{figure} px / {label} px</span></div>"
        )
    return f'<div class="half" data-bs-theme="dark">{body}</div>'


def _halves(draw: Callable[[str], str]) -> str:
    halves = "".join(
        f'<section class="half" data-bs-theme="{theme}"><h2>{theme}</h2>{draw(theme)}</section>'
        for theme in THEMES
    )
    return f'<div class="sheet">{halves}</div>'


SHEETS: dict[str, Callable[[], str]] = {
    "design-colours": colours,
    "design-states": shapes,
    "design-distance": distances,
}


def sheet(browser: Browser, address: str, name: str, width: int) -> bytes:
    """One of the sheets, as tall as it is, in the product's style sheets."""
    if name not in SHEETS:
        return sights(browser, address, width)
    return _seen(browser, address, SHEETS[name](), width)


def sights(browser: Browser, address: str, width: int) -> bytes:
    """The overview as four kinds of eyes see it, side by side."""
    pictures = ""
    context = browser.new_context(viewport={"width": 1440, "height": 1100}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html.ready", state="attached", timeout=60_000)
    page.wait_for_timeout(1000)
    sight = context.new_cdp_session(page)
    for kind, words in SIGHTS.items():
        sight.send("Emulation.setEmulatedVisionDeficiency", {"type": kind})
        seen = base64.b64encode(page.screenshot(animations="disabled", clip=CLIP)).decode()
        pictures += f'<div><p>{words}</p><img src="data:image/png;base64,{seen}"></div>'
    context.close()
    return _seen(browser, address, f'<div class="views">{pictures}</div>', width)


def _seen(browser: Browser, address: str, body: str, width: int) -> bytes:
    context = browser.new_context(viewport={"width": width, "height": 400})
    page = context.new_page()
    page.goto(f"{address}/healthz")
    links = "".join(f'<link rel="stylesheet" href="/assets/{name}.css">' for name in _sheets())
    page.set_content(
        f'<html lang="vi"><head>{links}<style>{STYLE}</style></head><body>{body}</body></html>'
    )
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    content = page.screenshot(full_page=True, animations="disabled")
    context.close()
    return content


def _sheets() -> Iterable[str]:
    return ("bootstrap.min", "tokens", "desk")
