"""The communes of a province as points on its shape; nobody publishes their borders freely."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.domain.view import View
from ioc.queries.answers import Cell
from layouts.figures import far_islands
from layouts.figures.geometry import RATIO, provinces
from layouts.figures.marks import hover
from layouts.figures.national_map import credit
from layouts.figures.paint import Paint
from layouts.figures.ranking import BACK
from layouts.links import chosen, marks
from layouts.theme import Figure, axis, layout, palette

SYMBOLS = {
    "reached": "circle",
    "near": "diamond",
    "at_risk": "triangle-down",
    "not_judged": "circle",
}


def figure(province: str, cells: Sequence[Cell], view: View) -> Figure:
    """A point a commune in the colour and the shape of its status, or in that of its value where
    nobody is judged; hollow without a figure. Islands far out at sea have a box of their own."""
    placed = [cell for cell in cells if cell.unit.lat is not None and cell.unit.lon is not None]
    shape = provinces().get(province)
    parted = far_islands.split(shape) if shape else None
    ground, paint = _ground(province, view), Paint(placed, view)
    marks_of = [_points(placed, paint, view)]
    axes = {
        "xaxis": axis(view, showticklabels=False),
        "yaxis": axis(view, showticklabels=False, scaleanchor="x", scaleratio=RATIO),
    }
    words = [credit(view)]
    if parted is not None:
        far = [cell for cell in placed if parted.far(cell.unit.lon, cell.unit.lat)]
        near = [cell for cell in placed if cell not in far]
        second = {"xaxis": "x2", "yaxis": "y2"}
        ground += [{**one, **second} for one in ground]
        marks_of = [_points(near, paint, view), {**_points(far, paint, view), **second}]
        axes = far_islands.axes(parted, view)
        words.append(far_islands.title(province, view))
    return {
        "data": [*ground, *marks_of],
        "layout": layout(
            view,
            margin={"l": 4, "r": 4, "t": 4, "b": 28 if view.wall else 16},
            annotations=words,
            **axes,
        ),
    }


def has_shape(province: str) -> bool:
    """True when the map holds this province's shape."""
    return province in provinces()


def _ground(province: str, view: View) -> list[Figure]:
    shape = provinces().get(province)
    if shape is None:
        return []
    look = palette(view)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": shape.x,
            "y": shape.y,
            "fill": "toself",
            "fillcolor": look.sea if view.wall else look.ground,
            "line": {"color": look.former, "width": 1},
            "hoverinfo": "skip",
        }
    ]


def _points(cells: Sequence[Cell], paint: Paint, view: View) -> Figure:
    look = palette(view)
    keys = chosen((cell.unit for cell in cells), view)
    edges = [look.faint if cell.figure.value is None else look.surface for cell in cells]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell.unit.lon for cell in cells],
        "y": [cell.unit.lat for cell in cells],
        "marker": {
            "size": 13 if view.wall else 9,
            "color": [paint.colour(cell) for cell in cells],
            "symbol": [SYMBOLS[cell.status.value] for cell in cells],
            "line": {"width": 1, "color": edges},
            "opacity": [1 if cell.unit.key in keys else BACK for cell in cells] if keys else 1,
        },
        "hovertext": [hover(cell, view) for cell in cells],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": marks(cells, view),
    }
