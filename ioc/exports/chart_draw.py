"""Native charts on a slide: lines, bars, columns with a line of targets, points."""

from __future__ import annotations

import copy
import math
from typing import Any

from ioc.exports.chart_book import floating, name_of, workbook
from ioc.exports.chart_look import (
    ACCENTS,
    FILLS,
    INK,
    dashed,
    dress,
    labels,
    name_axis,
    number_format,
    span,
    title_axis,
    value_axis,
)
from ioc.exports.chart_plan import Native, Plot
from ioc.exports.chart_points import add_points
from ioc.exports.slides_places import Box
from ioc.exports.slides_text import POINTS, paint, width_of

MOST_LABELS = 13
"""Points of a single line up to which each is labelled; else only the last of each line."""
ROOM = 13.0
"""Points of height that a label needs."""
MOST_BARS = 20
"""Bars above each other on one chart; more stand in a second chart beside the first."""


TICK = 24
"""Points across of the tick of a target."""
FEW = 5
"""Up to so many bars there is more air between them than bar."""


def add_plot(slide: Any, plot: Plot, box: Box, lang: str, whole: Plot | None = None) -> list[Any]:
    """Put the chart of a plot into the box; the frames of the charts made for it.

    Long lists of bars become two charts of one scale beside each other; what is longer than that
    must have been cut before, as pieces of the `whole`, whose scale they keep.
    """
    if plot.kind is Native.SCATTER:
        return [add_points(slide, plot, box, lang)]
    if plot.kind is Native.LINES:
        return [_lines(slide, plot, box, lang)]
    if plot.kind is Native.COLUMNS:
        return [_columns(slide, plot, box, lang)]
    ends, many = ends_of(whole or plot), len(plot.categories)
    if many <= MOST_BARS and (whole is None or len(whole.categories) <= MOST_BARS):
        return [_bars(slide, plot, box, lang, ends)]
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


def _chart(slide: Any, kind: Any, plot: Plot, box: Box, form: str) -> Any:
    """A chart with its figures, and its workbook of our own."""
    from pptx.chart.data import CategoryChartData

    data = CategoryChartData(number_format=form)
    categories = _distinct(plot.categories)
    data.categories = categories
    for one in plot.series:
        data.add_series(name_of(one.name), [floating(v) for v in one.values])
    frame = slide.shapes.add_chart(kind, box.x, box.y, box.w, box.h, data)
    book = workbook(
        ["", *(name_of(one.name) for one in plot.series)],
        [categories, *([floating(v) for v in one.values] for one in plot.series)],
        ["", *(form for _ in plot.series)],
    )
    frame.chart.part.chart_workbook.update_from_xlsx_blob(book)
    return frame


def _distinct(names: tuple[str, ...]) -> list[str]:
    """Names as charts hold them; an empty one would be read as a number."""
    return [name_of(one) or "–" for one in names]


def _lines(slide: Any, plot: Plot, box: Box, lang: str) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    form = number_format(plot.units[0], plot.places[0], lang)
    frame = _chart(slide, XL_CHART_TYPE.LINE_MARKERS, plot, box, form)
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
    from lxml import etree

    made = label._get_or_add_dLbl()
    space = etree.QName(made).namespace
    entry = etree.Element(f"{{{space}}}numFmt", formatCode=form, sourceLinked="0")
    first = next(
        one
        for one in made
        if etree.QName(one).localname not in ("idx", "delete", "layout", "tx", "numFmt")
    )
    first.addprevious(entry)


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
    frame = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, plot, box, form)
    chart = frame.chart
    many = len(plot.categories)
    size = 12 if many <= 12 else 11 if many <= 16 else 10
    _barred(chart, plot, lang, form, size, ends)
    chart.category_axis.reverse_order = True  # the first name on top
    if share is not None:
        _placed(chart, share)
    return frame


def _placed(chart: Any, share: float) -> None:
    """Fix the plot's inner box: names to the left of `share`, bars to the right of it."""
    from pptx.oxml import parse_xml

    area = chart._chartSpace.chart.plotArea
    space = area.nsmap["c"]
    for old in area.findall(f"{{{space}}}layout"):
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

    main = [one for one in plot.series if not one.aim]
    # A legend would show one colour for bars of several statuses; words under the chart do it.
    legend = len(main) > 1 or (len(plot.series) > 1 and not plot.statuses)
    dress(chart, lang, legend=legend, size=size)
    value_axis(chart.value_axis, form, low=ends[0], high=ends[1])
    chart.value_axis.visible = False
    name_axis(chart.category_axis, size)
    if plot.axis:
        title_axis(chart.category_axis, plot.axis, lang, size)
    bars = chart.plots[0]
    bars.gap_width = 45 if len(plot.categories) > FEW else 110
    bars.overlap = 100 if len(main) == 1 else -5
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


def _columns(slide: Any, plot: Plot, box: Box, lang: str) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    form = number_format(plot.units[0], plot.places[0], lang)
    frame = _chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, plot, box, form)
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
    from lxml import etree
    from pptx.oxml import parse_xml

    bars = chart.plots[0]._element
    space = etree.QName(bars).namespace

    def name(tag: str) -> str:
        return f"{{{space}}}{tag}"

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
