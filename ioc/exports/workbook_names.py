"""Names of a workbook's sheets: clean, short and different from each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ioc.exports.extract import Extract, Shape, Sheet

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_RESERVED = "history"
"""A name that Excel keeps for itself."""


def names_of(wanted: Iterable[str]) -> list[str]:
    """The names as sheets can have them, in order; equal ones are numbered."""
    taken: set[str] = set()
    found = []
    for words in wanted:
        name, number = clean(words), 1
        while name.casefold() in taken:
            number += 1
            after = f" ({number})"
            name = clean(words)[: LONGEST - len(after)].rstrip() + after
        taken.add(name.casefold())
        found.append(name)
    return found


def clean(words: str) -> str:
    """Words without what a sheet's name may not hold, at most LONGEST characters of them."""
    name = " ".join(_FORBIDDEN.sub(" ", words).split())[:LONGEST].strip()
    if not name or name.casefold() == _RESERVED:
        return f"{name or 'Sheet'} 1"
    return name


def same_table(sheet: Sheet, extract: Extract) -> bool:
    """Whether another part holds the very rows: a map and a ranking need one sheet."""
    return sheet.shape is Shape.MAP and any(
        one is not sheet and one.shape is not Shape.MAP and one.rows == sheet.rows
        for one in extract.sheets
    )
