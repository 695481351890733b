"""Telling a text: its gaps become words, and a stretch whose figure is missing says so.

Never is a missing figure told as nought or left as a hole. The value itself is replaced by "chưa
có số liệu tháng 10/2026", without the verb before it; another part of a sentence (the change, the
rank) is replaced whole, up to its comma or semicolon, and is left out where its sentence has
already said that this very figure is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ioc.domain.messages import say
from ioc.domain.sentence_words import Said
from ioc.domain.sentences import Draft, Gap, Piece, Stretch, Subject

Known = Callable[[Gap], Said | None]
"""The words of a gap; None where it cannot be told at all, which the asker keeps as a problem."""

_OPENING = ("value", "counts", "before_value", "coverage", "best", "worst")
"""Fields whose lack is said in their place, after who the sentence is about."""
_CLAUSE = re.compile(r"[,;](?=\s)")
_END = re.compile(r"[.!?…]+(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is told; `figures` are the words of its figures in their order.

    `missing` names the data that are not there, each with its indicator and unit.
    """

    text: str
    figures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    illustrative: bool = False


def fill(draft: Draft, known: Known, lang: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text in words."""
    return tuple(_paragraph(pieces, known, lang) for pieces in draft.paragraphs)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A gap with its words."""

    gap: Gap
    said: Said


_Word = str | _Spoken


def _paragraph(pieces: tuple[Piece, ...], known: Known, lang: str) -> Paragraph:
    words = _spoken(pieces, known, lang)
    told = [_Sentence(one, lang) for one in _sentences(words)]
    text = "".join(one.tell() for one in told)
    return Paragraph(
        re.sub(r"[ \t]+", " ", text).strip(),
        tuple(figure for one in told for figure in one.figures),
        tuple(words for one in told for words in one.missing),
        any(one.illustrative for one in told),
    )


def _spoken(pieces: tuple[Piece, ...], known: Known, lang: str) -> list[_Word]:
    words: list[_Word] = []
    for piece in pieces:
        if isinstance(piece, Stretch):
            inner = _spoken(piece.pieces, known, lang)
            if not any(isinstance(one, _Spoken) and one.said.missing for one in inner):
                words += inner
        elif isinstance(piece, Gap):
            said = known(piece)
            lost = said is None
            told = say(lang, "telling.not_told", text=piece.text) if lost else ""
            words.append(told if said is None else _Spoken(piece, said))
        else:
            words.append(piece)
    return words


def _sentences(words: list[_Word]) -> list[list[_Word]]:
    """Split at full stops that end a sentence; each keeps its end and what follows it."""
    sentences: list[list[_Word]] = [[]]
    for at, word in enumerate(words):
        if isinstance(word, _Spoken):
            sentences[-1].append(word)
            continue
        start = 0
        for end in _END.finditer(word):
            after_gap = end.start() == 0 and at > 0 and isinstance(words[at - 1], _Spoken)
            if not after_gap and _abbreviates(word[: end.start()]):
                continue
            sentences[-1] += [word[start : end.start()], word[end.start() : end.end()]]
            sentences.append([])
            start = end.end()
        sentences[-1].append(word[start:])
    return [one for one in sentences if one]


def _abbreviates(text: str) -> bool:
    """Whether a full stop after this belongs to a short form such as `TP.` or `ThS.`"""
    word = _WORD.search(text)
    if word is None:
        return not text.strip()
    return sum(letter.islower() for letter in word.group()) < 2


@dataclass
class _Sentence:
    """One sentence while it is told."""

    words: list[_Word]
    lang: str
    figures: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    illustrative: bool = False
    _lacking: set[Subject] = field(default_factory=set)
    _lacked: set[str] = field(default_factory=set)
    _covered: set[tuple[Subject, str]] = field(default_factory=set)

    def tell(self) -> str:
        spoken = [one for one in self.words if isinstance(one, _Spoken)]
        if not spoken:
            return "".join(one for one in self.words if isinstance(one, str))
        self._covered = {(one.gap.subject, one.gap.field) for one in spoken}
        end = ""
        words = self.words
        last = words[-1]
        if len(words) > 1 and isinstance(last, str) and re.fullmatch(r"[.!?…]+", last):
            words, end = words[:-1], last
        text = ""
        for mark, clause in _clauses(words):
            told = self._clause(clause)
            if told is not None:
                text += (mark if text.strip() else "") + told
        if self.illustrative:
            inside = say(self.lang, "telling.illustrative")
            text = say(self.lang, "telling.in_brackets", words=text.rstrip(), inside=inside)
        return _capital(text, words) + end

    def _clause(self, words: list[_Word]) -> str | None:
        figures = [one for one in words if isinstance(one, _Spoken) and one.said.figure]
        lost = [one for one in figures if one.said.missing]
        if not lost or len(lost) < len(figures):
            return self._joined(words)
        if all(one.gap.subject in self._lacking for one in lost):
            return None
        first = lost[0]
        said, head = first.said.words, ""
        if said in self._lacked:
            return None
        self._lacked.add(said)
        self._note(first)
        if first.gap.field in ("value", "counts"):
            self._lacking.add(first.gap.subject)
        if first.gap.field in _OPENING:
            head = self._without_verb(self._joined(words[: words.index(first)])).rstrip()
        if first.said.period and first.said.period in head:
            said = first.said.brief
        return f"{head} {said}"

    def _joined(self, words: list[_Word]) -> str:
        text = ""
        for one in words:
            if isinstance(one, str):
                text += one
            elif one.said.missing:
                self._note(one)
                text = self._without_verb(text) + one.said.words
            else:
                text += self._told(one)
        return text

    def _note(self, one: _Spoken) -> None:
        if one.said.lacking:
            self.missing.append(one.said.lacking)

    def _told(self, one: _Spoken) -> str:
        said = one.said
        if not said.figure:
            self.figures.append(said.words)
            return said.words
        self.illustrative = self.illustrative or said.illustrative
        self.figures.append(said.words)
        told = []
        for name, words in said.asides:
            if (one.gap.subject, name) not in self._covered:
                self._covered.add((one.gap.subject, name))
                told.append(words)
        if not told:
            return said.words
        self.figures += told
        return say(self.lang, "telling.in_brackets", words=said.words, inside="; ".join(told))

    def _without_verb(self, text: str) -> str:
        """`Tỷ lệ của Hà Nội đạt ` before a missing value loses its verb."""
        verbs = say(self.lang, "telling.verbs")
        return re.sub(rf"(?<!\w)(?:{verbs})\s*$", "", text)


def _clauses(words: list[_Word]) -> list[tuple[str, list[_Word]]]:
    """Split at commas and semicolons before a space: (the mark before it, its words)."""
    clauses: list[tuple[str, list[_Word]]] = [("", [])]
    for word in words:
        if isinstance(word, _Spoken):
            clauses[-1][1].append(word)
            continue
        start = 0
        for mark in _CLAUSE.finditer(word):
            clauses[-1][1].append(word[start : mark.start()])
            clauses.append((mark.group(), []))
            start = mark.end()
        clauses[-1][1].append(word[start:])
    return clauses


def _capital(text: str, words: list[_Word]) -> str:
    """A sentence that begins with a gap, or lost its beginning, begins with a capital."""
    begins = next((one for one in words if not isinstance(one, str) or one.strip()), "")
    bare = text.lstrip()
    if isinstance(begins, str) and bare.startswith(begins.strip()[:1]):
        return text
    return text[: len(text) - len(bare)] + bare[:1].upper() + bare[1:]
