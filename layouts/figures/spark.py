"""The small trend of a tile: an image made of a few bytes of SVG, gaps kept as gaps."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from ioc.domain.indicator import Indicator
from ioc.domain.view import View
from ioc.queries.answers import Point
from layouts import summaries
from layouts.theme import palette

WIDTH, HEIGHT, EDGE = 120.0, 36.0, 4.0


def image(of: Indicator, points: Sequence[Point], view: View) -> html.Img | None:
    """The trend as an image; nothing when fewer than two periods have a value."""
    values = [float(p.figure.value) if p.figure.value is not None else None for p in points]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    svg = _svg(values, min(known), max(known), view)
    words = summaries.spark(of, points, view.lang)
    return html.Img(src=f"data:image/svg+xml,{quote(svg)}", alt=words, className="spark")


def _svg(values: Sequence[float | None], low: float, high: float, view: View) -> str:
    look = palette(view)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    reach = (high - low) or 1.0
    places = [
        None
        if value is None
        else (EDGE + at * step, HEIGHT - EDGE - (value - low) / reach * (HEIGHT - 2 * EDGE))
        for at, value in enumerate(values)
    ]
    path, pen = "", "M"
    for place in places:
        path += f"{pen}{place[0]:.1f} {place[1]:.1f}" if place else ""
        pen = "L" if place else "M"
    last = next(place for place in reversed(places) if place)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f">"
        f'<path d="{path}" fill="none" stroke="{look.accent}" stroke-width="2" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3" fill="{look.accent}"/></svg>'
    )
