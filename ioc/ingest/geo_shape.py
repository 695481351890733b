"""Polygons of a source, checked before they are believed: closed, wound right, not crossing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ioc.ingest.coordinates import Axes, ordered, ordinate
from ioc.ingest.values import ValueProblem

Ring = Sequence[tuple[float, float]]
_MOST_PAIRS = 1_000_000
"""Pairs of sides that are compared; about a second."""


def polygons(geometry: object, most: int, axes: Axes = "lon,lat") -> list[list[Ring]]:
    """The rings of a Polygon or MultiPolygon, the outer one first in each.

    Raises ValueProblem when it is none, is not closed, has more than `most` corners, crosses
    itself, or is wound the wrong way round (RFC 7946: the outer ring against the clock).
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise ValueProblem("not_a_polygon", given=str(kind or "–")[:40])
    given = geometry.get("coordinates")
    parts = [given] if kind == "Polygon" else given
    if not isinstance(parts, list) or not parts:
        raise ValueProblem("no_geometry")
    found: list[list[Ring]] = []
    for part in parts:
        if not isinstance(part, list) or not part:
            raise ValueProblem("no_geometry")
        rings = [_ring(one, most, axes) for one in part]
        most -= sum(len(one) for one in rings)
        for at, ring in enumerate(rings):
            _check(ring, outer=at == 0)
        found.append(rings)
    return found


def area(ring: Ring) -> float:
    """Twice the area of a closed ring; negative when it runs with the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def crosses_itself(ring: Ring) -> bool:
    """Whether two sides of a closed ring cross.

    Raises ValueProblem when its sides lie so densely beside each other, both ways, that comparing
    them would take too long.
    """
    for axis in (0, 1):
        try:
            return _crosses(ring, axis)
        except _TooDenseError:
            continue
    raise ValueProblem("polygon_dense")


class _TooDenseError(Exception):
    """Too many sides lie beside each other along this axis."""


def _crosses(ring: Ring, axis: int) -> bool:
    """Compare each side with those that begin before it ends along the axis."""
    sides = sorted((min(a[axis], b[axis]), max(a[axis], b[axis]), a, b) for a, b in pairwise(ring))
    left = _MOST_PAIRS
    for at, (_, end, a, b) in enumerate(sides):
        for following in range(at + 1, len(sides)):
            start, _, c, d = sides[following]
            if start > end:
                break
            left -= 1
            if left < 0:
                raise _TooDenseError
            if _cross(a, b, c, d):
                return True
    return False


def _ring(given: object, most: int, axes: Axes) -> Ring:
    if not isinstance(given, list) or len(given) < 4:
        raise ValueProblem("no_geometry")
    if len(given) > most:
        raise ValueProblem("too_many_corners", most=most)
    ring = []
    for one in given:
        if not isinstance(one, list) or len(one) < 2:
            raise ValueProblem("bad_coordinates", given=str(one)[:60])
        ring.append(ordered((ordinate(one[0]), ordinate(one[1])), axes))
    if ring[0] != ring[-1]:
        raise ValueProblem("polygon_open")
    return ring


def _check(ring: Ring, *, outer: bool) -> None:
    if crosses_itself(ring):
        raise ValueProblem("polygon_crosses")
    turned = area(ring)
    if turned == 0:
        raise ValueProblem("no_geometry")
    if (turned > 0) != outer:
        raise ValueProblem("polygon_winding")


def _cross(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
