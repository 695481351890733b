"""Fair ranking: ties share a rank, everybody is counted, and few cases are said to be few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.interval import Interval, alike

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a ranking: `rank` of `ranked`, `tied` when another has the same value.

    `silent` are those who should have reported and did not. `interval` is that of the unit's own
    share; where its cases are few, `like` are the first and the last rank from which chance alone
    may separate it.
    """

    rank: int
    tied: bool = False
    ranked: int = 0
    silent: int = 0
    interval: Interval | None = None
    like: tuple[int, int] | None = None


def not_worse(one: Fraction, other: Fraction, *, low_is_best: bool) -> bool:
    """Whether a value ranks at least as well as another: a total preorder.

    Every two values can be compared, and what is not worse than what is not worse is not worse.
    Values are exact, so two ranks differ exactly when the values do.
    """
    return one <= other if low_is_best else one >= other


def places(
    values: Sequence[Fraction],
    *,
    low_is_best: bool = False,
    silent: int = 0,
    intervals: Sequence[Interval | None] = (),
) -> tuple[Place, ...]:
    """The place of each value, in the order given; who is as good as another has the same rank.

    The rank is one more than the number of those who are better ("1, 2, 2, 4"), so it depends on
    nothing but the values. `intervals` go with the values.
    """
    known = list(intervals) or [None] * len(values)
    near = [
        None if its is None else _Near(value, its) for value, its in zip(values, known, strict=True)
    ]
    order = sorted(values, reverse=not low_is_best)
    first: dict[Fraction, int] = {}
    counted: dict[Fraction, int] = {}
    for at, value in enumerate(order, 1):
        first.setdefault(value, at)
        counted[value] = counted.get(value, 0) + 1
    return tuple(
        Place(
            rank=first[value],
            tied=counted[value] > 1,
            ranked=len(values),
            silent=silent,
            interval=known[at],
            like=_like(at, near, first),
        )
        for at, value in enumerate(values)
    )


class _Near:
    """A share and how far chance carries it down and up, rounded: a group is compared in pairs."""

    __slots__ = ("down", "its", "rough", "up", "value")

    def __init__(self, value: Fraction, its: Interval) -> None:
        self.value, self.its = value, its
        self.rough = float(value)
        self.down, self.up = self.rough - float(its.low), float(its.high) - self.rough

    def alike(self, other: _Near) -> bool:
        """As `interval.alike`; exactly where rounding could decide."""
        high, low = (self, other) if self.rough >= other.rough else (other, self)
        gap = high.rough - low.rough
        apart = gap * gap - (high.down * high.down + low.up * low.up)
        if abs(apart) > _SLACK:
            return apart < 0
        return alike(self.value, self.its, other.value, other.its)


def _like(
    at: int, near: Sequence[_Near | None], first: dict[Fraction, int]
) -> tuple[int, int] | None:
    """Between which ranks chance alone may place a unit of few cases; None where only its own."""
    mine = near[at]
    if mine is None or not mine.its.small:
        return None
    ranks = [first[one.value] for one in near if one is not None and mine.alike(one)]
    best, last = min(ranks), max(ranks)
    return None if best == last else (best, last)
