"""Writing into a Word document before a given paragraph: paragraphs, tables, pictures."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

from ioc.exports.slides_grid import Grid
from ioc.exports.slides_text import clean

TEXT_WIDTH = 16.5
"""Centimetres between the margins of the built-in form: 21 less 30 and 15 mm."""
HIGHEST = 19.0
"""Centimetres that a picture may be high, so that its caption stays on its page."""
TABLE_SIZE = 11
LETTER, PADDING = 0.215, 0.45
"""Centimetres of a letter at TABLE_SIZE and of the margins of a cell, a little more than needed."""
MOST_LETTERS, LONGEST_WORD = 120, 26
NAME_LETTERS = 14
"""Letters that the names of rows have beside each other."""
MOST_TOGETHER = 12
MOST_COLUMNS, SMALL_SIZE = 7, 9.5


class Writer:
    """Writes before `anchor`, in the looks of that paragraph (its style, font and size)."""

    def __init__(self, anchor: Any, width: float = TEXT_WIDTH) -> None:
        self.anchor, self.width = anchor, width
        runs = [one._r for one in anchor.runs if one._r.rPr is not None]
        self._look = copy.deepcopy(runs[0].rPr) if runs else None
        self._style = anchor.style

    def paragraph(
        self,
        text: str,
        *,
        bold: bool | None = None,
        italic: bool | None = None,
        size: float | None = None,
        align: str = "justify",
        indent: float = 0.0,
        before: float = 0,
        after: float = 6,
        keep: bool = False,
        level: int | None = None,
    ) -> Any:
        """A paragraph; `indent` of its first line in cm, `before` and `after` in points.

        `level` makes it a heading of the document's outline, from 0.
        """
        paragraph = self.anchor.insert_paragraph_before(style=self._style)
        self.run(paragraph, text, bold=bold, italic=italic, size=size)
        shape(paragraph, align=align, indent=indent, before=before, after=after, keep=keep)
        if level is not None:
            outline(paragraph, level)
        return paragraph

    def run(
        self,
        paragraph: Any,
        text: str,
        *,
        bold: bool | None = None,
        italic: bool | None = None,
        size: float | None = None,
    ) -> Any:
        """A run in the font of the anchor."""
        from docx.shared import Pt

        run = paragraph.add_run(clean(text))
        if self._look is not None:
            run._r.insert(0, copy.deepcopy(self._look))
        run.bold, run.italic = bold, italic
        if size is not None:
            run.font.size = Pt(size)
        return run

    def break_page(self) -> None:
        """The next paragraph begins a page."""
        self.anchor.insert_paragraph_before(style=self._style).add_run().add_break(_page())

    def picture(self, data: bytes, words: str, *, width: float | None = None) -> None:
        """A picture, centred, as wide as the text or as high as a page takes.

        Raises ValueError where it is not one.
        """
        from docx.image.exceptions import UnrecognizedImageError
        from docx.image.image import Image
        from docx.shared import Cm

        try:
            image = Image.from_blob(data)
        except (UnrecognizedImageError, KeyError, IndexError, ValueError) as error:
            raise ValueError("not a picture") from error
        wide = width or self.width
        high = wide * image.px_height / max(1, image.px_width)
        if high > HIGHEST:
            wide, high = wide * HIGHEST / high, HIGHEST
        paragraph = self.anchor.insert_paragraph_before(style=self._style)
        shape(paragraph, align="center", before=6, after=3, keep=True)
        drawn = paragraph.add_run().add_picture(io.BytesIO(data), width=Cm(wide))
        drawn._inline.docPr.set("descr", clean(words))

    def grids(self, grid: Grid) -> tuple[Grid, ...]:
        """A grid as tables that fit the page: a wide one by groups of its columns.

        The columns that name a row stand in every one of them.
        """
        least = [_least(grid, at) for at in range(len(grid.heads))]
        fixed = list(range(grid.fixed))
        room = self.width - sum(least[at] for at in fixed)
        groups: list[list[int]] = [[]]
        used = 0.0
        for at in range(grid.fixed, len(grid.heads)):
            if groups[-1] and used + least[at] > room:
                groups.append([])
                used = 0.0
            groups[-1].append(at)
            used += least[at]
        return tuple(_columns(grid, [*fixed, *group]) for group in groups)

    def table(self, grid: Grid) -> Any:
        """A native table: its heading row is repeated on every page, no row is torn apart."""
        part = self.anchor.part.document if hasattr(self.anchor.part, "document") else None
        assert part is not None, "tables stand in the body"
        headed = any(grid.heads)
        table = part.add_table(rows=1 if headed else 0, cols=max(1, len(grid.heads)))
        self.anchor._p.addprevious(table._tbl)
        _borders(table)
        if headed:
            heads = [(head, False) for head in grid.heads]
            _row(table.rows[0], heads, self, _size(grid), head=True)
        for cells in grid.rows:
            words = [(_together(c.words) if c.figure else c.words, c.figure) for c in cells]
            _row(table.add_row(), words, self, _size(grid))
        _set_widths(table, self._widths(grid))
        return table

    def _widths(self, grid: Grid) -> list[float]:
        """Widths in cm that fill the text: what no word may break, and the rest by length."""
        least = [_least(grid, at) for at in range(len(grid.heads))]
        lengths = [_length(grid, at) for at in range(len(grid.heads))]
        wanted = [
            max(0.1, min(length, MOST_LETTERS) * LETTER - low)
            for length, low in zip(lengths, least, strict=True)
        ]
        free = max(0.0, self.width - sum(least))
        share = [low + free * one / sum(wanted) for low, one in zip(least, wanted, strict=True)]
        return [self.width * one / sum(share) for one in share]


def _words(grid: Grid, at: int) -> list[str]:
    return [grid.heads[at], *(row[at].words for row in grid.rows)]


def _length(grid: Grid, at: int) -> float:
    """Letters that a column would like beside each other: those of four cells of five.

    A heading takes three lines or less.
    """
    cells = sorted(len(row[at].words) for row in grid.rows) or [0]
    return max(cells[len(cells) * 4 // 5 if len(cells) > 4 else -1], len(grid.heads[at]) / 3)


def _least(grid: Grid, at: int) -> float:
    """Centimetres in which no word of a column has to be broken; very long ones are."""
    figures = [_together(row[at].words) for row in grid.rows if row[at].figure]
    told = [grid.heads[at], *figures, *(row[at].words for row in grid.rows if not row[at].figure)]
    longest = max((len(part) for words in told for part in words.split(" ")), default=1)
    letter = LETTER * _size(grid) / TABLE_SIZE
    room = max(longest, 2)
    if at < grid.fixed == 1:
        room = max(room, min(NAME_LETTERS, max(len(words) for words in _words(grid, at))))
    return PADDING + letter * min(room, LONGEST_WORD)


def _size(grid: Grid) -> float:
    """Points of the letters of a table: many columns are set a little smaller."""
    return TABLE_SIZE if len(grid.heads) <= MOST_COLUMNS else SMALL_SIZE


def _together(words: str) -> str:
    """A figure with its sign, which stay on one line."""
    return words.replace(" ", "\u00a0") if len(words) <= MOST_TOGETHER else words


def _columns(grid: Grid, kept: list[int]) -> Grid:
    rows = tuple(tuple(row[at] for at in kept) for row in grid.rows)
    return Grid(tuple(grid.heads[at] for at in kept), rows, grid.fixed)


def shape(
    paragraph: Any,
    *,
    align: str = "left",
    indent: float = 0.0,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> None:
    """Set how a paragraph stands."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    its = paragraph.paragraph_format
    its.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    its.first_line_indent = Cm(indent)
    its.left_indent = Cm(0)
    its.space_before, its.space_after = Pt(before), Pt(after)
    its.keep_with_next = keep


def outline(paragraph: Any, level: int) -> None:
    """Name a paragraph a heading without a style, so that every template has it."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    its = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level))
    its.append(mark)


def _page() -> Any:
    from docx.enum.text import WD_BREAK

    return WD_BREAK.PAGE


def _borders(table: Any) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    table.autofit = False
    its = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # The order of the elements is part of the schema.
    its.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _set_widths(table: Any, widths: Sequence[float]) -> None:
    from docx.shared import Cm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _row(
    row: Any,
    cells: Sequence[tuple[str, bool]],
    writer: Writer,
    size: float,
    *,
    head: bool = False,
) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    its = row._tr.get_or_add_trPr()
    names = ["w:cantSplit", "w:tblHeader"] if head else ["w:cantSplit"]
    for name in names:
        its.append(OxmlElement(name))
    for cell, (words, figure) in zip(row.cells, cells, strict=True):
        paragraph = cell.paragraphs[0]
        writer.run(paragraph, words, bold=head or None, size=size)
        align = "center" if head else "right" if figure else "left"
        shape(paragraph, align=align, before=2, after=2)
        paragraph.paragraph_format.line_spacing = 1.0
        if head:
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
                shade.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shade)
