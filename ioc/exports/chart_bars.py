"""Native charts of bars and columns: from zero, coloured by status, with their targets."""

from __future__ import annotations

import copy
import math
from typing import Any

from ioc.exports.chart_frame import add_frame
from ioc.exports.chart_look import (
    ACCENTS,
    FILLS,
    INK,
    C,
    dashed,
    dress,
    labels,
    name_axis,
    number_format,
    title_axis,
    value_axis,
)
from ioc.exports.chart_plot import Plot
from ioc.exports.slides_places import Box
from ioc.exports.slides_text import POINTS, paint, width_of

MOST_BARS = 20
"""Bars above each other on one chart; more stand in a second chart beside the first."""
TICK = 24
"""Points across of the tick of a target."""
FEW = 5
"""Up to so many bars there is more air between them than bar."""


def add_bars(slide: Any, plot: Plot, box: Box, lang: str, whole: Plot) -> list[Any]:
    """Put lying bars into the box, in two charts of one scale where they are many.

    `whole` is the chart that `plot` is a piece of: pieces have its scale.
    """
    ends = ends_of(whole)
    if len(whole.categories) <= MOST_BARS:
        return [_bars(slide, plot, box, lang, ends)]
    many = len(plot.categories)
    half = math.ceil(many / 2)
    width = box.w // 2 - 60_000
    sides = [
        (plot.piece(0, half), box.left(width)),
        (plot.piece(half, many), box.right(width)),
    ]
    share = _names_share(plot, width / POINTS)
    return [_bars(slide, one, place, lang, ends, share) for one, place in sides if one.categories]


def _names_share(plot: Plot, wide: float) -> float:
    """The share of a chart's width for the names, so that two charts have bars of one scale."""
    longest = max(width_of(one) for one in plot.categories) * 10
    return min(0.45, (longest + 10) / wide)


def ends_of(plot: Plot) -> tuple[float, float]:
    """The ends of the axis of bars: zero is always on it, with room for the labels."""
    values = [float(v) for one in plot.series for v in one.values if v is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return 0.0, 1.0
    room = (high - low) * 0.14
    return (low - room if low < 0 else 0.0), (high + room if high > 0 else 0.0)


def _bars(
    slide: Any,
    plot: Plot,
    box: Box,
    lang: str,
    ends: tuple[float, float],
    share: float | None = None,
) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    form = number_format(plot.units[0], plot.places[0], lang)
    frame = add_frame(slide, XL_CHART_TYPE.BAR_CLUSTERED, plot, box, form)
    chart = frame.chart
    size = min(12.0, max(7.0, box.points[1] / max(1, len(plot.categories)) * 0.62))
    _barred(chart, plot, lang, form, size, ends)
    chart.category_axis.reverse_order = True  # the first name on top
    if share is not None:
        _placed(chart, share)
    return frame


def _placed(chart: Any, share: float) -> None:
    """Fix the plot's inner box: names to the left of `share`, bars to the right of it."""
    from pptx.oxml import parse_xml

    area = chart._chartSpace.chart.plotArea
    space = C[1:-1]
    for old in area.findall(f"{C}layout"):
        area.remove(old)
    box = f'<c:x val="{share:.4f}"/><c:y val="0.01"/><c:w val="{0.99 - share:.4f}"/>'
    area.insert(
        0,
        parse_xml(
            f'<c:layout xmlns:c="{space}"><c:manualLayout><c:layoutTarget val="inner"/>'
            f'<c:xMode val="edge"/><c:yMode val="edge"/>{box}<c:h val="0.98"/>'
            "</c:manualLayout></c:layout>"
        ),
    )


def _barred(
    chart: Any, plot: Plot, lang: str, form: str, size: float, ends: tuple[float, float]
) -> None:
    """What bars and columns have in common: a zero line, colours by status, amounts beside."""
    from pptx.enum.chart import XL_LABEL_POSITION

    # No legend for one amount: its bars have the colours of statuses, and words tell targets.
    many = sum(not one.aim for one in plot.series) > 1
    dress(chart, lang, legend=many, size=size)
    value_axis(chart.value_axis, form, low=ends[0], high=ends[1])
    chart.value_axis.visible = False
    name_axis(chart.category_axis, size)
    if plot.axis:
        title_axis(chart.category_axis, plot.axis, lang, size)
    bars = chart.plots[0]
    bars.gap_width = 45 if len(plot.categories) > FEW else 110
    bars.overlap = 0 if many else 100
    for at, (one, made) in enumerate(zip(plot.series, bars.series, strict=True)):
        made.invert_if_negative = False
        if one.aim:
            made.format.fill.background()
            dashed(made.format.line, INK, 1.5)
            continue
        paint(made.format.fill, ACCENTS[at % len(ACCENTS)])
        labels(made.data_labels, form, size, XL_LABEL_POSITION.OUTSIDE_END)
        for point, status in enumerate(plot.statuses):
            if status is not None and one.values[point] is not None:
                paint(made.points[point].format.fill, FILLS[status])


def add_columns(slide: Any, plot: Plot, box: Box, lang: str) -> Any:
    """Put standing columns, and a line or ticks of targets, into the box; the chart's frame."""
    from pptx.enum.chart import XL_CHART_TYPE

    form = number_format(plot.units[0], plot.places[0], lang)
    frame = add_frame(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, plot, box, form)
    _barred(frame.chart, plot, lang, form, 12, ends_of(plot))
    aims = [at for at, one in enumerate(plot.series) if one.aim]
    if aims:
        _as_lines(frame.chart, aims)
        targets = {one for at in aims for one in plot.series[at].values}
        if len(targets) > 1:
            _ticks(frame.chart)
    return frame


def _ticks(chart: Any) -> None:
    """Targets that differ as a tick across each column: a line between them would say nothing."""
    from pptx.enum.chart import XL_MARKER_STYLE

    for made in chart.plots[1].series:
        made.format.line.fill.background()
        made.marker.style = XL_MARKER_STYLE.DASH
        made.marker.size = TICK
        paint(made.marker.format.fill, INK)
        paint(made.marker.format.line.fill, INK)


def _as_lines(chart: Any, chosen: list[int]) -> None:
    """Turn series of a column chart into dashed lines on the same axes.

    The library makes charts of one kind only; a combination is the same document with some of its
    series in a `c:lineChart` (ECMA-376 part 1, 21.2.2.97), so the references into the workbook stay
    as they are.
    """
    from pptx.oxml import parse_xml

    bars = chart.plots[0]._element
    space = C[1:-1]

    def name(tag: str) -> str:
        return C + tag

    series = bars.findall(name("ser"))
    lines = parse_xml(
        f'<c:lineChart xmlns:c="{space}"><c:grouping val="standard"/><c:varyColors val="0"/>'
        '<c:marker val="1"/></c:lineChart>'
    )
    place = lines.find(name("marker"))
    for at in chosen:
        one = series[at]
        for tag in ("invertIfNegative", "dPt", "dLbls", "shape"):
            for old in one.findall(name(tag)):
                one.remove(old)
        looks = one.find(name("spPr"))
        none = looks.find("{http://schemas.openxmlformats.org/drawingml/2006/main}noFill")
        if none is not None:
            looks.remove(none)
        mark = parse_xml(f'<c:marker xmlns:c="{space}"><c:symbol val="none"/></c:marker>')
        looks.addnext(mark)
        one.append(parse_xml(f'<c:smooth xmlns:c="{space}" val="0"/>'))
        bars.remove(one)
        place.addprevious(one)
    for axis in bars.findall(name("axId")):
        lines.append(copy.deepcopy(axis))
    bars.addnext(lines)
