"""A register on the map: clusters as circles that say their number, points where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Kind
from ioc.domain.view import View
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_map import Cluster, Places
from layouts import item_parts
from layouts.figures import far_islands
from layouts.figures.geometry import RATIO, Shape, provinces
from layouts.figures.national_map import EXTENT, credit, credit_room, extent, island_names
from layouts.theme import Figure, axis, escape, layout, palette

BIGGEST, SMALLEST = 38, 15
POINT = 9
_AIR = 0.04
_ROOM = 0.6


def figure(answer: Places, view: View, *, by_sum: bool = True) -> Figure:
    """The provinces as ground, upon it what is open: as large as its sum, or as its number.

    Of one province its far islands have a box of their own; the country is drawn with both
    archipelagos named. A square that was looked into is drawn alone.
    """
    shape = provinces().get(answer.province or "")
    parted = far_islands.split(shape) if shape and answer.box is None else None
    marks = _marks(answer, view, by_sum=by_sum)
    ground = [_province(key, one, answer, view) for key, one in provinces().items()]
    words = [credit(view)]
    if parted is not None and shape is not None:
        second = {"xaxis": "x2", "yaxis": "y2"}
        own = [_province(answer.province or "", shape, answer, view)]
        ground = [*own, *({**one, **second} for one in own)]
        near, far = _parted(marks, parted)
        marks = [near, {**far, **second}]
        axes = far_islands.axes(parted, view)
        words.append(far_islands.title(answer.province or "", view))
    else:
        across, up = _extent(answer)
        axes = {
            "xaxis": axis(view, range=list(across), showticklabels=False),
            "yaxis": axis(
                view, range=list(up), showticklabels=False, scaleanchor="x", scaleratio=RATIO
            ),
        }
        words += island_names(view)
    return {
        "data": [*ground, *marks],
        "layout": layout(
            view,
            margin={"l": 0, "r": 0, "t": 0, "b": credit_room(view)},
            plot_bgcolor=palette(view).sea if parted is None else "rgba(0,0,0,0)",
            annotations=words,
            **axes,
        ),
    }


def _extent(answer: Places) -> tuple[tuple[float, float], tuple[float, float]]:
    if answer.box is not None:
        west, south, east, north = answer.box
        air = (east - west) * _AIR
        return (west - air, east + air), (south - air, north + air)
    if answer.province is None:
        return EXTENT[0], _with_marks(EXTENT[1], [one.lat for one in answer.clusters])
    return extent({answer.province})


def _with_marks(given: tuple[float, float], at: Sequence[float]) -> tuple[float, float]:
    """A range with room for circles: the middle of a square may lie beyond the land."""
    low, high = given
    return min([low, *(one - _ROOM for one in at)]), max([high, *(one + _ROOM for one in at)])


def _province(key: str, shape: Shape, answer: Places, view: View) -> Figure:
    look = palette(view)
    inside = answer.province in (None, key)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": shape.x,
        "y": shape.y,
        "fill": "toself",
        "fillcolor": _land(view) if inside else _beyond(view),
        "line": {"color": _border(view) if inside else look.line, "width": 1},
        "hoverinfo": "skip",
    }


def _land(view: View) -> str:
    """A ground that stands out from the sea, and that marks stand out from."""
    look = palette(view)
    return look.ramp[1] if view.wall else look.surface


def _border(view: View) -> str:
    """Between provinces: seen on the ground, but not through the numbers of circles."""
    look = palette(view)
    return look.sea if view.wall else look.ramp[2]


def _beyond(view: View) -> str:
    """The ground of the provinces that are not asked about."""
    look = palette(view)
    return look.ground if view.wall else look.line


def _marks(answer: Places, view: View, *, by_sum: bool) -> list[Figure]:
    if answer.clusters:
        return [_clusters(answer, view, by_sum=by_sum)]
    return [_points(answer, answer.points, view)]


def _clusters(answer: Places, view: View, *, by_sum: bool) -> Figure:
    ones = answer.clusters
    summed = by_sum and bool(answer.register.sums)
    sizes = [one.sum if summed else one.items for one in ones]
    most = max(sizes, default=0) or 1
    scale = 1.35 if view.wall else 1
    look = palette(view)
    return {
        "type": "scatter",
        # Numbers of close clusters would lie upon each other when they are as large as a wall's.
        "mode": "markers" if view.wall else "markers+text",
        "x": [one.lon for one in ones],
        "y": [one.lat for one in ones],
        "text": [number(one.items, view.lang) for one in ones],
        "textfont": {"size": 11, "color": look.ink},
        "marker": {
            "size": [
                scale * (SMALLEST + (BIGGEST - SMALLEST) * sqrt(max(one, 0) / most))
                for one in sizes
            ],
            "color": look.accent,
            "opacity": 0.55 if view.wall else 0.42,
            "line": {"width": 1.4, "color": look.accent},
        },
        "hovertext": [_cluster_words(answer, one, view) for one in ones],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[view.href(reason=one.cell, form="map", sheet=1), one.cell] for one in ones],
    }


def _cluster_words(answer: Places, one: Cluster, view: View) -> str:
    lang = view.lang
    lines = [say(lang, "register_forms.map_items", count=number(one.items, lang))]
    if answer.register.sums:
        field = answer.register.sums[0]
        words = number(one.sum, lang)
        unit = field.unit_of_measure.say(lang) if field.unit_of_measure else ""
        lines.append(f"{field.label.say(lang)}: {words} {unit}".strip())
    return "<br>".join(escape(line) for line in lines)


def _points(answer: Places, rows: Sequence[ItemRow], view: View) -> Figure:
    look = palette(view)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.lon for row in rows],
        "y": [row.lat for row in rows],
        "marker": {
            "size": 15 if view.wall else POINT,
            "color": look.accent,
            "symbol": [_symbol(row) for row in rows],
            "line": {"width": 1, "color": look.surface},
        },
        "hovertext": [_point_words(answer, row, view) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[item_parts.item_address(view, row.register, row.key), row.key]
                       for row in rows],
    }  # fmt: skip


def _symbol(row: ItemRow) -> str:
    """Hollow where mandatory fields are empty."""
    return "circle-open" if row.missing else "circle"


def _point_words(answer: Places, row: ItemRow, view: View) -> str:
    lang = view.lang
    lines = [f"<b>{escape(row.title)}</b>"]
    if row.unit is not None:
        lines.append(escape(row.unit.name))
    for field in answer.register.fields:
        value = row.values.get(field.name)
        if field.column and field.kind in (Kind.CHOICE, Kind.COUNT) and value is not None:
            words = item_parts.value_of(row, field, lang)
            lines.append(escape(f"{field.label.say(lang)}: {words}"))
    lines.append(escape(row.state.name.say(lang)))
    missing = item_parts.missing_words(row, lang)
    if missing:
        lines.append(escape(missing))
    if row.illustrative:
        lines.append(f"<i>{escape(say(lang, 'words.illustrative'))}</i>")
    return "<br>".join(lines)


def _parted(marks: Sequence[Figure], parted: far_islands.Split) -> tuple[Figure, Figure]:
    """The marks near and those far out at sea."""
    (one,) = marks
    far = [parted.far(lon, lat) for lon, lat in zip(one["x"], one["y"], strict=True)]
    return _kept(one, [not is_far for is_far in far]), _kept(one, far)


def _kept(trace: Figure, keep: Sequence[bool]) -> Figure:
    def cut(values: Any) -> Any:
        if isinstance(values, list) and len(values) == len(keep):
            return [value for value, kept in zip(values, keep, strict=True) if kept]
        return values

    cut_marker = {name: cut(values) for name, values in trace["marker"].items()}
    kept = {name: cut(values) for name, values in trace.items() if name != "marker"}
    return {**kept, "marker": cut_marker}
