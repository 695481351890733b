"""Small multiples: one trend a unit as a few bytes of SVG, all on one scale of value and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import quote

from ioc.domain.view import View
from ioc.queries.answers import Point, Series
from layouts.figures.trend_words import hollow, middle
from layouts.theme import palette

WIDTH, HEIGHT, EDGE = 200.0, 60.0, 4.0


@dataclass(frozen=True, slots=True)
class Scale:
    """What all small trends share: least and greatest value, first and last day (ordinals)."""

    low: Fraction
    high: Fraction
    first: int
    last: int

    def x(self, day: int) -> float:
        """Where a day stands, in px of the picture."""
        reach = (self.last - self.first) or 1
        return EDGE + (day - self.first) / reach * (WIDTH - 2 * EDGE)

    def y(self, value: Fraction) -> float:
        """Where a value stands, in px from the top."""
        low, high = float(self.low), float(self.high)
        return HEIGHT - EDGE - (float(value) - low) / ((high - low) or 1) * (HEIGHT - 2 * EDGE)


def scale_of(drawn: Sequence[Series]) -> Scale | None:
    """The common scale; None when nothing has a value."""
    points = [point for one in drawn for point in one.points]
    values = [p.figure.value for p in points if p.figure.value is not None]
    if not values:
        return None
    aims = [point.target for point in points if point.target is not None]
    days = [middle(point).toordinal() for point in points]
    return Scale(min(values + aims), max(values + aims), min(days), max(days))


def source(series: Series, scale: Scale, view: View) -> str:
    """The trend of one unit as the address of an image."""
    return f"data:image/svg+xml,{quote(_svg(series, scale, view))}"


def _svg(series: Series, scale: Scale, view: View) -> str:
    look = palette(view)
    still = 'vector-effect="non-scaling-stroke"'
    parts = [
        f'<path d="M{EDGE} {HEIGHT - EDGE}H{WIDTH - EDGE}M{EDGE} {EDGE}H{WIDTH - EDGE}" '
        f'stroke="{look.line}" {still}/>'
    ]
    for event in series.breaks:
        day = event.day.toordinal()
        if scale.first <= day <= scale.last:
            parts.append(
                f'<path d="M{scale.x(day):.1f} 0V{HEIGHT}" stroke="{look.faint}" '
                f'stroke-dasharray="2 3" {still}/>'
            )
    aims = _steps(series.points, scale)
    parts.append(f'<path d="{aims}" stroke="{look.soft}" stroke-dasharray="5 4" {still}/>')
    line = _path([(p, p.figure.value) for p in series.points], scale)
    parts.append(
        f'<path d="{line}" stroke="{look.accent}" stroke-width="2" stroke-linejoin="round" '
        f'stroke-linecap="round" {still}/>'
    )
    parts += _dots(series.points, scale, view)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'preserveAspectRatio="none" fill="none">{"".join(parts)}</svg>'
    )


def _path(points: Sequence[tuple[Point, Fraction | None]], scale: Scale) -> str:
    """A line, interrupted where there is no value; a value alone is a dot."""
    path, pen = [], "M"
    for point, value in points:
        if value is None:
            pen = "M"
            continue
        x, y = scale.x(middle(point).toordinal()), scale.y(value)
        path.append(f"{pen}{x:.1f} {y:.1f}" + ("h.01" if pen == "M" else ""))
        pen = "L"
    return "".join(path)


def _steps(points: Sequence[Point], scale: Scale) -> str:
    """The target as steps between the middles of two periods."""
    path, before, here = [], None, 0.0
    for point in points:
        x = scale.x(middle(point).toordinal())
        aim = point.target
        if aim is not None and before is None:
            path.append(f"M{x:.1f} {scale.y(aim):.1f}")
        elif aim is not None and aim != before:
            path.append(f"H{(here + x) / 2:.1f}V{scale.y(aim):.1f}")
        elif aim is None and before is not None:
            path.append(f"H{here:.1f}")
        before, here = aim, x
    return "".join(path) + (f"H{here:.1f}" if before is not None else "")


def _dots(points: Sequence[Point], scale: Scale, view: View) -> list[str]:
    """A full dot at the newest value; hollow ones where units are lacking.

    Dots are short strokes with round ends, so that they stay round in a stretched picture.
    """
    look = palette(view)
    valued = [one for one in points if one.figure.value is not None]
    drawn = []
    for point in valued:
        last = point is valued[-1]
        if not (last or hollow(point)):
            continue
        assert point.figure.value is not None
        x, y = scale.x(middle(point).toordinal()), scale.y(point.figure.value)
        sizes = ((7, look.accent), (4, look.surface)) if hollow(point) else ((7, look.accent),)
        drawn += [
            f'<path d="M{x:.1f} {y:.1f}h.01" stroke="{colour}" stroke-width="{size}" '
            f'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
            for size, colour in sizes
        ]
    return drawn
