"""The codes of all units of a level, for sources that are asked unit by unit."""

from __future__ import annotations

from datetime import date

from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.ingest.connector import Codes


def codes_of(units: Units) -> Codes:
    """A function (system, level, day) → codes: data of the units, never a list of its own."""

    def codes(system: str, level: str, day: date) -> tuple[str, ...]:
        return tuple(
            code.code
            for one in units.ids_by_level(Level(level), day)
            for code in units.by_id(one).codes
            if code.system == system and code.covers(day)
        )

    return codes
