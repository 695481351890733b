"""The catalogue of indicators: one YAML file each, checked against each other at the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from ioc.domain.catalogue_file import read_indicator, refuse
from ioc.domain.indicator import (
    Dimension,
    DimensionValue,
    Direction,
    Group,
    Indicator,
    OverTime,
    OverUnits,
    TargetRule,
    Words,
)
from ioc.domain.measure import Kind
from ioc.domain.unit import Level
from ioc.domain.yaml_file import place
from ioc.errors import AddressError, CatalogueError

__all__ = [
    "Catalogue",
    "Dimension",
    "DimensionValue",
    "Direction",
    "Group",
    "Indicator",
    "Kind",
    "Level",
    "OverTime",
    "OverUnits",
    "TargetRule",
    "Words",
]

FOLDER = Path(__file__).parent.parent / "indicators"


class UnitKeys(Protocol):
    """The one thing the catalogue asks of the units: whether a key exists."""

    def by_key(self, key: str, /) -> object:
        """The unit of this key; raises AddressError when there is none."""


class Catalogue:
    """All indicators, in the order of the screens."""

    def __init__(self, indicators: tuple[Indicator, ...]) -> None:
        self._all = tuple(sorted(indicators, key=lambda one: one.order))
        self._by_code = {one.code: one for one in self._all}
        self._by_id = {one.id: one for one in self._all}

    @classmethod
    def load(cls, folder: Path | None = None, units: UnitKeys | None = None) -> Catalogue:
        """Read every `*.yaml` of the folder (default: the packaged indicators).

        With `units`, targets of single units are checked to name a unit. Raises CatalogueError
        naming file, field, given and allowed value for the first mistake found.
        """
        folder = folder or FOLDER
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise CatalogueError(
                file=str(folder), field="folder", given="no *.yaml file", allowed="one or more"
            )
        read = [(path, read_indicator(path)) for path in files]
        _check_distinct(read)
        if units is not None:
            _check_units(read, units)
        return cls(tuple(indicator for _, indicator in read))

    def by_code(self, code: str) -> Indicator:
        """The indicator of this code; raises AddressError when there is none."""
        try:
            return self._by_code[code]
        except KeyError:
            raise AddressError(
                part="indicator", given=code, allowed=", ".join(self._by_code)
            ) from None

    def by_id(self, indicator_id: int) -> Indicator:
        """The indicator of this store number; raises AddressError when there is none."""
        try:
            return self._by_id[indicator_id]
        except KeyError:
            raise AddressError(
                part="indicator", given=indicator_id, allowed=", ".join(map(str, self._by_id))
            ) from None

    @property
    def all(self) -> tuple[Indicator, ...]:
        """Every indicator, in order."""
        return self._all

    @property
    def collected(self) -> tuple[Indicator, ...]:
        """The indicators that units are due to report, in order: the columns of tables."""
        return tuple(one for one in self._all if one.collected)

    @property
    def headline(self) -> tuple[Indicator, ...]:
        """The indicators of the headline tiles, in order."""
        return tuple(one for one in self._all if one.headline)

    @property
    def groups(self) -> Mapping[Group, tuple[Indicator, ...]]:
        """The indicators of each group that has any, groups and indicators in order."""
        found = {group: tuple(one for one in self._all if one.group is group) for group in Group}
        return {group: members for group, members in found.items() if members}

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code


def _check_distinct(read: list[tuple[Path, Indicator]]) -> None:
    for field in ("code", "id", "order"):
        seen: dict[object, Path] = {}
        for path, indicator in read:
            given = getattr(indicator, field)
            if given in seen:
                refuse(path, field, given, f"a value of its own; {place(seen[given])} has this one")
            seen[given] = path


def _check_units(read: list[tuple[Path, Indicator]], units: UnitKeys) -> None:
    for path, indicator in read:
        for number, rule in enumerate(indicator.targets):
            for field, key in (("unit", rule.unit), ("set_by", rule.set_by)):
                if key is None:
                    continue
                try:
                    units.by_key(key)
                except AddressError:
                    refuse(path, f"targets[{number + 1}].{field}", key, "the key of a unit")
