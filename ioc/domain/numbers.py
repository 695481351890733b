"""Numbers in words: exact, rounded half up, `1.234,56` in Vietnamese and `1,234.56` in English."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ioc.domain.messages import say

Number = int | Fraction | Decimal
"""What can be written exactly; floats are refused."""

MINUS = "−"
_MARKS = {"vi": (".", ","), "en": (",", ".")}
_DONG = ((10**9, "words.billion"), (10**6, "words.million"), (10**3, "words.thousand"))


def number(
    value: Number, lang: str, decimals: int = 0, *, trim: bool = False, sign: bool = False
) -> str:
    """The number with `decimals` places, halves rounded away from zero.

    `trim` leaves out zeros at the end of the decimals, `sign` writes + before what is above
    zero. Raises TypeError for a float, whose digits are not the ones that were meant.
    """
    exact = _exact(value)
    rounded = (2 * abs(exact.numerator) * 10**decimals + exact.denominator) // (
        2 * exact.denominator
    )
    whole, part = divmod(rounded, 10**decimals)
    digits = f"{part:0{decimals}d}" if decimals else ""
    if trim:
        digits = digits.rstrip("0")
    thousands, comma = _MARKS["en" if lang == "en" else "vi"]
    text = f"{whole:,}".replace(",", thousands) + (comma + digits if digits else "")
    if not rounded:
        return text
    return (MINUS if exact < 0 else "+" if sign else "") + text


def percent(share: Number, lang: str, decimals: int = 2, *, trim: bool = False) -> str:
    """A share of one as percent, without a space: 0.9015 is `90,15%`."""
    return number(_hundredfold(share), lang, decimals, trim=trim) + "%"


def points(difference: Number, lang: str, decimals: int = 2) -> str:
    """The difference of two shares in percentage points: `+1,25 điểm %`."""
    text = number(_hundredfold(difference), lang, decimals, sign=True)
    return say(lang, "words.points", value=text)


def money(dong: Number, lang: str, decimals: int = 3) -> str:
    """An amount of đồng in the largest of tỷ, triệu, nghìn it fills: `412,383 tỷ đồng`."""
    exact = _exact(dong)
    for size, key in _DONG:
        if abs(exact) >= size:
            return say(lang, key, value=number(exact / size, lang, decimals, trim=True))
    return say(lang, "words.dong", value=number(exact, lang))


def _hundredfold(share: Number) -> Fraction:
    return _exact(share) * 100


def _exact(value: Number) -> Fraction:
    if isinstance(value, float):
        raise TypeError("a float is not exact; give an int, Fraction or Decimal")
    return Fraction(value)
