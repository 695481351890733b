"""The native chart of lines: gaps for missing periods, targets dashed, last figures told."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from ioc.exports.chart_frame import add_frame
from ioc.exports.chart_look import (
    ACCENTS,
    INK,
    C,
    dashed,
    dress,
    name_axis,
    number_format,
    span,
    title_axis,
    value_axis,
)
from ioc.exports.chart_plot import Plot
from ioc.exports.slides_places import Box
from ioc.exports.slides_text import paint

MOST_LABELS = 13
"""Points of a single line up to which each is labelled; else only the last of each line."""
ROOM = 13.0
"""Points of height that a label needs."""


def add_lines(slide: Any, plot: Plot, box: Box, lang: str) -> Any:
    """Put the lines into the box; the chart's frame."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    form = number_format(plot.units[0], plot.places[0], lang)
    frame = add_frame(slide, XL_CHART_TYPE.LINE_MARKERS, plot, box, form)
    chart = frame.chart
    dress(chart, lang, legend=len(plot.series) > 1, size=11)
    ends = span([float(v) for one in plot.series for v in one.values if v is not None])
    coarse = ends[1] - ends[0] > 10
    ticks = number_format(plot.units[0], 0 if coarse else plot.places[0], lang)
    value_axis(chart.value_axis, ticks, low=ends[0], high=ends[1], step=ends[2])
    name_axis(chart.category_axis, 11)
    if plot.axis:
        title_axis(chart.category_axis, plot.axis, lang, 11)
    alone = sum(not one.aim for one in plot.series) == 1
    labelled = _labelled(plot, ends[:2], box.points[1] * 0.7)
    drawn = 0
    for one, made in zip(plot.series, chart.plots[0].series, strict=True):
        made.smooth = False
        if one.aim:
            dashed(made.format.line)
            lone = sum(v is not None for v in one.values) == 1
            made.marker.style = XL_MARKER_STYLE.DASH if lone else XL_MARKER_STYLE.NONE
            continue
        colour = ACCENTS[drawn % len(ACCENTS)]
        drawn += 1
        paint(made.format.line.fill, colour)
        made.format.line.width = Pt(2.5)
        made.marker.style = XL_MARKER_STYLE.CIRCLE
        made.marker.size = 7
        paint(made.marker.format.fill, colour)
        paint(made.marker.format.line.fill, colour)
        known = [n for n, v in enumerate(one.values) if v is not None]
        chosen = known if alone and len(known) <= MOST_LABELS else known[-1:]
        beside = not alone and len(plot.categories) <= MOST_LABELS
        for at in chosen if one.name in labelled else ():
            label = made.points[at].data_label
            label.position = XL_LABEL_POSITION.RIGHT if beside else XL_LABEL_POSITION.ABOVE
            label.font.size = Pt(11 if alone else 10)
            label.font.bold = at == known[-1]
            paint(label.font.fill, INK)
            _formatted(label, form)
    return frame


def _labelled(plot: Plot, ends: tuple[float, float], high: float) -> set[str]:
    """The lines whose last figure has room for its label, from the highest down."""
    last = [
        (float(known[-1]), one.name)
        for one in plot.series
        if not one.aim and (known := [v for v in one.values if v is not None])
    ]
    taken: list[float] = []
    names = set()
    for value, name in sorted(last, reverse=True):
        place = (value - ends[0]) / (ends[1] - ends[0]) * high
        if all(abs(place - one) >= ROOM for one in taken):
            taken.append(place)
            names.add(name)
    return names


def _formatted(label: Any, form: str) -> None:
    """The number format of one point's label, which the library does not set."""
    from pptx.oxml import parse_xml

    made = label._get_or_add_dLbl()
    entry = parse_xml(
        f'<c:numFmt xmlns:c="{C[1:-1]}" formatCode={quoteattr(form)} sourceLinked="0"/>'
    )
    before = {f"{C}{tag}" for tag in ("idx", "delete", "layout", "tx", "numFmt")}
    next(one for one in made if one.tag not in before).addprevious(entry)
