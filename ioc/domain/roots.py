"""Square roots as fractions: exact arithmetic with one rounding that is known and always upward."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

_FINE = 10**9


def root(value: Fraction) -> Fraction:
    """The square root of a number of 0 or more, at most 1e-9 too high and never too low.

    Raises ValueError for a negative number.
    """
    if value < 0:
        raise ValueError(f"no square root of {value}")
    scaled = value.numerator * _FINE * _FINE
    low = isqrt(scaled // value.denominator)
    exact = low * low * value.denominator == scaled
    return Fraction(low if exact else low + 1, _FINE)
