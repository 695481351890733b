"""Two indexes over names: exact for what sources write, forgiving for what people type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded, normalised, read_name

_ORDER = tuple(Level)


class NameIndex:
    """Finds the one unit that a source's spelling of a name means on a day."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Index every name, short name and alias of every version."""
        self._units: dict[str, dict[int, Unit]] = defaultdict(dict)
        for unit in units:
            for version in unit.versions:
                for text in {version.name, version.short_name, *version.aliases}:
                    self._units[read_name(text).bare][unit.id] = unit

    def find(self, text: str, day: date, level: Level | None, parent_id: int | None) -> Unit | None:
        """The one unit; a type in front decides between namesakes, else None when two are left."""
        name = read_name(text)
        if not name.tellable:
            return None
        named = [
            unit
            for unit in self._units.get(name.bare, {}).values()
            if _fits(unit, name.bare, day, level, parent_id)
        ]
        if name.kind is not None:
            named = _of_kind(named, name.kind, day)
        return named[0] if len(named) == 1 else None


def _fits(unit: Unit, bare: str, day: date, level: Level | None, parent_id: int | None) -> bool:
    version = unit.at(day)
    if version is None or (level is not None and unit.level is not level):
        return False
    if parent_id is not None and version.parent_id != parent_id:
        return False
    texts = (version.name, version.short_name, *version.aliases)
    return any(read_name(text).bare == bare for text in texts)


def _of_kind(units: list[Unit], kind: str, day: date) -> list[Unit]:
    """Those of that kind on the day; failing these, of that kind before: sources lag behind."""
    now = [unit for unit in units if (version := unit.at(day)) and version.kind == kind]
    return now or [unit for unit in units if any(one.kind == kind for one in unit.versions)]


class SearchIndex:
    """Finds units by any part of a name or code, with or without diacritics."""

    def __init__(self, units: Iterable[Unit], by_id: Mapping[int, Unit]) -> None:
        """Index names of all versions in both languages, aliases, codes and the place above."""
        self._rows = [(unit, *_texts(unit, by_id)) for unit in units]

    def find(self, text: str) -> list[Unit]:
        """All matches: whole names, then beginnings, then parts; higher levels before.

        Only when there is none, the words are looked for apart in the name and the place above:
        `nga sơn thanh hóa`.
        """
        asked = folded(text)
        if not asked:
            return []
        found = [(rank, row[0]) for row in self._rows if (rank := _rank(asked, row[1])) is not None]
        if not found:
            words = asked.split()
            found = [(0, u) for u, _, place in self._rows if all(f" {w}" in place for w in words)]
        as_typed = normalised(text)
        found.sort(key=lambda one: (one[0], *_place(one[1], as_typed)))
        return [unit for _, unit in found]


def _place(unit: Unit, as_typed: str) -> tuple[bool, int, bool, int]:
    """Same diacritics first, then higher levels, then units of today."""
    other = as_typed not in normalised(unit.name)
    return other, _ORDER.index(unit.level), unit.valid_to is not None, unit.id


def _texts(unit: Unit, by_id: Mapping[int, Unit]) -> tuple[tuple[str, ...], str]:
    names = {folded(unit.key), *(folded(one.code) for one in unit.codes)}
    for version in unit.versions:
        for text in (version.name, version.short_name, version.name_en, *version.aliases):
            names.add(folded(text))
    newest = unit.newest
    around = [newest.name, newest.district or ""]
    if newest.parent_id is not None:
        around.append(by_id[newest.parent_id].name)
    return tuple(names), f" {folded(' '.join(around))} "


def _rank(asked: str, names: tuple[str, ...]) -> int | None:
    best: int | None = None
    for name in names:
        if name == asked:
            return 0
        if name.startswith(asked):
            best = 1
        elif best is None and f" {asked}" in name:
            best = 2
    return best
