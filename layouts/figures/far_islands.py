"""The archipelago of a province far out at sea: drawn in a box of its own beside the mainland."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.domain.messages import say
from ioc.domain.view import View
from layouts.figures.geometry import RATIO, Shape
from layouts.theme import Figure, axis, note, palette

FAR = 3.0
"""Islands are far when the whole is this many times as wide as the mainland."""
MARGIN = 0.12
BOX = {"x": (0.64, 1.0), "y": (0.16, 0.84)}
"""Where the box lies, as shares of the chart; the mainland has the room left of it."""
NAMES = {"48": "screen.map_hoang_sa", "56": "screen.map_truong_sa"}

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Split:
    """The degrees of the mainland and those of the islands, east and north."""

    mainland: tuple[Range, Range]
    islands: tuple[Range, Range]

    def far(self, lon: float | None, lat: float | None) -> bool:
        """Whether a place lies outside the mainland's part."""
        (west, east), (south, north) = self.mainland
        if lon is None or lat is None:
            return False
        return not (west <= lon <= east and south <= lat <= north)


def split(shape: Shape) -> Split | None:
    """How a province is parted; None where it lies together and is drawn as one."""
    inner = shape.mainland()
    places = [
        (x, y) for x, y in zip(shape.x, shape.y, strict=True) if x is not None and y is not None
    ]
    lons, lats = [x for x, _ in inner], [y for _, y in inner]
    if max(x for x, _ in places) - min(x for x, _ in places) < FAR * (max(lons) - min(lons)):
        return None
    mainland = _around(lons), _around(lats)
    near = Split(mainland, mainland)
    outer = [one for one in places if near.far(*one)]
    return Split(mainland, (_around([x for x, _ in outer]), _around([y for _, y in outer])))


def axes(found: Split, view: View) -> Figure:
    """The four axes of the two parts, each true to scale in itself."""
    plain = {"showticklabels": False}
    (west, south), (left, bottom) = found.mainland, found.islands
    frame = {"showline": True, "mirror": True, "linecolor": palette(view).former, "linewidth": 1}
    return {
        "xaxis": axis(view, range=west, domain=[0, BOX["x"][0] - 0.02], **plain),
        "yaxis": axis(view, range=south, scaleanchor="x", scaleratio=RATIO, **plain),
        "xaxis2": axis(view, range=left, domain=list(BOX["x"]), anchor="y2", **plain, **frame),
        "yaxis2": axis(
            view,
            range=bottom,
            domain=list(BOX["y"]),
            anchor="x2",
            scaleanchor="x2",
            scaleratio=RATIO,
            constrain="domain",
            **plain,
            **frame,
        ),
    }


def title(province: str, view: View) -> Figure:
    """The name of the archipelago above its box."""
    words = say(view.lang, NAMES[province]) if province in NAMES else ""
    place = {"xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "bottom"}
    return note(view, words, x=BOX["x"][1], y=BOX["y"][1] + 0.02, **place)


def _around(values: list[float]) -> Range:
    room = (max(values) - min(values)) * MARGIN
    return min(values) - room, max(values) + room
