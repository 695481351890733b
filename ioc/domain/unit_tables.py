"""Units read from CSV tables, with errors that name file, line, field and what is allowed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from sys import intern

from ioc.domain.unit import Level, Succession, Unit, UnitCode, UnitVersion
from ioc.errors import UnitDataError

COVERAGES = ("whole", "part")
KINDS = ("merge", "split", "rename", "type_change", "transfer", "continue")
SYSTEMS = ("nso", "agency_id", "local", "merger_map")
_COLUMNS = {
    "units": "id key level lat lon",
    "versions": "unit_id valid_from valid_to name short_name name_en kind parent_id region_id"
    " legal_basis district aliases",
    "codes": "unit_id system code valid_from valid_to",
    "successions": "predecessor_id successor_id day coverage kind principal function function_en"
    " legal_basis",
}

_day = lru_cache(maxsize=None)(date.fromisoformat)


@dataclass
class Tables:
    """The rows of one data set, keyed by unit and not yet checked against each other."""

    units: list[tuple[int, str, Level, float | None, float | None]] = field(default_factory=list)
    versions: dict[int, list[UnitVersion]] = field(default_factory=dict)
    codes: dict[int, list[UnitCode]] = field(default_factory=dict)
    successions: list[Succession] = field(default_factory=list)


class _Table:
    """One CSV file: yields its rows and turns a wrong cell into a UnitDataError."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        self.path, self.columns, self.line = path, columns, 0

    def rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            head = next(reader, [])
            if head != self.columns:
                raise self.wrong("header", ",".join(head), ",".join(self.columns))
            for row in reader:
                self.line = reader.line_num
                if len(row) != len(head):
                    raise self.wrong("row", len(row), f"{len(head)} cells")
                yield row

    def wrong(self, column: str, given: object, allowed: str) -> UnitDataError:
        place = f"{self.path.parent.name}/{self.path.name}"
        where = f"line {self.line} {column}" if self.line else column
        return UnitDataError(file=place, field=where, given=given, allowed=allowed)

    def one_of(self, column: str, given: str, allowed: tuple[str, ...]) -> str:
        if given not in allowed:
            raise self.wrong(column, given, ", ".join(allowed))
        return intern(given)

    def day(self, column: str, given: str) -> date:
        try:
            return _day(given)
        except ValueError:
            raise self.wrong(column, given, "a date such as 2025-07-01") from None

    def number(self, column: str, given: str) -> int:
        if not given.isascii() or not given.isdigit():
            raise self.wrong(column, given, "a whole number")
        return int(given)

    def point(self, column: str, given: str) -> float | None:
        try:
            return float(given) if given else None
        except ValueError:
            raise self.wrong(column, given, "degrees with a decimal point, or empty") from None


def read(folder: Path) -> Tables:
    """Read every data set below `folder`: one sub-folder each, with any of the four tables.

    Raises UnitDataError when there is none, a header is unknown or a cell is malformed.
    """
    tables = Tables()
    for part in sorted(path for path in folder.glob("*") if path.is_dir()):
        for name, columns in _COLUMNS.items():
            path = part / f"{name}.csv"
            if path.exists():
                _READERS[name](_Table(path, columns.split()), tables)
    if not tables.units:
        raise UnitDataError(
            file=str(folder), field="units.csv", given="none", allowed="at least one unit"
        )
    return tables


def _units(table: _Table, into: Tables) -> None:
    levels = {level.value: level for level in Level}
    for number, key, level, lat, lon in table.rows():
        if level not in levels:
            raise table.wrong("level", level, ", ".join(levels))
        if not key:
            raise table.wrong("key", key, "a key for addresses")
        unit_id = table.number("id", number)
        point = table.point("lat", lat), table.point("lon", lon)
        into.units.append((unit_id, key, levels[level], *point))


def _versions(table: _Table, into: Tables) -> None:
    for row in table.rows():
        number, start, end, name, short, english, kind, parent, region, legal, district, other = row
        if not name or not short or not english:
            raise table.wrong("name", name, "name, short_name and name_en all filled in")
        version = UnitVersion(
            table.day("valid_from", start),
            table.day("valid_to", end) if end else None,
            name,
            short,
            english,
            intern(kind),
            table.number("parent_id", parent) if parent else None,
            table.number("region_id", region) if region else None,
            intern(legal),
            intern(district) if district else None,
            tuple(other.split("|")) if other else (),
        )
        into.versions.setdefault(table.number("unit_id", number), []).append(version)


def _codes(table: _Table, into: Tables) -> None:
    for number, system, code, start, end in table.rows():
        if not code:
            raise table.wrong("code", code, "a code")
        one = UnitCode(
            table.one_of("system", system, SYSTEMS),
            code,
            table.day("valid_from", start),
            table.day("valid_to", end) if end else None,
        )
        into.codes.setdefault(table.number("unit_id", number), []).append(one)


def _successions(table: _Table, into: Tables) -> None:
    for old, new, day, coverage, kind, principal, function, english, legal in table.rows():
        into.successions.append(
            Succession(
                table.number("predecessor_id", old),
                table.number("successor_id", new),
                table.day("day", day),
                table.one_of("coverage", coverage, COVERAGES),
                table.one_of("kind", kind, KINDS),
                function or None,
                intern(legal),
                table.one_of("principal", principal, ("0", "1")) == "1",
                english or None,
            )
        )


_READERS = {
    "units": _units,
    "versions": _versions,
    "codes": _codes,
    "successions": _successions,
}


def join(tables: Tables) -> dict[int, Unit]:
    """The units of the tables by id.

    Raises UnitDataError when ids or keys repeat, versions overlap or leave gaps, or a row points
    to a unit that does not exist.
    """
    units: dict[int, Unit] = {}
    keys: set[str] = set()
    for unit_id, key, level, lat, lon in tables.units:
        if unit_id in units or key in keys:
            raise UnitDataError(file="units.csv", field="key", given=key, allowed="each once")
        keys.add(key)
        versions = tables.versions.get(unit_id)
        if not versions:
            raise UnitDataError(
                file="versions.csv", field="unit_id", given=key, allowed="at least one version"
            )
        if len(versions) > 1:
            versions.sort(key=lambda one: one.valid_from)
        _adjoin(key, versions)
        codes = tuple(tables.codes.get(unit_id, ()))
        units[unit_id] = Unit(unit_id, key, level, tuple(versions), codes, lat, lon)
    _refer(tables, units)
    return units


def _adjoin(key: str, versions: list[UnitVersion]) -> None:
    for before, after in pairwise(versions):
        if before.valid_to != after.valid_from:
            given = f"{key}: {before.valid_to} then {after.valid_from}"
            raise UnitDataError(
                file="versions.csv",
                field="valid_to",
                given=given,
                allowed="each version begins on the day the one before ends",
            )
    last = versions[-1]
    if last.valid_to is not None and last.valid_to <= last.valid_from:
        raise UnitDataError(
            file="versions.csv", field="valid_to", given=key, allowed="a day after valid_from"
        )


def _refer(tables: Tables, units: dict[int, Unit]) -> None:
    for table, given in (("versions.csv", tables.versions), ("codes.csv", tables.codes)):
        for unit_id in given:
            _known(units, table, "unit_id", unit_id)
    for unit in units.values():
        for version in unit.versions:
            for field_name in ("parent_id", "region_id"):
                other = getattr(version, field_name)
                if other is not None:
                    _known(units, "versions.csv", field_name, other)
    for one in tables.successions:
        _known(units, "successions.csv", "predecessor_id", one.predecessor_id)
        _known(units, "successions.csv", "successor_id", one.successor_id)


def _known(units: dict[int, Unit], file: str, field_name: str, unit_id: int) -> None:
    if unit_id not in units:
        raise UnitDataError(
            file=file, field=field_name, given=unit_id, allowed="the id of a unit in units.csv"
        )
