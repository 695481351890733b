"""Where the files lie that come with the program, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def assets() -> Path:
    """The folder of style sheets, scripts, fonts and map geometry."""
    return _folder("assets")


def examples() -> Path:
    """The folder of a complete home directory to begin with."""
    return _folder("examples")


def _folder(name: str) -> Path:
    # The wheel carries it inside the package, a checkout keeps it beside the package.
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
