"""Verification codes: twelve letters and digits drawn by chance, easy to read out and to type."""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 of Douglas Crockford: no I, L, O (taken for 1, 1, 0) and no U."""
LENGTH = 12
"""Letters of a code; 12 of 32 kinds are 60 bits."""
LONGEST = 300
_BETWEEN = re.compile(r"[\s\u2010-\u2015\u2212_.-]+")
_MEANT = str.maketrans("OIL", "011")
_ADDRESS = "/verify/"


def new_code() -> str:
    """A code that nobody can guess, as it is kept: without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: object) -> str | None:
    """The code that a person or a QR code means, or None.

    Case, hyphens and spaces do not matter, o is 0, i and l are 1; the address that a QR code
    holds is read as the code at its end.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    if _ADDRESS in text:
        text = re.split(r"[?#/]", text.rpartition(_ADDRESS)[2])[0]
    plain = _BETWEEN.sub("", text)
    if not plain.isascii():
        return None
    plain = plain.upper().translate(_MEANT)
    fits = len(plain) == LENGTH and all(letter in ALPHABET for letter in plain)
    return plain if fits else None


def shown(code: str) -> str:
    """A code as people see it: `7K3M-0QXD-P9TW`."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))
