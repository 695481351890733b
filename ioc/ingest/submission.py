"""What people are asked to submit: what a source's `submit:` block means on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.unit import Unit
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import AddressError, SourceConfigError
from ioc.ingest.source import Source
from ioc.ingest.submit_rule import Submit

MOST_ROWS = 2000
"""Rows of one template at most: more than the communes of any province times ten indicators."""


@dataclass(frozen=True, slots=True)
class Form:
    """A source's `submit:` with the indicators and the calendar it means."""

    source: Source
    submit: Submit
    indicators: tuple[Indicator, ...]
    grain: Grain
    calendar: Calendar

    @property
    def name(self) -> str:
        """The source's name: the form's id in addresses and in the workbook."""
        return self.source.name

    def title(self, lang: str) -> str:
        """The form's name as people read it."""
        given = self.submit.title or self.source.title
        return given.en if lang == "en" else given.vi

    def hint(self, lang: str) -> str:
        """The sentence for who fills it in, or nothing."""
        return self.submit.hint.say(lang) if self.submit.hint else ""

    @property
    def system(self) -> str:
        """The system of the codes in the workbook: `nso`, `local`, ..., or `key` for addresses."""
        rule = self.source.mapping.unit
        return rule.system if rule is not None and rule.system is not None else "key"

    def units(self, units: Units, day: date) -> tuple[Unit, ...]:
        """The units that submit and exist on `day`, in order of id."""
        asked = self.submit.units
        if isinstance(asked, tuple):
            found = [units.by_key(key) for key in asked]
            return tuple(one for one in found if one.alive(day))
        return units.children(units.by_key(asked.under).id, day, asked.level)

    def about(self, units: Units, unit: Unit, period: Period) -> tuple[Unit, ...]:
        """The units that the rows of one workbook are about, in the period's first days."""
        if self.submit.rows is None:
            return (unit,)
        return units.children(unit.id, self.day(period), self.submit.rows)

    def day(self, period: Period) -> date:
        """The day whose map and codes a workbook of the period uses, as the mapping says."""
        rule = self.source.mapping.unit
        return period.end if rule is not None and rule.at == "end" else period.start

    def code(self, unit: Unit, day: date) -> str | None:
        """The unit's code in the workbook; None where it has none of that system then."""
        return unit.key if self.system == "key" else unit.code(self.system, day)

    def periods(self, now: datetime) -> tuple[Period, ...]:
        """The periods that may be submitted now, newest first."""
        today = now.astimezone(ZONE).date()
        running = Period.of(self.calendar, self.grain, today)
        first = running if self.submit.running else running.previous
        many = self.submit.open + (1 if self.submit.running else 0)
        return tuple(first.shift(-step) for step in range(many))

    def due(self, period: Period) -> date:
        """The last day on which the period's figures are in time."""
        days = self.submit.due_days
        if days is None:
            days = max(one.due_days for one in self.indicators)
        return period.end + timedelta(days=days)


def forms(
    sources: Mapping[str, Source], catalogue: Catalogue, units: Units
) -> tuple[tuple[Form, ...], tuple[SourceConfigError, ...]]:
    """The forms of these sources by name, and what is wrong with those that cannot be used."""
    good, wrong = [], []
    for name in sorted(sources):
        if sources[name].submit is None:
            continue
        try:
            good.append(form_of(sources[name], catalogue, units))
        except SourceConfigError as error:
            wrong.append(error)
    return tuple(good), tuple(wrong)


def form_of(source: Source, catalogue: Catalogue, units: Units) -> Form:
    """The form of one source with `submit:`.

    Raises SourceConfigError for a unit or an indicator that does not exist, indicators of
    several lengths or calendars, and a source that takes in no workbook.
    """
    submit = source.submit
    assert submit is not None, "asked for a source that declares it"
    if getattr(source.config, "format", None) != "workbook":
        raise _wrong(source, "submit", source.connector, "a file_drop with format: workbook")
    keys = submit.units if isinstance(submit.units, tuple) else (submit.units.under,)
    for key in keys:
        try:
            units.by_key(key)
        except AddressError as error:
            raise _wrong(source, "submit.units", key, str(error.params["allowed"])) from None
    indicators = _indicators(source, submit, catalogue)
    kinds = {(submit.grain or one.cadence, one.calendar) for one in indicators}
    if len(kinds) != 1:
        given = ", ".join(f"{one.code} {one.cadence.value}" for one in indicators)
        raise _wrong(source, "submit.indicators", given, "indicators of one length and calendar")
    (grain, calendar) = kinds.pop()
    return Form(source, submit, indicators, grain, calendar)


def _indicators(source: Source, submit: Submit, catalogue: Catalogue) -> tuple[Indicator, ...]:
    codes = submit.indicators or _mapped(source)
    if not codes:
        raise _wrong(source, "submit.indicators", None, "codes, where the mapping reads a column")
    found = []
    for code in codes:
        try:
            found.append(catalogue.by_code(code))
        except AddressError as error:
            raise _wrong(source, "submit.indicators", code, str(error.params["allowed"])) from None
    return tuple(found)


def _mapped(source: Source) -> tuple[str, ...]:
    """The codes that the mapping names itself, in its order."""
    named: dict[str, None] = {}
    for rule in source.mapping.values:
        one = rule.indicator
        if one.constant is not None:
            named[str(one.constant)] = None
        named.update(dict.fromkeys((one.table or {}).values()))
    return tuple(named)


def _wrong(source: Source, field: str, given: object, allowed: str) -> SourceConfigError:
    return SourceConfigError(file=source.file, field=field, given=given, allowed=allowed)
