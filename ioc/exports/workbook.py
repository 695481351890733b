"""Extracts as a workbook: a cover, a sheet for each table, definitions and sources.

Numbers stay numbers and dates dates. Text is written as text only: it cannot become a formula or a
link, whatever it holds.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ioc.domain.messages import knows, say
from ioc.domain.view import ZONE
from ioc.exports.extract import Extract, Sheet
from ioc.exports.table import plain
from ioc.exports.workbook_cover import write_cover, write_definitions, write_origins
from ioc.exports.workbook_names import names_of, same_table
from ioc.exports.workbook_styles import Styles
from ioc.exports.workbook_table import write_table

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip


def to_xlsx(extracts: Sequence[Extract], strip: Strip, lang: str) -> bytes:
    """The workbook's bytes; the same extracts and strip give the same bytes."""
    import xlsxwriter  # heavy; only when a workbook is made

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {
            "title": plain(strip.title),
            "author": plain(strip.who),
            "comments": strip.shown_code,
            "created": strip.made_at.astimezone(ZONE).replace(tzinfo=None, microsecond=0),
        }
    )
    styles = Styles(book)
    tables = [(extract, sheet) for extract in extracts for sheet in extract.sheets]
    kept = [(extract, sheet) for extract, sheet in tables if not same_table(sheet, extract)]
    titles = names_of(
        [
            say(lang, "sheets.cover"),
            *(_name(sheet, extract, extracts, lang) for extract, sheet in kept),
            say(lang, "sheets.definitions"),
            say(lang, "sheets.origins"),
        ]
    )
    cover = book.add_worksheet(titles[0])
    for name, (extract, sheet) in zip(titles[1:-2], kept, strict=True):
        write_table(book.add_worksheet(name), sheet, extract, strip, styles)
    write_definitions(book.add_worksheet(titles[-2]), extracts, strip, styles, lang)
    write_origins(book.add_worksheet(titles[-1]), extracts, strip, styles, lang)
    listed = [(name, sheet) for name, (_, sheet) in zip(titles[1:-2], kept, strict=True)]
    write_cover(cover, extracts, strip, listed, styles, lang)
    cover.activate()
    book.close()
    return stream.getvalue()


def _name(sheet: Sheet, extract: Extract, extracts: Sequence[Extract], lang: str) -> str:
    """What a sheet is called; of several pages each has its number before it."""
    key = f"sheets.name_{sheet.part.replace('-', '_')}"
    name = say(lang, key) if knows(lang, key) else sheet.title or sheet.part
    return name if len(extracts) == 1 else f"{extracts.index(extract) + 1}. {name}"
