"""Squares of the map: a point's cell at three sizes, so that clusters are read as counts.

The box from 96°E 0°N to 128°E 32°N, which holds the country with its islands and seas, is halved
in both directions again and again; each halving adds a digit 0 to 3 (south-west, south-east,
north-west, north-east) to the cell's id. So the id of a cell begins with the id of every larger
cell around it.
"""

from __future__ import annotations

from typing import NamedTuple

LEVELS = (5, 7, 9)
"""Digits of the ids kept: cells of 1°, of 1/4° and of 1/16° (about 110, 27 and 7 km)."""
WEST, SOUTH, SIDE = 960_000_000, 0, 320_000_000
"""The box in 1e-7 degrees: its western and southern edges and its side."""


class Bounds(NamedTuple):
    """The edges of a cell in 1e-7 degrees; west and south belong to it, east and north do not."""

    west: int
    south: int
    east: int
    north: int

    @property
    def centre(self) -> tuple[int, int]:
        """Longitude and latitude of the middle."""
        return (self.west + self.east) // 2, (self.south + self.north) // 2


def cell(lon: int, lat: int, level: int) -> str:
    """The id, of `level` digits, of the cell that holds a point (1e-7 degrees).

    A point outside the box has no cell: the empty text.
    """
    x, y = lon - WEST, lat - SOUTH
    if not (0 <= x < SIDE and 0 <= y < SIDE):
        return ""
    column, row = (x << level) // SIDE, (y << level) // SIDE
    return "".join(
        str((column >> bit & 1) + 2 * (row >> bit & 1)) for bit in range(level - 1, -1, -1)
    )


def bounds(cell_id: str) -> Bounds:
    """The edges of a cell; raises ValueError for a text that is not the id of one."""
    if not cell_id or len(cell_id) > max(LEVELS) or cell_id.strip("0123"):
        raise ValueError(f"{cell_id[:20]!r}: up to {max(LEVELS)} digits 0 to 3")
    column = row = 0
    for digit in cell_id:
        column = 2 * column + int(digit) % 2
        row = 2 * row + int(digit) // 2
    size = SIDE >> len(cell_id)
    west, south = WEST + column * size, SOUTH + row * size
    return Bounds(west, south, west + size, south + size)
