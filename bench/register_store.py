"""Stores with registers of any size, filled through the product's own write path."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ioc.domain.due import Due
from ioc.domain.period import Grain
from ioc.domain.register import Register
from ioc.domain.registers import packaged
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.store.engine import open_engine, writing
from ioc.store.features import DEGREE
from ioc.store.items import Said, keep
from ioc.store.migration import migrate
from ioc.store.reference import SourceFact, sync_names, sync_sources
from ioc.store.versions import grow_version, next_recorded_at

TODAY = date(2026, 11, 22)
PERSONS = 400
DIRECTIVES = 120
_SEED = 20261122
_VERBS = ("Rà soát", "Hoàn thành", "Triển khai", "Báo cáo", "Số hóa", "Xây dựng", "Nghiệm thu")
_THINGS = (
    "cơ sở dữ liệu",
    "quy chế",
    "hạ tầng số",
    "tập huấn",
    "trạm phát sóng",
    "hồ sơ",
    "kế hoạch",
)


def build(folder: Path, units: Units, tasks: int, blackspots: int) -> tuple[Engine, float]:
    """A SQLite store; returns its engine and the seconds of work that keeping the tasks took.

    A store that is there already is taken as it is, in 0 seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"registers-{tasks}.sqlite"
    there = file.exists()
    engine = open_engine(f"sqlite:///{file}")
    if there:
        return engine, 0.0
    migrate(engine)
    words = {"vi": "đo", "en": "bench"}
    with writing(engine) as connection:
        sync_names(connection, {}, {one.id: one.key for one in units.all()})
        facts = sync_sources(
            connection, [SourceFact(0, "bench", words, "file_drop", "60s", 100, True, True)]
        )
    source_id = facts["bench"].id
    registers = packaged()
    spent = 0.0
    for key, said in (
        ("directive", _directives()),
        ("blackspot", _blackspots(units, blackspots)),
        ("task", _tasks(units, tasks)),
    ):
        begun = time.process_time()
        _take(engine, registers.by_key(key), units, said, source_id)
        spent = time.process_time() - begun
    return engine, spent


def _take(
    engine: Engine, register: Register, units: Units, said: Iterator[Said], source_id: int
) -> None:
    with writing(engine) as connection:
        at = next_recorded_at(connection, datetime(2026, 11, 22, 3, tzinfo=UTC))
        keep(
            connection, register, units, said, source_id=source_id, run_id=1, recorded_at=at,
            illustrative=True, by="bench", whole=True,
        )  # fmt: skip
        grow_version(connection, 1, at)


def _directives() -> Iterator[Said]:
    for number in range(DIRECTIVES):
        body = {
            "number": f"{number}-KH/TU",
            "title": f"Kế hoạch số {number}",
            "issuer": "Tỉnh ủy",
            "issued": "2025-07-24",
            "parent": f"VB{(number - 1) // 3}" if number else None,
        }
        yield _said(f"VB{number}", 1, "in_force", body, None, None)


def _tasks(units: Units, items: int) -> Iterator[Said]:
    chance = random.Random(_SEED)
    places = _places(units, (Level.COMMUNE, Level.PROVINCE, Level.MINISTRY))
    for number in range(items):
        due = _due(chance)
        state = chance.choices(
            ("assigned", "doing", "waiting", "paused", "done", "dropped"), (10, 30, 5, 5, 45, 5)
        )[0]
        done = TODAY - timedelta(days=chance.randrange(400)) if state == "done" else None
        body: dict[str, Any] = {
            "title": f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} đợt {number % 97}",
            "class": chance.choice(("regular", "target", "project", "science_province")),
            "group": f"Nhóm {number % 10}",
            "person": f"Cán bộ {chance.randrange(PERSONS)}" if number % 17 else None,
            "responsibility": "Chủ trì",
            "product": "Báo cáo" if number % 5 else None,
            "authority": "Chủ tịch",
            "directive": f"VB{chance.randrange(DIRECTIVES)}",
            "progress": chance.randrange(0, 100_001, 5000),
            "assigned": "2026-01-15",
        }
        yield _said(f"NV-{number}", chance.choice(places), state, body, due, done)


def _blackspots(units: Units, items: int) -> Iterator[Said]:
    chance = random.Random(_SEED + 1)
    places = _places(units, (Level.COMMUNE,))
    for number in range(items):
        state = chance.choice(
            ("reported", "surveyed", "confirmed", "tendered", "building", "live", "closed")
        )
        done = TODAY - timedelta(days=chance.randrange(400)) if state == "live" else None
        households = chance.randrange(20, 300)
        body: dict[str, Any] = {
            "title": f"Bản {number}",
            "commune": f"Xã {number % 900}",
            "class": chance.choice(("none", "weak")),
            "households": households if number % 11 else None,
            "population": households * 4,
            "power": number % 3 > 0,
            "difficulty": chance.choice(("extreme", "difficult", "border", "ordinary")),
            "operators": chance.sample(("viettel", "vnpt", "mobifone"), 2),
            "technology": "g4" if number % 4 else None,
            "funding": "fund",
        }
        unit_id = chance.choice(places)
        said = _said(f"DT-{number}", unit_id, state, body, _due(chance), done, "live")
        lon, lat = _near(units.roll_up(unit_id) or 0, chance)
        yield said._replace(lon=lon, lat=lat)


def _near(province: int, chance: random.Random) -> tuple[int, int]:
    """A point in a square of 1° that stands for the province."""
    west, south = 103 + province % 6, 9 + province // 6 % 14
    lon, lat = west * DEGREE, south * DEGREE
    return lon + chance.randrange(DEGREE), lat + chance.randrange(DEGREE)


def _places(units: Units, levels: tuple[Level, ...]) -> list[int]:
    """Each level's units as often as the others' together, so that none is rare."""
    found: list[int] = []
    for level in levels:
        here = units.ids_by_level(level, TODAY)
        found += list(here) * max(1, 3300 // len(here))
    return found


def _due(chance: random.Random) -> Due | None:
    if chance.random() < 0.05:
        return None
    day = TODAY + timedelta(days=chance.randrange(-300, 400))
    precision = chance.choices((Grain.DAY, Grain.MONTH, Grain.QUARTER), (8, 1, 1))[0]
    return Due.parse(Due(day, precision).code)


def _said(
    key: str,
    unit_id: int,
    state: str,
    body: dict[str, Any],
    due: Due | None,
    done: date | None,
    done_field: str = "done",
) -> Said:
    if due is not None:
        body["due"] = due.code
    if done is not None:
        body[done_field] = done.isoformat()
    return Said(key, unit_id, state, body, due, done, None, None, date(2026, 11, 1))
