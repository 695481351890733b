"""The provenance strip: what every file says of where its figures come from, and its QR code."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ioc.domain.messages import say
from ioc.domain.times import moment_words
from ioc.exports.code import shown
from ioc.exports.extract import Extract, Origin

MOST_NAMED = 4
"""Indicators and caveats that a strip names before it counts the others."""
MOST_SOURCES = 3
"""Sources that a strip names; of more it says how many and in which time they gave news."""
_QUIET = 4
"""Modules of white around a QR code, as ISO/IEC 18004 asks."""


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands on a file: `about` are (label, words) in their order, most important first.

    `code` is kept without hyphens, `address_of_verify` is what the QR code holds, `title` that of
    the page or the briefing, `complete` False where a part of it is missing.
    """

    code: str
    address_of_verify: str
    title: str
    lang: str
    about: tuple[tuple[str, str], ...]
    who: str
    made_at: datetime
    illustrative: bool
    complete: bool = True

    @property
    def shown_code(self) -> str:
        """The code as people read it: `7K3M-0QXD-P9TW`."""
        return shown(self.code)

    @property
    def lines(self) -> tuple[str, ...]:
        """The strip in words, one line a thing: `Chỉ số: OPS-01 …`."""
        return tuple(
            say(self.lang, "verify.strip_line", label=label, words=words)
            for label, words in self.about
        )

    @property
    def mark(self) -> str:
        """The mark of figures that are not real; empty where all are."""
        return say(self.lang, "words.illustrative") if self.illustrative else ""

    @property
    def invitation(self) -> str:
        """The sentence that stands beside the QR code."""
        return say(self.lang, "verify.strip_invitation", code=self.shown_code)


def strip_of(
    extract: Extract | Sequence[Extract],
    *,
    code: str,
    who: str,
    made_at: datetime,
    base: str,
    title: str | None = None,
) -> Strip:
    """The strip of one extract, or of the several of one briefing with its `title`.

    `base` is the public address of the product; of several extracts only those filters are
    told that are the same for all. Raises ValueError without any extract.
    """
    extracts = (extract,) if isinstance(extract, Extract) else tuple(extract)
    if not extracts:
        raise ValueError("a strip needs an extract")
    first = extracts[0]
    lang = first.lang
    illustrative = any(one.illustrative for one in extracts)
    complete = all(one.complete for one in extracts)
    told: dict[str, str] = {}

    def tell(key: str, words: str) -> None:
        if words:
            told.setdefault(say(lang, f"verify.strip_{key}"), words)

    if illustrative:
        tell("mark", say(lang, "words.illustrative"))
    if not complete:
        tell("incomplete", _missing(extracts, lang))
    tell("indicators", _indicators(extracts, lang))
    # A strip has its title already, and names indicators with their definitions.
    said = {say(lang, "export.title"), say(lang, "export.indicator")}
    for label, words in first.about:
        if label in said:
            continue
        if all((label, words) in one.about for one in extracts):
            told.setdefault(label, words)
    tell("known_at", moment_words(max(one.known_at for one in extracts), lang))
    tell("sources", _sources(extracts, lang))
    tell("caveats", _some(_caveats(extracts), lang, "strip_more_caveats", "; "))
    tell("made", _made(who, made_at, lang))
    tell("code", shown(code))
    return Strip(
        code=code,
        address_of_verify=verify_address(base, code),
        title=title or first.title,
        lang=lang,
        about=tuple(told.items()),
        who=who,
        made_at=made_at,
        illustrative=illustrative,
        complete=complete,
    )


def lacking(strip: Strip, parts: Sequence[str]) -> Strip:
    """The strip of a file that lacks some `parts`, by their titles; the same strip without any."""
    if not parts:
        return strip
    label = say(strip.lang, "verify.strip_incomplete")
    told = dict(strip.about).get(label, "")
    named = _some(tuple(dict.fromkeys(parts)), strip.lang, "strip_more_parts", ", ")
    words = ", ".join(one for one in (told, named) if one)
    first = say(strip.lang, "verify.strip_mark")
    about = [one for one in strip.about if one[0] != label]
    at = 1 if about and about[0][0] == first else 0
    about.insert(at, (label, words))
    return replace(strip, about=tuple(about), complete=False)


def verify_address(base: str, code: str) -> str:
    """Where a code is checked: `http://ioc.example.gov.vn/verify/7K3M-0QXD-P9TW`."""
    return f"{base.rstrip('/')}/verify/{shown(code)}"


def qr_svg(text: str) -> str:
    """A QR code as an SVG element without size; black on white whatever stands around it."""
    return str(_qr(text).svg_inline(border=_QUIET, omitsize=True, dark="#000", light="#fff"))


def qr_png(text: str, scale: int) -> bytes:
    """A QR code as PNG, `scale` pixels a module."""
    stream = io.BytesIO()
    _qr(text).save(stream, kind="png", scale=scale, border=_QUIET, dark="#000", light="#fff")
    return stream.getvalue()


def _qr(text: str) -> Any:
    import segno  # only when a file is made

    return segno.make(text, error="m", micro=False)


def _indicators(extracts: Iterable[Extract], lang: str) -> str:
    named = {
        one.code: say(
            lang, "verify.strip_indicator", code=one.code, name=one.name, version=one.version
        )
        for extract in extracts
        for one in extract.definitions
    }
    return _some(tuple(named.values()), lang, "strip_more_indicators", "; ")


def _sources(extracts: Iterable[Extract], lang: str) -> str:
    newest: dict[str, Origin] = {}
    for extract in extracts:
        for one in extract.origins:
            before = newest.get(one.name)
            if before is None or (one.received and one.received > (before.received or _never(one))):
                newest[one.name] = one
    if len(newest) <= MOST_SOURCES:
        return "; ".join(_source(one, lang) for one in newest.values())
    named = "; ".join(tuple(newest)[:MOST_SOURCES])
    told = say(lang, "verify.strip_more_sources", told=named, rest=len(newest) - MOST_SOURCES)
    received = [one.received for one in newest.values() if one.received is not None]
    if not received:
        return told
    first, last = (moment_words(moment, lang) for moment in (min(received), max(received)))
    if first == last:
        return say(lang, "verify.strip_source", source=told, when=first)
    return say(lang, "verify.strip_between", told=told, first=first, last=last)


def _never(one: Origin) -> datetime:
    assert one.received is not None
    return datetime.min.replace(tzinfo=one.received.tzinfo)


def _source(one: Origin, lang: str) -> str:
    name = f"{one.name} ({one.citation})" if one.citation else one.name
    if one.received is None:
        return name
    when = moment_words(one.received, lang)
    return say(lang, "verify.strip_source", source=name, when=when)


def _caveats(extracts: Iterable[Extract]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words for one in extracts for words in one.caveats))


def _missing(extracts: Iterable[Extract], lang: str) -> str:
    parts = tuple(sheet.title for one in extracts for sheet in one.sheets if sheet.missing)
    return _some(parts, lang, "strip_more_parts", ", ")


def _some(words: tuple[str, ...], lang: str, more: str, between: str) -> str:
    # A sentence that is one of several ends where the next begins.
    told = between.join(one.removesuffix(".") for one in words[:MOST_NAMED])
    rest = len(words) - MOST_NAMED
    return say(lang, f"verify.{more}", told=told, rest=rest) if rest > 0 else told


def _made(who: str, made_at: datetime, lang: str) -> str:
    key = "strip_made_by" if who else "strip_made_nameless"
    return say(lang, f"verify.{key}", who=who, when=moment_words(made_at, lang))
