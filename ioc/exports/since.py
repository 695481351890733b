"""What changed between two sets of facts: figures of new periods, revised ones, and gone ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.period import Calendar, Period
from ioc.exports.extract import Fact

Subject = tuple[str, str, str, str]
"""Indicator, unit, calendar with grain, breakdown: what has one figure a period."""
KINDS = ("new", "revised", "first", "gone")


@dataclass(frozen=True, slots=True)
class Changed:
    """One figure that is other now: `new` a later period than before, `revised` the same period
    with another value, `first` one that was not shown with a value, `gone` one without it now.

    `before` and `now` are facts; `before` is of the earlier period where `kind` is `new`.
    """

    kind: str
    before: Fact | None
    now: Fact | None

    @property
    def fact(self) -> Fact:
        """The fact that it is about: the newer one."""
        found = self.now or self.before
        assert found is not None, "one of them is there"
        return found

    @property
    def size(self) -> Fraction:
        """How much the value moved, as a share of what it was; 0 where that cannot be said."""
        if self.before is None or self.now is None:
            return Fraction(0)
        old, new = _value(self.before), _value(self.now)
        if old is None or new is None or not old:
            return Fraction(0)
        return abs(new - old) / abs(old)


def changed(before: Iterable[Fact], now: Iterable[Fact]) -> tuple[Changed, ...]:
    """What is other now, new periods first, then by how much it moved.

    Of each subject the newest figure is compared with the newest before; of an earlier period only
    those that both show: a page that shows a longer line did not change its figures.
    """
    old, new = _by_subject(before), _by_subject(now)
    found: list[Changed] = []
    for subject, line in new.items():
        past = old.get(subject, {})
        last, last_before = _last(line), _last(past)
        if last is not None and last_before is None:
            found.append(Changed("first", None, last))
        elif last is not None and last_before is not None and _key(last) > _key(last_before):
            found.append(Changed("new", last_before, last))
        for key, fact in line.items():
            was = past.get(key)
            if was is None or was.value is None:
                continue
            if fact.value is None:
                found.append(Changed("gone", was, fact))
            elif was.value != fact.value:
                found.append(Changed("revised", was, fact))
    return tuple(sorted(found, key=_order))


def _order(one: Changed) -> tuple[object, ...]:
    return (KINDS.index(one.kind), -one.size, one.fact)


def _by_subject(facts: Iterable[Fact]) -> dict[Subject, dict[tuple[int, int], Fact]]:
    lines: dict[Subject, dict[tuple[int, int], Fact]] = {}
    for one in facts:
        period = Period.parse(one.period, Calendar(one.calendar))
        subject = (one.indicator, one.unit, str(period.grain_key), one.breakdown)
        lines.setdefault(subject, {})[_key(one)] = one
    return lines


def _last(line: dict[tuple[int, int], Fact]) -> Fact | None:
    """The newest fact that has a value."""
    return max((one for one in line.values() if one.value is not None), key=_key, default=None)


def _key(fact: Fact) -> tuple[int, int]:
    period = Period.parse(fact.period, Calendar(fact.calendar))
    return (period.key, period.grain_key)


def _value(fact: Fact) -> Fraction | None:
    return None if fact.value is None else Fraction(fact.value)
