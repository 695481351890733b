"""The ledger: the figures of every place at a minute, provinces being the sum of their communes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ioc.demo.clock import first_day, first_minute
from ioc.demo.model import Model, Pair
from ioc.demo.places import Place, World
from ioc.demo.rates import COMMUNE_MONTHLY, COMMUNE_QUARTERLY, RATES
from ioc.domain.unit import Level

TWO_TIER = date(2025, 7, 1)
"""From this day provinces have communes directly below them, and the ledger keeps communes."""

APART = ("96", "OPS-01", 1.02)
"""The one province whose own figure is deliberately not the sum of its communes."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Numerators and denominators of every commune of a period, in the order of the places."""

    places: tuple[Place, ...]
    numerators: dict[str, array[int]]
    wholes: dict[str, array[int]]


class Ledger:
    """Figures of provinces, ministries and communes; finished commune months are kept."""

    def __init__(self, world: World, model: Model) -> None:
        self.world = world
        self.model = model
        self._finals: dict[tuple[int, int], dict[str, list[Pair]]] = {}
        self._kept: dict[tuple[int, int], tuple[int, Columns]] = {}
        self._sums: dict[tuple[int, int], tuple[int, dict[str, dict[int, Pair]]]] = {}

    def places(self, level: Level, month: int) -> tuple[Place, ...]:
        """The places of a level in a month."""
        return self.world.places(level, first_day(month))

    def pair(self, place: Place, code: str, month: int, minute: int, *, months: int = 1) -> Pair:
        """The figure of one province or ministry at a minute."""
        kept = COMMUNE_QUARTERLY if months > 1 else COMMUNE_MONTHLY
        if place.level is not Level.PROVINCE or code not in kept or first_day(month) < TWO_TIER:
            return self.model.pair(place, code, month, minute, months=months)
        numerator, whole = self._summed(month, minute, months)[code][place.id]
        if (place.code, code) == APART[:2]:
            return round(numerator * APART[2]), round(whole * APART[2])
        return numerator, whole

    def communes(self, month: int, minute: int, *, months: int = 1) -> Columns:
        """The figures of all communes at a minute."""
        known_at = min(minute, first_minute(month + 2))
        kept = self._kept.get((month, months))
        if kept is None or kept[0] != known_at:
            kept = (known_at, self._columns(month, known_at, months))
            self._kept[(month, months)] = kept
        return kept[1]

    def _columns(self, month: int, minute: int, months: int) -> Columns:
        places = self.places(Level.COMMUNE, month)
        columns = Columns(places, {}, {})
        finals = self._final(places, month, months)
        for code, pairs in finals.items():
            rate = RATES[code]
            tops, wholes = array("l"), array("l")
            for place, final in zip(places, pairs, strict=True):
                top, whole = self.model.standing(place, rate, month, minute, final, months=months)
                tops.append(top)
                wholes.append(whole)
            columns.numerators[code], columns.wholes[code] = tops, wholes
        return columns

    def _final(self, places: tuple[Place, ...], month: int, months: int) -> dict[str, list[Pair]]:
        """The final figures of communes, kept only while the period can still move."""
        found = self._finals.get((month, months))
        if found is None:
            codes = COMMUNE_QUARTERLY if months > 1 else COMMUNE_MONTHLY
            found = {code: [] for code in codes}
            for place in places:
                lanes = {
                    group: self.model.lanes(place, month, group)
                    for group in {RATES[code].group for code in codes}
                }
                for code in codes:
                    rate = RATES[code]
                    found[code].append(self.model.final(place, rate, month, lanes[rate.group]))
            if len(self._finals) >= 6:
                self._finals.pop(min(self._finals))
            self._finals[(month, months)] = found
        return found

    def _summed(self, month: int, minute: int, months: int) -> dict[str, dict[int, Pair]]:
        """Sums over the communes of each province."""
        known_at = min(minute, first_minute(month + 2))
        kept = self._sums.get((month, months))
        if kept is None or kept[0] != known_at:
            columns = self.communes(month, minute, months=months)
            kept = (known_at, {code: _by_parent(columns, code) for code in columns.wholes})
            self._sums[(month, months)] = kept
        return kept[1]


def _by_parent(columns: Columns, code: str) -> dict[int, Pair]:
    tops, wholes = columns.numerators[code], columns.wholes[code]
    rows = range(len(columns.places))
    sums: dict[int, Pair] = {}
    for parent_id, group in groupby(rows, key=lambda row: columns.places[row].parent_id):
        span = list(group)
        sums[parent_id] = (
            sum(tops[span[0] : span[-1] + 1]),
            sum(wholes[span[0] : span[-1] + 1]),
        )
    return sums
