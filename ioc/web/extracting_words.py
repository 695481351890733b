"""What an extract says of itself: its filters in words, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Figure, Restated
from ioc.domain.messages import knows, say
from ioc.domain.period import Calendar, Period
from ioc.domain.times import date_words, moment_words, period_words
from ioc.domain.view import View
from ioc.domain.words import (
    coverage_words,
    empty_words,
    figure_words,
    list_words,
    number,
    status_words,
)
from ioc.queries.answers import Applied, Break, Cell, Ignored, Note, Series, Stamp, UnitRef
from ioc.queries.compare_answers import Compare
from ioc.queries.register_answers import Filter
from ioc.web.compare_rows import about_lines
from ioc.web.extracting_facts import figures_in
from ioc.web.extracting_parts import Part
from ioc.web.rows import flat

PLAIN = View()
NAMED = ("unit", "indicator", "period", "calendar", "basis")
"""Parts of a view that have a line of their own whatever they are."""
FILTERS = ("group", "breakdown", "status", "units", "source", "register", "state", "person", "due",
           "where", "q", "against", "before", "form", "criterion", "run", "reason", "sheet",
           "exercise")  # fmt: skip
"""Parts that narrow or shape what is shown, in the order in which they are told."""
MOST_TOLD = 5


def about_of(
    answer: object, view: View, title: str, known_at: datetime
) -> tuple[tuple[str, str], ...]:
    """Lines of name and words: subject, every filter by its value, calendar, basis, moment."""
    lang = view.lang
    unit = getattr(answer, "unit", None)
    focus = _indicator(answer)
    period = getattr(answer, "period", None) or view.period
    lines = [
        ("title", title),
        ("unit", unit.name if isinstance(unit, UnitRef) else ""),
        ("indicator", f"{focus.code} {focus.name.say(lang)}" if focus else ""),
        ("period", _period(period, lang) if period else ""),
        ("calendar", say(lang, f"export.calendar_{_calendar(period, view)}")),
        ("basis", basis_words(view)),
        ("filters", "; ".join(_filters(answer, view))),
        ("as_of", moment_words(known_at, lang)),
        ("address", view.href()),
    ]
    more = about_lines(answer, lang) if isinstance(answer, Compare) else ()
    told = tuple((say(lang, f"{_file(key)}.{key}"), words) for key, words in lines if words)
    return (*told, *more)


def _file(key: str) -> str:
    return "sheets" if key == "filters" else "export"


def _indicator(answer: object) -> Indicator | None:
    found = getattr(answer, "focus", None) or getattr(answer, "indicator", None)
    return found if isinstance(found, Indicator) else None


def _period(period: object, lang: str) -> str:
    if not isinstance(period, Period):
        return ""
    words, first, last = (period_words(period, lang), period.start, period.end)
    if period.calendar is Calendar.ADMINISTRATIVE:
        return words  # they name its days
    days = say(lang, "sheets.days", first=date_words(first, lang), last=date_words(last, lang))
    return f"{words} ({days})"


def _calendar(period: object, view: View) -> str:
    own = getattr(period, "calendar", None)
    return str((own or view.calendar).value)


def basis_words(view: View) -> str:
    """The map that figures stand on."""
    if view.basis in ("today", "reported"):
        return say(view.lang, f"export.basis_{view.basis}")
    day = date_words(date.fromisoformat(view.basis), view.lang)
    return say(view.lang, "export.basis_date", day=day)


def _filters(answer: object, view: View) -> Iterator[str]:
    """Every part of the address that narrows, each of its values by name."""
    listed: tuple[Filter, ...] = getattr(answer, "filters", ())
    told = {one.part: one for one in getattr(answer, "applied", ()) if isinstance(one, Applied)}
    unused = {one.part for one in getattr(answer, "ignored", ()) if isinstance(one, Ignored)}
    yield from (one.words for one in listed if isinstance(one, Filter))
    known = {one.part for one in listed if isinstance(one, Filter)} | {"register", "exercise"}
    for part in FILTERS:
        if part in known or getattr(view, part) == getattr(PLAIN, part) or part == view.page:
            continue
        words = _value(part, view, told.get(part), answer)
        name = say(view.lang, f"sheets.filter_{part}")
        after = say(view.lang, "sheets.filter_unused") if part in unused else ""
        yield f"{name}: {words}{after}"


def _value(part: str, view: View, applied: Applied | None, answer: object) -> str:
    lang = view.lang
    if applied is not None and part == "units" and applied.units:
        return list_words([one.name for one in applied.units], lang)
    if applied is not None and applied.words:
        return applied.words
    chosen = getattr(answer, "chosen", ())
    if part == "units" and isinstance(chosen, tuple) and chosen:
        return list_words([one.name for one in chosen], lang)
    against = getattr(answer, "against", None)
    if part == "against" and isinstance(against, Indicator):
        return f"{against.code} {against.name.say(lang)}"
    if part == "status" and view.status:
        return status_words(view.status, lang)
    if part == "before" and view.before:
        return period_words(view.before, lang)
    if part == "group" and knows(lang, f"indicator.group_{view.group}"):
        return say(lang, f"indicator.group_{view.group}")
    if part == "form":
        file = "register_forms" if view.page == "register" else "compare"
        key = f"{file}.form_{view.form}"
        return say(lang, key) if knows(lang, key) else str(view.form)
    if part == "criterion" and knows(lang, f"quality.criterion_{view.criterion}"):
        return say(lang, f"quality.criterion_{view.criterion}")
    value = getattr(view, part)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def caveats_of(answer: object, parts: Iterable[Part], view: View) -> tuple[str, ...]:
    """What must be known to read the figures rightly, each sentence once."""
    kept = tuple(parts)
    lang = view.lang
    figures = [one.figure for one in figures_in(kept)]
    said = [
        *_of_stamp(getattr(answer, "stamp", None), view),
        *_of_basis(view),
        *(one for part in kept for one in part.caveats),
        *_of_totals(kept, lang),
        *_of_figures(figures, lang),
        *_of_series(kept, lang),
        *_of_waiting(kept, lang),
        *_of_notes(getattr(answer, "notes", ()), lang),
    ]
    return tuple(dict.fromkeys(said))


def _of_stamp(stamp: Stamp | None, view: View) -> Iterator[str]:
    lang = view.lang
    if stamp is not None and stamp.pretended:
        yield say(lang, "sheets.rehearsal", name=stamp.pretended)


def _of_basis(view: View) -> Iterator[str]:
    if view.basis != PLAIN.basis:
        yield say(view.lang, "sheets.basis", basis=basis_words(view))


def _of_totals(parts: tuple[Part, ...], lang: str) -> Iterator[str]:
    """Totals behind which not all who were due stand, the most telling first."""
    short = {}
    for part in parts:
        for one in flat(part.figures):
            found = one.figure.coverage if isinstance(one, Cell) else None
            if isinstance(one, Cell) and found is not None and not found.complete:
                key = (one.unit.id, one.indicator.code)
                short[key] = say(lang, "sheets.partial", unit=one.unit.name,
                                 indicator=one.indicator.code,
                                 coverage=coverage_words(found, lang))  # fmt: skip
    told = list(short.values())
    yield from told[:MOST_TOLD]
    if len(told) > MOST_TOLD:
        yield say(lang, "sheets.partial_more", count=number(len(told) - MOST_TOLD, lang))


def _of_figures(figures: list[Figure], lang: str) -> Iterator[str]:
    if any(one.illustrative for one in figures):
        yield say(lang, "sheets.illustrative")
    empty: dict[str, int] = {}
    for one in figures:
        if one.value is None and not one.count_only and one.empty is not None:
            words = empty_words(one.empty, lang)
            empty[words] = empty.get(words, 0) + 1
    if empty:
        counts = [f"{words}: {number(count, lang)}" for words, count in sorted(empty.items())]
        yield say(lang, "sheets.empties", counts="; ".join(counts))
    for bound in (Bound.AT_LEAST, Bound.ESTIMATE):
        count = sum(one.bound is bound for one in figures if one.value is not None)
        if count:
            yield say(lang, f"sheets.bound_{bound.name.lower()}", count=number(count, lang))
    for stood in (Restated.PARTIAL, Restated.NOT_RESTATABLE):
        count = sum(one.restated is stood for one in figures)
        if count:
            yield say(lang, f"sheets.restated_{stood.value}", count=number(count, lang))


def _of_series(parts: tuple[Part, ...], lang: str) -> Iterator[str]:
    for part in parts:
        for one in flat(part.figures):
            if not isinstance(one, Series) or not one.points:
                continue
            first, last = one.points[0].period.start, one.points[-1].period.end
            for event in one.breaks:
                if first <= event.day <= last:
                    yield _event(one, event, lang)
            for again in one.indicator.redefined:
                if first <= again.day <= last:
                    yield say(lang, "sheets.redefined", indicator=one.indicator.code,
                              day=date_words(again.day, lang))  # fmt: skip


def _event(one: Series, event: Break, lang: str) -> str:
    kind, day = f"screen.event_{event.kind}_on", date_words(event.day, lang)
    what = say(lang, kind, day=day) if knows(lang, kind) else f"{event.kind} {day}"
    return say(lang, "sheets.event", unit=one.unit.name, what=what, basis=event.legal_basis)


def _of_waiting(parts: tuple[Part, ...], lang: str) -> Iterator[str]:
    found = {}
    for part in parts:
        for one in flat(part.figures):
            if isinstance(one, Cell) and one.waiting is not None:
                given = figure_words(one.indicator, one.waiting.figure, lang, with_unit=True)
                found[one.unit.id, one.indicator.code, one.period] = say(
                    lang, "sheets.held", unit=one.unit.name, indicator=one.indicator.code,
                    given=given, source=one.waiting.source,
                )  # fmt: skip
    yield from found.values()


def _of_notes(notes: Iterable[Note], lang: str) -> Iterator[str]:
    for one in notes:
        when = f" ({period_words(one.period, lang)})" if one.period else ""
        yield say(lang, "sheets.note", unit=one.unit.name, indicator=one.code, when=when,
                  words=one.words)  # fmt: skip
