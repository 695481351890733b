"""Why a total changed: an exact account by part, of rates and of the mix, that adds up.

A ratio's change is split after Kitagawa (1955), "Components of a difference between two rates",
Journal of the American Statistical Association 50 (272): the symmetric form, in which every part
is weighed with the mean of both periods, so that nothing is left over and the order of the periods
does not matter. With w a part's share of the denominator, r its rate and R the rate of all:

    rate effect = (w₀ + w₁) / 2 × (r₁ − r₀)
    mix effect  = (w₁ − w₀) × ((r₀ + r₁) / 2 − (R₀ + R₁) / 2)

The mean rate of all is taken off the mix effect, which changes no sum (shares add up to one) and
makes it say what is meant: a part that grows and lies above the others lifts the total. Only parts
known in both periods are split. One that is known in only one of them gives what it moved the
total by, as a part of its own; no rate is invented for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
NOTHING = Fraction(0)
Pair = tuple[Fraction, Fraction]
"""Numerator and denominator."""


class Presence(StrEnum):
    """In which of the periods a part is known."""

    BOTH = "both"
    ONLY_NOW = "only_now"
    ONLY_BEFORE = "only_before"


@dataclass(frozen=True, slots=True)
class Share(Generic[K]):
    """What one part moved the total by.

    `rate` and `mix` of a part known in both periods (a count has its difference as `rate`);
    `apart` is what cannot be split: of a part known in one period only, or of a numerator over a
    denominator of zero.
    """

    key: K
    presence: Presence
    rate: Fraction = NOTHING
    mix: Fraction = NOTHING
    apart: Fraction = NOTHING

    @property
    def total(self) -> Fraction:
        """All that the part moved the total by."""
        return self.rate + self.mix + self.apart


@dataclass(frozen=True, slots=True)
class Account(Generic[K]):
    """A change and what it is made of: the shares and `rest` add up to `change`, exactly.

    `rest` is what the total moved by beside its parts, as when the total was stated apart from
    them.
    """

    before: Fraction
    now: Fraction
    shares: tuple[Share[K], ...]

    @property
    def change(self) -> Fraction:
        """Now minus before."""
        return self.now - self.before

    @property
    def rate(self) -> Fraction:
        """What the parts' own rates moved the total by."""
        return sum((one.rate for one in self.shares), NOTHING)

    @property
    def mix(self) -> Fraction:
        """What the shift of weight between the parts moved the total by."""
        return sum((one.mix for one in self.shares), NOTHING)

    @property
    def apart(self) -> Fraction:
        """What parts moved the total by that cannot be split."""
        return sum((one.apart for one in self.shares), NOTHING)

    @property
    def rest(self) -> Fraction:
        """What is left between the change of the total and its parts."""
        return self.change - self.rate - self.mix - self.apart


def of_ratio(
    before: Mapping[K, Pair], now: Mapping[K, Pair], *, totals: tuple[Fraction, Fraction]
) -> Account[K]:
    """The account of a ratio: `before` and `now` give numerators and denominators by part.

    A part that is missing in a period is left out of its mapping; zero is a figure. `totals` are
    the rates of the whole as stated, before and now. Where the parts known in both periods have no
    denominator in one of them, nothing can be split and all is `rest`.
    """
    both = [key for key in now if key in before]
    whole = _sum(before.values()), _sum(now.values())
    base = _sum(before[key] for key in both), _sum(now[key] for key in both)
    if not (base[0][1] and base[1][1]):
        return Account(*totals, ())
    rates = base[0][0] / base[0][1], base[1][0] / base[1][1]
    shares = [_split(key, before[key], now[key], base, rates) for key in both]
    for said, at, presence, sign in (
        (before, 0, Presence.ONLY_BEFORE, -1),
        (now, 1, Presence.ONLY_NOW, 1),
    ):
        for key, (above, below) in said.items():
            if key not in both:
                moved = sign * (above - rates[at] * below) / whole[at][1]
                shares.append(Share(key, presence, apart=moved))
    return Account(*totals, tuple(shares))


def of_count(
    before: Mapping[K, Fraction],
    now: Mapping[K, Fraction],
    *,
    totals: tuple[Fraction, Fraction],
) -> Account[K]:
    """The account of a count or amount: each part's difference, and what came or went apart."""
    shares = [
        Share(key, Presence.BOTH, rate=value - before[key])
        for key, value in now.items()
        if key in before
    ]
    shares += [
        Share(key, Presence.ONLY_BEFORE, apart=-value)
        for key, value in before.items()
        if key not in now
    ]
    shares += [
        Share(key, Presence.ONLY_NOW, apart=value)
        for key, value in now.items()
        if key not in before
    ]
    return Account(*totals, tuple(shares))


def _split(
    key: K, before: Pair, now: Pair, base: tuple[Pair, Pair], rates: tuple[Fraction, Fraction]
) -> Share[K]:
    weights = before[1] / base[0][1], now[1] / base[1][1]
    own = _rate(before), _rate(now)
    moved = now[0] / base[1][1] - before[0] / base[0][1]
    if own[0] is None and own[1] is None:
        return Share(key, Presence.BOTH, apart=moved)
    # Without weight in one period a part has no rate there: its rate is taken as unchanged, and
    # all it moved is mix.
    then = own[0] if own[0] is not None else own[1]
    after = own[1] if own[1] is not None else own[0]
    assert then is not None  # one of them is known
    assert after is not None
    rate = (weights[0] + weights[1]) / 2 * (after - then)
    plain = (weights[1] - weights[0]) * (then + after) / 2
    centred = plain - (weights[1] - weights[0]) * (rates[0] + rates[1]) / 2
    return Share(key, Presence.BOTH, rate, centred, moved - rate - plain)


def _rate(pair: Pair) -> Fraction | None:
    return pair[0] / pair[1] if pair[1] else None


def _sum(pairs: Iterable[Pair]) -> Pair:
    above = below = NOTHING
    for one in pairs:
        above, below = above + one[0], below + one[1]
    return above, below
