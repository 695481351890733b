"""One figure of a record: the reading, its absence, or the problem with it."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import datetime

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Kind, State
from ioc.domain.period import Period
from ioc.domain.unit import Level, Unit
from ioc.domain.units import Units
from ioc.errors import AddressError, SourceConfigError
from ioc.ingest.connector import Record
from ioc.ingest.fields import Fields, Getter, filter_of, value_getter
from ioc.ingest.figures import FigureReader, Figures
from ioc.ingest.language import ValueRule
from ioc.ingest.period_reader import PeriodReader
from ioc.ingest.source import Source
from ioc.ingest.unit_reader import UnitReader
from ioc.ingest.values import Missing, ValueProblem, as_text, clean

_TOTALS = (Level.NATION, Level.LOCALITIES, Level.GOVERNMENT)
_CITATION = 500
_STATES = {one.name.lower(): one.value for one in State}
_BOUNDS = {one.name.lower(): one.value for one in Bound}


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as a source gave it: whole numbers × 10^scale, a bare rate in millionths."""

    indicator_id: int
    unit_id: int
    period: Period
    breakdown: str
    numerator: int | None
    denominator: int | None
    value: int | None
    bound: Bound
    state: State
    citation: str | None
    place: str
    payload: int = 0


@dataclass(frozen=True, slots=True)
class Absent:
    """A figure the record should hold and does not: counted, stored nowhere, never zero.

    `code` names the sentence `reject.<code>`.
    """

    place: str
    code: str
    params: Map[str, object] = field(default_factory=dict)
    payload: int = 0


class Entry:
    """One entry of `values`, compiled.

    Raises SourceConfigError when it names an indicator or a unit that does not exist.
    """

    def __init__(
        self,
        source: Source,
        at: str,
        rule: ValueRule,
        catalogue: Catalogue,
        units: Units,
        now: datetime,
    ) -> None:
        mapping = source.mapping
        unit, period = rule.unit or mapping.unit, rule.period or mapping.period
        assert unit is not None, "the language checks that it is given"
        assert period is not None, "the language checks that it is given"
        try:
            self._units = UnitReader(unit, units)
            self._check(rule, catalogue)
        except AddressError as error:
            raise SourceConfigError(
                file=source.file,
                field=f"{at}.{error.params['part']}",
                given=error.params["given"],
                allowed=str(error.params["allowed"]),
            ) from None
        self._catalogue = catalogue
        self._periods = PeriodReader(period, now)
        self._figures = FigureReader(mapping, rule)
        self._when = filter_of(rule.when)
        self._indicator = value_getter(rule.indicator)
        self._fixed = (
            catalogue.by_code(rule.indicator.constant) if rule.indicator.field is None else None
        )
        self._dimension, self._split = _split(rule)
        self._state = value_getter(rule.state) if rule.state else None
        self._bound = value_getter(rule.bound) if rule.bound else None
        self._citation = value_getter(rule.citation) if rule.citation else None

    def read(self, record: Record) -> Reading | Absent | None:
        """The reading, its absence, or None where the entry does not mean this record.

        Raises ValueProblem.
        """
        fields = record.fields
        if self._when is not None and not self._when(fields):
            return None
        indicator = self._fixed or self._named(fields)
        if indicator is None:
            return None
        period = self._periods.read(fields, indicator)
        unit = self._units.read(fields, period)
        if unit.level not in indicator.levels and unit.level not in _TOTALS:
            raise ValueProblem(
                "wrong_level", unit=unit.name, level=unit.level.value, indicator=indicator.code
            )
        breakdown = self._breakdown(fields, indicator) if self._split else ""
        state = State.VALUE
        if self._state is not None:
            state = State(_word(_STATES, self._state(fields), "bad_state"))
        figures: Figures | Missing = Figures()
        if state is State.VALUE:
            figures = self._figures.read(fields, indicator)
        if isinstance(figures, Missing):
            params = {"indicator": indicator.code, "unit": unit.name, "period": period.code}
            return Absent(record.place, figures.reason, params, record.payload)
        return self._reading(record, indicator, unit, period, breakdown, figures, state)

    def _reading(
        self,
        record: Record,
        indicator: Indicator,
        unit: Unit,
        period: Period,
        breakdown: str,
        figures: Figures,
        state: State,
    ) -> Reading:
        bound, citation = Bound.EXACT, None
        if self._bound is not None:
            bound = Bound(_word(_BOUNDS, self._bound(record.fields), "bad_bound"))
        if self._citation is not None:
            citation = as_text(self._citation(record.fields))[:_CITATION] or None
        return Reading(
            indicator.id,
            unit.id,
            period,
            breakdown,
            figures.numerator,
            figures.denominator,
            figures.value,
            bound,
            state,
            citation,
            record.place,
            record.payload,
        )

    def _named(self, fields: Fields) -> Indicator | None:
        code = as_text(self._indicator(fields))
        if not code:
            return None
        try:
            return self._catalogue.by_code(code)
        except AddressError:
            raise ValueProblem("unknown_indicator", given=code[:60]) from None

    def _breakdown(self, fields: Fields, indicator: Indicator) -> str:
        given = clean(as_text(self._split(fields))) if self._split else ""
        if not given:
            return ""
        code = f"{self._dimension}.{given}"
        if code not in indicator.breakdown_codes:
            raise ValueProblem("unknown_breakdown", given=code[:60], indicator=indicator.code)
        return code

    @staticmethod
    def _check(rule: ValueRule, catalogue: Catalogue) -> None:
        if rule.indicator.field is None:
            named = [str(rule.indicator.constant)]
        else:
            table = rule.indicator.table or {}
            named = [code for code in (*table.values(), rule.indicator.otherwise) if code]
        for code in named:
            indicator = catalogue.by_code(code)
            if indicator.kind is not Kind.RATIO and rule.value is None:
                raise AddressError(
                    part="numerator", given=code, allowed="value: the indicator is no rate"
                )
            for dimension in rule.breakdown:
                known = [one.code for one in indicator.breakdown]
                if dimension not in known:
                    raise AddressError(
                        part="breakdown", given=dimension, allowed=", ".join(known) or "none"
                    )


def _split(rule: ValueRule) -> tuple[str, Getter | None]:
    for dimension, value in rule.breakdown.items():
        return dimension, value_getter(value)
    return "", None


def _word(words: Map[str, int], given: object, code: str) -> int:
    """The number behind a word; blank is the ordinary case, 0."""
    text = as_text(given).lower()
    if not text:
        return 0
    if text not in words:
        raise ValueProblem(code, given=text[:60])
    return words[text]
