"""Slopes that a few wild points do not move, with their confidence."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Slope:
    """A change per unit of x: its middle, and between which values it lies with 95 %."""

    middle: float
    low: float
    high: float


def slope(points: Sequence[tuple[float, float]]) -> Slope | None:
    """Theil and Sen: the median over all pairs, its interval by Kendall's variance.

    None for fewer than three points.
    """
    if len(points) < 3:
        return None
    pairs = sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2))
    count = len(points)
    reach = 1.96 * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((len(pairs) - reach) / 2))
    high = min(len(pairs) - 1, math.ceil((len(pairs) + reach) / 2))
    return Slope(statistics.median(pairs), pairs[low], pairs[high])


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of all lies: the nearest rank, so always one that occurred."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
