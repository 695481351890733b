"""Extracts as a workbook: a cover, a sheet for each table, definitions and sources.

Numbers stay numbers and dates dates. Text is written as text only: it cannot become a formula or a
link, whatever it holds.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.domain.view import ZONE
from ioc.exports.extract import Column, Extract, Kind, Sheet
from ioc.exports.table import Value, plain
from ioc.exports.workbook_names import names_of, same_table
from ioc.exports.workbook_styles import Styles, number_format, signs_of, width_of

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip

HEADER_ROW = 3
"""Rows above a table: its title, what all rows share, and what must be known of it."""
FROZEN = ("unit_key", "unit", "key", "title", "register", "name", "group", "number", "row")
"""Columns that stay in sight when the sheet is scrolled."""
SHARED = frozenset({"indicator", "period", "measure", "source", "part"})
"""Columns that are told above the table where all rows say the same."""
ASIDE = frozenset({
    "unit_key", "indicator_code", "from", "to", "numerator", "denominator", "bound", "received",
    "source", "citation", "held", "held_source", "due_code", "lon", "lat", "valid_from", "recorded",
    "empty",
})  # fmt: skip
"""Columns that stand to the right of the others, where paper ends: sorting and linking need them,
reading does not."""
PRINTED = 165
"""Characters of columns on paper; those further to the right are on the screen only."""
A4 = 9
LINE_HEIGHT = 13.5
QR_SCALE, QR_SIZE = 6, 0.62
LONGEST_FOOTER = 120


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
        _table(book.add_worksheet(name), sheet, extract, strip, styles)
    _definitions(book.add_worksheet(titles[-2]), extracts, strip, styles, lang)
    _origins(book.add_worksheet(titles[-1]), extracts, strip, styles, lang)
    listed = [(name, sheet) for name, (_, sheet) in zip(titles[1:-2], kept, strict=True)]
    _cover(cover, extracts, strip, listed, styles, lang)
    cover.activate()
    book.close()
    return stream.getvalue()


def _name(sheet: Sheet, extract: Extract, extracts: Sequence[Extract], lang: str) -> str:
    """What a sheet is called; of several pages each has its number before it."""
    from ioc.domain.messages import knows

    key = f"sheets.name_{sheet.part.replace('-', '_')}"
    name = say(lang, key) if knows(lang, key) else sheet.title or sheet.part
    return name if len(extracts) == 1 else f"{extracts.index(extract) + 1}. {name}"


def _paper(page: Any, strip: Strip, lang: str, *, landscape: bool = True) -> None:
    """A4, as wide as one page, with the code and the page's number below."""
    if landscape:
        page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    title = strip.title[:LONGEST_FOOTER].replace("&", "&&")
    mark = f" – {strip.mark}" if strip.mark else ""
    number = say(lang, "sheets.page", page="&P", pages="&N")
    # The blank ends the size: what follows may begin with a digit.
    page.set_footer(f"&L&8 {strip.shown_code}&C&8 {title}{mark}&R&8 {number}")


def _text(page: Any, row: int, at: int, words: str, style: Any) -> None:
    page.write_string(row, at, plain(words), style)


def _table(page: Any, sheet: Sheet, extract: Extract, strip: Strip, styles: Styles) -> None:
    lang = extract.lang
    _text(page, 0, 0, sheet.title, styles.title)
    page.set_row(0, 24)
    shown = _shown(sheet)
    shared = _shared(sheet, shown)
    aside = {at for at in shown if at in shared or sheet.columns[at].key in ASIDE}
    lines = [*sheet.subtitle.split(" · "), extract.title, *shared.values()]
    words = " · ".join(dict.fromkeys(one for one in lines if one))
    if sheet.illustrative:
        _text(page, 2, 0, _label(sheet, lang), styles.mark)
    if sheet.missing:
        told = f"{say(lang, 'sheets.missing')}: {sheet.missing}"
        _text(page, HEADER_ROW, 0, told, styles.missing)
        page.set_column(0, 0, 60)
        _line(page, words, 0, 60, styles)
        _paper(page, strip, lang)
        return
    shown = [*(at for at in shown if at not in aside), *(at for at in shown if at in aside)]
    printed, room, width = 0, float(PRINTED), 0.0
    for place, at in enumerate(shown):
        room -= _head(page, place, sheet, at, styles)
        if room >= 0 and at not in aside:
            printed, width = place, PRINTED - room
    _line(page, words, printed, width, styles)
    page.set_row(HEADER_ROW, LINE_HEIGHT * max(map(_lines_of, (sheet.columns[at] for at in shown))))
    body = _Body(page, sheet, styles, lang)
    widths = {at: int(width_of(sheet.columns[at], [row[at] for row in sheet.rows])) for at in shown}
    for number, row in enumerate(sheet.rows):
        body.write(number, row, shown)
        seen = [(row[at], widths[at]) for at in shown[: printed + 1]]
        most = max((_height(one, width) for one, width in seen if isinstance(one, str)), default=0)
        if most > LINE_HEIGHT:
            page.set_row(HEADER_ROW + 1 + number, most)
    last = HEADER_ROW + len(sheet.rows)
    if shown:
        page.autofilter(HEADER_ROW, 0, max(last, HEADER_ROW + 1), len(shown) - 1)
    leading = 0
    while leading < min(len(shown), 3) and sheet.columns[shown[leading]].key in FROZEN:
        leading += 1
    page.freeze_panes(HEADER_ROW + 1, leading)
    page.repeat_rows(HEADER_ROW)
    if not sheet.rows:
        _text(page, HEADER_ROW + 1, 0, say(lang, "sheets.no_rows"), styles.empty)
    page.print_area(0, 0, max(last, HEADER_ROW + 1), printed)
    _paper(page, strip, lang)


def _line(page: Any, words: str, last: int, width: float, styles: Styles) -> None:
    """What all rows share, over the columns that are printed, however long it is."""
    if last:
        page.merge_range(1, 0, 1, last, "", styles.line)
    _text(page, 1, 0, words, styles.line)
    page.set_row(1, _height(words, max(int(width), 20)))


def _label(sheet: Sheet, lang: str) -> str:
    """The mark of a sheet, which says how its rows are told apart where not all are made up."""
    body = _Body(None, sheet, None, lang)
    marked = [body.made_up(row) for row in sheet.rows]
    some = any(marked) and not all(marked)
    return say(lang, "sheets.label_some" if some else "sheets.label_illustrative")


def _lines_of(column: Column) -> int:
    """Lines that a column's name takes, with its unit of measure."""
    width, lines, room = int(width_of(column, ())) - 2, 1, 0
    for word in column.words.split():
        if room and room + 1 + len(word) > width:
            lines, room = lines + 1, len(word)
        else:
            room += len(word) + (1 if room else 0)
    return max(2, lines + (1 if column.unit else 0))


def _shown(sheet: Sheet) -> list[int]:
    """The columns that say anything; one that is empty all the way down is left out."""
    if not sheet.rows:
        return list(range(len(sheet.columns)))
    return [
        at
        for at, one in enumerate(sheet.columns)
        if one.key == "value" or any(row[at] is not None for row in sheet.rows)
    ]


def _shared(sheet: Sheet, shown: Iterable[int]) -> dict[int, str]:
    """Columns whose rows all say the same, with what they say in words."""
    if len(sheet.rows) < 2:
        return {}
    found = {}
    for at in shown:
        values = {row[at] for row in sheet.rows}
        if sheet.columns[at].key in SHARED and len(values) == 1:
            value = next(iter(values))
            found[at] = value if isinstance(value, str) else ""
    return found


def _head(page: Any, place: int, sheet: Sheet, at: int, styles: Styles) -> float:
    """The name of a column; answers how wide it is."""
    column = sheet.columns[at]
    unit = f"\n({column.unit})" if column.unit else ""
    page.write_string(HEADER_ROW, place, plain(column.words) + unit, styles.head)
    width = width_of(column, [row[at] for row in sheet.rows])
    page.set_column(place, place, width)
    return width


class _Body:
    """The rows of one sheet as they are written."""

    def __init__(self, page: Any, sheet: Sheet, styles: Any, lang: str) -> None:
        self._page, self._sheet, self._styles, self._lang = page, sheet, styles, lang
        self._at = {one.key: at for at, one in enumerate(sheet.columns)}
        self._marked = {say(lang, "words.illustrative"), say(lang, "register.yes")}
        self._signs = signs_of(lang)

    def write(self, number: int, row: Sequence[Value], shown: Sequence[int]) -> None:
        """One row; a figure that is not there is told by its word, in grey."""
        made_up = self.made_up(row)
        for place, at in enumerate(shown):
            column, value = self._sheet.columns[at], row[at]
            line = HEADER_ROW + 1 + number
            if value is None:
                words = self._why(row) if column.key == "value" else ""
                style = self._styles.blank(made_up)
                if words:
                    _text(self._page, line, place, words, style)
                else:
                    self._page.write_blank(line, place, None, style)
            elif column.key == "status" and isinstance(value, str):
                sign, look = self._signs.get(value, ("", ""))
                words = f"{sign} {value}".strip()
                _text(self._page, line, place, words, self._styles.status(look))
            else:
                self._cell(line, place, column, value, self._places(column, number), made_up)

    def made_up(self, row: Sequence[Value]) -> bool:
        """Whether the row says of itself that it is illustrative."""
        at = self._at.get("illustrative", self._at.get("mark"))
        return at is not None and row[at] in self._marked

    def _why(self, row: Sequence[Value]) -> str:
        at = self._at.get("empty")
        why = row[at] if at is not None else None
        return why if isinstance(why, str) else say(self._lang, "words.nothing")

    def _places(self, column: Column, number: int) -> int | None:
        if column.places is not None:
            return column.places
        return self._sheet.places[number] if number < len(self._sheet.places) else None

    def _cell(
        self, line: int, place: int, column: Column, value: Value, places: int | None,
        made_up: bool,
    ) -> None:  # fmt: skip
        page, styles, lang = self._page, self._styles, self._lang
        if isinstance(value, datetime):
            local = value.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
            page.write_datetime(line, place, local, styles.number("dd/mm/yyyy hh:mm", made_up))
        elif isinstance(value, date):
            page.write_datetime(line, place, value, styles.number("dd/mm/yyyy", made_up))
        elif isinstance(value, (int, Fraction)):
            form = number_format(value, column.kind, places, lang)
            page.write_number(line, place, float(value), styles.number(form, made_up))
        else:
            narrow = column.kind is Kind.TEXT and len(str(value)) <= width_of(column, [])
            _text(page, line, place, str(value), styles.text(made_up, wrap=not narrow))


def _cover(
    page: Any,
    extracts: Sequence[Extract],
    strip: Strip,
    listed: Sequence[tuple[str, Sheet]],
    styles: Styles,
    lang: str,
) -> None:
    from ioc.exports.provenance import qr_png

    page.hide_gridlines(2)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 78)
    page.set_column(2, 2, 26)
    page.set_row(0, 36)
    _text(page, 0, 0, strip.title, styles.cover)
    row = 1
    if strip.mark:
        _text(page, row, 0, say(lang, "sheets.label_illustrative"), styles.mark)
        row += 1
    if not strip.complete:
        _text(page, row, 0, say(lang, "sheets.label_incomplete"), styles.missing)
        row += 1
    row += 1
    first = row
    for name, words in strip.about:
        _text(page, row, 0, name, styles.name)
        _text(page, row, 1, words, styles.words)
        page.set_row(row, _height(words, 78))
        row += 1
    picture = io.BytesIO(qr_png(strip.address_of_verify, QR_SCALE))
    page.insert_image(
        first, 2, "qr.png",
        {"image_data": picture, "x_scale": QR_SIZE, "y_scale": QR_SIZE, "x_offset": 12,
         "object_position": 3, "description": strip.invitation},
    )  # fmt: skip
    _text(page, row, 1, strip.invitation, styles.line)
    row += 2
    for at, words in enumerate((say(lang, "sheets.sheet"), say(lang, "sheets.holds"))):
        _text(page, row, at, words, styles.head)
    for name, sheet in listed:
        row += 1
        _text(page, row, 0, name, styles.name)
        told = sheet.title
        if sheet.missing:
            told = f"{sheet.title} – {say(lang, 'sheets.missing')}: {sheet.missing}"
        else:
            told = f"{sheet.title} ({say(lang, 'sheets.rows', count=len(sheet.rows))})"
        _text(page, row, 1, told, styles.words)
        page.set_row(row, _height(told, 78))
    caveats = dict.fromkeys(one for extract in extracts for one in extract.caveats)
    if caveats:
        row += 2
        _text(page, row, 0, say(lang, "sheets.caveats"), styles.head)
        _text(page, row, 1, "", styles.head)
        for number, words in enumerate(caveats, 1):
            row += 1
            _text(page, row, 0, str(number), styles.name)
            _text(page, row, 1, words, styles.words)
            page.set_row(row, _height(words, 78))
    _paper(page, strip, lang)


def _height(words: str, width: int) -> float:
    """Room for words that wrap: not every program makes it by itself."""
    return LINE_HEIGHT * max(1, -(-len(words) * 100 // (width * 112)))


def _definitions(
    page: Any, extracts: Sequence[Extract], strip: Strip, styles: Styles, lang: str
) -> None:
    found = {one.code: one for extract in extracts for one in extract.definitions}
    rows = [
        (one.code, one.name, one.meaning, one.formula, one.unit, one.direction, one.version)
        for one in found.values()
    ]
    keys = ("code", "name", "meaning", "formula", "unit", "direction", "version")
    _list(page, "definitions", keys, (9, 28, 48, 40, 10, 16, 11), rows, styles, lang)
    _paper(page, strip, lang)


def _origins(
    page: Any, extracts: Sequence[Extract], strip: Strip, styles: Styles, lang: str
) -> None:
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
    _paper(page, strip, lang)


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
    _text(page, 0, 0, say(lang, f"sheets.{name}"), styles.title)
    page.set_row(0, 24)
    for at, (key, width) in enumerate(zip(keys, widths, strict=True)):
        page.set_column(at, at, width)
        _text(page, 2, at, say(lang, f"sheets.list_{key}"), styles.head)
    page.set_row(2, 2 * LINE_HEIGHT)
    count = 0
    for count, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, datetime):
                local = value.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
                page.write_datetime(2 + count, at, local, styles.number("dd/mm/yyyy hh:mm", False))
            else:
                _text(page, 2 + count, at, value or "", styles.text(False, wrap=True))
        most = max(
            _height(value, width)
            for value, width in zip(row, widths, strict=True)
            if isinstance(value, str)
        )
        page.set_row(2 + count, most)
    page.autofilter(2, 0, 2 + max(count, 1), len(keys) - 1)
    page.freeze_panes(3, 1)
    page.repeat_rows(2)
