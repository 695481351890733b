"""How units follow one another and where their figures count on today's map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ioc.domain.unit import Level, Succession, Unit
from ioc.errors import UnitDataError


class Lineage:
    """Predecessors, successors and the chain of units above each unit."""

    def __init__(self, units: Mapping[int, Unit], successions: Iterable[Succession]) -> None:
        """Raises UnitDataError when a unit went whole into two, or the lineage is a circle."""
        self._units = units
        self._after: dict[int, list[Succession]] = defaultdict(list)
        self._before: dict[int, list[Succession]] = defaultdict(list)
        for one in successions:
            self._after[one.predecessor_id].append(one)
            self._before[one.successor_id].append(one)
        self.up = {unit.id: self._above(unit) for unit in units.values()}
        self._chains: dict[int, tuple[int, ...]] = {}
        for unit_id in units:
            self.chain(unit_id)
        self._tops = [unit.id for unit in units.values() if unit.level is Level.NATION]

    def successors(self, unit_id: int) -> tuple[Succession, ...]:
        """What the unit gave to others, in the order of the data."""
        return tuple(self._after.get(unit_id, ()))

    def predecessors(self, unit_id: int) -> tuple[Succession, ...]:
        """What the unit was made from or was given."""
        return tuple(self._before.get(unit_id, ()))

    def principal(self, unit_id: int) -> int | None:
        """The main successor."""
        return next((s.successor_id for s in self._after.get(unit_id, ()) if s.principal), None)

    def chain(self, unit_id: int) -> tuple[int, ...]:
        """The units above on the newest map, nearest first."""
        known = self._chains.get(unit_id)
        if known is not None:
            return known
        path: list[int] = []
        above = self.up[unit_id]
        while above is not None:
            if above in path or above == unit_id:
                key = self._units[unit_id].key
                raise UnitDataError(
                    file="versions.csv", field="parent_id", given=key, allowed="no circle"
                )
            path.append(above)
            if above in self._chains:
                path += self._chains[above]
                break
            above = self.up[above]
        self._chains[unit_id] = tuple(path)
        return self._chains[unit_id]

    def seen_under(self, unit_id: int) -> frozenset[int]:
        """The unit and all above it: today, when it ended, and above its main successor."""
        above: set[int] = set()
        waiting: list[int | None] = [unit_id]
        while waiting:
            one = waiting.pop()
            if one is None or one in above:
                continue
            above.add(one)
            unit = self._units[one]
            if unit.level is Level.REGION:
                waiting += self._tops
            waiting += [version.parent_id for version in unit.versions]
            waiting += [self.up[one], self.principal(one)]
        return frozenset(above)

    def _above(self, unit: Unit) -> int | None:
        if unit.valid_to is None:
            return unit.newest.parent_id
        whole = [s for s in self._after.get(unit.id, ()) if s.coverage == "whole"]
        if len(whole) > 1:
            raise UnitDataError(
                file="successions.csv",
                field="coverage",
                given=f"{unit.key}: {len(whole)} times whole",
                allowed="whole into one unit only",
            )
        return whole[0].successor_id if whole else unit.newest.parent_id
