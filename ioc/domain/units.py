"""The units with dates: who exists on a day, under whom, by which code, and what became of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

from ioc.domain import unit_events, unit_tables
from ioc.domain.scope import Scope
from ioc.domain.unit import (
    ILLUSTRATIVE,
    Level,
    Succession,
    Unit,
    UnitCode,
    UnitEvent,
    UnitVersion,
)
from ioc.domain.unit_lineage import Lineage
from ioc.domain.unit_search import NameIndex, SearchIndex
from ioc.errors import AddressError

__all__ = [
    "ILLUSTRATIVE",
    "Level",
    "Succession",
    "Unit",
    "UnitCode",
    "UnitEvent",
    "UnitVersion",
    "Units",
]

_PACKAGED = Path(__file__).parents[1] / "units"


class Units:
    """All units, past and present, with their codes and lineage.

    "Today's map" is the newest map in the data; no clock is read. Methods that take a unit's id
    raise KeyError for an id that was never given out.
    """

    def __init__(self, units: Iterable[Unit], successions: Iterable[Succession] = ()) -> None:
        """Take checked units; raises UnitDataError when the lineage runs in a circle."""
        self._units = {unit.id: unit for unit in units}
        self._keys = {unit.key: unit for unit in self._units.values()}
        self._lineage = Lineage(self._units, successions)
        self._counts: dict[tuple[Level, int], Counter[int]] = {}

    @classmethod
    def load(cls, folder: Path | None = None) -> Units:
        """Read the units of `folder`, by default those that come with the product.

        Raises UnitDataError naming file, line, field, given and allowed value.
        """
        tables = unit_tables.read(folder or _PACKAGED)
        return cls(unit_tables.join(tables).values(), tables.successions)

    # Looking up

    def all(self) -> tuple[Unit, ...]:
        """Every unit, ended ones included, in order of id."""
        return tuple(self._units[unit_id] for unit_id in sorted(self._units))

    def by_id(self, unit_id: int) -> Unit:
        """The unit with this id; raises KeyError when there is none."""
        return self._units[unit_id]

    def by_key(self, key: str) -> Unit:
        """The unit of an address; raises AddressError when there is none."""
        unit = self._keys.get(key)
        if unit is None:
            raise AddressError(part="unit", given=key, allowed="vn, 38, 14725, moha, 30.2025")
        return unit

    def by_code(self, system: str, code: str, day: date) -> Unit | None:
        """The unit a code named on `day`: code 24 was Bắc Giang and is Bắc Ninh."""
        for unit, one in self._codes.get((system, code), ()):
            if one.covers(day):
                return unit
        return None

    def by_name(
        self, name: str, day: date, level: Level | None = None, parent_id: int | None = None
    ) -> Unit | None:
        """The one unit of that name on `day`; None when unknown or when two could be meant."""
        return self._names.find(name, day, level, parent_id)

    def search(self, text: str, limit: int = 20, scope: Scope | None = None) -> tuple[Unit, ...]:
        """Units whose name, code or former name holds `text`, diacritics or not; best first."""
        found = self._search.find(text)
        seen = [unit for unit in found if scope is None or self.visible(unit.id, scope)]
        return tuple(seen[:limit])

    def ids_by_level(self, level: Level, day: date) -> tuple[int, ...]:
        """Ids of the units of a level that exist on `day`, in order."""
        return tuple(unit.id for unit in self._levels[level] if unit.alive(day))

    def first_map(self, level: Level) -> date:
        """The first day of which there is a map of the units of a level."""
        return min(version.valid_from for unit in self._levels[level] for version in unit.versions)

    # Up and down

    def parent(self, unit_id: int, day: date) -> Unit | None:
        """The unit above on `day`; None at the top, and on days the unit does not exist."""
        version = self._units[unit_id].at(day)
        return self._units[version.parent_id] if version and version.parent_id else None

    def children(self, unit_id: int, day: date, level: Level | None = None) -> tuple[Unit, ...]:
        """The units just below on `day`, or those of `level` at any depth; in order of id.

        A region's children are the provinces it groups.
        """
        if self._units[unit_id].level is Level.REGION:
            below = self.in_region(unit_id, day)
        else:
            below = tuple(self._below(unit_id, day))
        if level is None:
            return below
        found: list[Unit] = []
        for unit in below:
            found += [unit] if unit.level is level else self.children(unit.id, day, level)
        return tuple(found)

    def in_region(self, region_id: int, day: date) -> tuple[Unit, ...]:
        """The provinces of a region on `day`; former ones by their successor's region."""
        return tuple(
            unit
            for unit in self._levels[Level.PROVINCE]
            if self.region(unit.id) == region_id and unit.alive(day)
        )

    def region(self, unit_id: int) -> int | None:
        """The region of a province or of the province above; None for everything else."""
        for one in (unit_id, *self.chain(unit_id)):
            region = self._units[one].newest.region_id
            if region is not None:
                return region
        return None

    # Over time

    def successors(self, unit_id: int) -> tuple[Succession, ...]:
        """What the unit went into; empty while it exists and gave nothing away."""
        return self._lineage.successors(unit_id)

    def predecessors(self, unit_id: int) -> tuple[Succession, ...]:
        """What the unit was made from or was given."""
        return self._lineage.predecessors(unit_id)

    def principal_successor(self, unit_id: int) -> int | None:
        """Where an ended unit's history is looked for today, even where its sums stay apart."""
        return self._lineage.principal(unit_id)

    def principal_predecessors(self, unit_id: int) -> tuple[int, ...]:
        """The former units whose history is shown under this one."""
        return tuple(s.predecessor_id for s in self.predecessors(unit_id) if s.principal)

    def breaks(self, unit_id: int, first: date, last: date) -> tuple[UnitEvent, ...]:
        """What changed the unit from `first` to `last`, both included, oldest first."""
        unit = self._units[unit_id]
        events = unit_events.events(unit, self.predecessors(unit_id), self.successors(unit_id))
        return tuple(event for event in events if first <= event.day <= last)

    def roll_up(self, unit_id: int) -> int | None:
        """The unit above for sums on today's map; None at the top and for regions.

        An ended unit counts under the one it went into whole; one that was split stays apart and
        counts under its last parent, so nothing is apportioned.
        """
        return self._lineage.up[unit_id]

    def chain(self, unit_id: int) -> tuple[int, ...]:
        """All units a figure of this unit counts under on today's map, nearest first."""
        return self._lineage.chain(unit_id)

    def visible(self, unit_id: int, scope: Scope) -> bool:
        """True when the unit lies in the viewer's subtrees, today or when it ended."""
        return scope.everything or not scope.roots.isdisjoint(self.seen_under(unit_id))

    def seen_under(self, unit_id: int) -> frozenset[int]:
        """The unit and all whose viewers may see it: chain, former parents, main successor."""
        return self._lineage.seen_under(unit_id)

    def expected(self, unit_id: int, level: Level, day: date) -> int:
        """How many units of `level` were under this one on `day`, itself and former ones counted.

        Under Hải Phòng of today there were two provinces on 30 June 2025.
        """
        epoch = bisect_right(self._epochs, day)
        counts = self._counts.get((level, epoch))
        if counts is None:
            counts = self._counts[level, epoch] = self._count(level, day)
        return counts[unit_id]

    # What the above stand on

    def _below(self, unit_id: int, day: date) -> Iterator[Unit]:
        for child in self._offspring.get(unit_id, ()):
            version = child.at(day)
            if version and version.parent_id == unit_id:
                yield child

    def _count(self, level: Level, day: date) -> Counter[int]:
        counts: Counter[int] = Counter()
        for unit in self._levels[level]:
            if unit.alive(day):
                counts.update(self._holders(unit.id, day))
        return counts

    def _holders(self, unit_id: int, day: date) -> set[int]:
        holders = {unit_id, *self.chain(unit_id)}
        above = self.parent(unit_id, day)
        while above is not None:
            holders.add(above.id)
            above = self.parent(above.id, day)
        region = self.region(unit_id)
        return holders if region is None else holders | {region}

    @cached_property
    def _levels(self) -> dict[Level, list[Unit]]:
        levels: dict[Level, list[Unit]] = {level: [] for level in Level}
        for unit in self.all():
            levels[unit.level].append(unit)
        return levels

    @cached_property
    def _offspring(self) -> dict[int, list[Unit]]:
        offspring: dict[int, list[Unit]] = defaultdict(list)
        for unit in self.all():
            for parent in {version.parent_id for version in unit.versions}:
                if parent is not None:
                    offspring[parent].append(unit)
        return offspring

    @cached_property
    def _codes(self) -> dict[tuple[str, str], list[tuple[Unit, UnitCode]]]:
        codes: dict[tuple[str, str], list[tuple[Unit, UnitCode]]] = defaultdict(list)
        for unit in self._units.values():
            for one in unit.codes:
                codes[one.system, one.code].append((unit, one))
        return codes

    @cached_property
    def _epochs(self) -> list[date]:
        days = {v.valid_from for unit in self._units.values() for v in unit.versions}
        days |= {v.valid_to for unit in self._units.values() for v in unit.versions if v.valid_to}
        return sorted(days)

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self.all())

    @cached_property
    def _search(self) -> SearchIndex:
        return SearchIndex(self.all(), self._units)
