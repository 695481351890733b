"""The frame of every slide: title, second line, mark of illustrative figures, foot, notes."""

from __future__ import annotations

import copy
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.exports.chart_look import MADE_UP_TEXT, MADE_UP_TINT
from ioc.exports.slides_places import INCH, Box, Layouts, Places, unused
from ioc.exports.slides_text import (
    LEADING,
    POINTS,
    clean,
    fitted,
    lines_needed,
    paint,
    style,
    width_of,
    write,
)

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip

TITLES = (26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 11.0)
SUBTITLES = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)
FEET = (9.0, 8.0)
_QUIET = ("mark", "incomplete", "code", "made")
"""Lines of the strip that stand elsewhere on a slide, or in its notes."""
_ENDS = (("known_at",), ("indicators", "sources", "caveats"))


@dataclass(frozen=True, slots=True)
class Stage:
    """The file that is being made: presentation, layouts, language, strip, and its QR code."""

    deck: Any
    layouts: Layouts
    lang: str
    strip: Strip | None
    qr: bytes | None


def open_slide(
    stage: Stage,
    places: Places,
    title: str,
    subtitle: str = "",
    *,
    made_up: bool = False,
    notes: str = "",
    sizes: tuple[float, ...] = TITLES,
) -> Any:
    """A new slide with its frame; its content's box is free, every empty placeholder is gone."""
    slide = stage.deck.slides.add_slide(places.layout)
    head = slide.shapes.title
    put(head.text_frame, title, stage.lang, places.title, sizes)
    for one in list(unused(slide, (head,))):
        one._element.getparent().remove(one._element)
    line = places.subtitle
    if made_up:
        line = _mark(slide, line, stage.lang)
    if subtitle:
        text_box(slide, line, subtitle, stage.lang, SUBTITLES, name="IOC subtitle", like=places)
    _foot(slide, stage, places)
    _number(slide, places)
    if notes:
        slide.notes_slide.notes_text_frame.text = "\n".join(clean(one) for one in notes.split("\n"))
    return slide


def put(frame: Any, text: str, lang: str, box: Box, sizes: tuple[float, ...]) -> None:
    """A text into a placeholder, as large as its box allows; sizes stay when the first fits."""
    wide, high = box.points
    kept, size = fitted(clean(text), wide, high, sizes)
    frame.word_wrap = True
    write(frame, kept, lang, size=size)


def text_box(
    slide: Any,
    box: Box,
    text: str,
    lang: str,
    sizes: tuple[float, ...],
    *,
    name: str,
    colour: str | None = None,
    bold: bool | None = None,
    like: Places | None = None,
    align: str = "l",
    anchor: str = "ctr",
) -> Any:
    """A text of our own in a box; `like` takes the colour of the layout's placeholder of `name`."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    shape = slide.shapes.add_textbox(box.x, box.y, box.w, box.h)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.from_xml(anchor)
    wide, high = box.points
    kept, size = fitted(clean(text), wide, high, sizes)
    ink = colour or (_colour(like, name) if like else None)
    paragraph = write(frame, kept, lang, size=size, bold=bold, colour=ink)
    paragraph.alignment = PP_ALIGN.from_xml(align)
    return shape


def _colour(places: Places, name: str) -> str:
    """The colour the template gives to the words of one of our placeholders."""
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for one in places.layout.placeholders:
        if one.name == name:
            for kind in ("schemeClr", "srgbClr"):
                found = one._element.find(
                    f".//{space}lvl1pPr/{space}defRPr/{space}solidFill/{space}{kind}"
                )
                if found is not None:
                    return str(found.get("val"))
    return "tx1"


def _align(places: Places, name: str) -> str:
    """How the template aligns one of our placeholders; to the right where it has none."""
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    own = (one for one in places.layout.placeholders if one.name == name)
    found = next((one._element.find(f".//{space}lvl1pPr") for one in own), None)
    return str(found.get("algn", "l")) if found is not None else "r"


def _mark(slide: Any, line: Box, lang: str) -> Box:
    """The mark of illustrative figures at the right of a line; what is left of the line."""
    words = say(lang, "words.illustrative").upper()
    width = round((width_of(words) * 11 + 20) * POINTS)
    chip = line.right(width)
    height = min(chip.h, round(0.32 * INCH))
    down = (chip.h - height) // 2 if chip.h < INCH else 0
    spot = Box(chip.x, chip.y + down, chip.w, height)
    shape = text_box(slide, spot, words, lang, (11.0, 10.0), name="IOC mark", align="ctr",
                     colour=MADE_UP_TEXT, bold=True)  # fmt: skip
    paint(shape.fill, MADE_UP_TINT)
    return line.left(line.w - width - INCH // 8)


def _foot(slide: Any, stage: Stage, places: Places) -> None:
    strip = stage.strip
    if strip is None:
        return
    words = short(strip)
    if words:
        text_box(slide, places.foot, words, stage.lang, FEET, name="IOC foot", like=places)
    code = f"{say(stage.lang, 'slides.code')} {strip.shown_code}"
    text_box(slide, places.code, code, stage.lang, FEET, name="IOC code", like=places,
             align=_align(places, "IOC code"), bold=True)  # fmt: skip
    add_qr(slide, stage, places.qr)


def add_qr(slide: Any, stage: Stage, box: Box) -> None:
    """The QR code of the verification page, as large a square as the box holds."""
    if stage.strip is None or stage.qr is None:
        return
    side = min(box.w, box.h)
    x, y = box.x + (box.w - side) // 2, box.y + (box.h - side) // 2
    picture = slide.shapes.add_picture(io.BytesIO(stage.qr), x, y, side, side)
    picture.name = "IOC QR"
    describe(picture, say(stage.lang, "slides.qr_words", address=stage.strip.address_of_verify))


def short(strip: Strip) -> str:
    """The strip for a foot: as-known moment and filters first, sources, which are long, last."""
    lang = strip.lang
    quiet = {say(lang, f"verify.strip_{key}") for key in _QUIET}
    quiet |= {say(lang, "export.title"), say(lang, "export.address")}
    first, last = (tuple(say(lang, f"verify.strip_{key}") for key in keys) for keys in _ENDS)
    told = {name: words for name, words in strip.about if name not in quiet}
    ends = {*first, *last}
    order = [*first, *(one for one in told if one not in ends), *last]
    return " · ".join(f"{one}: {told[one]}" for one in order if one in told)


def describe(shape: Any, words: str) -> None:
    """What a screen reader says of a shape."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(words))


def _number(slide: Any, places: Places) -> None:
    """The slide's number, where the layout has a place for it."""
    if places.number is None:
        return
    element = copy.deepcopy(places.number._element)
    slide.shapes._spTree.append(element)
    ids = [int(one) for one in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]
    element.xpath("./p:nvSpPr/p:cNvPr")[0].set("id", str(max(ids) + 1))


def paragraphs(
    slide: Any, box: Box, texts: list[str], lang: str, sizes: tuple[float, ...], *, name: str
) -> Any:
    """Several paragraphs in one box, all of one size that fits."""
    from pptx.util import Pt

    shape = slide.shapes.add_textbox(box.x, box.y, box.w, box.h)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    size = fit_all(texts, box, sizes)
    for at, text in enumerate(texts):
        made = write(frame, text, lang, size=size, first=at == 0)
        made.space_after = Pt(size * 0.5)
        style(made.runs[0].font, lang, colour="tx1")
    return shape


def fit_all(texts: list[str], box: Box, sizes: tuple[float, ...]) -> float:
    """The largest of `sizes` at which all paragraphs stay in the box, or the smallest."""
    wide, high = box.points
    for size in sizes:
        if height_of(texts, wide, size) <= high:
            return size
    return sizes[-1]


def height_of(texts: list[str], wide: float, size: float) -> float:
    """The height of paragraphs in points."""
    return sum(lines_needed(one, wide, size) * size * LEADING + size * 0.5 for one in texts)
