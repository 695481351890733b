"""The message catalogue: every sentence a user sees, in Vietnamese and English, by its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ioc.domain.yaml_file import read_mapping
from ioc.errors import IocError, WordingError

FOLDER = Path(__file__).parent.parent / "messages"
_REASONS = ("reject", "source", "errors")
_EXPLAINING = ("errors", "source", "reject")
_GAP = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


@cache
def sentences(lang: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """All sentences of a language by `file.key`.

    Raises WordingError when there is no such language and ConfigError when a file is wrong.
    """
    files = sorted((folder / lang).glob("*.yaml")) if lang.isalpha() else []
    if not files:
        raise WordingError(f"no messages for the language {lang!r}", code="unknown", lang=lang)
    return {
        f"{path.stem}.{key}": str(text)
        for path in files
        for key, text in read_mapping(path).items()
    }


def gaps(text: str) -> frozenset[str]:
    """The names of the gaps `{name}` of a sentence."""
    return frozenset(_GAP.findall(text))


def knows(lang: str, key: str) -> bool:
    """True when the language has the sentence `key`."""
    return key in sentences(lang)


def say(lang: str, key: str, /, **params: object) -> str:
    """The sentence `key` (`file.name`) in `lang`, its gaps filled with `params` as they are.

    Values are put in once, as text: braces or markup inside a value stay what they are, and a
    gap can name nothing but a parameter. Raises WordingError, naming the key, for an unknown
    key or a gap without its parameter.
    """
    try:
        text = sentences(lang)[key]
    except KeyError:
        raise WordingError(
            f"messages/{lang}: no sentence {key!r}", code="unknown", key=key
        ) from None

    def filled(gap: re.Match[str]) -> str:
        name = gap.group(1)
        if name not in params:
            raise WordingError(
                f"messages/{lang}: {key!r} needs the parameter {name!r}", code="unknown", key=key
            )
        return str(params[name])

    return _GAP.sub(filled, text)


def explain(lang: str, code: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence of the code of an error or a rejection, as it was raised or stored.

    It is looked for in `errors`, `source` and `reject`. An unknown code, or a stored one whose
    parameters are gone, is answered with the general sentence naming the code, because an old
    row must never break a page.
    """
    for file in _EXPLAINING:
        if knows(lang, f"{file}.{code}"):
            try:
                return say(lang, f"{file}.{code}", **(params or {}))
            except WordingError:
                break
    return say(lang, "errors.unknown", code=code)


def explain_error(lang: str, error: IocError) -> str:
    """What to tell the user about `error`."""
    return explain(lang, error.code, {"code": error.code, **error.params})
