"""Places: the units of a day as the imitated systems know them, with a drawn size and temper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ioc.demo.draw import Draw
from ioc.demo.populations import THOUSANDS
from ioc.domain.unit import Level, Unit
from ioc.domain.units import Units

_SIZE, _TEMPER = 1, 2
_WARD_WEIGHT = 1.6
_LOCAL = (Level.COMMUNE, Level.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the imitated systems draw it.

    `code` is the statistics code valid on the day (ministries: their short name), `name` the full
    name of that day. `size` stands for thousands of inhabitants; `temper` tells how well the unit
    does against its class, in deviations; a merged unit is the weighted mean of its parts, so that
    no trend jumps because of the draw. `spot` is a longitude and latitude inside it, where known;
    `part` is a department's share of its ministry, and else 1.
    """

    id: int
    level: Level
    code: str
    name: str
    size: float
    temper: float
    parent_id: int
    spot: tuple[float, float] | None = None
    part: float = 1.0


class World:
    """Every place of a level on a day; built once for a seed, pure afterwards."""

    def __init__(self, units: Units, draw: Draw) -> None:
        self._units = units
        self._draw = draw
        self._born: dict[int, tuple[float, float]] = {}
        self._known: dict[tuple[Level, date], tuple[Place, ...]] = {}

    def places(self, level: Level, day: date) -> tuple[Place, ...]:
        """The places of `level` alive on `day`; communes stand together by province."""
        found = self._known.get((level, day))
        if found is None:
            found = tuple(self._build(level, day))
            self._known[(level, day)] = found
        return found

    def _build(self, level: Level, day: date) -> Iterable[Place]:
        units = [self._units.by_id(one) for one in self._units.ids_by_level(level, day)]
        if level in _LOCAL:
            return self._children(units, day)
        return (
            self._place(unit, day, *self._nature(unit))
            for unit in sorted(units, key=lambda unit: unit.id)
        )

    def _place(self, unit: Unit, day: date, size: float, temper: float, part: float = 1.0) -> Place:
        version = unit.at(day)
        if version is None:
            raise ValueError(f"unit {unit.id} does not exist on {day}")
        code = unit.code("nso", day) or unit.code("local", day) or unit.key
        parent = version.parent_id or 0
        spot = None if unit.lon is None or unit.lat is None else (unit.lon, unit.lat)
        return Place(unit.id, unit.level, code, version.name, size, temper, parent, spot, part)

    def _children(self, units: list[Unit], day: date) -> Iterable[Place]:
        by_parent: dict[int, list[tuple[Unit, float]]] = {}
        for unit in units:
            version = unit.at(day)
            if version is None or version.parent_id is None:
                continue
            weight = 0.5 + 1.5 * self._draw.share(unit.id, _SIZE)
            if version.kind == "phuong":
                weight *= _WARD_WEIGHT
            by_parent.setdefault(version.parent_id, []).append((unit, weight))
        for parent_id, children in sorted(by_parent.items()):
            size, temper = self._nature(self._units.by_id(parent_id))
            whole = sum(weight for _, weight in children)
            for unit, weight in sorted(children, key=lambda one: one[0].id):
                own = 0.6 * self._draw.normals(unit.id, _TEMPER)[0]
                part = weight / whole if unit.level is Level.DEPARTMENT else 1.0
                yield self._place(unit, day, size * weight / whole, temper + own, part)

    def _nature(self, unit: Unit) -> tuple[float, float]:
        """Size and temper: drawn for an original unit, pooled from its parts for a merged one."""
        known = self._born.get(unit.id)
        if known is None:
            parts = [
                self._nature(self._units.by_id(one.predecessor_id))
                for one in self._units.predecessors(unit.id)
                if one.coverage == "whole" or one.principal
            ]
            known = _pooled(parts) if parts else self._drawn(unit)
            self._born[unit.id] = known
        return known

    def _drawn(self, unit: Unit) -> tuple[float, float]:
        temper = self._draw.normals(unit.id, _TEMPER)[0]
        if unit.level is Level.PROVINCE:
            codes = [one.code for one in unit.codes if one.system == "nso"]
            return float(THOUSANDS.get(codes[0] if codes else "", 1000)), temper
        return 250.0 + 1750.0 * self._draw.share(unit.id, _SIZE) ** 2, temper


def _pooled(parts: list[tuple[float, float]]) -> tuple[float, float]:
    size = sum(part for part, _ in parts)
    return size, sum(part * temper for part, temper in parts) / size
