"""Which province a place lies in, by the product's own map, and when the map cannot tell."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

from ioc import packaged
from ioc.ingest.values import ValueProblem

MAP_FILE = "map/provinces_34.geojson"
_BAND = 0.1
"""Degrees of latitude of one band; a place asks only the sides of its own band."""
_KILOMETRES = 111.2
"""Of one degree of latitude."""

_Side = tuple[float, float, float, float]


class Areas:
    """Shapes by code, cut into bands, so that a question touches few sides."""

    def __init__(self, shapes: Mapping[str, Sequence[Sequence[Sequence[float]]]]) -> None:
        """`shapes` gives the rings of each code, holes among them."""
        self.codes = tuple(sorted(shapes))
        self._bands: defaultdict[int, defaultdict[str, list[_Side]]]
        self._bands = defaultdict(lambda: defaultdict(list))
        for code, rings in shapes.items():
            for ring in rings:
                for a, b in pairwise(ring):
                    side = (a[0], a[1], b[0], b[1])
                    low, high = sorted((a[1], b[1]))
                    for band in range(int(low // _BAND), int(high // _BAND) + 1):
                        self._bands[band][code].append(side)

    def find(self, lon: float, lat: float, doubt: float) -> str:
        """The code of the area around a place.

        The borders of the map are drawn coarsely: where another area is nearer than `doubt`
        kilometres, nobody can tell. A place outside all of them, but that near to one alone (on
        the coast, at the frontier), belongs to it. Raises ValueProblem for the rest.
        """
        inside = [
            code
            for code, sides in self._bands.get(int(lat // _BAND), {}).items()
            if _inside(lon, lat, sides)
        ]
        near = set(self._near(lon, lat, doubt)) if doubt > 0 else set()
        found = sorted(near.union(inside))
        if len(found) == 1:
            return found[0]
        params = {"lon": f"{lon:.5f}", "lat": f"{lat:.5f}"}
        if not found:
            raise ValueProblem("no_area", **params)
        raise ValueProblem("area_in_doubt", areas=", ".join(found), doubt=f"{doubt:g}", **params)

    def _near(self, lon: float, lat: float, doubt: float) -> Iterator[str]:
        """The codes of areas with a side within `doubt` kilometres."""
        reach = doubt / _KILOMETRES
        across = cos(radians(lat))
        west, east = lon - reach / across, lon + reach / across
        for band in range(int((lat - reach) // _BAND), int((lat + reach) // _BAND) + 1):
            for code, sides in self._bands.get(band, {}).items():
                for one in sides:
                    beside = (one[0] < west and one[2] < west) or (one[0] > east and one[2] > east)
                    if not beside and _away(lon, lat, one, across) <= reach:
                        yield code
                        break


@cache
def provinces(file: Path | None = None) -> Areas:
    """The provinces of the map that comes with the program, by their statistics code."""
    path = file or packaged.assets() / MAP_FILE
    content = json.loads(path.read_text(encoding="utf-8"))
    shapes: dict[str, list[Sequence[Sequence[float]]]] = {}
    for one in content["features"]:
        geometry = one["geometry"]
        parts = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            parts = [parts]
        shapes[str(one["id"])] = [ring for part in parts for ring in part]
    return Areas(shapes)


def _inside(lon: float, lat: float, sides: Sequence[_Side]) -> bool:
    """A ray to the east meets the sides of what is around it an odd number of times."""
    odd = False
    for x1, y1, x2, y2 in sides:
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def _away(lon: float, lat: float, side: _Side, across: float) -> float:
    """Degrees of latitude from a place to a side."""
    ax, ay = (side[0] - lon) * across, side[1] - lat
    bx, by = (side[2] - lon) * across, side[3] - lat
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return hypot(ax + t * dx, ay + t * dy)
