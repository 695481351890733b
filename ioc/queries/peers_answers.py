"""What the page about similar units answers: who they are, who improved, what they recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.peers import Features
from ioc.domain.period import Period
from ioc.domain.register import Register
from ioc.domain.view import View
from ioc.queries.answers import Cell, Stamp, UnitRef
from ioc.queries.compare_answers import Uneven
from ioc.queries.register_answers import ItemRow


class Known(StrEnum):
    """How much is known of the structure of a unit's class."""

    FEATURES = "features"
    KIND = "kind"
    """The kind of unit only: all of that kind beside it are listed, at no distance."""
    NOTHING = "nothing"
    NO_UNIT = "no_unit"
    """The address names a total: there is nothing to be similar to."""


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A unit with its figures; `distance` and `apart` are None and empty for the one asked about
    and where no distance is known. `gain` is the change in the better direction, None with
    `uneven` saying why there is none."""

    unit: UnitRef
    before: Cell
    now: Cell
    distance: float | None = None
    apart: Mapping[str, float] | None = None
    features: Features | None = None
    gain: Fraction | None = None
    uneven: Uneven | None = None


@dataclass(frozen=True, slots=True)
class Peers:
    """Units like the one of the address, the most improved first, and practices about the
    indicator: `practices` of these units, `elsewhere` of others."""

    view: View
    stamp: Stamp
    unit: UnitRef
    crumbs: tuple[UnitRef, ...]
    indicator: Indicator
    known: Known
    period: Period | None = None
    before: Period | None = None
    own: PeerRow | None = None
    rows: tuple[PeerRow, ...] = ()
    register: Register | None = None
    practices: tuple[ItemRow, ...] = ()
    elsewhere: tuple[ItemRow, ...] = ()
    cells: tuple[Cell, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    units: tuple[UnitRef, ...] = ()

    @property
    def best(self) -> PeerRow | None:
        """The peer that improved most; None when none of them is known to have improved."""
        gained = [one for one in self.rows if one.gain is not None and one.gain > 0]
        return gained[0] if gained and self.indicator.direction is not Direction.NEUTRAL else None
