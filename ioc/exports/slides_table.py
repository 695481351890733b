"""A native table on a slide: header in the template's colour, thin rules, figures to the right."""

from __future__ import annotations

from typing import Any

from ioc.exports.chart_look import EDGE, INK, TEXTS, TINTS
from ioc.exports.slides_break import HEAD, PAD, SIZE, Page
from ioc.exports.slides_grid import Cell
from ioc.exports.slides_places import Box
from ioc.exports.slides_text import POINTS, paint, write

PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style "No Style, No Grid", which every Office knows."""


def add_table(slide: Any, page: Page, box: Box, lang: str) -> Any:
    """Put one page of a table at the top of the box; the frame made for it."""
    rows, columns = len(page.rows) + 1, len(page.heads)
    high = sum(page.heights)
    frame = slide.shapes.add_table(rows, columns, box.x, box.y, box.w, round(high * POINTS))
    table = frame.table
    table.horz_banding = False
    table.first_row = True
    style = table._tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    )
    if style is not None:
        style.text = PLAIN_STYLE
    for at, width in enumerate(page.widths):
        table.columns[at].width = round(width * POINTS)
    for at, height in enumerate(page.heights):
        table.rows[at].height = round(height * POINTS)
    figures = [any(row[n].figure for row in page.rows) for n in range(columns)]
    for at, head in enumerate(page.heads):
        _head(table.cell(0, at), head, lang, right=figures[at])
    for row, cells in enumerate(page.rows, 1):
        for at, cell in enumerate(cells):
            _fill(table.cell(row, at), cell, lang, right=figures[at], strong=at == 0)
    return frame


def _head(cell: Any, text: str, lang: str, *, right: bool) -> None:
    paint(cell.fill, "tx2")
    _set(cell, text, lang, HEAD, bold=True, colour="bg1", right=right)


def _fill(cell: Any, given: Cell, lang: str, *, right: bool, strong: bool) -> None:
    colour = INK
    if given.status is not None:
        paint(cell.fill, TINTS[given.status])
        colour = TEXTS[given.status]
    else:
        cell.fill.background()
    _set(cell, given.words, lang, SIZE, bold=strong, colour=colour, right=right)
    _rule(cell)


def _set(
    cell: Any, text: str, lang: str, size: float, *, bold: bool, colour: str, right: bool
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Pt(PAD / 2)
    cell.margin_top = cell.margin_bottom = Pt(1)
    frame = cell.text_frame
    frame.word_wrap = True
    paragraph = write(frame, text, lang, size=size, bold=bold, colour=colour)
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def _rule(cell: Any) -> None:
    """A thin rule below the cell; the file wants it before the cell's fill."""
    from pptx.oxml import parse_xml

    line = parse_xml(
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="6350">'
        f'<a:solidFill><a:srgbClr val="{EDGE}"/></a:solidFill></a:lnB>'
    )
    cell._tc.get_or_add_tcPr().insert(0, line)
