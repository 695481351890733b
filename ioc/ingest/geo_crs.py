"""Reference systems: their many names made one, and the way from each to WGS 84."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from math import isfinite

Project = Callable[[float, float], tuple[float, float]]
"""From (x or longitude, y or latitude) of a system to (longitude, latitude) in WGS 84."""

WGS84 = "CRS84"
"""Longitude and latitude in degrees, what GeoJSON is written in when nothing else is said."""
_SAME = frozenset({"CRS84", "EPSG:4326", "EPSG:4979"})
_CRS84 = re.compile(
    r"(urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?OGC[:/](1\.3|0|)?[:/]?CRS84h?"
    r"|CRS:?84",
    re.IGNORECASE,
)
_EPSG = re.compile(
    r"(?:EPSG:|urn:(?:x-)?ogc:def:crs:EPSG:[^:]*:|https?://www\.opengis\.net/def/crs/EPSG/[^/]+/"
    r"|https?://www\.opengis\.net/gml/srs/epsg\.xml#)([0-9]{4,6})",
    re.IGNORECASE,
)


def crs_name(text: str) -> str:
    """The short name of a system: "CRS84" or "EPSG:9210". Raises ValueError for none known."""
    given = text.strip().strip("<>")
    if _CRS84.fullmatch(given):
        return WGS84
    found = _EPSG.fullmatch(given)
    if not found:
        raise ValueError("CRS84 or a code such as EPSG:4326, EPSG:4756 (VN-2000), EPSG:9210")
    return f"EPSG:{int(found[1])}"


def same_crs(one: str, other: str) -> bool:
    """Whether two short names mean one system, apart from the order of the axes."""
    return one == other or {one, other} <= _SAME


@cache
def to_wgs84(name: str) -> Project:
    """The way from a system (its short name) to WGS 84.

    Only what came with the program is used, never the network. Raises ValueError where no
    transformation is known, or where the best one needs grids that are not here: a place that
    is wrong by hundreds of metres is worse than none.
    """
    if name in _SAME:
        return _as_it_is
    # Loading the definitions takes a moment, and most sources never need them.
    import warnings

    from pyproj import CRS, network
    from pyproj.exceptions import CRSError, ProjError
    from pyproj.transformer import TransformerGroup

    # pyproj's stubs do not say that this submodule is there at run time.
    network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    code = int(name.removeprefix("EPSG:"))
    try:
        system = CRS.from_epsg(code)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            group = TransformerGroup(system, CRS.from_epsg(4326), True, allow_ballpark=False)
    except (CRSError, ProjError):
        raise ValueError(f"a reference system that is known; {name} is none") from None
    if not group.transformers or not group.best_available:
        raise ValueError(f"a reference system with a known way to WGS 84; {name} has none here")
    best = group.transformers[0]

    def project(x: float, y: float) -> tuple[float, float]:
        if not (isfinite(x) and isfinite(y)):
            return x, y
        lon, lat = best.transform(x, y)
        return float(lon), float(lat)

    return project


def _as_it_is(x: float, y: float) -> tuple[float, float]:
    return x, y
