"""Native charts on a slide, each kind by its own module."""

from __future__ import annotations

from typing import Any

from ioc.exports.chart_bars import MOST_BARS, add_bars, add_columns
from ioc.exports.chart_lines import add_lines
from ioc.exports.chart_plot import Native, Plot
from ioc.exports.chart_points import add_points
from ioc.exports.slides_places import Box


def most_on_one(plot: Plot) -> int:
    """How many categories of a chart one slide takes."""
    return 2 * MOST_BARS if plot.kind is Native.BARS else max(1, len(plot.categories))


def add_plot(slide: Any, plot: Plot, box: Box, lang: str, whole: Plot | None = None) -> list[Any]:
    """Put the chart of a plot into the box; the frames of the charts made for it.

    A piece of a longer chart keeps the scale of the `whole`.
    """
    if plot.kind is Native.SCATTER:
        return [add_points(slide, plot, box, lang)]
    if plot.kind is Native.LINES:
        return [add_lines(slide, plot, box, lang)]
    if plot.kind is Native.COLUMNS:
        return [add_columns(slide, plot, box, lang)]
    return add_bars(slide, plot, box, lang, whole or plot)
