"""The look: colours of the two themes, sizes of the wall, and the layout every chart starts from.

How big a text must be on a wall follows from how far away it is read: a key figure needs a
height of viewing distance / 200, a label distance / 400 (25 mm and 12.5 mm at five metres). The
wall is drawn on a canvas 1080 px high and enlarged by the style sheet to the height of the
screen, so that 1080p and 4K show the same picture; on a 55-inch screen 685 mm high this makes
40 px for key figures and 20 px for labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.web.page import Ground, ground
from layouts.tokens import pixels, tokens

WALL_HEIGHT = 1080
SCREEN_MM = 685.0
"""Height of the picture of a 55-inch 16:9 screen."""

_NAMES = {
    Status.REACHED: "reached",
    Status.NEAR: "near",
    Status.AT_RISK: "risk",
    Status.NOT_JUDGED: "open",
}

Figure = dict[str, Any]


def wall_px(distance_m: float, *, key_figure: bool, screen_mm: float = SCREEN_MM) -> int:
    """The least text height in px of the 1080 px canvas to be read from `distance_m` metres."""
    millimetres = distance_m * 1000 / (200 if key_figure else 400)
    return round(millimetres / screen_mm * WALL_HEIGHT + 0.5)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as assets/tokens.css declares them.

    `fill` colours marks, `tint` the ground under a text and `text` words that say a status.
    `ramp` is the scale of values, `lines` tells units of one chart apart, beside their names.
    """

    ink: str
    soft: str
    faint: str
    line: str
    surface: str
    ground: str
    sea: str
    accent: str
    former: str
    fill: dict[Status, str]
    tint: dict[Status, str]
    text: dict[Status, str]
    empty: str
    ramp: tuple[str, ...]
    lines: tuple[str, ...]


def light() -> Palette:
    """The desk."""
    return _palette("light")


def dark() -> Palette:
    """The wall."""
    return _palette("dark")


@cache
def _palette(theme: str) -> Palette:
    of = tokens(theme)
    return Palette(
        ink=of["ink"],
        soft=of["soft"],
        faint=of["faint"],
        line=of["line"],
        surface=of["surface"],
        ground=of["ground"],
        sea=of["sea"],
        accent=of["accent"],
        former=of["former"],
        fill={status: of[f"{name}-fill"] for status, name in _NAMES.items()},
        tint={status: of[f"{name}-tint"] for status, name in _NAMES.items()},
        text={status: of[f"{name}-text"] for status, name in _NAMES.items()},
        empty=of["empty"],
        ramp=tuple(of[f"ramp-{step}"] for step in range(1, 6)),
        lines=tuple(of[f"line-{step}"] for step in range(1, 9)),
    )


def palette(view: View) -> Palette:
    """Dark on the wall, light on the desk and on paper."""
    return dark() if view.wall and ground() is not Ground.PAPER else light()


def text_size(view: View) -> int:
    """Text size of labels in charts, in px."""
    if view.wall:
        return wall_px(5, key_figure=False)
    return round(pixels(tokens("light")["text-chart"]))


def font() -> str:
    """The typefaces, best first."""
    return tokens("light")["font"]


def escape(text: str) -> str:
    """A text as a chart shows it: Plotly reads a little markup, so names must not bring any."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def layout(view: View, **parts: Any) -> Figure:
    """The layout every chart starts from, with `parts` on top."""
    look = palette(view)
    return {
        "font": {"family": font(), "size": text_size(view), "color": look.soft},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": ".," if view.lang == "en" else ",.",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": look.surface,
            "bordercolor": look.line,
            "font": {"family": font(), "size": text_size(view) + 1, "color": look.ink},
            "align": "left",
        },
        **parts,
    }


def axis(view: View, **parts: Any) -> Figure:
    """An axis: no lines but the faint ones of its own ticks, nothing to drag."""
    look = palette(view)
    return {
        "fixedrange": True,
        "zeroline": False,
        "showgrid": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": text_size(view), "color": look.soft},
        "gridcolor": look.line,
        **parts,
    }


def note(view: View, text: str, **parts: Any) -> Figure:
    """A word written on a chart; `text` is escaped here."""
    return {
        "text": escape(text),
        "showarrow": False,
        "font": {"size": text_size(view), "color": palette(view).soft},
        **parts,
    }


CONFIG: Any = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}
"""What every graph is told: no buttons, no upload, no zoom by accident."""
