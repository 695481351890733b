"""Text on slides: what may stand in it, and how large it can be without leaving its box."""

from __future__ import annotations

import math
import re
from typing import Any

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = re.compile("[\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\r\n\t\v\f]+")
EM = 0.56
"""Width of a letter in ems: a little more than Arial's mean, so that estimates err on wide."""
LEADING = 1.2
POINTS = 12_700
"""English Metric Units in a point."""
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}


def clean(text: str) -> str:
    """The text as one line of an XML file can hold it: no control or direction marks."""
    return _INVISIBLE.sub("", _NOT_XML.sub("", _BREAKS.sub(" ", text))).strip()


def lines_needed(text: str, width: float, size: float) -> int:
    """How many lines a text takes in `width` points at a size in points; words are not cut."""
    fits = max(1, int(width / (size * EM)))
    lines, used = 1, 0
    for word in text.split(" "):
        longer = used + len(word) + (1 if used else 0)
        if longer <= fits:
            used = longer
            continue
        rows = math.ceil(len(word) / fits)
        lines += rows if used else rows - 1
        used = len(word) - (rows - 1) * fits
    return lines


def fitted(text: str, width: float, height: float, sizes: tuple[float, ...]) -> tuple[str, float]:
    """The text and the largest of `sizes` (descending) at which it stays in the box (points).

    What does not fit even at the smallest is cut at a word and ends with an ellipsis.
    """
    for size in sizes:
        if lines_needed(text, width, size) * size * LEADING <= height:
            return text, size
    size = sizes[-1]
    room = max(1, int(height / (size * LEADING)))
    words = text.split(" ")
    if len(words) == 1:
        return text[: max(1, room * int(width / (size * EM)) - 1)] + "…", size
    low, high = 1, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        kept = " ".join(words[:middle]) + "…"
        low, high = (middle, high) if lines_needed(kept, width, size) <= room else (low, middle - 1)
    kept = " ".join(words[:low])
    if lines_needed(kept + "…", width, size) > room:
        kept = kept[: max(1, room * int(width / (size * EM)) - 1)]
    return kept + "…", size


def write(
    frame: Any,
    text: str,
    lang: str,
    *,
    size: float | None = None,
    bold: bool | None = None,
    colour: str | None = None,
    first: bool = True,
) -> Any:
    """One paragraph of a text frame: the first one, or one after what stands there already.

    Sizes are in points, colours `RRGGBB` or the name of a theme colour (`tx2`, `accent1`); what is
    None comes from the template. Returns the paragraph.
    """
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    run = paragraph.add_run()
    run.text = clean(text)
    style(run.font, lang, size=size, bold=bold, colour=colour)
    return paragraph


def style(
    font: Any,
    lang: str,
    *,
    size: float | None = None,
    bold: bool | None = None,
    colour: str | None = None,
) -> None:
    """Set what is given on a font; its language is that of the deck, for spelling and numbers."""
    from pptx.util import Pt

    font._element.set("lang", LANGUAGES[lang])
    if size is not None:
        font.size = Pt(size)
    if bold is not None:
        font.bold = bold
    if colour is not None:
        paint(font.fill, colour)


def paint(fill: Any, colour: str) -> None:
    """Fill with `RRGGBB` or with a theme colour by its name in the file format."""
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_THEME_COLOR

    fill.solid()
    if colour in ("tx1", "tx2", "bg1", "bg2") or colour.startswith("accent"):
        fill.fore_color.theme_color = MSO_THEME_COLOR.from_xml(colour)
    else:
        fill.fore_color.rgb = RGBColor.from_string(colour)
