"""The map of the provinces, both archipelagos named, drawn from plain coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Cell, UnitRef
from layouts.figures.geometry import RATIO, Shape, provinces
from layouts.figures.marks import height, hover
from layouts.links import unit_links
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

HOANG_SA = (112.0, 18.1)
TRUONG_SA = (113.0, 12.45)
SEA = (112.2, 14.4)
EXTENT = ((101.9, 116.4), (7.5, 23.7))


def figure(cells: Sequence[Cell], view: View) -> Figure:
    """Every province as one polygon in the colour of its status, or of its value without target.

    Provinces that `cells` does not hold are drawn as plain ground, so the country is always
    whole; the sea and both archipelagos are named, and the source of the shapes is credited.
    """
    found = {cell.unit.key: cell for cell in cells}
    link = unit_links(view, cells[0].indicator.code if cells else None)
    paint = _painter(cells, view)
    traces = [
        _province(shape, found.get(code), paint, link, view) for code, shape in provinces().items()
    ]
    return {
        "data": traces,
        "layout": layout(
            view,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            plot_bgcolor=palette(view).sea,
            xaxis=axis(view, range=EXTENT[0], showticklabels=False),
            yaxis=axis(
                view,
                range=EXTENT[1],
                showticklabels=False,
                scaleanchor="x",
                scaleratio=RATIO,
            ),
            annotations=[*_names(view), credit(view)],
        ),
    }


def _province(
    shape: Shape,
    cell: Cell | None,
    paint: Callable[[Cell | None], str],
    link: Callable[[UnitRef], str],
    view: View,
) -> Figure:
    trace: Figure = {
        "type": "scatter",
        "mode": "lines",
        "x": shape.x,
        "y": shape.y,
        "fill": "toself",
        "fillcolor": paint(cell),
        "line": {"color": palette(view).surface, "width": 1.2 if view.wall else 0.8},
        "hoveron": "fills",
        "hoverinfo": "skip" if cell is None else "text",
    }
    if cell is not None:
        trace["text"] = hover(cell, view)
        trace["customdata"] = [link(cell.unit)]
        trace["meta"] = cell.unit.key
    return trace


def _painter(cells: Sequence[Cell], view: View) -> Callable[[Cell | None], str]:
    """Colour by status where there is a target, by fifths of the values where there is none."""
    look = palette(view)
    judged = any(cell.status is not Status.NOT_JUDGED for cell in cells)
    values = sorted(
        number
        for cell in cells
        if (number := height(cell.indicator, cell.figure.value)) is not None
    )

    def paint(cell: Cell | None) -> str:
        number = height(cell.indicator, cell.figure.value) if cell else None
        if cell is None or number is None:
            return look.line
        if judged:
            return look.fill[cell.status]
        step = sum(value < number for value in values) * len(look.ramp) // len(values)
        return look.ramp[min(step, len(look.ramp) - 1)]

    return paint


def _names(view: View) -> list[Figure]:
    lang = view.lang
    look = palette(view)
    places = (("screen.map_hoang_sa", HOANG_SA), ("screen.map_truong_sa", TRUONG_SA))
    islands = [
        {
            **note(view, "", x=x, y=y, align="center"),
            "text": f"{escape(say(lang, key))}<br>{escape(say(lang, key + '_of'))}",
            "font": {"size": text_size(view) - 1, "color": look.ink},
        }
        for key, (x, y) in places
    ]
    sea = note(
        view,
        say(lang, "screen.map_sea"),
        x=SEA[0],
        y=SEA[1],
        font={"size": text_size(view) + 3, "color": look.faint, "style": "italic"},
    )
    return [*islands, sea]


def credit(view: View) -> Figure:
    """Who drew the shapes, as their licence asks."""
    return note(
        view,
        say(view.lang, "screen.map_credit"),
        x=1,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="bottom",
        font={"size": 16 if view.wall else 10, "color": palette(view).faint},
    )
