"""The pace to a target: what is needed by when, what the last periods brought, where that leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator, OverTime
from ioc.domain.measure import Figure, Kind
from ioc.domain.pace_steps import (
    Ahead,
    Arrival,
    Drift,
    Season,
    Values,
    ahead,
    arrival,
    drift,
    recent,
    season,
    steps,
)
from ioc.domain.pace_year import YearRate, year_rate
from ioc.domain.period import Period
from ioc.domain.target import Reason, Status, Target, judge, reason
from ioc.domain.workdays import Workdays


class Outlook(StrEnum):
    """What today's pace says of a target; words are `pace.outlook_<value>`."""

    REACHED = "reached"
    ON_TIME = "on_time"
    LATE = "late"
    NEVER = "never"
    UNKNOWN = "unknown"
    """Too few figures to say."""
    PAST = "past"
    """The deadline has gone by."""
    NOT_JUDGED = "not_judged"
    """No figure, no target, or one that cannot be judged; `Pace.why` says which."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a figure must move to its target, and how fast it does.

    All amounts are in the figure's own unit (a share of one for a ratio) and signed: a count that
    must fall needs a negative pace. `left` whole periods end between `last` and the deadline,
    `workdays` working days are left after today. `needed` is a period, `daily` a working day;
    `moved` is the mean of the last three periods, `steps` how many changes of the last twelve are
    known. `at_end` is where that leads by the deadline,
    within what is possible; `arrival` counts periods after `last`. Where anything is None, what it
    needs is missing.
    """

    outlook: Outlook
    why: Reason
    deadline: date | None = None
    last: Period | None = None
    value: Fraction | None = None
    target: Fraction | None = None
    left: int = 0
    workdays: int = 0
    needed: Fraction | None = None
    daily: Fraction | None = None
    moved: Fraction | None = None
    drift: Drift | None = None
    steps: int = 0
    at_end: Ahead | None = None
    arrival: Arrival | None = None
    season: Season | None = None
    year: YearRate | None = None

    @property
    def sure(self) -> bool:
        """Whether both edges of the range say of the deadline what the middle says."""
        if self.arrival is None:
            return self.outlook is not Outlook.UNKNOWN
        edges = (self.arrival.earliest, self.arrival.latest)
        return len({one is not None and one <= self.left for one in edges}) == 1

    @property
    def share(self) -> Fraction | None:
        """Today's pace as a share of the one needed: below one is too slow; negative leads away."""
        return None if self.moved is None or not self.needed else self.moved / self.needed


def deadline(target: Target, day: date) -> date:
    """By when a target is to be reached, as seen on a day.

    Its last day; for a target without one, and one carried on after its year, the end of the
    day's year.
    """
    if target.valid_to is not None and target.carried_year is None:
        return target.valid_to
    return date(day.year, 12, 31)


def periods_left(last: Period, until: date) -> int:
    """How many whole periods after `last` end by a day."""
    count, following = 0, last.shift(1)
    while following.end <= until:
        count, following = count + 1, following.shift(1)
    return count


def pace(
    indicator: Indicator,
    figure: Figure,
    target: Target | None,
    last: Period | None,
    past: Mapping[Period, Figure],
    day: date,
    days: Workdays,
) -> Pace:
    """The pace of a figure of the period `last` to its target, as seen on `day`.

    `past` holds what can be compared with it, itself included: exact figures on one map and of one
    definition. The needed pace is (target - value) / periods left: applied in each of them it
    reaches the target exactly; per working day it is the same way over the days left after `day`.
    """
    why = reason(indicator, figure, target)
    if why is not Reason.JUDGED or figure.value is None or target is None or last is None:
        return Pace(Outlook.NOT_JUDGED, why, last=last, value=figure.value)
    until = deadline(target, day)
    way = target.value - figure.value
    left, worked = periods_left(last, until), days.between(day, until)
    values: Values = {one: it.value for one, it in past.items() if it.value is not None}
    restarts = indicator.since_year_start
    moving = drift(values, last, restarts=restarts)
    found = Pace(
        outlook=Outlook.UNKNOWN,
        why=why,
        deadline=until,
        last=last,
        value=figure.value,
        target=target.value,
        left=left,
        workdays=worked,
        needed=way / left if left else None,
        daily=way / worked if worked else None,
        moved=recent(values, last, restarts=restarts),
        drift=moving,
        steps=len(steps(values, last, restarts=restarts)),
        at_end=_possible(indicator, ahead(figure.value, moving, left)) if moving and left else None,
        arrival=arrival(figure.value, target.value, moving) if moving else None,
        season=season(values, last, left),
        year=_year(indicator, target, last, left, past),
    )
    return replace(found, outlook=_outlook(indicator, figure, target, day, found))


def _outlook(
    indicator: Indicator, figure: Figure, target: Target, day: date, found: Pace
) -> Outlook:
    if judge(indicator, figure, target) is Status.REACHED:
        return Outlook.REACHED
    if found.deadline is not None and found.deadline < day:
        return Outlook.PAST
    if found.arrival is None:
        return Outlook.UNKNOWN
    likely = found.arrival.likely
    if likely is None or (indicator.since_year_start and likely > found.left):
        return Outlook.NEVER
    return Outlook.ON_TIME if likely <= found.left else Outlook.LATE


def _possible(indicator: Indicator, led: Ahead) -> Ahead:
    """A share does not go beyond 0 and 1 nor a count below 0, wherever a straight line leads."""
    most = Fraction(1) if indicator.kind is Kind.RATIO and not indicator.may_exceed else None

    def within(value: Fraction) -> Fraction:
        value = max(value, Fraction(0))
        return value if most is None else min(value, most)

    return Ahead(within(led.low), within(led.likely), within(led.high))


def _year(
    indicator: Indicator,
    target: Target,
    last: Period,
    left: int,
    past: Mapping[Period, Figure],
) -> YearRate | None:
    """Only for rates whose months pool to a year and that should rise."""
    pools = indicator.kind is Kind.RATIO and indicator.over_time is OverTime.POOL
    if not pools or indicator.direction is not Direction.UP:
        return None
    parts = {
        one: (it.numerator, it.denominator)
        for one, it in past.items()
        if it.numerator is not None and it.denominator is not None
    }
    return year_rate(parts, last, left, target.value)
