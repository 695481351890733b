"""Whether the gaps of a text name things that exist, told while it is written."""

from __future__ import annotations

from difflib import get_close_matches

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.registers import Registers
from ioc.domain.scope import Scope
from ioc.domain.sentences import INDICATOR, REGISTER, WORDS, Draft, Fault, Gap
from ioc.domain.units import Units
from ioc.errors import AddressError

PERIODS = ("previous", "last-year")
"""Periods told from the one that the text is about: the one before, the same of last year."""


class Names:
    """What a gap may name: the declared indicators and registers, the units of a scope."""

    def __init__(
        self, catalogue: Catalogue, registers: Registers, units: Units, scope: Scope
    ) -> None:
        self.catalogue, self.registers = catalogue, registers
        self._units, self._scope = units, scope
        self._keys = {one.key for one in registers.all}

    def faults(self, draft: Draft) -> tuple[Fault, ...]:
        """Everything wrong in a text, in its order."""
        named = (fault for gap in draft.gaps if (fault := self.fault(gap)) is not None)
        return tuple(sorted((*draft.faults, *named), key=lambda one: (one.line, one.column)))

    def fault(self, gap: Gap) -> Fault | None:
        """What is wrong with a gap; None where it can be told."""
        name = gap.subject.name
        if name in self.catalogue:
            return self._of_indicator(gap, self.catalogue.by_code(name))
        if name in self._keys:
            return self._of_register(gap)
        if name in WORDS:
            return self._of_word(gap)
        known = [one.code for one in self.catalogue.all]
        near = get_close_matches(name, [*WORDS, *self._keys, *known], 4, 0.5)
        allowed = ", ".join([*dict.fromkeys([*near, *WORDS, *sorted(self._keys)])])
        return _fault(gap, "unknown_name", given=name, allowed=allowed, first=known[0])

    def _of_indicator(self, gap: Gap, indicator: Indicator) -> Fault | None:
        asked = gap.subject
        if gap.field not in INDICATOR:
            return _fault(gap, "unknown_field", given=gap.field, allowed=", ".join(INDICATOR))
        if asked.part and asked.part not in indicator.breakdown_codes:
            allowed = ", ".join(indicator.breakdown_codes) or "–"
            return _fault(gap, "unknown_part", given=asked.part, allowed=allowed)
        if asked.period and period_fault(asked.period, indicator.calendar):
            return _fault(gap, "unknown_period", given=asked.period)
        return self._of_unit(gap)

    def _of_register(self, gap: Gap) -> Fault | None:
        if gap.field not in REGISTER:
            return _fault(gap, "unknown_field", given=gap.field, allowed=", ".join(REGISTER))
        if gap.subject.part or gap.subject.period:
            return _fault(gap, "register_now", given=gap.subject.name)
        return self._of_unit(gap)

    def _of_word(self, gap: Gap) -> Fault | None:
        asked = gap.subject
        if gap.field or asked.part or asked.period:
            return _fault(gap, "bare_word", given=asked.name)
        if asked.unit and asked.name not in ("unit", "unit_short"):
            return _fault(gap, "bare_word", given=asked.name)
        return self._of_unit(gap)

    def _of_unit(self, gap: Gap) -> Fault | None:
        """A unit outside the scope reads like one that does not exist."""
        if gap.subject.unit is None:
            return None
        try:
            unit = self._units.by_key(gap.subject.unit)
        except AddressError:
            return _fault(gap, "unknown_unit", given=gap.subject.unit)
        if not self._units.visible(unit.id, self._scope):
            return _fault(gap, "unknown_unit", given=gap.subject.unit)
        return None


def period_fault(text: str, calendar: Calendar) -> bool:
    """Whether this is no period that a gap can name."""
    if text in PERIODS:
        return False
    try:
        Period.parse(text, calendar)
    except AddressError:
        return True
    return False


def fault_words(fault: Fault, lang: str) -> str:
    """The sentence that says what is wrong and what is allowed, with its place."""
    why = say(lang, f"telling.{fault.code}", text=fault.text, **dict(fault.params))
    return say(lang, "telling.at", line=fault.line, column=fault.column, why=why)


def _fault(gap: Gap, code: str, **params: str) -> Fault:
    return Fault(code, gap.line, gap.column, gap.text, tuple(params.items()))
