"""Proof that the units agree with the official totals: what `ioc units check` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ioc.domain.messages import say
from ioc.domain.unit import Level, Unit
from ioc.domain.units import Units
from ioc.domain.words import date_words

BEFORE = date(2025, 6, 30)
MERGER = date(2025, 7, 1)
AMENDMENTS = (date(2026, 4, 30), date(2026, 9, 1), date(2026, 9, 20))
REUSED = {
    "15": "Yên Bái → Lào Cai",
    "24": "Bắc Giang → Bắc Ninh",
    "44": "Quảng Bình → Quảng Trị",
    "52": "Bình Định → Gia Lai",
    "80": "Long An → Tây Ninh",
    "82": "Tiền Giang → Đồng Tháp",
    "91": "Kiên Giang → An Giang",
}
"""Statistics codes that named another province before 1 July 2025."""

_PROVINCES = {  # day: provinces, centrally-run cities
    BEFORE: (57, 6),
    MERGER: (28, 6),
    AMENDMENTS[0]: (27, 7),
    AMENDMENTS[1]: (26, 8),
    AMENDMENTS[2]: (25, 9),
}
_COMMUNES = {  # day: wards, communes, special zones
    MERGER: (687, 2621, 13),
    AMENDMENTS[0]: (697, 2611, 13),
    AMENDMENTS[2]: (709, 2599, 13),
}
_MINISTRIES = {date(2025, 2, 28): (18, 4), date(2025, 3, 1): (14, 3)}
_COMMUNES_OF = {"38": 166, "01": 126, "79": 168, "12": 38, "46": 40}
_REGIONS = {"R1": 9, "R2": 6, "R3": 5, "R4": 6, "R5": 3, "R6": 5}


_Row = tuple[str, Mapping[str, object], int | str, int | str]


class Check(NamedTuple):
    """One total: what was counted, what is official, what the data gives, whether they agree."""

    what: str
    expected: int | str
    found: int | str
    ok: bool


def check(units: Units, lang: str = "vi") -> list[Check]:
    """Every official total against the data; a false one is in the list, not raised."""
    rows = (
        *_classes(units, lang),
        *_totals(units),
        *_provincial_lineage(units),
        *_commune_lineage(units),
        *_government(units),
    )
    return [
        Check(say(lang, f"units.check_{what}", **params), expected, found, expected == found)
        for what, params, expected, found in rows
    ]


def _of(units: Units, level: Level, day: date) -> list[Unit]:
    return [units.by_id(unit_id) for unit_id in units.ids_by_level(level, day)]


def _classes(units: Units, lang: str) -> Iterator[_Row]:
    for level, table, kinds in (
        (Level.PROVINCE, _PROVINCES, ("tinh", "thanh_pho")),
        (Level.COMMUNE, _COMMUNES, ("phuong", "xa", "dac_khu")),
        (Level.MINISTRY, _MINISTRIES, ("bo", "co_quan_ngang_bo")),
    ):
        for day, expected in table.items():
            found = _kinds(_of(units, level, day), day, kinds)
            yield f"{level}_kinds", {"day": date_words(day, lang)}, _sum(expected), _sum(found)
            yield f"{level}_count", {"day": date_words(day, lang)}, sum(expected), sum(found)


def _kinds(units: Iterable[Unit], day: date, kinds: tuple[str, ...]) -> tuple[int, ...]:
    counts = Counter(version.kind for unit in units if (version := unit.at(day)))
    known = tuple(counts.pop(kind, 0) for kind in kinds)
    return (*known, counts.total()) if counts else known


def _sum(numbers: Iterable[int]) -> str:
    return " + ".join(str(number) for number in numbers)


def _totals(units: Units) -> Iterator[_Row]:
    last = AMENDMENTS[-1]
    for key, count in _COMMUNES_OF.items():
        unit = units.by_key(key)
        found = len(units.children(unit.id, last, Level.COMMUNE))
        yield "communes_of", {"name": unit.name}, count, found
    for key, count in _REGIONS.items():
        region = units.by_key(key)
        yield "region", {"name": region.name}, count, len(units.in_region(region.id, last))


def _provincial_lineage(units: Units) -> Iterator[_Row]:
    former = _of(units, Level.PROVINCE, BEFORE)
    present = {unit.id for unit in _of(units, Level.PROVINCE, MERGER)}
    same = {unit.id for unit in former} & present
    lands = [{unit.id, *units.chain(unit.id)} & present for unit in former]
    yield "provinces_placed", {}, 63, sum(len(one) == 1 for one in lands)
    yield "provinces_same", {}, 11, len(same)
    yield "provinces_merged", {}, 23, len(present - same)
    yield "provinces_ended", {}, 52, len(former) - len(same)
    for code, expected in REUSED.items():
        named = (units.by_code("nso", code, day) for day in (BEFORE, MERGER))
        found = " → ".join(unit.short_name if unit else "–" for unit in named)
        yield "code_reused", {"code": code}, expected, found


def _commune_lineage(units: Units) -> Iterator[_Row]:
    former = _of(units, Level.COMMUNE, BEFORE)
    rows = [row for unit in former for row in units.successors(unit.id)]
    parts = [row for row in rows if row.coverage == "part"]
    crossing = sum(
        _province(units, row.predecessor_id) != _province(units, row.successor_id) for row in rows
    )
    main = sum(units.principal_successor(unit.id) is not None for unit in former)
    yield "former_communes", {}, 10_035, len(former)
    yield "former_whole", {}, 9_564, len(rows) - len(parts)
    yield "former_split", {}, 471, len({row.predecessor_id for row in parts})
    yield "former_parts", {}, 1_033, len(parts)
    yield "former_crossing", {}, 0, crossing
    yield "former_main", {}, 10_035, main


def _province(units: Units, unit_id: int) -> int | None:
    chain = [one for one in units.chain(unit_id) if units.by_id(one).level is Level.PROVINCE]
    return chain[-1] if chain else None


def _government(units: Units) -> Iterator[_Row]:
    former = units.by_key("mic.2025")
    found = units.principal_successor(former.id)
    named = units.by_id(found).short_name if found else "–"
    yield "successor_of", {"name": former.name}, "Bộ KH&CN", named
    day = AMENDMENTS[-1]
    for level in (Level.PROVINCE, Level.COMMUNE):
        present = _of(units, level, day)
        codes = {unit.code("nso", day) for unit in present} - {None}
        yield f"{level}_codes", {}, len(present), len(codes)
