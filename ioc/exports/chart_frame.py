"""The frame of a chart of categories on a slide: its figures and its workbook of our own."""

from __future__ import annotations

from typing import Any

from ioc.exports.chart_book import floating, name_of, workbook
from ioc.exports.chart_plot import Plot
from ioc.exports.slides_places import Box


def add_frame(slide: Any, kind: Any, plot: Plot, box: Box, form: str) -> Any:
    """A chart with its figures, and its workbook of our own."""
    from pptx.chart.data import CategoryChartData

    data: Any = CategoryChartData(number_format=form)  # type: ignore[no-untyped-call]
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
