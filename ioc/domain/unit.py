"""One unit with dates: its versions, codes and what it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ILLUSTRATIVE = "minh họa"
"""The legal basis of units that only demonstrate a level, such as a ministry's departments."""


class Level(StrEnum):
    """Where in the house of units a unit stands."""

    NATION = "nation"
    LOCALITIES = "localities"
    GOVERNMENT = "government"
    REGION = "region"
    PROVINCE = "province"
    COMMUNE = "commune"
    MINISTRY = "ministry"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class UnitVersion:
    """What a unit was called and where it stood in `[valid_from, valid_to)`.

    `kind` is tinh, thanh_pho, phuong, xa, thi_tran, dac_khu, bo, co_quan_ngang_bo and the like.
    `region_id` is a grouping, never a parent. `district` names the former district of a former
    commune: districts are no units here. `aliases` are other spellings that name this unit alone.
    """

    valid_from: date
    valid_to: date | None
    name: str
    short_name: str
    name_en: str
    kind: str
    parent_id: int | None
    region_id: int | None
    legal_basis: str
    district: str | None = None
    aliases: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        """True when the version was in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class UnitCode:
    """A code of a unit in one system in `[valid_from, valid_to)`; codes are used again.

    `system` is nso (the statistics office), agency_id, local or merger_map.
    """

    system: str
    code: str
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        """True when the code named the unit on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """What a predecessor gave to a successor on `day`, its first day of effect.

    `coverage` is whole or part; `kind` is merge, split, rename, type_change, transfer or continue;
    `function` names what moved where only a part of a ministry did. `principal` marks the one
    successor under which the predecessor's history is looked for.
    """

    predecessor_id: int
    successor_id: int
    day: date
    coverage: str
    kind: str
    function: str | None
    legal_basis: str
    principal: bool = False
    function_en: str | None = None


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """A day on which a unit changed, as it is marked on a trend.

    `kind` is merge, split, rename, type_change or transfer; former and following units by id.
    """

    day: date
    kind: str
    legal_basis: str
    predecessors: tuple[int, ...] = ()
    successors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """An identity that outlives names and codes; `versions` are in order of time, never empty."""

    id: int
    key: str
    level: Level
    versions: tuple[UnitVersion, ...]
    codes: tuple[UnitCode, ...] = ()
    lat: float | None = None
    lon: float | None = None

    @property
    def newest(self) -> UnitVersion:
        """The latest version, in force or the last one."""
        return self.versions[-1]

    @property
    def valid_from(self) -> date:
        """First day known."""
        return self.versions[0].valid_from

    @property
    def valid_to(self) -> date | None:
        """First day on which the unit no longer exists; None while it does."""
        return self.versions[-1].valid_to

    @property
    def name(self) -> str:
        """Official Vietnamese name, newest version."""
        return self.versions[-1].name

    @property
    def short_name(self) -> str:
        """Name for charts and tables, newest version."""
        return self.versions[-1].short_name

    @property
    def illustrative(self) -> bool:
        """True for units that only demonstrate a level."""
        return self.versions[-1].legal_basis == ILLUSTRATIVE

    def at(self, day: date) -> UnitVersion | None:
        """The version in force on `day`; None before the first and after the last."""
        for version in reversed(self.versions):
            if version.covers(day):
                return version
        return None

    def alive(self, day: date) -> bool:
        """True when the unit exists on `day`."""
        return self.at(day) is not None

    def name_in(self, lang: str) -> str:
        """The newest name in `lang`: English for "en", else Vietnamese."""
        return self.newest.name_en if lang == "en" else self.newest.name

    def code(self, system: str, day: date) -> str | None:
        """The unit's code of a system on `day`; None when it has none."""
        for code in self.codes:
            if code.system == system and code.covers(day):
                return code.code
        return None
