"""The corridor: one unit's trend over its target and the band in which it is nearly reached."""

from __future__ import annotations

from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Series
from ioc.queries.compare_answers import Corridor
from layouts import notes
from layouts.figures import trend
from layouts.figures.marks import height
from layouts.figures.trend_words import middle
from layouts.theme import Figure, palette

HEIGHT = 420


def figure(body: Corridor, view: View) -> Figure:
    """The trend as everywhere, with the band behind it."""
    made = trend.figure(body.line, view, former=body.former)
    made["layout"]["annotations"] += notes.marks(body.notes, body.line, view)
    band = _band(body.line, view)
    if band:
        made["data"] = [*band, *made["data"]]
        made["layout"]["yaxis"]["range"] = _wide(made["layout"]["yaxis"]["range"], band)
    return made


def edge(of: Indicator, target: Fraction | None) -> Fraction | None:
    """The farther edge of the band near a target: below it where more is better."""
    if target is None or of.direction is Direction.NEUTRAL:
        return None
    return target + near(of) if of.direction is Direction.DOWN else target - near(of)


def near(of: Indicator) -> Fraction:
    """How wide the band is, in the figure's own unit."""
    return Fraction(of.near_gap) / of.unit_factor


def _band(line: Series, view: View) -> list[Figure]:
    aimed = [point for point in line.points if edge(line.indicator, point.target) is not None]
    if not aimed:
        return []
    days = [middle(point).isoformat() for point in line.points]
    tint = palette(view).tint[Status.NEAR]
    common = {
        "type": "scatter",
        "mode": "lines",
        "x": days,
        "line": {"width": 0, "shape": "hvh"},
        "hoverinfo": "skip",
        "connectgaps": False,
    }
    aims = [height(line.indicator, point.target) for point in line.points]
    edges = [height(line.indicator, edge(line.indicator, p.target)) for p in line.points]
    return [{**common, "y": aims}, {**common, "y": edges, "fill": "tonexty", "fillcolor": tint}]


def _wide(span: list[float], band: list[Figure]) -> list[float]:
    values = [value for trace in band for value in trace["y"] if value is not None]
    return [min([span[0], *values]), max([span[1], *values])]
