"""Targets by unit class and date, and how a figure stands against its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache

from ioc.domain.indicator import Direction, Indicator, TargetRule, Words
from ioc.domain.measure import Bound, Figure
from ioc.domain.period import Period
from ioc.domain.unit import Level


class Status(StrEnum):
    """How a figure stands; words and signs are `status.<value>` and `status.<value>_sign`."""

    REACHED = "reached"
    NEAR = "near"
    AT_RISK = "at_risk"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Target:
    """A target in the figure's own unit: a share of one for a ratio, otherwise as shown.

    `carried_year` is set when the target's year has passed and no newer one was found: it is
    still shown and judged, and always said to be the target of that year. It is the target of
    the classes `levels`, or of the one `unit`, a key.
    """

    value: Fraction
    legal: Words
    valid_from: date
    valid_to: date | None
    carried_year: int | None = None
    levels: tuple[Level, ...] = ()
    unit: str | None = None


class Reason(StrEnum):
    """Why a figure has a status, or has none; words are `pace.why_<value>`."""

    JUDGED = "judged"
    NO_VALUE = "no_value"
    COUNT_ONLY = "count_only"
    NO_TARGET = "no_target"
    NEUTRAL = "neutral"
    AT_LEAST = "at_least"


def target_for(
    indicator: Indicator, unit_level: Level, unit_key: str, period: Period
) -> Target | None:
    """The target of a unit in a period, decided by the period's last day.

    A unit's own decision beats that of its class. A total (nation, localities, government) has
    only a target declared for that very level; targets are never averaged or passed down.
    """
    own = [rule for rule in indicator.targets if rule.unit == unit_key]
    classed = [rule for rule in indicator.targets if unit_level in rule.levels]
    for valid in (_in_force, _carried):
        for rules in (own, classed):
            found = valid(rules, period.end)
            if found:
                return _target(indicator, found, carried=valid is _carried)
    return None


def gap(figure: Figure, target: Target | None) -> Fraction | None:
    """Value minus target in the figure's own unit; None when either is missing."""
    if figure.value is None or target is None:
        return None
    return figure.value - target.value


def judge(indicator: Indicator, figure: Figure, target: Target | None) -> Status:
    """How the figure stands: reached, near (a miss of at most `near_gap`), or at risk.

    No value (so also a count whose denominator is unknown), no target and neutral direction are
    not judged. A figure known only as "at least" is judged only where every larger value would
    be judged alike.
    """
    distance = gap(figure, target)
    if distance is None or indicator.direction is Direction.NEUTRAL:
        return Status.NOT_JUDGED
    miss = distance if indicator.direction is Direction.DOWN else -distance
    status = _status(indicator, miss)
    if figure.bound is Bound.AT_LEAST:
        certain = Status.REACHED if indicator.direction is Direction.UP else Status.AT_RISK
        return status if status is certain else Status.NOT_JUDGED
    return status


def reason(indicator: Indicator, figure: Figure, target: Target | None) -> Reason:
    """Why `judge` says what it says; anything but JUDGED is why it does not judge."""
    if figure.value is None:
        return Reason.COUNT_ONLY if figure.count_only else Reason.NO_VALUE
    if target is None:
        return Reason.NO_TARGET
    if indicator.direction is Direction.NEUTRAL:
        return Reason.NEUTRAL
    open_ended = figure.bound is Bound.AT_LEAST
    if open_ended and judge(indicator, figure, target) is Status.NOT_JUDGED:
        return Reason.AT_LEAST
    return Reason.JUDGED


def _status(indicator: Indicator, miss: Fraction) -> Status:
    if miss <= 0:
        return Status.REACHED
    return Status.NEAR if miss <= _near(indicator) else Status.AT_RISK


@cache
def _near(indicator: Indicator) -> Fraction:
    return Fraction(indicator.near_gap) / indicator.unit_factor


def _in_force(rules: list[TargetRule], day: date) -> TargetRule | None:
    for rule in rules:
        if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to):
            return rule
    return None


def _carried(rules: list[TargetRule], day: date) -> TargetRule | None:
    past = [rule for rule in rules if rule.valid_to and rule.valid_to < day]
    newest = max(past, key=lambda rule: rule.valid_from, default=None)
    return newest if newest and newest.carried else None


def _target(indicator: Indicator, rule: TargetRule, *, carried: bool) -> Target:
    return Target(
        value=Fraction(rule.value) / indicator.unit_factor,
        legal=rule.legal,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        carried_year=rule.valid_to.year if carried and rule.valid_to else None,
        levels=rule.levels,
        unit=rule.unit,
    )
