"""What a workbook to fill in says: its rows, which cells are open, what may be written there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """What an open cell may hold: a number, or a word that says that there is none.

    `within`: not more than what stands in the cell on its right.
    """

    whole: bool = True
    negative: bool = False
    within: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet to fill in; `width` in letters, `faint` for what is only told."""

    name: str
    label: str
    width: float
    faint: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its texts by column, and of each open column what may be written (None: any text)."""

    texts: Mapping[str, str]
    open: Mapping[str, Check | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """A row of the sheet that says whose figures these are; `open` to be filled in."""

    label: str
    value: str
    hint: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Everything a workbook says. `sheets` are the names of the sheets: data, about, guide.

    `heading` are lines above the table, `guide` those of the third sheet, `words` what may be
    written in place of a number; `refused` and `prompt` are (title, sentence) of the messages of
    an open cell.
    """

    sheets: tuple[str, str, str]
    heading: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    about: tuple[About, ...]
    guide: tuple[str, ...]
    words: tuple[str, ...]
    prompt: tuple[str, str]
    refused: tuple[str, str]
    footer: str
