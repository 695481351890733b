"""Attributes with a hyphen in their name, which Python cannot write as arguments."""

from __future__ import annotations

from typing import Any


def attributes(**given: object) -> dict[str, Any]:
    """`aria_hidden="true"` as `{"aria-hidden": "true"}`, to be unpacked into a component."""
    return {name.replace("_", "-"): value for name, value in given.items()}
