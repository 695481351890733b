"""Text on slides: what may stand in it, and how large it can be without leaving its box."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from typing import Any

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = re.compile("[\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\r\n\t\v\f]+")
EM = 0.58
"""Width of a small letter or digit in ems: that of bold Arial, so that estimates err on wide."""
_SPACE = 0.28
_NARROW = frozenset("iıjlIrtf.,:;'|!()[]{}/·-‘’“”")
_WIDE = frozenset("mwMW@%—…ΩŒÆ")
LEADING = 1.2
POINTS = 12_700
"""English Metric Units in a point."""
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}


def clean(text: str) -> str:
    """The text as one line of an XML file can hold it: no control or direction marks."""
    return _INVISIBLE.sub("", _NOT_XML.sub("", _BREAKS.sub(" ", text))).strip()


def cut(text: str, ems: float) -> str:
    """The text, or as much of it as is this wide, with an ellipsis."""
    if width_of(text) <= ems:
        return text
    kept = text
    while kept and width_of(kept) > ems - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@lru_cache(maxsize=20_000)
def width_of(text: str) -> float:
    """How wide a text is, in ems, in bold Arial; marks above and below letters add nothing."""
    return sum(_letter(one) for one in unicodedata.normalize("NFD", text))


def _letter(one: str) -> float:
    if unicodedata.combining(one):
        return 0.0
    if one in _NARROW:
        return 0.31
    if one in _WIDE:
        return 0.87
    if one > "\u2fff":
        return 1.0
    return 0.72 if one.isupper() else EM


def lines_needed(text: str, width: float, size: float) -> int:
    """How many lines a text takes in `width` points at a size in points; words are not cut."""
    fits = max(1.0, width / size)
    lines, used = 1, 0.0
    for word in text.split(" "):
        wide = width_of(word)
        if used and used + _SPACE + wide <= fits:
            used += _SPACE + wide
            continue
        rows = max(1, math.ceil(wide / fits))
        lines += rows if used else rows - 1
        used = wide - (rows - 1) * fits
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
    words = clean(text)
    if not words:
        _hollow(paragraph, size)
        return paragraph
    run = paragraph.add_run()
    run.text = words
    style(run.font, lang, size=size, bold=bold, colour=colour)
    return paragraph


def _hollow(paragraph: Any, size: float | None) -> None:
    """An empty paragraph is as high as the letters that could stand in it."""
    if size is not None:
        end = paragraph._p.get_or_add_endParaRPr()
        end.set("sz", str(round(size * 100)))


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
    from pptx.enum.dml import MSO_THEME_COLOR

    fill.solid()
    if colour in ("tx1", "tx2", "bg1", "bg2") or colour.startswith("accent"):
        fill.fore_color.theme_color = MSO_THEME_COLOR.from_xml(colour)
    else:
        fill.fore_color.rgb = rgb(colour)


def rgb(colour: str) -> Any:
    """A colour written `RRGGBB` as the library takes it."""
    from pptx.dml.color import RGBColor

    kind: Any = RGBColor
    return kind.from_string(colour)
