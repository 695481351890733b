"""Similar units: how far declared, structural features lie apart. Nothing follows about causes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10, sqrt
from pathlib import Path

from ioc.errors import CatalogueError

FILE = Path(__file__).parent.parent / "units" / "nation" / "features.csv"
MOST = 6
"""So many units are called peers."""
NUMBERS = ("population", "area_km2", "communes", "ward_share")
"""Features that are numbers; population and area are compared by their logarithm, because twice
as large means the same for small and for large units."""
KINDS = ("kind", "region", "special_zone")
"""Features that are the same or not: a difference counts as one standard deviation."""
_LOGARITHMIC = frozenset({"population", "area_km2"})


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of the structure of a unit; a feature that is not known is left out."""

    key: str
    numbers: Mapping[str, float]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another unit and how far it lies from the one asked about.

    `apart` gives each compared feature's distance in standard deviations (kinds: 0 or 1);
    `distance` is the root of the mean of their squares.
    """

    key: str
    distance: float
    apart: Mapping[str, float]


def peers(of: Features, others: Iterable[Features], *, most: int = MOST) -> tuple[Peer, ...]:
    """The nearest of the others, nearest first; those that share no known feature are left out.

    Numbers are standardised over all units together, the one asked about included (minus the
    mean, by the standard deviation), so that no feature counts more for its unit of measure.
    """
    rest = [one for one in others if one.key != of.key]
    scales = _scales([of, *rest])
    found = [Peer(one.key, *_distance(of, one, scales)) for one in rest if _shared(of, one)]
    return tuple(sorted(found, key=lambda one: (one.distance, one.key))[:most])


def _shared(one: Features, other: Features) -> bool:
    return bool(one.numbers.keys() & other.numbers.keys() or one.kinds.keys() & other.kinds.keys())


def _scales(units: Sequence[Features]) -> dict[str, float]:
    """The standard deviation of every number over the units; features that do not vary have 0."""
    found = {}
    for name in NUMBERS:
        values = [_value(name, one.numbers[name]) for one in units if name in one.numbers]
        if values:
            mean = sum(values) / len(values)
            found[name] = sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return found


def _distance(
    one: Features, other: Features, scales: Mapping[str, float]
) -> tuple[float, dict[str, float]]:
    apart = {}
    for name in NUMBERS:
        if name in one.numbers and name in other.numbers:
            gap = abs(_value(name, one.numbers[name]) - _value(name, other.numbers[name]))
            apart[name] = gap / scales[name] if scales[name] else 0.0
    for name in KINDS:
        if name in one.kinds and name in other.kinds:
            apart[name] = float(one.kinds[name] != other.kinds[name])
    return sqrt(sum(gap**2 for gap in apart.values()) / len(apart)), apart


def _value(name: str, number: float) -> float:
    return log10(number) if name in _LOGARITHMIC else number


@lru_cache(maxsize=4)
def declared(path: Path = FILE) -> Mapping[str, Mapping[str, float]]:
    """Population and area by the key of a unit; raises CatalogueError for a wrong file."""
    with path.open(encoding="utf-8", newline="") as given:
        rows = list(csv.DictReader(given))
    found: dict[str, Mapping[str, float]] = {}
    for number, row in enumerate(rows, 2):
        try:
            said = {name: float(row[name]) for name in ("population", "area_km2") if row[name]}
            if min(said.values(), default=1.0) <= 0 or row["key"] in found:
                raise ValueError
            found[row["key"]] = said
        except (KeyError, ValueError, TypeError):
            raise CatalogueError(
                file=path.name,
                field=f"line {number}",
                given=str(dict(row))[:80],
                allowed="each key once, with numbers above 0",
            ) from None
    return found
