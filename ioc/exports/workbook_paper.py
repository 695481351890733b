"""What every sheet of a workbook has: A4 paper with the code at its foot, text as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.exports.table import plain

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip

A4 = 9
LINE_HEIGHT = 13.5
LONGEST_FOOTER = 120
LONGEST_TEXT = 32_000
"""Characters of a cell: a program refuses a file with more than 32,767."""


def paper(page: Any, strip: Strip, lang: str) -> None:
    """A4, as wide as one page, with the code and the page's number below."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    title = strip.title[:LONGEST_FOOTER].replace("&", "&&")
    mark = f" – {strip.mark}" if strip.mark else ""
    number = say(lang, "sheets.page", page="&P", pages="&N")
    # The blank ends the size: what follows may begin with a digit.
    page.set_footer(f"&L&8 {strip.shown_code}&C&8 {title}{mark}&R&8 {number}")


def text(page: Any, row: int, at: int, words: str, style: Any) -> None:
    """Words in a cell: no formula, no link, whatever they hold."""
    page.write_string(row, at, plain(words)[:LONGEST_TEXT], style)


def height(words: str, width: int) -> float:
    """Room for words that wrap: not every program makes it by itself."""
    return LINE_HEIGHT * max(1, -(-len(words) * 100 // (width * 112)))
