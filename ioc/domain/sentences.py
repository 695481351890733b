"""Sentences with live figures: reading a text with gaps such as `{OPS-01@38/2026-10.value}`.

A gap names an indicator, a register, or one of a few words, and which part of it is told. Square
brackets around a stretch with gaps say it only where all of its figures are there. `{{`, `}}`,
`[[` and `]]` are braces and brackets themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

WORDS = ("unit", "unit_short", "period", "known_at", "day")
"""Gaps that stand alone: the unit and period asked about, the moment of the data, the day."""
INDICATOR = (
    "value", "counts", "change", "before", "before_value", "rank", "target", "against_target",
    "status", "period", "coverage", "name", "short", "unit", "best", "worst", "units_reached",
    "units_at_risk", "units_silent", "sentence",
)  # fmt: skip
REGISTER = ("all", "open", "done", "overdue", "soon", "incomplete", "name", "sentence")
FIGURES = frozenset(INDICATOR) - {"name", "short", "unit", "period", "before", "sentence"}
"""Fields of an indicator that may not be there."""
MOST_GAPS = 200
_GAP = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9_-]*)"
    r"(?:\[(?P<part>[a-z0-9_]+\.[A-Za-z0-9_]+)\])?"
    r"(?:@(?P<unit>[A-Za-z0-9_.-]+?))?"
    r"(?:/(?P<period>[0-9A-Za-z-]+))?"
    r"(?:\.(?P<field>[a-z_]+))?"
)
_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|[{}\[\]]")
_LONGEST_GAP = 120


@dataclass(frozen=True, slots=True)
class Subject:
    """What a gap is about; None is what the text as a whole is about, `part` "" the whole."""

    name: str
    part: str = ""
    unit: str | None = None
    period: str | None = None

    def gap(self, part: str) -> str:
        """A gap about this, as it is written."""
        inside = f"[{self.part}]" if self.part else ""
        unit = f"@{self.unit}" if self.unit else ""
        period = f"/{self.period}" if self.period else ""
        return "{" + f"{self.name}{inside}{unit}{period}.{part}" + "}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap: `text` as written with its braces, at `line` and `column`, both from 1."""

    text: str
    subject: Subject
    field: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place; words are `telling.<code>` with `params`."""

    code: str
    line: int
    column: int
    text: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch that is told only where all of its figures are there."""

    pieces: tuple[str | Gap, ...]


Piece = str | Gap | Stretch


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as read: paragraphs of pieces, and what could not be read."""

    paragraphs: tuple[tuple[Piece, ...], ...]
    faults: tuple[Fault, ...] = ()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps in their order."""
        return tuple(gap for one in self.paragraphs for gap in _gaps(one))


def expanded(draft: Draft, ready: Callable[[Gap], str | None]) -> Draft:
    """The text with a ready-made sentence, itself a text with gaps, where `ready` gives one.

    Its gaps keep the place of the one they came from.
    """
    return Draft(tuple(_expanded(one, ready) for one in draft.paragraphs), draft.faults)


def _expanded(pieces: tuple[Piece, ...], ready: Callable[[Gap], str | None]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        text = ready(piece) if isinstance(piece, Gap) else None
        if text is None or not isinstance(piece, Gap):
            found.append(piece)
            continue
        follows = pieces[at + 1] if at + 1 < len(pieces) else ""
        if isinstance(follows, str) and follows.startswith("."):
            text = text.rstrip(".")
        made = read(text).paragraphs
        found += _placed(made[0] if made else (), piece)
    return tuple(found)


def _placed(pieces: tuple[Piece, ...], origin: Gap) -> list[Piece]:
    placed: list[Piece] = []
    for one in pieces:
        if isinstance(one, Gap):
            one = replace(one, line=origin.line, column=origin.column)
        elif isinstance(one, Stretch):
            inner = _placed(one.pieces, origin)
            one = Stretch(tuple(part for part in inner if not isinstance(part, Stretch)))
        placed.append(one)
    return placed


def _gaps(pieces: tuple[Piece, ...]) -> Iterator[Gap]:
    for one in pieces:
        if isinstance(one, Gap):
            yield one
        elif isinstance(one, Stretch):
            yield from _gaps(one.pieces)


def read(text: str) -> Draft:
    """The text as paragraphs, one a line that is not blank; never raises.

    What cannot be read as a gap is a fault and stays in the text as it was written.
    """
    paragraphs, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        reader = _Reader(line, number)
        paragraphs.append(reader.read())
        faults += reader.faults
    draft = Draft(tuple(paragraphs), tuple(faults))
    extra = draft.gaps[MOST_GAPS:]
    if extra:
        one = extra[0]
        allowed = (("allowed", str(MOST_GAPS)),)
        return Draft(
            draft.paragraphs,
            (*faults, Fault("too_many", one.line, one.column, one.text, allowed)),
        )
    return draft


@dataclass
class _Reader:
    """Reads one line."""

    line: str
    number: int
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        opened: list[Piece] | None = None
        start = at = 0
        inside = pieces
        while (found := _TOKEN.search(self.line, at)) is not None:
            _add(inside, self.line[at : found.start()])
            token, at = found.group(), found.end()
            if len(token) == 2:
                _add(inside, token[0])
            elif token == "{":
                at = self._gap(inside, found.start())
            elif token == "}":
                self._fault("stray", found.start(), "}")
                _add(inside, token)
            elif token == "[" and opened is None:
                opened = inside = []
                start = found.start()
            elif token == "]" and opened is not None:
                _close(pieces, opened)
                opened, inside = None, pieces
            else:
                _add(inside, token)
        _add(inside, self.line[at:])
        if opened is not None:
            if any(isinstance(one, Gap) for one in opened):
                self._fault("open_bracket", start, self.line[start : start + 20])
            pieces += ["[", *opened]
        return tuple(pieces)

    def _gap(self, pieces: list[Piece], start: int) -> int:
        end = self.line.find("}", start)
        if end < 0 or end - start > _LONGEST_GAP:
            self._fault("open_gap", start, self.line[start : start + 20])
            _add(pieces, "{")
            return start + 1
        text = self.line[start : end + 1]
        found = _GAP.fullmatch(text[1:-1].strip())
        if found is None:
            self._fault("unreadable", start, text)
            _add(pieces, text)
            return end + 1
        subject = Subject(
            found["name"], found["part"] or "", found["unit"] or None, found["period"] or None
        )
        pieces.append(Gap(text, subject, found["field"] or "", self.number, start + 1))
        return end + 1

    def _fault(self, code: str, at: int, text: str) -> None:
        self.faults.append(Fault(code, self.number, at + 1, text))


def _add(pieces: list[Piece], text: str) -> None:
    """Plain text beside plain text is one piece: what is told is found within it."""
    if text and pieces and isinstance(pieces[-1], str):
        pieces[-1] += text
    elif text:
        pieces.append(text)


def _close(pieces: list[Piece], opened: list[Piece]) -> None:
    """Brackets without a gap are brackets."""
    kept = tuple(one for one in opened if not isinstance(one, Stretch))
    if any(isinstance(one, Gap) for one in kept):
        pieces.append(Stretch(kept))
        return
    _add(pieces, "[" + "".join(one for one in kept if isinstance(one, str)) + "]")
