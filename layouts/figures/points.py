"""The communes of a province as points on its shape; nobody publishes their borders freely."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.domain.view import View
from ioc.queries.answers import Cell
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
    nobody is judged; hollow without a figure."""
    placed = [cell for cell in cells if cell.unit.lat is not None and cell.unit.lon is not None]
    return {
        "data": [*_ground(province, view), _points(placed, view)],
        "layout": layout(
            view,
            margin={"l": 4, "r": 4, "t": 4, "b": 26 if view.wall else 16},
            xaxis=axis(view, showticklabels=False),
            yaxis=axis(view, showticklabels=False, scaleanchor="x", scaleratio=RATIO),
            annotations=[{**credit(view), "yanchor": "top"}],
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


def _points(cells: Sequence[Cell], view: View) -> Figure:
    look = palette(view)
    keys = chosen((cell.unit for cell in cells), view)
    paint = Paint(cells, view)
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
