"""The look: colours of the two themes, sizes of the wall, and the layout every chart starts from.

How big a text must be on a wall follows from how far away it is read: a key figure needs a
height of viewing distance / 200, a label distance / 400 (25 mm and 12.5 mm at five metres). The
wall is drawn on a canvas 1080 px high and enlarged by the style sheet to the height of the
screen, so that 1080p and 4K show the same picture; on a 55-inch screen 685 mm high this makes
40 px for key figures and 20 px for labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ioc.domain.target import Status
from ioc.domain.view import View

FONT = "Inter, system-ui, 'Segoe UI', 'Noto Sans', sans-serif"
WALL_HEIGHT = 1080
SCREEN_MM = 685.0
"""Height of the picture of a 55-inch 16:9 screen."""

Figure = dict[str, Any]


def wall_px(distance_m: float, *, key_figure: bool, screen_mm: float = SCREEN_MM) -> int:
    """The least text height in px of the 1080 px canvas to be read from `distance_m` metres."""
    millimetres = distance_m * 1000 / (200 if key_figure else 400)
    return round(millimetres / screen_mm * WALL_HEIGHT + 0.5)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme; the style sheet holds the same values as variables.

    `fill` colours marks, `tint` the ground under a text and `text` words that say a status.
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


LIGHT = Palette(
    ink="#14202e",
    soft="#4a5a6c",
    faint="#66758a",
    line="#dfe5ec",
    surface="#ffffff",
    ground="#f3f5f8",
    sea="#eaf1f8",
    accent="#17559c",
    former="#8a97a8",
    fill={
        Status.REACHED: "#2f9e73",
        Status.NEAR: "#e3a324",
        Status.AT_RISK: "#cf3430",
        Status.NOT_JUDGED: "#9fb0c3",
    },
    tint={
        Status.REACHED: "#dff2e9",
        Status.NEAR: "#fcefd0",
        Status.AT_RISK: "#fbdcd9",
        Status.NOT_JUDGED: "#eef2f6",
    },
    text={
        Status.REACHED: "#0f6b49",
        Status.NEAR: "#7d5200",
        Status.AT_RISK: "#b01f1c",
        Status.NOT_JUDGED: "#4a5a6c",
    },
    empty="#f8fafc",
    ramp=("#d5e5f4", "#a9c9e6", "#76a7d3", "#4682ba", "#1f5c98"),
)

DARK = Palette(
    ink="#f3f7fc",
    soft="#bccada",
    faint="#93a4b8",
    line="#293a52",
    surface="#111c2d",
    ground="#0a121f",
    sea="#0d1a2c",
    accent="#7db8f5",
    former="#6f8299",
    fill={
        Status.REACHED: "#34b585",
        Status.NEAR: "#f0b43c",
        Status.AT_RISK: "#f2564f",
        Status.NOT_JUDGED: "#5d7088",
    },
    tint={
        Status.REACHED: "#12382f",
        Status.NEAR: "#41330f",
        Status.AT_RISK: "#4d1b1f",
        Status.NOT_JUDGED: "#1b2a3f",
    },
    text={
        Status.REACHED: "#7fe3bd",
        Status.NEAR: "#ffd37a",
        Status.AT_RISK: "#ff9d97",
        Status.NOT_JUDGED: "#bccada",
    },
    empty="#0d1726",
    ramp=("#1c3553", "#27517f", "#3570ad", "#5795d2", "#93c3f0"),
)


def palette(view: View) -> Palette:
    """Dark on the wall, light on the desk."""
    return DARK if view.wall else LIGHT


def text_size(view: View) -> int:
    """Text size of labels in charts, in px."""
    return wall_px(5, key_figure=False) if view.wall else 12


def escape(text: str) -> str:
    """A text as a chart shows it: Plotly reads a little markup, so names must not bring any."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def layout(view: View, **parts: Any) -> Figure:
    """The layout every chart starts from, with `parts` on top."""
    look = palette(view)
    return {
        "font": {"family": FONT, "size": text_size(view), "color": look.soft},
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
            "font": {"family": FONT, "size": text_size(view) + 1, "color": look.ink},
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
