"""One count of a register while its items pass by: sums per unit and period, real ones apart."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ioc.domain.due import Due
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Kind
from ioc.domain.period import Period
from ioc.domain.register import Count, Phase, Register, When, filled
from ioc.domain.register import Kind as FieldKind
from ioc.domain.units import Units
from ioc.store.counted_items import Counted
from ioc.store.observations import Fact, Key
from ioc.store.register_tables import NO_DUE

Test = Callable[[Counted, Mapping[str, Any]], bool]


@dataclass(slots=True)
class _Sum:
    """Of one unit and period: numerator (or value), denominator, and items that lack a number."""

    above: int = 0
    below: int = 0
    counted: int = 0
    lacking: int = 0


class Cells:
    """The figures of one count; `now` counts items as they stand, for the period of `today`."""

    def __init__(
        self, register: Register, count: Count, indicator: Indicator, units: Units, today: date
    ) -> None:
        self.indicator = indicator
        self.breakdown = count.breakdown or ""
        self.now = count.over == "now"
        self.period = Period.of(indicator.calendar, indicator.cadence, today)
        self._count = count
        self._today = today
        self._units = units
        self._ratio = indicator.kind is Kind.RATIO
        self._where = test_of(register, count.where)
        # Whose zero is true: who has items of those that are meant at all, in whatever state.
        self._meant = test_of(register, When(is_not=count.where.is_not))
        self._above = test_of(register, count.numerator) if count.numerator else None
        self._below = test_of(register, count.denominator) if count.denominator else None
        self._factors = [_factor(register, name, indicator) for name in (count.sum, count.sum_of)]
        self._sums: dict[tuple[bool, int, int], _Sum] = defaultdict(_Sum)
        self._present: dict[bool, set[int]] = {False: set(), True: set()}
        self._places: dict[int, tuple[int, ...]] = {}
        self._keys: dict[str, int | None] = {}

    @property
    def nothing(self) -> Fact:
        """What is said where there was a figure and no item is left."""
        return Fact(0, 0) if self._ratio else Fact(0)

    def add(self, item: Counted, body: Mapping[str, Any]) -> None:
        """Take one item in."""
        pretended = bool(item.illustrative)
        places = self._places.get(item.unit_id)
        if places is None:
            places = self._places[item.unit_id] = self._counts_for(item.unit_id)
        if not places or not self._meant(item, body):
            return
        self._present[pretended].update(places)
        if not self._where(item, body):
            return
        if self._below is not None and not self._below(item, body):
            return
        period = self.period.key if self.now else self._period(body)
        if period is None:
            return
        over = self._above is None or self._above(item, body)
        first, second = self._numbers(body)
        for unit_id in places:
            cell = self._sums[pretended, unit_id, period]
            if first is None or second is None:
                cell.lacking += 1
                continue
            cell.counted += 1
            cell.above += first if over else 0
            cell.below += second

    def facts(self, *, illustrative: bool, wanted: frozenset[int] | None) -> dict[Key, Fact]:
        """The figures counted from real, or from illustrative items, of the wanted units."""
        found: dict[Key, Fact] = {}
        first: dict[int, int] = {}
        for (pretended, unit_id, period), cell in self._sums.items():
            if pretended != illustrative or (wanted is not None and unit_id not in wanted):
                continue
            fact = self._fact(cell)
            if fact is not None:
                found[self._key(unit_id, period)] = fact
                first[unit_id] = min(period, first.get(unit_id, period))
        for unit_id in self._present[illustrative]:
            if wanted is not None and unit_id not in wanted:
                continue
            for period in self._silent(first.get(unit_id)):
                # The unit has items in the register and none of these: that is a true zero.
                if (illustrative, unit_id, period) not in self._sums:
                    found.setdefault(self._key(unit_id, period), self.nothing)
        return found

    def _silent(self, first: int | None) -> Iterable[int]:
        """The periods in which a unit that has items has zero where none was counted."""
        if self._ratio:
            return []
        if self.now:
            return [self.period.key]
        if first is None:
            return []
        periods = []
        one = self.period
        while one.key >= first:
            periods.append(one.key)
            one = one.previous
        return periods

    def _key(self, unit_id: int, period: int) -> Key:
        return Key(self.indicator.id, self.period.grain_key, period, unit_id, self.breakdown)

    def _fact(self, cell: _Sum) -> Fact | None:
        if not cell.counted:
            return None
        bound = int(Bound.AT_LEAST if cell.lacking and not self._ratio else Bound.EXACT)
        if not self._ratio:
            return Fact(cell.above, bound=bound)
        if cell.above > cell.below and not self.indicator.may_exceed:
            # Parts larger than their whole are no rate; the items themselves show it.
            return None
        return Fact(cell.above, cell.below)

    def _counts_for(self, unit_id: int) -> tuple[int, ...]:
        """The unit and those above it today that the indicator is known of."""
        line = (self._units.by_id(one) for one in (unit_id, *self._units.chain(unit_id)))
        levels = self.indicator.levels
        return tuple(one.id for one in line if one.level in levels and one.alive(self._today))

    def _period(self, body: Mapping[str, Any]) -> int | None:
        """The key of the period of the item's date; None without one, or where it is to come."""
        text = body.get(self._count.over)
        if not isinstance(text, str) or not text:
            return None
        if text not in self._keys:
            day = Due.parse(text).day
            period = Period.of(self.indicator.calendar, self.indicator.cadence, day)
            self._keys[text] = None if day > self._today else period.key
        return self._keys[text]

    def _numbers(self, body: Mapping[str, Any]) -> Sequence[int | None]:
        """What the item adds to numerator (or value) and denominator, in the store's scale."""
        one = 10**self.indicator.scale
        found: list[int | None] = []
        for factor in self._factors:
            if factor is None:
                found.append(one)
                continue
            name, up, down = factor
            value = body.get(name)
            # Half up, away from nothing: a field finer than the indicator keeps.
            found.append((2 * value * up + down) // (2 * down) if isinstance(value, int) else None)
        return found


def count_items(register: Register, tables: Sequence[Cells], items: Iterable[Counted]) -> None:
    """Pass all items of a register by its counts once."""
    for item in items:
        body = json.loads(item.body)
        for one in tables:
            one.add(item, body)


def test_of(register: Register, when: When) -> Test:
    """A function that says whether an item is taken in: every condition given holds."""
    tests: list[Test] = []
    if when.states:
        states = frozenset(when.states)
        tests.append(lambda item, body: item.state in states)
    if when.phases:
        phases = frozenset(Phase(one).number for one in when.phases)
        tests.append(lambda item, body: item.phase in phases)
    needed = list(when.has)
    if when.checklist is not None:
        listed = next(one for one in register.checklists if one.code == when.checklist)
        needed += listed.fields
    for name in needed:
        tests.append(_has(register, name))
    for name, values in when.is_.items():
        tests.append(_is(name, frozenset(values)))
    for name, values in when.is_not.items():
        tests.append(_is_not(name, frozenset(values)))
    if when.in_time is not None:
        wanted = when.in_time
        tests.append(lambda item, body: in_time(item) is wanted)
    if len(tests) == 1:
        return tests[0]
    return lambda item, body: all(test(item, body) for test in tests)


def in_time(item: Counted) -> bool:
    """Whether an item has a due date and was done on or before its last day."""
    return item.due_day != NO_DUE and item.done_day is not None and item.done_day <= item.due_day


def _has(register: Register, name: str) -> Test:
    if register.field(name).kind is FieldKind.PLACE:
        return lambda item, body: item.lon is not None
    return lambda item, body: filled(body.get(name))


def _is(name: str, values: frozenset[str]) -> Test:
    def holds(item: Counted, body: Mapping[str, Any]) -> bool:
        value = body.get(name)
        if isinstance(value, list):
            return not values.isdisjoint(map(str, value))
        return (str(value).lower() if isinstance(value, bool) else str(value)) in values

    return holds


def _is_not(name: str, values: frozenset[str]) -> Test:
    holds = _is(name, values)
    return lambda item, body: not holds(item, body)


def _factor(
    register: Register, name: str | None, indicator: Indicator
) -> tuple[str, int, int] | None:
    """From a field's scale to the indicator's: times the first, by the second."""
    if name is None:
        return None
    shift = indicator.scale - register.field(name).decimals
    return name, 10 ** max(shift, 0), 10 ** max(-shift, 0)
