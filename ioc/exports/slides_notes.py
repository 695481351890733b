"""What the speaker reads under a slide: definition, formula, sources, filters, caveats, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.domain.times import moment_words
from ioc.exports.chart_columns import Columns
from ioc.exports.extract import Definition, Extract, Origin, Sheet

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip

MOST_WHOLE = 8
"""Definitions told whole; of more than these only code, name and version."""
MOST_COVERED = 3


def notes_of(extract: Extract, sheet: Sheet, strip: Strip | None) -> str:
    """The notes of the slide of one sheet, one thing a line."""
    lang = extract.lang
    lines = [say(lang, "slides.notes_title", title=sheet.title)]
    if sheet.missing:
        lines.append(say(lang, "slides.notes_missing", why=sheet.missing))
    defined = _defined(extract, sheet)
    for one in defined[:MOST_WHOLE]:
        lines += _definition(one, lang)
    if len(defined) > MOST_WHOLE:
        names = "; ".join(f"{o.code} {o.name} ({o.version})" for o in defined[MOST_WHOLE:])
        lines.append(say(lang, "slides.notes_other", names=names))
    origins = _sources(extract, sheet)
    if origins:
        lines.append(say(lang, "slides.notes_sources"))
        lines += [_origin(one, lang) for one in origins]
    known = say(lang, "slides.known_at")
    about = [*extract.about, (known, moment_words(extract.known_at, lang))]
    lines.append(say(lang, "slides.notes_filters"))
    told = dict(reversed(about))
    lines += [
        say(lang, "slides.notes_line", name=name, words=told[name])
        for name in dict.fromkeys(name for name, _ in about)
    ]
    covered = [one for one in dict.fromkeys(Columns(sheet, lang).texts("coverage")) if one]
    if 0 < len(covered) <= MOST_COVERED:
        lines.append(say(lang, "slides.notes_coverage", coverage="; ".join(covered)))
    if extract.caveats:
        lines.append(say(lang, "slides.notes_caveats"))
        lines += [say(lang, "slides.notes_caveat", words=one) for one in extract.caveats]
    if sheet.illustrative or extract.illustrative:
        lines.append(say(lang, "slides.notes_caveat", words=say(lang, "words.illustrative")))
    lines.append(say(lang, "slides.notes_exact"))
    return "\n".join([*lines, *closing(strip, lang)])


def closing(strip: Strip | None, lang: str) -> list[str]:
    """The last lines of every slide's notes: who made it and where it is verified."""
    if strip is None:
        return []
    return [
        say(
            lang, "slides.notes_made", who=strip.who or "–", when=moment_words(strip.made_at, lang)
        ),
        say(lang, "slides.notes_code", code=strip.shown_code, address=strip.address_of_verify),
    ]


def _defined(extract: Extract, sheet: Sheet) -> list[Definition]:
    """The definitions of the indicators that a sheet names, or of all where it names none."""
    named = set(Columns(sheet, extract.lang).texts("indicator_code")) - {""}
    own = [one for one in extract.definitions if one.code in named]
    return own or list(extract.definitions)


def _sources(extract: Extract, sheet: Sheet) -> list[Origin]:
    """The sources that a sheet names, or all where it names none."""
    named = set(Columns(sheet, extract.lang).texts("source")) - {""}
    own = [one for one in extract.origins if one.name in named]
    return own or list(extract.origins)


def _definition(one: Definition, lang: str) -> list[str]:
    head = say(lang, "slides.notes_definition", code=one.code, name=one.name, version=one.version,
               meaning=one.meaning)  # fmt: skip
    measure = say(lang, "slides.notes_measure", unit=one.unit, direction=one.direction)
    formula = [say(lang, "slides.notes_formula", formula=one.formula)] if one.formula else []
    return [head, *formula, measure]


def _origin(one: Origin, lang: str) -> str:
    cited = say(lang, "slides.notes_citation", citation=one.citation) if one.citation else ""
    received = (
        say(lang, "slides.notes_received", when=moment_words(one.received, lang))
        if one.received
        else say(lang, "slides.notes_never")
    )
    mark = say(lang, "slides.notes_mark") if one.illustrative else ""
    return say(lang, "slides.notes_source", name=one.name, citation=cited, received=received,
               mark=mark)  # fmt: skip
