"""Live text: sentences with figures in braces, asked as the screen asks them and put in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ioc.domain.indicator import Indicator
from ioc.domain.messages import explain_error, say
from ioc.domain.scope import Scope
from ioc.domain.sentence_check import Names, fault_words
from ioc.domain.sentence_fill import fill
from ioc.domain.sentence_words import Said, counted_words, period_of, stand_words, unit_words
from ioc.domain.sentences import REGISTER, Fault, Gap, Subject, expanded, read
from ioc.domain.times import date_words, moment_words
from ioc.domain.view import ZONE, View
from ioc.errors import AddressError, NotAllowedError
from ioc.exports.extract import Definition, Fact, Origin
from ioc.web.extracting_facts import definition_of, facts_of, indicators_of, origins_of
from ioc.web.pinning import pinned
from ioc.web.telling_stand import Stands

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.web.router import Router
    from ioc.web.steady import Moment


@dataclass(frozen=True, slots=True)
class Problem:
    """A gap that cannot be told: where it stands (`line` and `column` from 1) and why."""

    line: int
    column: int
    gap: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """Paragraphs of plain text, the figures in them, and what could not be told.

    `figures` are the amounts as they stand in the text, in its order; `missing` says which data
    are not there; `illustrative` when a figure is made up. `facts`, `definitions` and `origins`
    are those of an extract.
    """

    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    problems: tuple[Problem, ...] = ()
    figures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    illustrative: bool = False
    definitions: tuple[Definition, ...] = ()
    origins: tuple[Origin, ...] = ()


def check(desk: Desk, text: str, lang: str, scope: Scope) -> tuple[Problem, ...]:
    """What is wrong with a text while it is written; nothing is asked of the store."""
    names = Names(desk.catalogue, desk.registers, desk.units, scope)
    return tuple(_problem(one, lang) for one in names.faults(read(text)))


def ready(indicator: Indicator, lang: str, *, unit: str | None = None) -> str:
    """The ready-made sentence of an indicator as a text to be changed, by its direction."""
    return _ready(Subject(indicator.code, unit=unit), indicator.direction.value, lang)


def tell(desk: Desk, router: Router, text: str, base_view: View, scope: Scope, at: Moment) -> Told:
    """The text with its figures of one moment; a gap that cannot be told stays visible as such.

    `base_view` says the unit, the period, the map, the language, and a past moment where one is
    asked about. Raises AddressError or NotAllowedError where its own unit cannot be told of.
    """
    view = pinned(desk.engine, base_view).view
    teller = _Teller(desk, router, view, scope, at)
    draft = read(text)
    faults = teller.names.faults(draft)
    teller.faulty = {(one.line, one.column) for one in faults}
    told = fill(expanded(draft, teller.ready), teller.known, view.lang)
    parts = teller.stands.parts
    indicators = indicators_of(parts)
    return Told(
        paragraphs=tuple(one.text for one in told if one.text),
        facts=facts_of(parts),
        problems=tuple(_problem(one, view.lang) for one in (*faults, *teller.refused)),
        figures=tuple(figure for one in told for figure in one.figures),
        missing=tuple(dict.fromkeys(words for one in told for words in one.missing)),
        illustrative=any(one.illustrative for one in told),
        definitions=tuple(definition_of(one, view.lang) for one in indicators),
        origins=origins_of(desk.engine, parts, (), view.lang, at.known_at),
    )


class _Teller:
    """Knows the words of gaps; remembers those that could not be asked for."""

    def __init__(self, desk: Desk, router: Router, view: View, scope: Scope, at: Moment) -> None:
        self.desk, self.view, self.at = desk, view, at
        self.names = Names(desk.catalogue, desk.registers, desk.units, scope)
        self.stands = Stands(desk, router, view, scope, at)
        self.faulty: set[tuple[int, int]] = set()
        self.refused: list[Fault] = []

    def ready(self, gap: Gap) -> str | None:
        """The ready-made sentence that a gap stands for."""
        if gap.field != "sentence" or (gap.line, gap.column) in self.faulty:
            return None
        return _ready(gap.subject, self._way(gap.subject), self.view.lang)

    def _way(self, subject: Subject) -> str:
        if subject.name not in self.desk.catalogue:
            return "register"
        return self.desk.catalogue.by_code(subject.name).direction.value

    def known(self, gap: Gap) -> Said | None:
        """The words of a gap, or None with the reason remembered."""
        place = (gap.line, gap.column)
        if place in self.faulty:
            return None
        lang = self.view.lang
        try:
            if not gap.field:
                return Said(self._word(gap), figure=False)
            if gap.subject.name in self.desk.catalogue:
                return stand_words(self.stands.tell(gap.subject, gap.field), gap.field, lang)
            return counted_words(self.stands.counted(gap.subject), gap.field, lang)
        except (AddressError, NotAllowedError) as error:
            if gap.subject.unit is None:
                raise
            why = explain_error(lang, error)
            self.refused.append(Fault("refused", *place, gap.text, (("why", why),)))
            return None

    def _word(self, gap: Gap) -> str:
        lang, name = self.view.lang, gap.subject.name
        if name == "period":
            return period_of(self.view.period, lang, otherwise="this_period")
        if name in ("known_at", "day"):
            moment: datetime = self.stands.known_at
            if name == "known_at":
                return moment_words(moment, lang)
            return date_words(moment.astimezone(ZONE).date(), lang)
        unit = self.stands.unit(gap.subject)
        if name == "unit_short":
            return unit.newest.name_en if lang == "en" else unit.short_name
        return unit_words(unit.key, unit.name_in(lang), lang)


def _ready(subject: Subject, way: str, lang: str) -> str:
    parts = ("name", "unit", "period", "value", "change", "before", "rank", "against_target")
    if way == "register":
        own = f"{{unit@{subject.unit}}}" if subject.unit else "{unit}"
        counts = {part: subject.gap(part) for part in REGISTER if part != "sentence"}
        return say(lang, "telling.ready_register", unit=own, **counts)
    return say(lang, f"telling.ready_{way}", **{part: subject.gap(part) for part in parts})


def _problem(fault: Fault, lang: str) -> Problem:
    return Problem(fault.line, fault.column, fault.text, fault_words(fault, lang))
