"""The declared summary sheets of provinces: their columns, and the period their titles name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.yaml_file import read_mapping
from ioc.errors import AddressError
from ioc.ingest.sheets import Row
from ioc.ingest.table import Columns
from ioc.ingest.values import as_text

_FILE = Path(__file__).with_name("sheets_766.yaml")
DEPTHS = (3, 2, 1)
"""How many rows the header of such a sheet may have, merged ones above the lowest: the deepest
first, because the lower rows tell columns below one merged heading apart."""
TOTAL = re.compile(r"^(tổng( cộng| số)?|cộng|toàn (tỉnh|thành phố))\b", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_DAY = r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})"
_RANGE = re.compile(rf"từ\s+(?:ngày\s+)?{_DAY}\s+đến\s+(?:hết\s+)?(?:ngày\s+)?{_DAY}", re.I)
_YEAR = r"(?:\s*/\s*|\s+năm\s+|\s+)([0-9]{4})\b"
_MONTH = re.compile(rf"tháng\s+([0-9]{{1,2}}){_YEAR}", re.I)
_QUARTER = re.compile(rf"quý\s+([1-4]|IV|I{{1,3}}){_YEAR}", re.I)
_HALF = re.compile(r"6\s+tháng\s+(đầu|cuối)\s+năm\s+([0-9]{4})\b", re.I)
_WHOLE = re.compile(r"năm\s+([0-9]{4})\b", re.I)


class _Preset(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()


@cache
def presets() -> Mapping[str, tuple[Columns, ...]]:
    """Each sheet by its name: the same columns looked for below headers of one to three rows."""
    found = {name: _Preset.model_validate(one) for name, one in read_mapping(_FILE).items()}
    return {
        name: tuple(
            Columns(
                one.columns,
                frozenset(one.optional),
                depth,
                "STT",
                total=TOTAL,
                summed=frozenset(one.summed),
                numbered=True,
            )
            for depth in DEPTHS
        )
        for name, one in found.items()
    }


def titles(rows: Iterable[Row]) -> list[str]:
    """The texts above a header."""
    return [text for row in rows for cell in row if (text := as_text(cell))]


def period_of(texts: Iterable[str]) -> Period | None:
    """The one period that the titles of a sheet name; None where they name none or several."""
    found = {period for text in texts if (period := _named(text)) is not None}
    return found.pop() if len(found) == 1 else None


def _named(text: str) -> Period | None:
    try:
        if days := _RANGE.search(text):
            numbers = [int(one) for one in days.groups()]
            return _between(date(*numbers[2::-1]), date(*numbers[:2:-1]))
        if half := _HALF.search(text):
            return Period.parse(f"{half[2]}-H{1 if half[1].lower() == 'đầu' else 2}")
        if month := _MONTH.search(text):
            return Period.parse(f"{month[2]}-{int(month[1]):02d}")
        if quarter := _QUARTER.search(text):
            number = _ROMAN.get(quarter[1].upper()) or int(quarter[1])
            return Period.parse(f"{quarter[2]}-Q{number}")
        if year := _WHOLE.search(text):
            return Period.parse(year[1])
    except (ValueError, AddressError):
        return None
    return None


def _between(start: date, end: date) -> Period | None:
    for calendar in Calendar:
        for grain in Grain:
            period = Period.of(calendar, grain, start)
            if (period.start, period.end) == (start, end):
                return period
    return None
