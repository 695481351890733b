"""Colours as eyes see them: WCAG contrast, colour-blind sight, distance in Oklab."""

from __future__ import annotations

import re
from collections.abc import Sequence

Linear = tuple[float, float, float]

# Machado, Oliveira, Fernandes 2009: full protanopia, deuteranopia and tritanopia, linear RGB.
SIGHTS: dict[str, tuple[Linear, Linear, Linear]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Linear:
    """`#rrggbb` as linear RGB."""
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValueError(f"not a colour: {colour}")
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def distance(one: str, other: str, sight: str) -> float:
    """How different two colours look to an eye of that sight: 100 × the distance in Oklab."""
    pairs = zip(_oklab(_seen(one, sight)), _oklab(_seen(other, sight)), strict=True)
    return 100 * sum((a - b) ** 2 for a, b in pairs) ** 0.5


def _seen(colour: str, sight: str) -> Linear:
    of = linear(colour)
    red, green, blue = (min(1.0, max(0.0, _dot(row, of))) for row in SIGHTS[sight])
    return red, green, blue


def _oklab(of: Linear) -> Linear:
    rows = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    cone = [max(_dot(row, of), 0.0) ** (1 / 3) for row in rows]
    mix = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    light, green_red, blue_yellow = (_dot(row, cone) for row in mix)
    return light, green_red, blue_yellow


def _dot(row: Sequence[float], of: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(row, of, strict=True))
