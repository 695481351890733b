"""Coordinates as sources write them: read exactly, turned into WGS 84, checked against a box."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Literal, NoReturn

from ioc.ingest.geo_crs import Project
from ioc.ingest.values import ValueProblem, clean

Axes = Literal["lon,lat", "lat,lon"]
"""Which comes first: longitude (or easting), as GeoJSON has it, or latitude (or northing)."""

_EXTENT = Path(__file__).parents[1] / "units" / "nation" / "extent.csv"
_LONGEST = 120
_NUMBER = re.compile(r"[+-]?[0-9]{1,8}(?:[.,][0-9]{1,20})?")
_APART = re.compile(r"\s*[;/|]\s*|\s*,\s+|\s+")
_DOTTED = re.compile(r"([+-]?[0-9]{1,8}\.[0-9]{1,20}),([+-]?[0-9]{1,8}\.[0-9]{1,20})")
_DEGREES = re.compile(
    r"""(?P<sign>[+-]?)(?P<degrees>[0-9]{1,3}(?:[.,][0-9]{1,12})?)\s*[°º]\s*
    (?:(?P<minutes>[0-9]{1,2}(?:[.,][0-9]{1,12})?)\s*['′’]\s*)?
    (?:(?P<seconds>[0-9]{1,2}(?:[.,][0-9]{1,12})?)\s*(?:"|″|”|''|′′|’’)\s*)?
    (?P<side>[NSEWBĐT]?)""",
    re.VERBOSE | re.IGNORECASE,
)
_NORTH = {"B": 1, "S": -1}
_EAST = {"E": 1, "W": -1, "Đ": 1, "T": -1}


@dataclass(frozen=True, slots=True)
class Box:
    """A range of longitudes and latitudes in degrees."""

    west: float
    south: float
    east: float
    north: float

    def has(self, lon: float, lat: float) -> bool:
        """Whether a place lies inside, borders included."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


@cache
def country_box(file: Path = _EXTENT) -> Box:
    """The range in which the country's places lie, from the data files of the units."""
    with file.open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    return Box(*(float(row[name]) for name in ("west", "south", "east", "north")))


def ordinate(value: object) -> float:
    """One coordinate: a number, a text with a decimal point or comma, or degrees and minutes.

    Raises ValueProblem for anything else; "nan" and 1e400 are no coordinate.
    """
    if isinstance(value, bool):
        _bad(value)
    if isinstance(value, (int, float, Decimal)):
        try:
            number = float(value)
        except (OverflowError, ValueError):
            _bad("∞")
        if not isfinite(number):
            _bad(value)
        return number
    if not isinstance(value, str):
        _bad(value)
    text = clean(value)[: _LONGEST + 1]
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    found = _DEGREES.fullmatch(text)
    if not found:
        _bad(value)
    side = found["side"].upper()
    if side == "N":
        # Alone it may be North, or Nam, the south.
        _bad(value)
    return _degrees(found, _EAST.get(side) or _NORTH.get(side) or 1)


def pair(text: str, axes: Axes = "lon,lat") -> tuple[float, float]:
    """Longitude and latitude from one text such as `105,34808/22,62924`.

    Between the two stands a semicolon, a stroke, a blank, or a comma followed by a blank; a bare
    comma only where both have decimal points. Degrees, minutes and seconds may carry their side
    (B N Đ T, or N S E W), which then says which is which. Raises ValueProblem for what could be
    read in two ways.
    """
    given = clean(text)
    if len(given) > _LONGEST:
        _bad(text)
    sides = list(_DEGREES.finditer(given))
    if len(sides) == 2:
        between = given[sides[0].end() : sides[1].start()]
        around = given[: sides[0].start()] + given[sides[1].end() :]
        if around or between.strip(" ,;/|"):
            _bad(text)
        return _by_side(sides, axes, text)
    dotted = _DOTTED.fullmatch(given)
    parts = list(dotted.groups()) if dotted else _APART.split(given)
    if len(parts) != 2 or not all(_NUMBER.fullmatch(one) for one in parts):
        _bad(text)
    return ordered([ordinate(one) for one in parts], axes)


def ordered(two: Sequence[float], axes: Axes) -> tuple[float, float]:
    """(longitude, latitude), or (easting, northing), of two numbers in the declared order."""
    return (two[0], two[1]) if axes == "lon,lat" else (two[1], two[0])


def placed(x: float, y: float, project: Project, box: Box) -> tuple[float, float]:
    """The place of (x, y) in WGS 84, when it lies in the box.

    Raises ValueProblem otherwise; one that would lie inside with its numbers exchanged is told so.
    """
    lon, lat = project(x, y)
    if not (isfinite(lon) and isfinite(lat)):
        raise ValueProblem("outside_box", lon=_short(x), lat=_short(y))
    if box.has(lon, lat):
        return lon, lat
    turned = project(y, x)
    swapped = all(isfinite(one) for one in turned) and box.has(*turned)
    raise ValueProblem(
        "coordinates_swapped" if swapped else "outside_box", lon=_short(lon), lat=_short(lat)
    )


def _by_side(found: Sequence[re.Match[str]], axes: Axes, text: object) -> tuple[float, float]:
    letters = [one["side"].upper() for one in found]
    if letters == ["", ""]:
        return ordered([_degrees(one, 1) for one in found], axes)
    if "" in letters:
        _bad(text)
    # N is North beside E and W, and Nam (the south) beside Đ and T; S and B leave no doubt.
    vietnamese = any(one in "ĐTB" for one in letters)
    english = any(one in "EWS" for one in letters)
    if vietnamese == english:
        _bad(text)
    north = {"B": 1, "N": -1} if vietnamese else {"N": 1, "S": -1}
    east = {"Đ": 1, "T": -1} if vietnamese else {"E": 1, "W": -1}
    first, second = letters
    if first in east and second in north:
        return _degrees(found[0], east[first]), _degrees(found[1], north[second])
    if first in north and second in east:
        return _degrees(found[1], east[second]), _degrees(found[0], north[first])
    _bad(text)


def _degrees(found: re.Match[str], side: int) -> float:
    parts = [
        float((found[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")
    ]
    broken = any(part != int(part) for part in parts[: 2 if found["seconds"] else 1])
    if parts[1] >= 60 or parts[2] >= 60 or (broken and (found["minutes"] or found["seconds"])):
        _bad(found[0])
    if found["sign"] and found["side"]:
        _bad(found[0])
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -value if found["sign"] == "-" else side * value


def _bad(given: object) -> NoReturn:
    raise ValueProblem("bad_coordinates", given=str(given)[:60])


def _short(value: float) -> str:
    return f"{value:.6g}" if isfinite(value) else "–"
