"""The targets that a unit or one of those before it set for others."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ioc.domain.indicator import Indicator, TargetRule
from ioc.domain.target import Target
from ioc.domain.unit import Unit
from ioc.queries.answers import Goal
from ioc.queries.ask import Ask


def goals(ask: Ask, units: Iterable[Unit], indicators: Iterable[Indicator]) -> tuple[Goal, ...]:
    """Every declared target that one of these units set, in the order of the indicators.

    A target for one unit alone outside the viewer's scope is left out.
    """
    setting = {unit.key: unit for unit in units}
    found = []
    for indicator in indicators:
        for rule in indicator.targets:
            unit = setting.get(rule.set_by or "")
            only = ask.units.by_key(rule.unit) if rule.unit else None
            if unit is None or (only is not None and not ask.sees(only)):
                continue
            levels = tuple(level.value for level in rule.levels)
            target = _target(indicator, rule)
            receiver = ask.ref(only) if only else None
            found.append(Goal(ask.ref(unit), indicator, target, levels, receiver))
    return tuple(found)


def _target(indicator: Indicator, rule: TargetRule) -> Target:
    value = Fraction(rule.value) / indicator.unit_factor
    return Target(value, rule.legal, rule.valid_from, rule.valid_to)
