"""Compares the figures of a screen with what other programs find in exported files."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile

from bench.export_opened import Line, Opened
from bench.export_screen import Shown, clean, numbers
from ioc.domain.messages import say

EXACT = 6
"""A typed number of so many decimals is the chart's own, rounded there: CSV has six, LibreOffice
writes fifteen digits of a double. With fewer it must be the words of the screen."""
_LEFT = ("report.rows_left", "report.too_long", "slides.rows_left", "slides.left_out")


Called = Mapping[str, Sequence[str]]
_LETTERS, _OPEN = 3, "......"


@dataclass
class Result:
    """Figures looked for in one file: found in the row that names them, said to be left out, or
    different; `read_back` are points of native charts that are the screen's to the last bit."""

    looked: int = 0
    left: int = 0
    read_back: int = 0
    different: list[str] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Count another file's figures with these."""
        self.looked += other.looked
        self.left += other.left
        self.read_back += other.read_back
        self.different += other.different


def in_rows(
    shown: Sequence[Shown],
    opened: Opened,
    lang: str,
    called: Called | None = None,
    whole: Opened | None = None,
) -> Result:
    """Every figure must stand in a row that holds its names: as it is worded on the screen, or
    exactly where the cell is a typed number. `called` are other names of what is named.

    What a form for meetings says it leaves out must stand in the `whole` workbook, and every
    number of its own tables and charts must be one of the workbook's.
    """
    found = Result(different=list(opened.wrong))
    rows = _Rows(opened.lines, called or {})
    left_out = whole is not None and _says_left_out(opened, lang)
    kept = _Rows(whole.lines if whole else (), called or {})
    if whole is not None:
        found.different += _strange(opened, kept)
    for one in shown:
        found.looked += 1
        place = rows.place(one)
        if place is not None:
            found.read_back += place == "chart"
        elif left_out and kept.place(one) is not None:
            found.left += 1
        else:
            found.different.append(str(one))
    return found


class _Rows:
    """Rows of a file by the words in them; names are looked up once."""

    def __init__(self, lines: Sequence[Line], called: Called) -> None:
        self._lines, self._called = lines, called
        self._by_name: dict[tuple[str, ...], list[int]] = {}
        self._by_names: dict[tuple[tuple[str, ...], ...], list[int]] = {}
        self._numbers: dict[str, list[Decimal]] = {}
        self._rounded: dict[tuple[str, int], set[Decimal]] = {}

    def place(self, one: Shown) -> str | None:
        """Where the figure stands, native charts first; None when it does not."""
        if one.names not in self._by_names:
            each = [set(self._with(names)) for names in one.names]
            every = set(range(len(self._lines)))
            self._by_names[one.names] = sorted(set.intersection(every, *each))
        lines = [self._lines[at] for at in self._by_names[one.names]]
        for line in sorted(lines, key=lambda line: line.where != "chart"):
            if any(same(one, value, exactly=line.where == "chart") for value in line.values):
                return line.where or "row"
        return None

    def _with(self, names: tuple[str, ...]) -> list[int]:
        if names not in self._by_name:
            self._by_name[names] = self._found(names)
        return self._by_name[names]

    def _found(self, names: tuple[str, ...]) -> list[int]:
        """The rows that hold the first of the names that any row holds."""
        every = dict.fromkeys(name for one in names for name in (one, *self._called.get(one, ())))
        union: set[int] = set()
        last = names[0] if names else ""
        for name in every:
            if union and name not in (last, *self._called.get(last, ())):
                break  # what follows are keys, for files that lack the words
            fits = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
            short = name.isdigit() or len(name) < _LETTERS
            if short:
                fits = re.compile(f"\u241f{re.escape(name)}\u241f")
            union.update(
                at
                for at, one in enumerate(self._lines)
                if name in one.words and fits.search(one.words)
            )
        return sorted(union)

    def holds(self, name: str, value: Decimal, exactly: bool) -> bool:
        """Whether a row of this name, or any without a name, has the number."""
        if name not in self._numbers:
            rows = self._with((name,)) if name else []
            lines = [self._lines[at] for at in rows] or self._lines
            self._numbers[name] = sorted({own for line in lines for own in line.values})
        numbers = self._numbers[name]
        if exactly:
            near = Decimal("5e-14") * max(Decimal(1), abs(value) * 2)
            at = bisect_left(numbers, value - near)
            return any(
                abs(own - value) <= Decimal("5e-14") * max(Decimal(1), abs(own))
                for own in takewhile(lambda own: own <= value + near, numbers[at:])
            )
        places = max(0, -int(value.as_tuple().exponent))
        if (name, places) not in self._rounded:
            unit = Decimal(1).scaleb(-places)
            self._rounded[name, places] = {
                abs(own.quantize(unit, ROUND_HALF_UP)) for own in numbers
            }
        return abs(value) in self._rounded[name, places]


def _strange(opened: Opened, kept: _Rows) -> list[str]:
    """Numbers of native tables and charts that the workbook does not have in a row of that name."""
    found = []
    for line in opened.lines:
        # The letterhead is a table too; what nobody filled in stays open in it.
        if line.where not in ("table", "chart") or _OPEN in "".join(line.cells):
            continue
        chart = line.where == "chart"
        name = clean(line.cells[1 if chart else 0])
        values = line.values[-1:] if chart else _of(line)
        for value in values:
            if not kept.holds(name, value, chart):
                found.append(f"{line.where} has {value} of {line.cells}, the workbook has not")
    return found


def _of(line: Line) -> list[Decimal]:
    """The numbers of a table's row but for those in its name."""
    return [value for cell in line.cells[1:] for _, value, _ in numbers(cell, line.lang)]


def same(one: Shown, value: Decimal, *, exactly: bool = False) -> bool:
    """Whether a number of a file is the figure: the chart's own, or the one that is written when
    it is rounded to the decimals of the screen."""
    decimals = -int(value.as_tuple().exponent)
    if one.exact is not None and exactly:
        return float(value) == one.exact
    if one.exact is not None and decimals >= EXACT:
        return abs(value - Decimal(one.exact)) <= Decimal("0.6").scaleb(-decimals)
    rounded = value.quantize(Decimal(1).scaleb(-one.places), ROUND_HALF_UP)
    signed = one.words[0] in "+-"
    return rounded == one.value or (not signed and abs(rounded) == one.value)


def _says_left_out(opened: Opened, lang: str) -> bool:
    """Whether the file says that it does not hold all rows, as long tables of a report do."""
    held = clean(" ".join([opened.text, *(cell for one in opened.lines for cell in one.cells)]))
    for key in _LEFT:
        words = say(lang, key, rest="0", rows="0", number="0", title="@")
        pattern = r"[\d.,]+".join(map(re.escape, clean(words.rpartition("@")[2]).split("0")))
        if re.search(pattern, held):
            return True
    return False


def on_paper(shown: Iterable[Shown], opened: Opened, lang: str) -> Result:
    """Every figure that is written on the screen must be written in the text as often."""
    found = Result(different=list(opened.wrong))
    wanted = Counter(one.words for one in shown if one.kind != "chart")
    held = Counter(words for words, _, _ in numbers(opened.text, lang))
    named = {one.words: one for one in shown}
    for words, times in wanted.items():
        found.looked += times
        if held[words] < times:
            short = f"{named[words]} ({held[words]} of {times})"
            found.different += [short] * (times - held[words])
    return found


def same_document(shown: Sequence[Shown], drawn: Sequence[Shown]) -> Result:
    """What a picture was taken of must show the screen's figures, charts by their own numbers."""
    found = Result(looked=len(shown))
    left = Counter(map(_key, drawn))
    for one in shown:
        key = _key(one)
        if left[key]:
            left[key] -= 1
        else:
            found.different.append(str(one))
    return found


def _key(one: Shown) -> tuple[object, ...]:
    # A grid is a table in a file, whose rows lead nowhere: the words that name it are the same.
    return one.kind, tuple(names[0] for names in one.names), one.words, one.exact
