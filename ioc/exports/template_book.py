"""The workbook of a template: open cells for numbers, the rest locked, nothing that computes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from ioc.exports.table import plain
from ioc.exports.template import Check, Line, Template

WIDEST = 60
_WORDS = "tu_khong_co"
"""The name of the range that holds the words for what is not known."""
_INK, _SOFT, _EDGE = "14202E", "4A5A6C", "C6D0DB"
_HEAD, _OPEN, _SHUT = "DCE6F2", "FFF8DC", "F3F5F8"


def to_xlsx(template: Template) -> bytes:
    """The workbook's bytes; no formula stands in a cell, and nothing leads out of the file."""
    from openpyxl import Workbook  # heavy; only when a template is asked for

    book = Workbook()
    data = book.active
    assert data is not None
    data.title = template.sheets[0]
    about = book.create_sheet(template.sheets[1])
    guide = book.create_sheet(template.sheets[2])
    book.properties.creator = "IOC"
    book.properties.title = plain(template.heading[0])
    head = _data(data, template)
    _about(about, template)
    _guide(guide, template)
    _named(book, template)
    _checks(data, template, head + 1)
    for sheet in (data, about, guide):
        _protect(sheet)
        _page(sheet, template, landscape=sheet is data)
    data.print_title_rows = f"{head}:{head}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _data(sheet: Any, template: Template) -> int:
    """Fill the sheet of rows; the number of its header row."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter

    side = Side(style="thin", color=_EDGE)
    edges = Border(left=side, right=side, top=side, bottom=side)
    width = len(template.columns)
    for row, text in enumerate(template.heading, 1):
        cell = _text(sheet, row, 1, text)
        cell.font = Font(name="Arial", size=14 if row == 1 else 10, bold=row == 1, color=_INK)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        sheet.row_dimensions[row].height = 22 if row == 1 else 15 * (1 + len(text) // 120)
    head = len(template.heading) + 2
    for place, column in enumerate(template.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = min(column.width, WIDEST)
        cell = _text(sheet, head, place, column.label)
        cell.font = Font(name="Arial", size=10, bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_HEAD)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = edges
    sheet.row_dimensions[head].height = 32
    for row, line in enumerate(template.lines, head + 1):
        for place, column in enumerate(template.columns, 1):
            cell = _text(sheet, row, place, line.texts.get(column.name, ""))
            is_open = column.name in line.open
            cell.font = Font(name="Arial", size=10, color=_SOFT if column.faint else _INK)
            cell.fill = PatternFill("solid", fgColor=_OPEN if is_open else _SHUT)
            cell.border = edges
            side_of = "right" if column.number else "left"
            cell.alignment = Alignment(horizontal=side_of, vertical="center", wrap_text=True)
            cell.protection = Protection(locked=not is_open)
            check = line.open.get(column.name)
            if check is not None:
                cell.number_format = "#,##0" if check.whole else "#,##0.######"
        sheet.row_dimensions[row].height = 15 * _lines(template, line)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.sheet_view.showGridLines = False
    return head


def _lines(template: Template, line: Line) -> int:
    """How many lines the longest text of a row takes in its column."""
    widths = {one.name: one.width for one in template.columns}
    needed = [
        1 + int(len(text) * 1.1 / widths[name])
        for name, text in line.texts.items()
        if name in widths
    ]
    return max(1, *needed) if needed else 1


def _about(sheet: Any, template: Template) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    for letter, width in (("A", 26), ("B", 44), ("C", 60)):
        sheet.column_dimensions[letter].width = width
    for row, one in enumerate(template.about, 1):
        name, value, hint = (
            _text(sheet, row, at, text)
            for at, text in enumerate((one.label, one.value, one.hint), 1)
        )
        name.font = Font(name="Arial", size=10, bold=True, color=_INK)
        value.font = Font(name="Arial", size=10, color=_INK)
        hint.font = Font(name="Arial", size=10, italic=True, color=_SOFT)
        value.fill = PatternFill("solid", fgColor=_OPEN if one.open else _SHUT)
        value.protection = Protection(locked=not one.open)
        for cell in (name, value, hint):
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.sheet_view.showGridLines = False


def _guide(sheet: Any, template: Template) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 100
    for row, text in enumerate((*template.guide, *template.words), 1):
        cell = _text(sheet, row, 1, text)
        if set(text) <= set("-–—"):
            cell.value = text  # a dash alone computes nothing, and must be what people type
            cell.data_type = "s"
        cell.font = Font(name="Arial", size=10, bold=row == 1, color=_INK)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.sheet_view.showGridLines = False


def _named(book: Any, template: Template) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    first, last = len(template.guide) + 1, len(template.guide) + len(template.words)
    place = f"'{template.sheets[2]}'!$A${first}:$A${last}"
    book.defined_names[_WORDS] = DefinedName(_WORDS, attr_text=place)


def _checks(sheet: Any, template: Template, first: int) -> None:
    """The ranges of the open cells, with the words that may stand in place of a number."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, column in enumerate(template.columns, 1):
        if not column.number:
            continue
        for check, top, bottom in _runs(template.lines, column.name, first):
            here = f"{get_column_letter(place)}{top}"
            beside = f"{get_column_letter(place + 1)}{top}"
            rule = DataValidation(
                type="custom", formula1=_rule(check, here, beside), allow_blank=True
            )
            rule.errorTitle, rule.error = template.refused
            rule.promptTitle, rule.prompt = template.prompt
            rule.showErrorMessage = rule.showInputMessage = True
            rule.add(f"{here}:{get_column_letter(place)}{bottom}")
            sheet.add_data_validation(rule)


def _rule(check: Check, here: str, beside: str) -> str:
    tests = [f"ISNUMBER({here})"]
    tests += [] if check.negative else [f"{here}>=0"]
    tests += [f"{here}=INT({here})"] if check.whole else []
    tests += [f"OR(NOT(ISNUMBER({beside})),{here}<={beside})"] if check.within else []
    return f"OR(ISNUMBER(MATCH({here},{_WORDS},0)),AND({','.join(tests)}))"


def _runs(lines: Iterable[Line], name: str, first: int) -> Iterator[tuple[Check, int, int]]:
    """Neighbouring rows whose cell in a column may hold the same."""
    numbered = enumerate((line.open.get(name) for line in lines), first)
    for check, group in groupby(numbered, key=lambda one: one[1]):
        rows = [row for row, _ in group]
        if check is not None:
            yield check, rows[0], rows[-1]


def _text(sheet: Any, row: int, column: int, text: str) -> Any:
    """A cell that is text whatever it begins with; an empty one stays empty."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = plain(text)
        cell.data_type = "s"
    return cell


def _protect(sheet: Any) -> None:
    """Against slips, not against people: no password."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.autoFilter = False


def _page(sheet: Any, template: Template, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text = template.footer.replace("&", "&&")[:200]
    sheet.oddFooter.right.text = "&P/&N"
