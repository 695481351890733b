"""Secrets of a source's file: gaps such as ${env:NAME}, filled from outside the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ioc.errors import SourceConfigError

_ENV = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")


def filled(value: Any, env: Mapping[str, str], file: str, at: str, secrets: list[str]) -> Any:
    """The content of a source's file with its gaps filled; what is secret is added to `secrets`.

    Raises SourceConfigError for a gap that nothing fills, naming `file` and the field `at`.
    """
    if isinstance(value, dict):
        return {
            key: filled(one, env, file, f"{at}.{key}".lstrip("."), secrets)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [filled(one, env, file, f"{at}[{i}]", secrets) for i, one in enumerate(value)]
    if not isinstance(value, str):
        return value

    def fill(gap: re.Match[str]) -> str:
        given = env.get(gap[1])
        if not given:
            raise SourceConfigError(
                file=file, field=at, given=gap[0], allowed=f"the variable {gap[1]} to be set"
            )
        # The product's own settings and addresses are no secrets and explain a failure.
        if not given.startswith(("http://", "https://")) and not gap[1].startswith("IOC_"):
            secrets.append(given)
        return given

    return _ENV.sub(fill, value)
