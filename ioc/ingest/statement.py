"""The one SELECT of a source: what a statement may look like before it is ever sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LITERAL = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`")
_DOLLAR = re.compile(r"\$[A-Za-z0-9_]*\$")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_GAP = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)(?!:)")
_SINCE_ABOVE = re.compile(r">\s*:since\b")
_REFUSED = frozenset(
    {"alter", "analyze", "attach", "call", "copy", "create", "delete", "detach", "do", "drop",
     "execute", "explain", "grant", "handler", "insert", "into", "load", "lock", "merge", "pragma",
     "prepare", "refresh", "reindex", "revoke", "set", "truncate", "update", "use", "vacuum"}
)  # fmt: skip


def check_select(text: str) -> str:
    """`text` when it is one plain SELECT, or WITH ... SELECT; else ValueError.

    Semicolons, comments, backslashes and dollar quotes are refused wherever they stand: databases
    read them differently, so that what is checked here might not be what runs there. That nothing
    is written is enforced by the database; this is said before it is asked.
    """
    for mark in (";", "--", "/*", "\\"):
        if mark in text:
            raise ValueError(f"one SELECT without {mark} (use a bind parameter for such a text)")
    if _DOLLAR.search(text):
        raise ValueError("one SELECT without dollar quotes")
    words = [one.lower() for one in _WORD.findall(_LITERAL.sub(" '' ", text))]
    if not words or words[0] not in ("select", "with"):
        raise ValueError("one statement that begins with SELECT or WITH")
    refused = sorted(_REFUSED.intersection(words))
    if refused:
        raise ValueError(f"a statement that only reads, without the word {refused[0].upper()}")
    if _SINCE_ABOVE.search(text):
        raise ValueError(">= :since, so that no row with an equal time is lost")
    return text


def gaps(text: str) -> frozenset[str]:
    """The names of the bind parameters."""
    return frozenset(_GAP.findall(text))


def check_gaps(text: str, known: Iterable[str]) -> None:
    """Raise ValueError for a bind parameter that nothing fills."""
    allowed = sorted(known)
    for name in sorted(gaps(text)):
        if name not in allowed:
            raise ValueError(f"bind parameters: {', '.join(allowed)}; given :{name}")
