"""A checked row in words, the same on the page and in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioc.domain.messages import explain, say
from ioc.domain.words import counts_words, figure_words
from ioc.web.submit_answers import Checked

if TYPE_CHECKING:
    from ioc.domain.indicator import Indicator
    from ioc.domain.measure import Figure


def place_words(row: Checked, lang: str) -> str:
    """Where the row or the wrong cell is: `dòng 7, cột Tử số`."""
    if row.row is None:
        return say(lang, "submit.place_none")
    if row.column:
        return say(lang, "submit.place_cell", row=row.row, column=row.column)
    return say(lang, "submit.place_row", row=row.row)


def reason_words(row: Checked, lang: str) -> str:
    """Why, as a sentence; nothing for what is taken."""
    return explain(lang, row.code, row.params) if row.code else ""


def given_words(indicator: Indicator | None, figure: Figure | None, lang: str) -> str:
    """A figure with what it is made of: `89,23% (1.040/1.165 học viên)`."""
    if indicator is None or figure is None:
        return ""
    words = figure_words(indicator, figure, lang)
    if figure.value is None or figure.numerator is None or figure.denominator is None:
        return words
    return f"{words} ({counts_words(indicator, figure, lang)})"
