"""What differs between two frozen states of a page: which sheet, which row, which column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST = 200
"""Differences that are told one by one."""
_TEXT = "text"
_TOLD = 2
"""Text cells that name a row to people: its code says little, the name beside it more."""


@dataclass(frozen=True, slots=True)
class Differs:
    """A cell that is other: `row` names the row by its texts, `column` is the column's key.

    Without a row the whole sheet is other (it is missing on one side, or its columns changed);
    without a column the row is missing on one side. Values are canonical, None for no figure.
    """

    sheet: str
    row: str = ""
    column: str = ""
    then: object = None
    now: object = None


def differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Differs, ...]:
    """The differences of two canonical figures of a page, at most MOST."""
    found: list[Differs] = []
    for one in _all(then, now):
        found.append(one)
        if len(found) == MOST:
            break
    return tuple(found)


def _all(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Differs]:
    later = {sheet["part"]: sheet for sheet in now["sheets"]}
    for sheet in then["sheets"]:
        other = later.pop(sheet["part"], None)
        if other is None or any(sheet[part] != other[part] for part in ("columns", "missing")):
            yield Differs(sheet["title"])
        elif sheet["rows"] != other["rows"]:
            yield from _rows(sheet, other)
    for sheet in later.values():
        yield Differs(sheet["title"])


def _rows(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Differs]:
    title, columns = then["title"], then["columns"]
    texts = [at for at, column in enumerate(columns) if column[1] == _TEXT]
    places = _naming(texts, then["rows"], now["rows"])
    before = {_name(row, places, at): row for at, row in enumerate(then["rows"], 1)}
    after = {_name(row, places, at): row for at, row in enumerate(now["rows"], 1)}
    told = texts[: max(_TOLD, len(places))] if places else []
    for name, row in before.items():
        other, words = after.get(name), _words(_name(row, told, name[0]))
        if other is None:
            yield Differs(title, words)
            continue
        for column, was, became in zip(columns, row, other, strict=True):
            if was != became:
                yield Differs(title, words, column[0], was, became)
    for name, row in after.items():
        if name not in before:
            yield Differs(title, _words(_name(row, told, name[0])))


def _naming(texts: Sequence[int], *tables: Sequence[Sequence[Any]]) -> list[int]:
    """The fewest first text columns that name each row of both tables alone; else the row's number.

    A text that says how a figure stands (its status) comes after those that say whose it is.
    """
    for count in range(1, len(texts) + 1):
        places = list(texts[:count])
        if all(
            len({tuple(row[at] for at in places) for row in rows}) == len(rows) for rows in tables
        ):
            return places
    return []


def _name(row: Sequence[Any], places: Sequence[int], number: Any) -> tuple[Any, ...]:
    return tuple(row[at] for at in places) if places else (number,)


def _words(name: tuple[Any, ...]) -> str:
    return " · ".join(str(one) for one in name if one not in (None, ""))
