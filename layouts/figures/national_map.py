"""The map of the provinces, both archipelagos named, drawn from plain coordinates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import status_sign
from ioc.queries.answers import Cell, UnitRef
from layouts.figures.geometry import RATIO, Shape, provinces
from layouts.figures.marks import hover
from layouts.figures.paint import Paint
from layouts.figures.ranking import BACK
from layouts.links import chosen, unit_links
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

HOANG_SA = (112.0, 18.1)
TRUONG_SA = (113.0, 12.45)
SEA = (112.2, 14.4)
EXTENT = ((101.9, 116.4), (7.5, 23.7))
MARGIN = 0.07


def figure(cells: Sequence[Cell], view: View) -> Figure:
    """Every province as one polygon in the colour of its status, or of its value without target.

    Provinces that `cells` does not hold are drawn as plain ground, and those without a figure
    are hatched. A part of the country is drawn large, without its far islands; the country is
    always whole. The sea and both archipelagos are named, the source of the shapes is credited.
    """
    found = {cell.unit.key: cell for cell in cells}
    link = unit_links(view, cells[0].indicator.code if cells else None)
    paint = Paint(cells, view)
    keys = chosen((cell.unit for cell in cells), view)
    traces = [
        _province(shape, found.get(code), paint, link, view) for code, shape in provinces().items()
    ]
    if keys:
        for trace in traces:
            _stand_out(trace, keys, view)
        # Drawn last, so that the borders of neighbours do not cover theirs.
        traces.sort(key=lambda trace: trace.get("meta") in keys)
    if paint.judged:
        traces.append(_signs(found, view))
    across, up = extent(found)
    return {
        "data": traces,
        "layout": layout(
            view,
            margin={"l": 0, "r": 0, "t": 0, "b": credit_room(view)},
            plot_bgcolor=palette(view).sea,
            xaxis=axis(view, range=across, showticklabels=False),
            yaxis=axis(
                view,
                range=up,
                showticklabels=False,
                scaleanchor="x",
                scaleratio=RATIO,
            ),
            annotations=[*island_names(view), credit(view)],
        ),
    }


def _province(
    shape: Shape,
    cell: Cell | None,
    paint: Paint,
    link: Callable[[UnitRef], str],
    view: View,
) -> Figure:
    trace: Figure = {
        "type": "scatter",
        "mode": "lines",
        "x": shape.x,
        "y": shape.y,
        "fill": "toself",
        "fillcolor": paint.colour(cell) if cell else palette(view).line,
        "line": {"color": palette(view).surface, "width": 1.2 if view.wall else 0.8},
        "hoveron": "fills",
        "hoverinfo": "skip" if cell is None else "text",
    }
    if cell is not None:
        trace["text"] = hover(cell, view)
        trace["customdata"] = [link(cell.unit), cell.unit.key]
        trace["meta"] = cell.unit.key
        if cell.figure.value is None:
            trace.update(_without(view))
        if cell.revised is not None:
            # Other now than it was known then: a broken border, as figures have.
            trace["line"] = {"color": palette(view).accent, "width": 2.2, "dash": "4px,3px"}
        if cell.waiting is not None:
            # Another figure was given and waits for a person: a dotted border.
            trace["line"] = {"color": palette(view).ink, "width": 2.2, "dash": "1px,3px"}
    return trace


def _stand_out(trace: Figure, keys: Collection[str], view: View) -> None:
    """A chosen province has a strong border; the others step back."""
    if trace.get("meta") in keys:
        trace["line"] = {"color": palette(view).ink, "width": 4 if view.wall else 2}
    else:
        trace["opacity"] = BACK


def _without(view: View) -> Figure:
    """How a province looks that has no figure: hatched, which no colour of a scale is."""
    look = palette(view)
    pattern = {"shape": "/", "size": 7 if view.wall else 5, "solidity": 0.28, "fgcolor": look.faint}
    return {
        "fillpattern": {**pattern, "bgcolor": look.empty, "fillmode": "replace"},
        "line": {"color": look.former, "width": 1.2 if view.wall else 0.8},
    }


def _signs(found: Mapping[str, Cell], view: View) -> Figure:
    """The shape of each province's status in its middle, for eyes that do not tell the colours."""
    shapes = [(shape, found[code]) for code, shape in provinces().items() if code in found]
    signed = [(shape, cell) for shape, cell in shapes if cell.status is not Status.NOT_JUDGED]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [shape.lon for shape, _ in signed],
        "y": [shape.lat for shape, _ in signed],
        "text": [status_sign(cell.status) for _, cell in signed],
        "textfont": {"size": 15 if view.wall else 8, "color": palette(view).surface},
        "hoverinfo": "skip",
    }


def extent(keys: Collection[str]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The part of the map to show: a region's mainland with a margin, or the whole country.

    A figure over half of the provinces or more, and one over units that are not on this map, is
    one of the whole country.
    """
    shapes = [shape for code, shape in provinces().items() if code in keys]
    if not shapes or len(shapes) * 2 > len(provinces()) or len(shapes) < len(keys):
        return EXTENT
    x = [lon for one in shapes for lon, _ in one.mainland()]
    y = [lat for one in shapes for _, lat in one.mainland()]
    wide, high = (max(x) - min(x)) * MARGIN, (max(y) - min(y)) * MARGIN
    return (min(x) - wide, max(x) + wide), (min(y) - high, max(y) + high)


def island_names(view: View) -> list[Figure]:
    """The sea and both archipelagos by their names and those of their provinces."""
    lang = view.lang
    look = palette(view)
    places = (("screen.map_hoang_sa", HOANG_SA), ("screen.map_truong_sa", TRUONG_SA))
    islands = [
        {
            **note(view, "", x=x, y=y, align="center"),
            "text": f"{escape(say(lang, key))}<br>{escape(say(lang, key + '_of'))}",
            "font": {"size": text_size(view), "color": look.ink},
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


def credit_room(view: View) -> float:
    """Height of the credit below a map, in px: upon it, it would cover the southern islands."""
    return _credit_size(view) * 1.5


def _credit_size(view: View) -> float:
    return text_size(view) if view.wall else 10


def credit(view: View) -> Figure:
    """Who drew the shapes, as their licence asks; below the map."""
    return note(
        view,
        say(view.lang, "screen.map_credit"),
        x=1,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="top",
        font={"size": _credit_size(view), "color": palette(view).faint},
    )
