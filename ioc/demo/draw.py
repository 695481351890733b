"""Draws: numbers that look random and are a pure function of a seed and whole numbers."""

from __future__ import annotations

import struct
from hashlib import blake2b
from math import exp, log

_LANES = struct.Struct("<16I")
_TOP = 2.0**32
_TRIANGLE = 6.0**0.5 / _TOP

LANES = 8
"""How many independent normal-like numbers one draw gives."""


class Draw:
    """All draws of one seed."""

    def __init__(self, seed: int) -> None:
        self._key = blake2b(str(seed).encode(), digest_size=16).digest()

    def _lanes(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        text = ",".join(map(str, numbers)).encode()
        return _LANES.unpack(blake2b(text, digest_size=64, key=self._key).digest())

    def whole(self, *numbers: int) -> int:
        """A whole number from 0 to 2³² − 1."""
        return self._lanes(numbers)[0]

    def share(self, *numbers: int) -> float:
        """A number from 0 up to, and without, 1."""
        return self._lanes(numbers)[0] / _TOP

    def normals(self, *numbers: int) -> tuple[float, ...]:
        """`LANES` numbers of mean 0 and deviation 1, none beyond ±2.45 (a triangle)."""
        lanes = self._lanes(numbers)
        return tuple(
            (lanes[at] + lanes[at + 1] - _TOP) * _TRIANGLE for at in range(0, 2 * LANES, 2)
        )


def logit(share: float) -> float:
    """The inverse of `share_of`; `share` lies strictly between 0 and 1."""
    return log(share / (1.0 - share))


def share_of(level: float) -> float:
    """The logistic curve: any number to a share strictly between 0 and 1."""
    return 1.0 / (1.0 + exp(-level))
