"""Names compared and searched: one spelling for matching, one without diacritics for searching."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_KINDS = {
    "tỉnh": "tinh",
    "thành phố": "thanh_pho",
    "tp.": "thanh_pho",
    "tp": "thanh_pho",
    "phường": "phuong",
    "p.": "phuong",
    "xã": "xa",
    "x.": "xa",
    "thị trấn": "thi_tran",
    "tt.": "thi_tran",
    "đặc khu": "dac_khu",
    "bộ": "bo",
}
_PREFIX = re.compile(
    "^(?:"
    + "|".join(re.escape(one) + (r"\s*" if one.endswith(".") else r"\s+") for one in _KINDS)
    + ")"
)
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_SPACES = re.compile(r"\s+")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'"})
# Both ways of placing a tone mark are in use (Hòa and Hoà); the second is taken for matching.
_TONES = {
    old: new
    for olds, news in (("òóỏõọ", "àáảãạ"), ("òóỏõọ", "èéẻẽẹ"), ("ùúủũụ", "ỳýỷỹỵ"))
    for old, new in (
        (mark + {"à": "a", "è": "e", "ỳ": "y"}[news[0]], {"ò": "o", "ù": "u"}[olds[0]] + to)
        for mark, to in zip(olds, news, strict=True)
    )
}
_TONE_PAIR = re.compile("|".join(_TONES))


@dataclass(frozen=True, slots=True)
class Name:
    """A name for matching: the bare name, and the kind where it was written in front."""

    bare: str
    kind: str | None

    @property
    def tellable(self) -> bool:
        """False for a bare number: `1` names a ward only as `Phường 1`."""
        return bool(self.bare) and not (self.kind is None and self.bare.isdigit())


def normalised(text: str) -> str:
    """One spelling of a name: NFC, lower case, single spaces, tone marks in one place.

    Letters of other scripts that look alike stay what they are and so match nothing.
    """
    plain = unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES)
    plain = _DASHES.sub("-", _SPACES.sub(" ", plain).strip())
    return _TONE_PAIR.sub(lambda found: _TONES[found.group()], plain)


def read_name(text: str) -> Name:
    """A name as someone wrote it, its type taken off the front: `TP. Huế`, `Xã Hòa An`."""
    plain = normalised(text)
    found = _PREFIX.match(plain)
    if not found:
        return Name(plain, None)
    return Name(plain[found.end() :], _KINDS[found.group().strip()])


def folded(text: str) -> str:
    """A name for searching: no diacritics, đ as d, lower case, punctuation as spaces."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(
        mark if mark.isalnum() else " " for mark in plain if mark < "\u0300" or mark > "\u036f"
    )
    return " ".join(letters.split())
