"""One table of an extract as a sheet: what is read at the left and on paper, the rest beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.domain.view import ZONE
from ioc.exports.extract import Column, Extract, Kind, Sheet
from ioc.exports.table import Value, plain
from ioc.exports.workbook_paper import LINE_HEIGHT, height, paper, text
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


def write_table(page: Any, sheet: Sheet, extract: Extract, strip: Strip, styles: Styles) -> None:
    """The sheet of a table: its title, what all rows share, its mark, then the rows."""
    lang = extract.lang
    text(page, 0, 0, sheet.title, styles.title)
    page.set_row(0, 24)
    shown = _shown(sheet)
    shared = _shared(sheet, shown)
    aside = {at for at in shown if at in shared or sheet.columns[at].key in ASIDE}
    lines = [*sheet.subtitle.split(" · "), extract.title, *shared.values()]
    words = " · ".join(dict.fromkeys(one for one in lines if one))
    if sheet.illustrative:
        text(page, 2, 0, _label(sheet, lang), styles.mark)
    if sheet.missing:
        told = f"{say(lang, 'sheets.missing')}: {sheet.missing}"
        text(page, HEADER_ROW, 0, told, styles.missing)
        page.set_column(0, 0, 60)
        _line(page, words, 0, 60, styles)
        paper(page, strip, lang)
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
        most = max((height(one, width) for one, width in seen if isinstance(one, str)), default=0)
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
        text(page, HEADER_ROW + 1, 0, say(lang, "sheets.no_rows"), styles.empty)
    page.print_area(0, 0, max(last, HEADER_ROW + 1), printed)
    paper(page, strip, lang)


def _line(page: Any, words: str, last: int, width: float, styles: Styles) -> None:
    """What all rows share, over the columns that are printed, however long it is."""
    if last:
        page.merge_range(1, 0, 1, last, "", styles.line)
    text(page, 1, 0, words, styles.line)
    page.set_row(1, height(words, max(int(width), 20)))


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
                    text(self._page, line, place, words, style)
                else:
                    self._page.write_blank(line, place, None, style)
            elif column.key == "status" and isinstance(value, str):
                sign, look = self._signs.get(value, ("", ""))
                words = f"{sign} {value}".strip()
                text(self._page, line, place, words, self._styles.status(look))
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
            text(page, line, place, str(value), styles.text(made_up, wrap=not narrow))
