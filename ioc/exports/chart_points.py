"""The scatter chart: a point a unit, its name beside it where there is room."""

from __future__ import annotations

from typing import Any

from ioc.exports.chart_book import floating, name_of, workbook
from ioc.exports.chart_look import ACCENTS, INK, dress, number_format, span, title_axis, value_axis
from ioc.exports.chart_plot import Plot
from ioc.exports.slides_places import Box
from ioc.exports.slides_text import paint, width_of, write

SIZE = 10
MOST_NAMES = 60
"""Points up to which names are written; beyond it they stand in the chart's workbook only."""
COVERED = 0.12
"""The share of a name that others may hide."""
_SIDES = ("r", "l", "t", "b")


def add_points(slide: Any, plot: Plot, box: Box, lang: str) -> Any:
    """Put the scatter into the box; points without one of both figures are left out."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE

    x, y = plot.series
    pairs = [
        (name, floating(a), floating(b))
        for name, a, b in zip(plot.categories, x.values, y.values, strict=True)
        if a is not None and b is not None
    ]
    forms = [
        number_format(unit, places, lang)
        for unit, places in zip(plot.units, plot.places, strict=True)
    ]
    data: Any = XyChartData(number_format=forms[1])  # type: ignore[no-untyped-call]
    series = data.add_series(name_of(y.name))
    for _, a, b in pairs:
        series.add_data_point(a, b)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, box.x, box.y, box.w, box.h, data)
    chart = frame.chart
    names = [name_of(one[0]) for one in pairs]
    columns: list[list[str | int | float | None]] = [
        [a for _, a, _ in pairs], [b for _, _, b in pairs], list(names),
    ]  # fmt: skip
    chart.part.chart_workbook.update_from_xlsx_blob(
        workbook([name_of(x.name), name_of(y.name), "–"], columns, [*forms, ""])
    )
    dress(chart, lang, legend=False, size=11)
    for at, (axis, title) in enumerate(((chart.category_axis, x.name), (chart.value_axis, y.name))):
        low, high, step = span([float(one[at + 1] or 0) for one in pairs])
        places = 0 if high - low > 10 else plot.places[at]
        form = number_format(plot.units[at], places, lang)
        value_axis(axis, form, low=low, high=high, step=step)
        title_axis(axis, title, lang, 12)
    made = chart.plots[0].series[0]
    made.format.line.fill.background()
    made.marker.style = XL_MARKER_STYLE.CIRCLE
    made.marker.size = 8
    paint(made.marker.format.fill, ACCENTS[0])
    made.marker.format.line.fill.background()
    if len(pairs) <= MOST_NAMES:
        spots = [(float(a or 0), float(b or 0)) for _, a, b in pairs]
        for at, side in enumerate(sides(spots, names, box.points)):
            if side:
                _name(made.points[at].data_label, names[at], side, lang)
    return frame


def _name(label: Any, text: str, side: str, lang: str) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    write(label.text_frame, text, lang, size=SIZE, colour=INK)
    label.position = XL_LABEL_POSITION.from_xml(side)


def sides(
    spots: list[tuple[float, float]], names: list[str], room: tuple[float, float]
) -> list[str]:
    """On which side of each point its name stands (`r`, `l`, `t`, `b`), overlapping least.

    Empty where it would cover others: the table after the chart has all names. `room` is the
    chart's width and height in points; its plot is taken as 85 % of it.
    """
    if not spots:
        return []
    wide, high = room[0] * 0.85, room[1] * 0.8
    xs, ys = [one[0] for one in spots], [one[1] for one in spots]
    across, up = max(xs) - min(xs) or 1, max(ys) - min(ys) or 1
    at = [((a - min(xs)) / across * wide, (b - min(ys)) / up * high) for a, b in spots]
    taken = [(a - 5, b - 5, a + 5, b + 5) for a, b in at]
    chosen = []
    for (a, b), name in zip(at, names, strict=True):
        width, height = width_of(name) * SIZE * 0.92, SIZE * 1.2
        tried = {
            "r": (a + 6, b - height / 2, a + 6 + width, b + height / 2),
            "l": (a - 6 - width, b - height / 2, a - 6, b + height / 2),
            "t": (a - width / 2, b + 6, a + width / 2, b + 6 + height),
            "b": (a - width / 2, b - 6 - height, a + width / 2, b - 6),
        }
        over = {side: _over(tried[side], taken, wide) for side in _SIDES}
        best = min(_SIDES, key=lambda side: over[side])
        if over[best] > width * height * COVERED:
            chosen.append("")
            continue
        chosen.append(best)
        taken.append(tried[best])
    return chosen


Rectangle = tuple[float, float, float, float]


def _over(one: Rectangle, others: list[Rectangle], wide: float) -> float:
    """How much of a name is hidden by others, or would leave the chart."""
    outside = max(0.0, -one[0]) + max(0.0, one[2] - wide * 1.1)
    covered = sum(
        max(0.0, min(one[2], b[2]) - max(one[0], b[0]))
        * max(0.0, min(one[3], b[3]) - max(one[1], b[1]))
        for b in others
    )
    return covered + outside * SIZE
