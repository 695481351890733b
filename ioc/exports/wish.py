"""What may be asked for: forms and options as they come from a dialog or a command line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ioc.errors import AddressError
from ioc.exports.form import SCALES, SIZES, Form, Options

_PART = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,60}$", re.IGNORECASE)
_ALLOWED = ("size", "scale", "transparent", "part")


def read_forms(given: object) -> tuple[Form, ...]:
    """The forms of a list of names, each once; raises AddressError for anything else."""
    names = given if isinstance(given, Sequence) and not isinstance(given, str) else []
    allowed = ", ".join(form.value for form in Form)
    found = {str(name): name in set(Form) for name in names}
    if not found or not all(found.values()):
        wrong = next((name for name, known in found.items() if not known), str(given))
        raise AddressError(part="forms", given=wrong[:40], allowed=allowed)
    return tuple(Form(name) for name in found)


def read_options(given: object) -> Options:
    """The options of a mapping, defaults for what it lacks; raises AddressError."""
    said: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    for name in said:
        if name not in _ALLOWED:
            raise AddressError(part=str(name)[:40], given=said[name], allowed=", ".join(_ALLOWED))
    usual = Options()
    size = _one_of("size", said.get("size"), SIZES, usual.size)
    scale = _one_of("scale", said.get("scale"), SCALES, usual.scale)
    transparent = said.get("transparent", False)
    if not isinstance(transparent, bool):
        raise AddressError(part="transparent", given=transparent, allowed="true, false")
    part = said.get("part") or None
    if part is not None and not (isinstance(part, str) and _PART.match(part)):
        raise AddressError(part="part", given=str(part)[:60], allowed="trend, ranking, map")
    return Options(size=size, scale=scale, transparent=transparent, part=part)


def options_kept(options: Options, title: str = "") -> dict[str, Any]:
    """The options as a job keeps them, with the title of the page they are for."""
    return {"title": title, **{name: getattr(options, name) for name in _ALLOWED}}


def options_of(kept: Mapping[str, Any]) -> Options:
    """The options of a job; raises AddressError as `read_options` does."""
    return read_options({name: kept[name] for name in _ALLOWED if name in kept})


def _one_of(part: str, given: object, known: Mapping[str, object], usual: str) -> str:
    if given in (None, ""):
        return usual
    if not isinstance(given, str) or given not in known:
        raise AddressError(part=part, given=str(given)[:40], allowed=", ".join(known))
    return given
