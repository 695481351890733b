"""The design's variables as the style sheet declares them, for what is drawn outside of CSS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ioc.packaged import assets

FILE = "tokens.css"
THEMES = ("light", "dark")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"--([\w-]+)\s*:\s*([^;]+);")


@cache
def tokens(theme: str, file: Path | None = None) -> Mapping[str, str]:
    """Name without its dashes -> value, of the `light` or the `dark` theme.

    The dark theme declares only what differs, as in the browser. A theme that the file does not
    have raises KeyError.
    """
    sheet = _COMMENT.sub("", (file or assets() / FILE).read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for selector, body in _BLOCK.findall(sheet):
        for name in THEMES:
            if f'[data-bs-theme="{name}"]' in selector:
                found.setdefault(name, {}).update(_VARIABLE.findall(body))
    return MappingProxyType({**found["light"], **found[theme]})


def pixels(value: str) -> float:
    """`12.5px` as 12.5; ValueError for anything else."""
    number, unit = value[:-2], value[-2:]
    if unit != "px":
        raise ValueError(f"not a number of pixels: {value}")
    return float(number)
