"""Numbers and words of a source, read exactly: nothing is guessed and missing is never zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_MISSING_WORDS = frozenset(
    {"", "-", "--", "–", "—", "n/a", "#n/a", "na", "null", "none", "…", "...", "nil"}
)
_NOT_FINITE = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_ERRORS = re.compile(r"^#(DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)$", re.IGNORECASE)
_DIGITS = re.compile(r"^[+-]?[0-9]{1,40}$")
_SHAPES = {
    "plain": re.compile(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$"),
    "vi": re.compile(r"^[+-]?([0-9]{1,3}([.\s][0-9]{3})+|[0-9]+)(,[0-9]+)?$"),
    "en": re.compile(r"^[+-]?([0-9]{1,3}([,\s][0-9]{3})+|[0-9]+)(\.[0-9]+)?$"),
}
_TEXT_LIMIT = 60
_REMEMBERED = 200
_BEYOND = 300
"""A number of this many digits is an overflow of the source (1e400), not a figure."""
_LARGEST = 2**63 - 1
_CODE = 40
"""No code or name has so many digits."""


class Locale(StrEnum):
    """How a source writes numbers as text; typed numbers need none.

    `plain` 1234.5 · `vi` 1.234,5 · `en` 1,234.5 · `undeclared`: whole numbers only, because
    "1.234" could be either.
    """

    UNDECLARED = "undeclared"
    PLAIN = "plain"
    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Share:
    """A number known to be a share of one: 87% is Share(0.87)."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing was given; `reason` is the code of the sentence that says how."""

    reason: str


class ValueProblem(Exception):
    """A value that cannot be taken; becomes a rejection with this code and these params."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params

    def anew(self) -> ValueProblem:
        """The same problem, to be kept or raised again.

        One that was raised holds on to everything that was at hand, and to more each time.
        """
        return ValueProblem(self.code, **self.params)


def clean(text: str) -> str:
    """Composed letters, ordinary spaces, no control or direction marks, no blanks around."""
    if text.isascii() and text.isprintable():
        return text.strip()
    # Composed last: a mark may come to stand behind its letter only once what was between is gone.
    kept = (
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def as_text(value: object) -> str:
    """A code or name as text: 38 and 38.0 are "38"; None is the empty text."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal) and _whole(value):
        return str(int(value))
    return clean(str(value))


def _whole(value: Decimal) -> bool:
    """Whether a number of reasonable length has no decimals; 1e999999 is not written out."""
    return value.is_finite() and value.adjusted() < _CODE and value == value.to_integral_value()


def worth_remembering(*given: object) -> bool:
    """Whether what was looked up is short enough to be kept; strangers choose these texts."""
    return all(not isinstance(one, str) or len(one) <= _REMEMBERED for one in given)


def number(
    value: object, locale: Locale, words: frozenset[str] = frozenset()
) -> Decimal | Share | Missing:
    """The exact number a source gave.

    `words` are further ways (in lower case) in which this source writes that nothing is known.
    A text ending in % is a Share. Raises ValueProblem when the text is no number of this locale.
    """
    if isinstance(value, bool):
        raise ValueProblem("not_a_number", given=str(value))
    if isinstance(value, int):
        return _finite(Decimal(value))
    if value is None:
        return Missing("blank")
    if isinstance(value, Share):
        return value
    if isinstance(value, Decimal):
        return _finite(value)
    if isinstance(value, float):
        # A double carries fifteen digits; what follows is noise of binary arithmetic.
        return _finite(Decimal(format(value, ".15g")))
    if isinstance(value, str):
        return _from_text(clean(value), locale, words)
    raise ValueProblem("not_a_number", given=str(value)[:_TEXT_LIMIT])


def _from_text(text: str, locale: Locale, words: frozenset[str]) -> Decimal | Share | Missing:
    if _DIGITS.match(text):
        return _finite(Decimal(text))
    lower = text.lower()
    if lower in _MISSING_WORDS or lower in words:
        return Missing("blank" if not text else "said_missing")
    if lower in _NOT_FINITE:
        return Missing("not_finite")
    if _ERRORS.match(text):
        return Missing("cell_error")
    if text.endswith("%"):
        inner = _from_text(text[:-1].rstrip(), locale, words)
        if isinstance(inner, Decimal):
            return Share(inner / 100)
        raise ValueProblem("not_a_number", given=text[:_TEXT_LIMIT])
    plain = text.replace("−", "-")
    if locale is Locale.UNDECLARED:
        looks = any(shape.match(plain) for shape in _SHAPES.values())
        code = "ambiguous_number" if looks else "not_a_number"
        raise ValueProblem(code, given=text[:_TEXT_LIMIT])
    if len(text) > _TEXT_LIMIT or not _SHAPES[locale].match(plain):
        raise ValueProblem("not_a_number", given=text[:_TEXT_LIMIT])
    plain = plain.replace(" ", "")
    if locale is Locale.VI:
        plain = plain.replace(".", "").replace(",", ".")
    elif locale is Locale.EN:
        plain = plain.replace(",", "")
    return _finite(Decimal(plain))


def _finite(exact: Decimal) -> Decimal | Missing:
    if not exact.is_finite() or exact.adjusted() >= _BEYOND:
        return Missing("not_finite")
    return exact


def scaled(exact: Decimal, scale: int, *, rounding: bool = False) -> int:
    """`exact` × 10^`scale` as a whole number.

    Raises ValueProblem when that loses decimals (unless `rounding`) or leaves 64 bits.
    """
    if exact.adjusted() + scale > 18:
        raise ValueProblem("too_large", given=f"{exact:.3E}")
    moved = exact.scaleb(scale)
    whole = int(moved.to_integral_value())
    if whole != moved and not rounding:
        raise ValueProblem("too_precise", given=str(exact)[:_TEXT_LIMIT], decimals=scale)
    if abs(whole) > _LARGEST:
        raise ValueProblem("too_large", given=f"{exact:.3E}")
    return whole
