"""The shapes of the provinces, read once, ready for cartesian drawing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path

import ioc

MAP_FILE = "map/provinces_34.geojson"
RATIO = 1 / cos(radians(16))
"""A degree of latitude is drawn this much longer than one of longitude, as at 16° north."""

Line = list[float | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """One province: its polygons as one line, nothing between them but a gap, and its middle."""

    x: Line
    y: Line
    lon: float
    lat: float

    def mainland(self) -> list[tuple[float, float]]:
        """The corners of the polygon with most of them, without islands far away."""
        parts: list[list[tuple[float, float]]] = [[]]
        for x, y in zip(self.x, self.y, strict=True):
            if x is None or y is None:
                parts.append([])
            else:
                parts[-1].append((x, y))
        return max(parts, key=len)


def assets() -> Path:
    """The folder of the assets: beside the packages in a checkout, inside `ioc` when installed."""
    inside = Path(ioc.__file__).parent / "assets"
    return inside if inside.is_dir() else Path(ioc.__file__).parent.parent / "assets"


@cache
def provinces(file: Path | None = None) -> Mapping[str, Shape]:
    """The shapes by statistics code, coordinates in degrees rounded to about one kilometre."""
    content = json.loads((file or assets() / MAP_FILE).read_text(encoding="utf-8"))
    return {one["id"]: _shape(one) for one in content["features"]}


def _shape(feature: dict[str, object]) -> Shape:
    properties, geometry = feature["properties"], feature["geometry"]
    assert isinstance(properties, dict)
    assert isinstance(geometry, dict)
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings = [[(round(x, 2), round(y, 2)) for x, y in polygon[0]] for polygon in polygons]
    x: Line = []
    y: Line = []
    for ring in rings:
        kept = [point for at, point in enumerate(ring) if at == 0 or point != ring[at - 1]]
        x += [*([None] if x else []), *(one for one, _ in kept)]
        y += [*([None] if y else []), *(one for _, one in kept)]
    return Shape(x, y, properties["lon"], properties["lat"])
