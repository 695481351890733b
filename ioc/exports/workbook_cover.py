"""The first and the last sheets of a workbook: cover, definitions, sources."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.domain.view import ZONE
from ioc.exports.extract import Extract, Sheet
from ioc.exports.workbook_paper import LINE_HEIGHT, height, paper, text
from ioc.exports.workbook_styles import Styles

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip

QR_SCALE, QR_SIZE = 6, 0.62


def write_cover(
    page: Any,
    extracts: Sequence[Extract],
    strip: Strip,
    listed: Sequence[tuple[str, Sheet]],
    styles: Styles,
    lang: str,
) -> None:
    """Title, strip, QR code, the list of the sheets, and what must be known when reading."""
    from ioc.exports.provenance import qr_png

    page.hide_gridlines(2)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 78)
    page.set_column(2, 2, 26)
    page.set_row(0, 36)
    text(page, 0, 0, strip.title, styles.cover)
    row = 1
    if strip.mark:
        text(page, row, 0, say(lang, "sheets.label_illustrative"), styles.mark)
        row += 1
    if not strip.complete:
        text(page, row, 0, say(lang, "sheets.label_incomplete"), styles.missing)
        row += 1
    row += 1
    first = row
    for name, words in strip.about:
        text(page, row, 0, name, styles.name)
        text(page, row, 1, words, styles.words)
        page.set_row(row, height(words, 78))
        row += 1
    picture = io.BytesIO(qr_png(strip.address_of_verify, QR_SCALE))
    page.insert_image(
        first, 2, "qr.png",
        {"image_data": picture, "x_scale": QR_SIZE, "y_scale": QR_SIZE, "x_offset": 12,
         "object_position": 3, "description": strip.invitation},
    )  # fmt: skip
    text(page, row, 1, strip.invitation, styles.line)
    row += 2
    for at, words in enumerate((say(lang, "sheets.sheet"), say(lang, "sheets.holds"))):
        text(page, row, at, words, styles.head)
    for name, sheet in listed:
        row += 1
        text(page, row, 0, name, styles.name)
        told = sheet.title
        if sheet.missing:
            told = f"{sheet.title} – {say(lang, 'sheets.missing')}: {sheet.missing}"
        else:
            told = f"{sheet.title} ({say(lang, 'sheets.rows', count=len(sheet.rows))})"
        text(page, row, 1, told, styles.words)
        page.set_row(row, height(told, 78))
    caveats = dict.fromkeys(one for extract in extracts for one in extract.caveats)
    if caveats:
        row += 2
        text(page, row, 0, say(lang, "sheets.caveats"), styles.head)
        text(page, row, 1, "", styles.head)
        for number, words in enumerate(caveats, 1):
            row += 1
            text(page, row, 0, str(number), styles.name)
            text(page, row, 1, words, styles.words)
            page.set_row(row, height(words, 78))
    paper(page, strip, lang)


def write_definitions(
    page: Any, extracts: Sequence[Extract], strip: Strip, styles: Styles, lang: str
) -> None:
    """What the indicators mean, with the version of their wording."""
    found = {one.code: one for extract in extracts for one in extract.definitions}
    rows = [
        (one.code, one.name, one.meaning, one.formula, one.unit, one.direction, one.version)
        for one in found.values()
    ]
    keys = ("code", "name", "meaning", "formula", "unit", "direction", "version")
    _list(page, "definitions", keys, (9, 28, 48, 40, 10, 16, 11), rows, styles, lang)
    paper(page, strip, lang)


def write_origins(
    page: Any, extracts: Sequence[Extract], strip: Strip, styles: Styles, lang: str
) -> None:
    """The sources behind the figures."""
    found = {one.name: one for extract in extracts for one in extract.origins}
    rows = [
        (
            one.name, one.citation, one.received,
            say(lang, "words.illustrative") if one.illustrative else None,
        )
        for one in found.values()
    ]  # fmt: skip
    keys = ("origin", "citation", "received", "nature")
    _list(page, "origins", keys, (46, 50, 18, 20), rows, styles, lang)
    paper(page, strip, lang)


def _list(
    page: Any,
    name: str,
    keys: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str | datetime | None]],
    styles: Styles,
    lang: str,
) -> None:
    """A plain table of words under a title, its header frozen and repeated."""
    text(page, 0, 0, say(lang, f"sheets.{name}"), styles.title)
    page.set_row(0, 24)
    for at, (key, width) in enumerate(zip(keys, widths, strict=True)):
        page.set_column(at, at, width)
        text(page, 2, at, say(lang, f"sheets.list_{key}"), styles.head)
    page.set_row(2, 2 * LINE_HEIGHT)
    count = 0
    for count, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, datetime):
                local = value.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
                page.write_datetime(2 + count, at, local, styles.number("dd/mm/yyyy hh:mm", False))
            else:
                text(page, 2 + count, at, value or "", styles.text(False, wrap=True))
        most = max(
            height(value, width)
            for value, width in zip(row, widths, strict=True)
            if isinstance(value, str)
        )
        page.set_row(2 + count, most)
    page.autofilter(2, 0, 2 + max(count, 1), len(keys) - 1)
    page.freeze_panes(3, 1)
    page.repeat_rows(2)
