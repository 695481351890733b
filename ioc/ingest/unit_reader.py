"""Which unit a record is about: by code or name as of a day, never by the closest match."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property
from typing import NoReturn

from ioc.domain.period import Period
from ioc.domain.unit import Unit, UnitCode
from ioc.domain.units import Units
from ioc.errors import AddressError
from ioc.ingest.fields import Fields, Getter, getter
from ioc.ingest.language import UnitRule
from ioc.ingest.values import ValueProblem, as_text, worth_remembering

_SHOWN = 60
_CACHE = 200_000


class UnitReader:
    """Finds the unit of records for one rule; each (text, day) is looked up once.

    Raises AddressError when a constant names no unit.
    """

    def __init__(self, rule: UnitRule, units: Units) -> None:
        self._rule = rule
        self._units = units
        self._constant = units.by_key(rule.constant) if rule.constant is not None else None
        path = rule.key or rule.code or rule.name
        self._main: Getter | None = getter(path) if path else None
        self._parent: Getter | None = getter(rule.parent) if rule.parent else None
        self._known: dict[object, Unit | ValueProblem] = {}

    def read(self, fields: Fields, period: Period) -> Unit:
        """The unit of a record about `period`; raises ValueProblem."""
        given = self._main(fields) if self._main else None
        parent = self._parent(fields) if self._parent else None
        key = (given, parent, period)
        try:
            known = self._known.get(key)
        except TypeError:
            raise ValueProblem("no_unit") from None
        if known is None:
            day = period.start if self._rule.at == "start" else period.end
            try:
                known = self._find(as_text(given), as_text(parent), day)
            except ValueProblem as problem:
                known = problem.anew()
            if len(self._known) < _CACHE and worth_remembering(given, parent):
                self._known[key] = known
        if isinstance(known, ValueProblem):
            raise known.anew()
        return known

    def _find(self, given: str, parent: str, day: date) -> Unit:
        if self._constant is not None:
            return self._living(self._constant, self._constant.key, day)
        if not given:
            raise ValueProblem("no_unit")
        if self._rule.key is not None:
            try:
                return self._living(self._units.by_key(given), given, day)
            except AddressError:
                raise ValueProblem("unknown_unit_key", given=given[:_SHOWN]) from None
        if self._rule.code is not None:
            return self._by_code(given, day)
        return self._by_name(given, parent, day)

    def _living(self, unit: Unit, given: str, day: date) -> Unit:
        return unit if unit.alive(day) else self._not_then(unit, given, unit.valid_to, day)

    def _by_code(self, given: str, day: date) -> Unit:
        system = str(self._rule.system)
        code = given.zfill(self._rule.pad) if given.isdigit() else given
        unit = self._units.by_code(system, code, day)
        if unit is not None:
            return unit
        ever = self._codes.get((system, code))
        if not ever:
            raise ValueProblem("unknown_code", given=code[:_SHOWN], system=system)
        ended = [pair for pair in ever if pair[0].valid_to and pair[0].valid_to <= day]
        one, unit = max(ended or ever, key=lambda pair: pair[0].valid_from)
        return self._not_then(unit, code, one.valid_to if ended else None, day)

    def _by_name(self, given: str, parent: str, day: date) -> Unit:
        level = self._rule.level
        above = self._above(parent, day) if self._rule.parent else None
        unit = self._units.by_name(given, day, level, above)
        if unit is not None:
            return unit
        if above is None:
            for other in self._eve_of_changes:
                former = self._units.by_name(given, other, level)
                if former is not None and not former.alive(day):
                    self._not_then(former, given, former.valid_to, day)
        raise ValueProblem("unknown_name", given=given[:_SHOWN])

    def _above(self, parent: str, day: date) -> int:
        if not parent:
            raise ValueProblem("no_unit")
        return self._by_code(parent, day).id

    def _not_then(self, unit: Unit, given: str, ended: date | None, day: date) -> NoReturn:
        if ended is None or ended > day:
            raise ValueProblem("not_yet_unit", given=given[:_SHOWN], unit=unit.name, day=_day(day))
        following = sorted({one.successor_id for one in self._units.successors(unit.id)})
        names = [f"{after.name} ({after.key})" for after in map(self._units.by_id, following)]
        raise ValueProblem(
            "former_unit",
            given=given[:_SHOWN],
            unit=unit.name,
            until=_day(ended),
            successor="; ".join(names) or "–",
        )

    @cached_property
    def _codes(self) -> dict[tuple[str, str], list[tuple[UnitCode, Unit]]]:
        found: dict[tuple[str, str], list[tuple[UnitCode, Unit]]] = defaultdict(list)
        for unit in self._units.all():
            for code in unit.codes:
                found[code.system, code.code].append((code, unit))
        return dict(found)

    @cached_property
    def _eve_of_changes(self) -> tuple[date, ...]:
        """The last days before units ended, and the days on which units began; newest first."""
        days = {one.valid_to - timedelta(days=1) for one in self._units.all() if one.valid_to}
        return tuple(sorted(days | {one.valid_from for one in self._units.all()}, reverse=True))


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
