"""What the page about a change answers: both figures and the account between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ioc.domain.decompose import Account, Presence
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Cell, Stamp, UnitRef


class Closed(StrEnum):
    """Why a change cannot be accounted for."""

    SCORE = "score"
    NO_PARTS = "no_parts"
    NO_NOW = "no_now"
    NO_BEFORE = "no_before"
    BARE = "bare"
    NOTHING_SHARED = "nothing_shared"


@dataclass(frozen=True, slots=True)
class Part:
    """A child's figures in both periods; `partial` where not all of its own parts had reported."""

    before: Cell
    now: Cell
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """A change between two periods. `account` by unit id, None with `closed` saying why.

    `parts` are all children, also those that said nothing in either period; `cells` are both
    totals and the figures of both periods of every part, as a file of them holds them.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    crumbs: tuple[UnitRef, ...]
    indicator: Indicator
    period: Period | None
    before: Period | None
    total_before: Cell | None = None
    total: Cell | None = None
    account: Account[int] | None = None
    closed: Closed | None = None
    parts: Mapping[int, Part] | None = None
    cells: tuple[Cell, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    units: tuple[UnitRef, ...] = ()

    @property
    def weights(self) -> dict[int, tuple[Fraction, Fraction]]:
        """Of a ratio each part's share of the denominators of all that are known in both periods,
        before and now."""
        if self.account is None or self.indicator.kind is not Kind.RATIO:
            return {}
        known = self.parts or {}
        both = [one.key for one in self.account.shares if one.presence is Presence.BOTH]
        pairs = {
            key: (
                known[key].before.figure.denominator or Fraction(0),
                known[key].now.figure.denominator or Fraction(0),
            )
            for key in both
        }
        sums = [
            sum((pair[at] for pair in pairs.values()), Fraction(0)) or Fraction(1) for at in (0, 1)
        ]
        return {key: (pair[0] / sums[0], pair[1] / sums[1]) for key, pair in pairs.items()}

    @property
    def silent(self) -> tuple[UnitRef, ...]:
        """The children without a figure in both periods."""
        known = {one.key for one in self.account.shares} if self.account else set()
        return tuple(part.now.unit for key, part in (self.parts or {}).items() if key not in known)
