"""The slides of one part: its chart, its table, its picture, its text, or why it is missing."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from typing import Any

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.words import status_sign, status_words
from ioc.exports.chart_columns import Columns
from ioc.exports.chart_draw import add_plot, most_on_one
from ioc.exports.chart_look import TEXTS
from ioc.exports.chart_plan import plot_of
from ioc.exports.chart_plot import Native, Plot
from ioc.exports.extract import Shape
from ioc.exports.meeting import figureless
from ioc.exports.slides_break import pages_of
from ioc.exports.slides_deck import Look, Slide
from ioc.exports.slides_grid import grid_of
from ioc.exports.slides_page import (
    Stage,
    describe,
    height_of,
    open_slide,
    paragraphs,
    text_box,
)
from ioc.exports.slides_places import INCH, Box
from ioc.exports.slides_table import add_table
from ioc.exports.slides_text import clean, fitted

TEXT_SIZES = (20.0, 18.0, 16.0, 14.0)
REMARK_SIZES = (10.0, 9.0, 8.0)


def fill(stage: Stage, part: Slide) -> None:
    """Add the slides of a part."""
    if part.missing:
        _missing(stage, part)
    elif part.kind is Look.SECTION:
        open_slide(stage, stage.layouts.section, part.title, part.subtitle, notes=part.notes,
                   made_up=part.made_up, sizes=(34.0, 30.0, 26.0, 22.0, 18.0, 14.0))  # fmt: skip
    elif part.kind is Look.TEXT or (part.sheet is None and part.picture is None):
        _text(stage, part)
    elif part.kind is Look.PICTURE or (part.kind is Look.CHART and _drawn_as_picture(part)):
        _picture(stage, part)
    elif part.kind is Look.CHART and not (part.sheet is not None and figureless(part.sheet)):
        _chart(stage, part)
    else:
        _tables(stage, part, part.title)


def _drawn_as_picture(part: Slide) -> bool:
    """Maps always; what PowerPoint has no kind for as soon as there is a picture of it."""
    if part.sheet is None:
        return True
    if part.sheet.shape is Shape.MAP:
        return True
    return part.sheet.shape is Shape.MATRIX and (part.picture is not None or bool(part.lacks))


def _open(stage: Stage, part: Slide, title: str, subtitle: str) -> tuple[Any, Box]:
    """A slide of the part and the box of its content; the part's remark stands under it."""
    places = stage.layouts.content
    slide = open_slide(stage, places, title, subtitle, made_up=part.made_up, notes=part.notes)
    box = places.content
    if part.text and part.kind is not Look.TEXT:
        box = _remark(slide, box, part.text.replace("\n", " · "), stage.lang)
    return slide, box


def _remark(slide: Any, box: Box, text: str, lang: str) -> Box:
    """A small line at the bottom of the content; what is left of the box."""
    wide, _ = box.points
    lines = 2 if len(text) * 5.6 > wide else 1
    high = round(0.19 * INCH * lines)
    text_box(slide, box.bottom(high), text, lang, REMARK_SIZES, name="IOC remark", colour="tx1")
    return box.without(below=high + INCH // 20)


def _missing(stage: Stage, part: Slide) -> None:
    slide, box = _open(stage, part, part.title, part.subtitle)
    texts = [say(stage.lang, "slides.missing"), part.missing]
    shape = paragraphs(slide, box.without(above=box.h // 4), texts, stage.lang, TEXT_SIZES,
                       name="IOC missing")  # fmt: skip
    shape.text_frame.paragraphs[0].runs[0].font.bold = True


def _text(stage: Stage, part: Slide) -> None:
    """Paragraphs, on as many slides as they take at the smallest size."""
    texts = [clean(one) for one in part.text.split("\n") if clean(one)]
    box = stage.layouts.content.content
    wide, high = box.points
    groups: list[list[str]] = [[]]
    for text in texts:
        if groups[-1] and height_of([*groups[-1], text], wide, TEXT_SIZES[-1]) > high:
            groups.append([])
        groups[-1].append(fitted(text, wide, high, (TEXT_SIZES[-1],))[0])
    for at, group in enumerate(groups):
        title = _numbered(part.title, at, len(groups), stage.lang)
        slide, _ = _open(stage, part, title, part.subtitle)
        if group:
            paragraphs(slide, box, group, stage.lang, TEXT_SIZES, name="IOC text")


def _chart(stage: Stage, part: Slide) -> None:
    assert part.sheet is not None
    plot = plot_of(part.sheet, stage.lang)
    if plot is None:
        _tables(stage, part, part.title)
        return
    most = most_on_one(plot)
    whole = len(plot.categories)
    subtitle = _line(part, plot, stage.lang)
    pieces = -(-whole // most)
    each = -(-whole // pieces)
    for at in range(pieces):
        title = _numbered(part.title, at, pieces, stage.lang)
        slide, box = _open(stage, part, title, subtitle)
        box = _under(slide, box, plot, stage.lang)
        piece = plot if pieces == 1 else plot.piece(at * each, (at + 1) * each)
        for frame in add_plot(slide, piece, box, stage.lang, plot):
            words = say(stage.lang, "slides.chart_words", title=part.title, subtitle=part.subtitle)
            describe(frame, words)
            frame.name = "IOC chart"
    if plot.more:
        _tables(stage, part, say(stage.lang, "slides.picture_data", title=part.title))


def _line(part: Slide, plot: Plot, lang: str) -> str:
    """The second line; what all figures are of and their unit where they do not stand there yet."""
    assert part.sheet is not None
    of = Columns(part.sheet, lang)
    same = [n for n in of.names if n not in of.varying(of.names)]
    keys = [n for n in same if part.sheet.columns[n].key in ("unit", "indicator")]
    said = f"{part.title} {part.subtitle}"
    more = [words for n in keys if (words := of.words(0, n)) and words not in said]
    unit = plot.units[0] if plot.kind is not Native.SCATTER else ""
    if unit and unit not in part.subtitle:
        more.append(unit)
    if plot.more and plot.kind in (Native.BARS, Native.COLUMNS):
        more.append(plot.series[0].name)
    return " · ".join(one for one in (*more, part.subtitle) if one)


def _under(slide: Any, box: Box, plot: Plot, lang: str) -> Box:
    """Statuses in words with their counts and colours, and what else is to be said."""
    counts = Counter(one for one in plot.statuses if one is not None)
    if counts:
        line = box.bottom(round(0.26 * INCH))
        _legend(slide, line, counts, lang)
        box = box.without(below=line.h)
    if plot.remarks:
        box = _remark(slide, box, " · ".join(plot.remarks), lang)
    return box


def _statuses(slide: Any, box: Box, part: Slide, lang: str) -> Box:
    """Under a picture of units' statuses what its colours mean; what is left of the box."""
    said = () if part.sheet is None else Columns(part.sheet, lang).texts("status")
    counts = Counter(one for one in Status if status_words(one, lang) in said)
    for one in counts:
        counts[one] = said.count(status_words(one, lang))
    if not counts:
        return box
    line = box.bottom(round(0.26 * INCH))
    _legend(slide, line, counts, lang)
    return box.without(below=line.h + INCH // 20)


def _legend(slide: Any, box: Box, counts: Counter[Status], lang: str) -> None:
    shape = text_box(slide, box, "", lang, (11.0,), name="IOC statuses")
    frame = shape.text_frame
    paragraph = frame.paragraphs[0]
    for at, status in enumerate(one for one in Status if counts[one]):
        words = say(lang, "slides.status_count", sign=status_sign(status),
                    status=status_words(status, lang), count=counts[status])  # fmt: skip
        run = paragraph.add_run()
        run.text = ("      " if at else "") + clean(words)
        _coloured(run, lang, TEXTS[status])


def _coloured(run: Any, lang: str, colour: str) -> None:
    from ioc.exports.slides_text import style

    style(run.font, lang, size=11, bold=True, colour=colour)


def _picture(stage: Stage, part: Slide) -> None:
    """The picture, then its figures as a table; without one, why, and the table."""
    why = part.lacks or part.text or say(stage.lang, "slides.picture_missing")
    if part.picture is None:
        part = replace(part, text="")
    if not part.figures and part.sheet is not None and part.sheet.shape is Shape.MATRIX:
        words = say(stage.lang, "slides.cells_apart")
        part = replace(part, text="\n".join(one for one in (part.text, words) if one))
    slide, box = _open(stage, part, part.title, part.subtitle)
    if part.picture is None:
        texts = [why]
        paragraphs(slide, box.without(above=box.h // 3), texts, stage.lang, TEXT_SIZES,
                   name="IOC missing")  # fmt: skip
    else:
        box = _statuses(slide, box, part, stage.lang)
        made = slide.shapes.add_picture(io.BytesIO(part.picture), box.x, box.y)
        share = min(box.w / made.width, box.h / made.height)
        made.width, made.height = round(made.width * share), round(made.height * share)
        made.left = box.x + (box.w - made.width) // 2
        made.top = box.y + (box.h - made.height) // 2
        made.name = "IOC picture"
        words = say(stage.lang, "slides.picture_words", title=part.title, subtitle=part.subtitle)
        describe(made, words)
    if part.sheet is not None and part.figures:
        _tables(stage, part, say(stage.lang, "slides.picture_data", title=part.title))


def _tables(stage: Stage, part: Slide, title: str) -> None:
    assert part.sheet is not None
    if not part.sheet.rows or figureless(part.sheet):
        count = len(part.sheet.rows)
        none = "slides.no_figures" if count else "slides.rows_none"
        slide, box = _open(stage, part, title, part.subtitle)
        paragraphs(slide, box, [say(stage.lang, none, rows=count)], stage.lang, TEXT_SIZES,
                   name="IOC text")  # fmt: skip
        return
    grid = grid_of(part.sheet, stage.lang)
    subtitle = " · ".join(one for one in (part.subtitle, *_new(grid.shared, part.subtitle)) if one)
    wide, high = stage.layouts.content.content.points
    high -= 22.0 if part.text else 0.0
    pages = pages_of(grid, wide, high)
    if any(page.left for page in pages):
        pages = pages_of(grid, wide, high - 22)
    for at, page in enumerate(pages):
        slide, box = _open(stage, part, _numbered(title, at, len(pages), stage.lang), subtitle)
        if page.left:
            _remark(slide, box, say(stage.lang, "slides.rows_left", rest=page.left), stage.lang)
        frame = add_table(slide, page, box, stage.lang)
        frame.name = "IOC table"
        describe(frame, say(stage.lang, "slides.table_words", title=part.title))


def _new(shared: str, subtitle: str) -> list[str]:
    """What all rows share, without what the second line says already."""
    kept = [one for one in shared.split(" · ") if one.partition(": ")[2] not in subtitle]
    return [one for one in kept if one]


def _numbered(title: str, at: int, of: int, lang: str) -> str:
    """The title; of the second and later slides of one part with "continued"."""
    return title if at == 0 else say(lang, "slides.continued", title=title, at=at + 1, of=of)
