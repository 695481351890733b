"""Where in a delivery a record stood, in words."""

from __future__ import annotations

from ioc.domain.messages import say

FILE_PLACE = "*"
"""The place of a rejection that concerns the whole file."""


def place_words(place: str, lang: str) -> str:
    """The place of a row or file in words: "dòng 12"; any other place as the source names it."""
    if place == FILE_PLACE:
        return say(lang, "source.place_file")
    sheet, mark, row = place.rpartition("!")
    if not (row.isascii() and row.isdigit()):
        return place
    if mark:
        return say(lang, "source.place_sheet_row", sheet=sheet, row=row)
    return say(lang, "source.place_row", row=row)
