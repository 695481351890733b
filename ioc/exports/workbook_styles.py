"""How cells of a workbook look: quiet, legible in print, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ioc.domain.target import Status
from ioc.domain.words import status_sign, status_words
from ioc.exports.extract import Column, Kind
from ioc.exports.table import Value

FONT = "Arial"
INK, SOFT, LINE, HEAD = "#14202E", "#5B6B80", "#C9D3DF", "#DCE6F2"
EMPTY, MADE_UP, MARK = "#7A8794", "#FBF6E9", "#8A5A00"
TINTS = {
    Status.REACHED: ("#DFF2E9", "#0F6B49"),
    Status.NEAR: ("#FCEFD0", "#7D5200"),
    Status.AT_RISK: ("#FBDCD9", "#B01F1C"),
    Status.NOT_JUDGED: ("#EEF2F6", "#47566B"),
}
"""Fill and ink of each status, as on the screen."""
NARROW, WIDE = 9, 44
VIETNAMESE = "[$-42A]"
_LONGEST_LOOKED = 400
"""Rows that a column's width is taken from."""


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[object, ...], Any] = {}
        self.cover = self._plain(bold=True, font_size=18)
        self.title = self._plain(bold=True, font_size=14)
        self.line = self._plain(font_color=SOFT, text_wrap=True, valign="top")
        self.mark = self._plain(bold=True, font_color=MARK)
        self.missing = self._plain(bold=True, font_color=TINTS[Status.AT_RISK][1])
        self.name = self._plain(font_color=SOFT, valign="top", border=1, border_color=LINE)
        self.words = self._plain(text_wrap=True, valign="top", border=1, border_color=LINE)
        self.empty = self._plain(italic=True, font_color=EMPTY)
        self.head = self._plain(
            bold=True, bg_color=HEAD, text_wrap=True, align="center", valign="vcenter", border=1,
            border_color=LINE,
        )  # fmt: skip

    def _plain(self, **properties: object) -> Any:
        return self._book.add_format({"font_name": FONT, "font_size": 10, "font_color": INK,
                                      **properties})  # fmt: skip

    def _kept(self, key: tuple[object, ...], **properties: object) -> Any:
        if key not in self._made:
            self._made[key] = self._plain(valign="top", border=1, border_color=LINE, **properties)
        return self._made[key]

    def text(self, made_up: bool, *, wrap: bool) -> Any:
        """Words."""
        return self._kept(
            ("text", made_up, wrap), text_wrap=wrap, align="left", indent=1, **_fill(made_up)
        )

    def number(self, form: str, made_up: bool) -> Any:
        """A number or a date of this format."""
        return self._kept(("number", form, made_up), num_format=form, align="right", indent=1,
                          **_fill(made_up))  # fmt: skip

    def blank(self, made_up: bool) -> Any:
        """No figure: grey words."""
        looks = {"italic": True, "font_color": EMPTY, "align": "right", "indent": 1}
        return self._kept(("blank", made_up), **looks, **_fill(made_up))

    def status(self, look: str) -> Any:
        """A status: its words on its fill."""
        fill, ink = TINTS[Status(look)] if look else TINTS[Status.NOT_JUDGED]
        return self._kept(("status", look), bg_color=fill, font_color=ink, align="left", indent=1)


def _fill(made_up: bool) -> dict[str, object]:
    return {"bg_color": MADE_UP} if made_up else {}


def signs_of(lang: str) -> dict[str, tuple[str, str]]:
    """The sign and the name of each status, by its words."""
    return {status_words(one, lang): (status_sign(one), one.value) for one in Status}


def number_format(value: int | Fraction, kind: Kind, places: int | None, lang: str) -> str:
    """The format of a number: thousands apart, the decimals of the screen.

    Marks for thousands and decimals are those of the reader's country, `1.234,5` in Viet Nam.
    """
    if kind is Kind.WHOLE or (places is None and Fraction(value).denominator == 1):
        decimals = 0
    else:
        decimals = 2 if places is None else places
    form = "#,##0" + ("." + "0" * decimals if decimals else "")
    return VIETNAMESE + form if lang == "vi" else form


def width_of(column: Column, values: Iterable[Value]) -> float:
    """A column's width in characters, from its name and what it holds."""
    heading = max((len(word) for word in column.words.split()), default=0) + 4
    longest = max((_length(one) for one in list(values)[:_LONGEST_LOOKED]), default=0)
    if not longest:
        longest = WIDE if column.kind is Kind.TEXT else 0
    return float(min(max(NARROW, heading, longest + 4), WIDE))


def _length(value: Value) -> int:
    if value is None:
        return 0
    if isinstance(value, datetime):
        return 16
    if isinstance(value, date):
        return 10
    if isinstance(value, Fraction):
        return len(f"{float(value):,.2f}")
    return len(f"{value:,}") if isinstance(value, int) else len(value)
