"""How native charts look: number formats, colours of statuses, axes, labels, language."""

from __future__ import annotations

import math
from typing import Any

from ioc.domain.target import Status
from ioc.exports.slides_text import LANGUAGES, rgb

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
"""The name space of charts, as names of elements begin with it."""
LOCALES = {"vi": "[$-42A]", "en": "[$-809]"}
"""The language of a number format: Windows locale identifiers 0x042A and 0x0809."""
FILLS = {
    Status.REACHED: "0A7A63",
    Status.NEAR: "BF810B",
    Status.AT_RISK: "C81E1E",
    Status.NOT_JUDGED: "7A8FAA",
}
TEXTS = {
    Status.REACHED: "0F6B49",
    Status.NEAR: "7D5200",
    Status.AT_RISK: "B01F1C",
    Status.NOT_JUDGED: "4A5A6C",
}
TINTS = {
    Status.REACHED: "DFF2E9",
    Status.NEAR: "FCEFD0",
    Status.AT_RISK: "FBDCD9",
    Status.NOT_JUDGED: "EEF2F6",
}
"""Colours of statuses on light ground, as in assets/tokens.css; no template changes them."""
INK, SOFT, FAINT, EDGE = "14202E", "4A5A6C", "DFE5EC", "C6D0DB"
MADE_UP_TINT, MADE_UP_TEXT = "ECE8F8", "55409A"
ACCENTS = tuple(f"accent{n}" for n in range(1, 7))


def number_format(unit: str, places: int, lang: str) -> str:
    """A number format of Office: `[$-42A]#,##0.00"%"`, shown as 1.234,50% in Vietnamese."""
    digits = "#,##0" + ("." + "0" * places if places else "")
    return LOCALES[lang] + digits + ('"%"' if unit == "%" else "")


def span(values: list[float]) -> tuple[float, float, float]:
    """Round ends of an axis that need not show zero, and the step between its lines.

    Zero is an end where the values come near it; shares of a hundred end at 100 where no value
    is above.
    """
    low, high = min(values), max(values)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    power = 10.0 ** math.floor(math.log10(reach / 5))
    step = next(one * power for one in (1, 2, 5, 10) if reach / (one * power) <= 6)
    bottom = math.floor((low - reach * 0.1) / step) * step
    top = math.ceil((high + reach * 0.1) / step) * step
    if low >= 0 and (bottom < 0 or low < reach * 0.5):
        bottom = 0.0
    if 60 < high <= 100 < top and low >= 0:
        top = 100.0
    return round(bottom, 9), round(top, 9), round(step, 9)


def dress(chart: Any, lang: str, *, legend: bool, size: float) -> None:
    """What all charts have in common: language, typeface of the theme, gaps, no title."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    chart.has_title = False
    chart.font.size = Pt(size)
    _soft(chart.font)
    chart.has_legend = legend
    if legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(size + 1)
    space = chart._chartSpace
    for old in space.findall(f"{C}lang"):
        space.remove(old)
    language = parse_xml(f'<c:lang xmlns:c="{C[1:-1]}" val="{LANGUAGES[lang]}"/>')
    dated = space.find(f"{C}date1904")
    space.insert(0 if dated is None else list(space).index(dated) + 1, language)
    blanks = space.find(f".//{C}dispBlanksAs")
    if blanks is not None:
        blanks.set("val", "gap")


def value_axis(axis: Any, form: str, *, low: float, high: float, step: float | None = None) -> None:
    """An axis of amounts: its ends, a format, and faint lines where it has a step."""
    from pptx.enum.chart import XL_TICK_MARK

    axis.has_major_gridlines = step is not None
    if step is not None:
        axis.major_unit = step
        _line(axis.major_gridlines.format.line, FAINT)
    axis.format.line.fill.background()
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format = form
    axis.tick_labels.number_format_is_linked = False
    axis.minimum_scale, axis.maximum_scale = low, high


def name_axis(axis: Any, size: float) -> None:
    """An axis of names: a thin line, no marks, names below the lowest value."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    _every_name(axis)
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = Pt(size)
    _ink(axis.tick_labels.font)
    _line(axis.format.line, EDGE)


def _every_name(axis: Any) -> None:
    """No name is left out for lack of room; the file wants the element before `noMultiLvlLbl`."""
    from pptx.oxml import parse_xml

    element = axis._element
    last = element.find(f"{C}noMultiLvlLbl")
    skip = parse_xml(f'<c:tickLblSkip xmlns:c="{C[1:-1]}" val="1"/>')
    if last is not None:
        last.addprevious(skip)
    else:
        element.append(skip)


def title_axis(axis: Any, text: str, lang: str, size: float) -> None:
    """The words of an axis."""
    from ioc.exports.slides_text import write

    frame = axis.axis_title.text_frame
    write(frame, text, lang, size=size, bold=False, colour=SOFT)


def labels(owner: Any, form: str, size: float, place: Any = None) -> None:
    """Amounts beside the points of a plot or a series."""
    from pptx.util import Pt

    owner.show_value = True
    owner.number_format = form
    owner.number_format_is_linked = False
    owner.font.size = Pt(size)
    _ink(owner.font)
    if place is not None:
        owner.position = place


def dashed(line: Any, colour: str = SOFT, width: float = 1.75) -> None:
    """A dashed line, for targets."""
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    _line(line, colour)
    line.width = Pt(width)
    line.dash_style = MSO_LINE.DASH


def _line(line: Any, colour: str) -> None:
    from pptx.util import Pt

    line.color.rgb = rgb(colour)
    line.width = Pt(0.75)


def _ink(font: Any) -> None:
    font.color.rgb = rgb(INK)


def _soft(font: Any) -> None:
    font.color.rgb = rgb(SOFT)
