"""The ledger: the figures of every place at a minute, a whole being the sum of its parts.

Provinces are the sum of their communes, ministries that of their departments, and databases are
counted one by one; the registers take their items from here, so that both tell the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from ioc.demo.clock import day_of, first_day, first_minute
from ioc.demo.model import Model, Pair
from ioc.demo.places import Place, World
from ioc.demo.rates import COMMUNE_MONTHLY, COMMUNE_QUARTERLY, RATES
from ioc.domain.unit import Level

TWO_TIER = date(2025, 7, 1)
"""From this day provinces have communes directly below them, and the ledger keeps communes."""

APART = ("96", "OPS-01", 1.02)
"""The one province whose own figure is deliberately not the sum of its communes."""

OF_DEPARTMENTS = frozenset({"OPS-01", "OPS-02", "OPS-03", "OPS-04", "OPS-05", "OPS-06", "OPS-08"})
"""What departments report, too; a ministry's figure is their sum."""

ASSIGNED = {"memr": 5, "moha": 14}
"""Databases that were really assigned; how many work is invented."""
_KNOWN_FROM, _KNOWN_TO = 12, 96
"""The months in which databases are completed one by one, whatever the day of asking."""
_DATABASE = 110


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
        self._databases: dict[int, tuple[date, ...]] = {}

    def places(self, level: Level, month: int) -> tuple[Place, ...]:
        """The places of a level in a month."""
        return self.world.places(level, first_day(month))

    def pair(self, place: Place, code: str, month: int, minute: int, *, months: int = 1) -> Pair:
        """The figure of one province or ministry at a minute."""
        if code == "DB-01":
            done = self.databases(place)
            end = min(day_of(minute), first_day(month + 1) - timedelta(days=1))
            return bisect_right(done, end), len(done)
        if place.level is Level.MINISTRY and code in OF_DEPARTMENTS:
            below = self._departments(place, month)
            if below:
                pairs = [self.model.pair(one, code, month, minute) for one in below]
                return sum(top for top, _ in pairs), sum(whole for _, whole in pairs)
        kept = COMMUNE_QUARTERLY if months > 1 else COMMUNE_MONTHLY
        if place.level is not Level.PROVINCE or code not in kept or first_day(month) < TWO_TIER:
            return self.model.pair(place, code, month, minute, months=months)
        numerator, whole = self._summed(month, minute, months)[code][place.id]
        if (place.code, code) == APART[:2]:
            return round(numerator * APART[2]), round(whole * APART[2])
        return numerator, whole

    def _departments(self, place: Place, month: int) -> list[Place]:
        every = self.places(Level.DEPARTMENT, month)
        return [one for one in every if one.parent_id == place.id]

    def databases(self, place: Place) -> tuple[date, ...]:
        """The days on which the databases assigned to a place are in full operation, in order.

        A database is done in the first month by whose end the model has so many working.
        """
        known = self._databases.get(place.id)
        if known is None:
            known = self._databases[place.id] = tuple(sorted(self._completed(place)))
        return known

    def _completed(self, place: Place) -> Iterator[date]:
        rate, working, chance = RATES["DB-01"], 0, self.model.chance
        assigned = 0
        for month in range(_KNOWN_FROM, _KNOWN_TO):
            lanes = self.model.lanes(place, month, rate.group)
            top, whole = self.model.final(place, rate, month, lanes)
            if month == _KNOWN_FROM:
                assigned = ASSIGNED.get(place.code, whole)
            for number in range(working, top * assigned // whole):
                # What worked from the beginning was completed in the two years before.
                back = int(24 * chance(place, _DATABASE, number)) if month == _KNOWN_FROM else 0
                day = int(28 * chance(place, _DATABASE, number, 1))
                yield first_day(month - back) + timedelta(days=day)
                working = number + 1
        for number in range(working, assigned):
            yield first_day(_KNOWN_TO + number)

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
