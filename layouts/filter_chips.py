"""Chips: what the figures were really filtered by, in words, each with a way to take it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import knows, say
from ioc.domain.period import Calendar
from ioc.domain.view import View
from ioc.domain.words import moment_words, number, period_words, status_words
from ioc.queries.answers import Applied, Ignored, UnitRef
from layouts import states
from layouts.attributes import attributes
from layouts.filter_options import basis_words

PARTS = (
    "unit",
    "source",
    "indicator",
    "group",
    "breakdown",
    "period",
    "calendar",
    "against",
    "before",
    "form",
    "status",
    "units",
    "basis",
    "known_at",
)
"""The parts of an address that filter, in the order of their chips."""
NAMED = 6
"""So many chosen units have a chip of their own."""
_PLAIN = View()
_COUNTED = {"group": "kept_indicators"}


def row(
    view: View,
    applied: Iterable[Applied] = (),
    ignored: Iterable[Ignored] = (),
    *,
    now: datetime | None = None,
) -> html.Div | None:
    """The chips of a page, in words; nothing where the address filters by nothing.

    They are made of what the query says it ran with: a part of the address that is neither
    `applied` nor `ignored` is shown as one that the page does not know. With `now`, a moment
    that has not come yet says so.
    """
    chips = [
        chip
        for part in PARTS
        for chip in _chips(
            part,
            view,
            [one for one in applied if one.part == part],
            [one for one in ignored if one.part == part],
            now,
        )
    ]
    if not chips:
        return None
    lang = view.lang
    clear = dcc.Link(say(lang, "filters.clear"), href=cleared(view), className="chips-clear")
    words = html.Span(say(lang, "filters.chips"), className="chips-title")
    return html.Div(
        [words, html.Ul([html.Li(chip) for chip in chips]), clear],
        id="chips",
        className="filter-chips",
        role="group",
        **attributes(aria_label=say(lang, "filters.chips")),
    )


def cleared(view: View) -> str:
    """The address of the same page with nothing filtered."""
    return view.href(**{part: getattr(_PLAIN, part) for part in PARTS if part not in _own(view)})


def _own(view: View) -> tuple[str, ...]:
    """What the page is about: an address of all sources may name the one that is opened."""
    return (view.page, "source") if view.page == "sources" else (view.page,)


def asked(view: View) -> list[str]:
    """The parts of the address that filter, as far as they are set."""
    return [
        part
        for part in PARTS
        if part not in _own(view) and getattr(view, part) != getattr(_PLAIN, part)
    ]


def words_of(part: str, view: View) -> str:
    """One part of the address in words, as far as they can be told without a question."""
    return _words(part, view, "", (), None)


def _chips(
    part: str, view: View, applied: list[Applied], ignored: list[Ignored], now: datetime | None
) -> list[Component]:
    found: list[Component] = []
    for one in applied:
        words, count = _words(part, view, one.words, one.units, now), _count(one, view.lang)
        if part == "units" and len(one.units) <= NAMED:
            found += _each(view, one.units, count)
        else:
            found.append(_chip(words, count, _without(part, view, one.units)))
    for out in ignored:
        words = _words(part, view, out.words, out.units, now)
        why = say(view.lang, f"filters.{out.why}")
        found.append(_chip(words, why, _without(part, view, out.units), unused=True))
    if not found and part in asked(view) and not (part == "calendar" and view.period):
        words = _words(part, view, "", (), now)
        why = say(view.lang, f"filters.why_{'no_period' if part == 'calendar' else 'page'}")
        found.append(_chip(words, why, _without(part, view, ()), unused=True))
    return found


def _each(view: View, units: tuple[UnitRef, ...], count: str) -> list[Component]:
    """One chip a unit; the last one says how many that are, of how many."""
    last = len(units) - 1
    return [
        _chip(
            say(view.lang, "filters.chip_units", value=unit.short),
            count if at == last else "",
            _without("units", view, (unit,)),
        )
        for at, unit in enumerate(units)
    ]


def _chip(words: str, after: str, href: str, *, unused: bool = False) -> Component:
    said = [html.Span(words, className="chip-words")]
    if after:
        said.append(html.Span(after, className="chip-after"))
    cross = html.Span("×", className="chip-cross", **attributes(aria_hidden="true"))
    return dcc.Link(
        [*said, cross], href=href, className="filter-chip is-unused" if unused else "filter-chip"
    )


def _count(one: Applied, lang: str) -> str:
    if one.kept is None or one.of is None:
        return ""
    key = _COUNTED.get(one.part, "kept_units")
    return say(lang, f"filters.{key}", kept=number(one.kept, lang), of=number(one.of, lang))


def _words(
    part: str, view: View, words: str, units: tuple[UnitRef, ...], now: datetime | None
) -> str:
    lang = view.lang
    if part == "known_at" and view.known_at is not None:
        moment = moment_words(view.known_at, lang)
        future = now is not None and view.known_at > now
        return say(lang, f"filters.chip_{'future' if future else 'known_at'}", value=moment)
    return say(lang, f"filters.chip_{part}", value=words or _value(part, view, units))


def _value(part: str, view: View, units: tuple[UnitRef, ...]) -> str:
    """What is asked for, in words as far as this can be told without a question."""
    lang = view.lang
    if part == "units" and len(units) > NAMED:
        return say(lang, "filters.chosen_units", count=len(units))
    if units:
        return ", ".join(unit.short for unit in units)
    if part == "basis":
        return basis_words(view)
    if part == "status" and view.status:
        return status_words(view.status, lang)
    if part == "period" and view.period:
        return period_words(view.period, lang)
    if part == "before" and view.before:
        return period_words(view.before, lang)
    if part == "calendar":
        return say(lang, f"screen.calendar_{view.calendar.value}")
    if part == "group" and knows(lang, f"indicator.group_{view.group}"):
        return say(lang, f"indicator.group_{view.group}")
    if part == "units":
        return ", ".join(view.units)
    return str(getattr(view, part))


def _without(part: str, view: View, units: tuple[UnitRef, ...]) -> str:
    """The address without a part, or without these of the chosen units."""
    if part == "units" and units:
        gone = {unit.key for unit in units}
        return view.href(units=tuple(key for key in view.units if key not in gone))
    changes = {part: getattr(_PLAIN, part)}
    if part == "period":
        changes["calendar"] = Calendar.CALENDAR
    if part == "indicator":
        changes["breakdown"] = None
    return view.href(**changes)


def with_part(words: str, part: str | None, lang: str) -> str:
    """An indicator's name with the part of it that is shown."""
    return say(lang, "filters.part_title", indicator=words, part=part) if part else words


def none_left(lang: str) -> Component:
    """Where a status left no unit over: what to do."""
    return states.blank(say(lang, "filters.none_left"), say(lang, "filters.none_left_hint"))
