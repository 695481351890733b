"""Secrets of a source: gaps ${env:NAME} and ${file:/path}, and how they are kept from showing."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from ioc.errors import SourceConfigError

_GAP = re.compile(r"\$\{(?:env:([A-Za-z_][A-Za-z0-9_]*)|file:([^{}\r\n]{1,500}))\}")
_FILE_LIMIT = 64 * 1024
_IN_CONTENT = 8
"""A secret shorter than this is not looked for in answers: it would be found in figures."""
_IN_PATH = "/!$&'()*+,;=:@"
"""Signs that the path of an address may hold as they are."""


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
        if gap[2] is not None:
            secrets.append(_mounted(gap[2], file, at))
            return secrets[-1]
        given = env.get(gap[1])
        if not given:
            raise SourceConfigError(
                file=file, field=at, given=gap[0], allowed=f"the variable {gap[1]} to be set"
            )
        # The product's own settings and addresses are no secrets and explain a failure.
        if not given.startswith(("http://", "https://")) and not gap[1].startswith("IOC_"):
            secrets.append(given)
        return given

    return _GAP.sub(fill, value)


def _mounted(name: str, file: str, at: str) -> str:
    """The text of a mounted file, without the line's end that editors add."""

    def wrong(allowed: str) -> SourceConfigError:
        # The file's content is in no message, whatever is wrong with it.
        return SourceConfigError(file=file, field=at, given=f"${{file:{name}}}", allowed=allowed)

    path = Path(name)
    if not path.is_absolute():
        raise wrong("the whole path of a file, such as /run/secrets/name")
    try:
        with path.open("rb") as opened:
            content = opened.read(_FILE_LIMIT + 1)
    except OSError:
        raise wrong("a file that is there and can be read") from None
    if len(content) > _FILE_LIMIT:
        raise wrong(f"a file of at most {_FILE_LIMIT} bytes")
    try:
        text = content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise wrong("a text in UTF-8") from None
    if not text or not text.isprintable():
        raise wrong("one line of text that is not empty")
    return text


class Masks:
    """Texts that must show nowhere, with the spellings they travel in; some are learned late."""

    def __init__(self, given: Iterable[str] = ()) -> None:
        self._texts: tuple[str, ...] = ()
        self.add(*given)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def add(self, *given: str) -> None:
        """Keep further texts from showing, such as a token just obtained."""
        found = {*self._texts, *(one for text in given if text for one in spellings(text))}
        # The longest first: what is left of a text must not give away its part.
        self._texts = tuple(sorted(found, key=lambda one: (-len(one), one)))

    def hide(self, text: str) -> str:
        """The text with everything secret starred out."""
        for one in self._texts:
            text = text.replace(one, "***")
        return text

    def hide_in(self, content: bytes) -> bytes:
        """An answer's bytes with every secret that it repeats starred out.

        Short texts and whole numbers stay: they are more likely a figure than a secret.
        """
        for one in self._texts:
            if len(one) >= _IN_CONTENT and not one.isdigit():
                content = content.replace(one.encode(), b"***")
        return content


def spellings(text: str) -> tuple[str, ...]:
    """A secret as it may stand in addresses, headers, forms and JSON."""
    packed = b64encode(text.encode()).decode()
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    return (
        text,
        *(quote(text, safe=kept) for kept in ("", "/", _IN_PATH)),
        quote_plus(text),
        packed,
        packed.rstrip("="),
        inside,
        inside.replace("/", "\\/"),
        json.dumps(text)[1:-1],
    )


def loggable(error: Exception, secrets: Iterable[str]) -> Exception:
    """A failure as it may stand in a log: its kind and trace, its words with nothing secret."""
    words = Masks(secrets).hide(f"{type(error).__name__}: {error}")
    return RuntimeError(words).with_traceback(error.__traceback__)


def basic(user: str, password: str) -> str:
    """User and password as the header of Basic authentication carries them."""
    return b64encode(f"{user}:{password}".encode()).decode()
