"""The workbook in which a register's items are written by hand, and the file that reads it back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from ioc.domain.messages import say
from ioc.domain.register import ItemField, Kind, Register
from ioc.exports.table import plain

KEY, UNIT, STATE = "key", "unit", "state"
"""The columns that every register has besides its fields."""
ROWS = 2000
"""Rows below the header in which a cell says what it may hold."""
_SHEET = re.compile(r"[\[\]:*?/\\']")
_INK, _HEAD, _NEEDED = "14202E", "DCE6F2", "F6D9A8"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column: `choices` are the words a cell may hold, where it holds one of a list."""

    name: str
    heading: str
    hint: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    whole: bool = False


def columns_of(register: Register, lang: str) -> tuple[TemplateColumn, ...]:
    """The columns of a register's template: its key, unit and state, then every field."""
    states = tuple(one.name.say(lang) for one in register.states)
    own = (
        _own(KEY, lang, ()),
        _own(UNIT, lang, ()),
        _own(STATE, lang, states),
    )
    taken = {one.heading.casefold() for one in own}
    fields = []
    for field in register.fields:
        heading = field.label.say(lang)
        if heading.casefold() in taken:
            heading = f"{heading} ({field.name})"
        taken.add(heading.casefold())
        fields.append(_column(field, heading, lang))
    return (*own, *fields)


def template_of(register: Register, lang: str) -> bytes:
    """The workbook's bytes: a sheet to fill in, one that explains each column, and the choices.

    No cell holds a formula; a heading in another colour is a field that an item must have.
    """
    from openpyxl import Workbook  # heavy; only when a template is asked for

    columns = columns_of(register, lang)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _SHEET.sub(" ", register.name.say(lang))[:31].strip()
    guide = book.create_sheet(say(lang, "register_template.guide"))
    choices = book.create_sheet(say(lang, "register_template.choices"))
    book.properties.creator = "IOC"
    book.properties.title = plain(register.name.say(lang))
    _heads(sheet, columns)
    _explain(guide, register, columns, lang)
    _limit(sheet, choices, columns)
    choices.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def source_file(register: Register, lang: str = "vi") -> str:
    """The file of a source that reads filled templates from a folder, ready to be copied."""
    name = f"nop-{register.key.replace('_', '-')}"
    columns = columns_of(register, lang)
    content = {
        "name": name,
        "title": {
            "vi": f"{register.name.vi}: tệp nộp tay",
            "en": f"{register.name.en}: files filled in by hand",
        },
        "connector": "file_drop",
        "illustrative": False,
        "schedule": {"every": "1m"},
        "config": {
            "folder": f"drop/{name}",
            "columns": {one.name: [one.heading] for one in columns},
            "optional": [one.name for one in columns if one.name not in (KEY, UNIT, STATE)],
        },
        "items": {
            "register": register.key,
            "key": KEY,
            "unit": {"key": UNIT},
            "state": STATE,
            **_places(register),
            "fields": {
                one.name: f"f_{one.name}" for one in register.fields if one.kind is not Kind.PLACE
            },
        },
        "mapping": {"locale": "vi" if lang == "vi" else "en", "percent": "percent"},
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _places(register: Register) -> dict[str, object]:
    field = next((one for one in register.fields if one.kind is Kind.PLACE), None)
    return {} if field is None else {"place": {"text": f"f_{field.name}"}}


def _own(name: str, lang: str, choices: tuple[str, ...]) -> TemplateColumn:
    heading = say(lang, f"register_template.{name}")
    hint = say(lang, f"register_template.{name}_hint")
    return TemplateColumn(name, heading, hint, needed=True, choices=choices)


def _column(field: ItemField, heading: str, lang: str) -> TemplateColumn:
    hint = say(lang, f"register_template.kind_{field.kind.value}")
    if field.unit_of_measure is not None:
        hint += f" ({field.unit_of_measure.say(lang)})"
    if field.hint is not None:
        hint += ". " + field.hint.say(lang)
    choices: tuple[str, ...] = ()
    if field.kind is Kind.FLAG:
        choices = (say(lang, "register_template.flag_yes"), say(lang, "register_template.flag_no"))
    elif field.kind is Kind.CHOICE:
        choices = tuple(one.name.say(lang) for one in field.choices)
    elif field.kind is Kind.CHOICES:
        hint += ": " + "; ".join(one.name.say(lang) for one in field.choices)
    # A field may be called "state" too; its column is told apart by a prefix.
    return TemplateColumn(
        f"f_{field.name}", heading, hint, field.mandatory, choices, field.kind is Kind.COUNT
    )


def _heads(sheet: Any, columns: Iterable[TemplateColumn]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for at, column in enumerate(columns, 1):
        cell = sheet.cell(1, at, plain(column.heading))
        cell.data_type = "s"
        cell.font = Font(name="Arial", size=10, bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_NEEDED if column.needed else _HEAD)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.comment = Comment(plain(column.hint), "IOC")
        width = 38 if column.name == "f_title" else max(14, min(26, len(column.heading) + 2))
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "B2"


def _explain(sheet: Any, register: Register, columns: Iterable[TemplateColumn], lang: str) -> None:
    from openpyxl.styles import Alignment, Font

    rows = [
        (register.name.say(lang), register.about.say(lang), ""),
        (say(lang, "register_template.how"), "", ""),
        *(
            (
                one.heading,
                one.hint,
                say(lang, "register_template.needed") if one.needed else "",
            )
            for one in columns
        ),
    ]
    for at, texts in enumerate(rows, 1):
        for column, text in enumerate(texts, 1):
            if text:
                cell = sheet.cell(at, column, plain(text))
                cell.data_type = "s"
                cell.font = Font(name="Arial", size=10, bold=column == 1, color=_INK)
                cell.alignment = Alignment(vertical="top", wrap_text=at > 2)
    for letter, width in (("A", 36), ("B", 70), ("C", 16)):
        sheet.column_dimensions[letter].width = width


def _limit(sheet: Any, choices: Any, columns: Iterable[TemplateColumn]) -> None:
    """Lists to choose from, and whole numbers; whatever else is written is told by the reader."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        if column.choices:
            for row, word in enumerate(column.choices, 1):
                choices.cell(row, at, plain(word)).data_type = "s"
            place = f"'{choices.title}'!${letter}$1:${letter}${len(column.choices)}"
            rule = DataValidation(type="list", formula1=place, allow_blank=True)
        elif column.whole:
            rule = DataValidation(
                type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True
            )
        else:
            continue
        rule.showErrorMessage = True
        rule.add(f"{letter}2:{letter}{ROWS}")
        sheet.add_data_validation(rule)
