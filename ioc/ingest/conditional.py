"""Asking only for what changed: ETag and Last-Modified, kept with the watermark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import httpx

NOT_MODIFIED = 304
_LONGEST = 200


class Conditions:
    """What the last committed answer came with, and what the next fetch is to remember.

    `asked` is everything that decides which records come of an answer: when it is another than
    last time, the whole answer is asked for again.
    """

    def __init__(self, mark: Mapping[str, str], asked: object) -> None:
        text = json.dumps(asked, sort_keys=True, default=str)
        self._asked = hashlib.sha256(text.encode()).hexdigest()[:16]
        same = mark.get("asked") == self._asked
        names = ("etag", "modified")
        self._known = {name: mark[name] for name in names if same and mark.get(name)}

    def headers(self) -> dict[str, str]:
        """What a request says so that the source may answer 304; nothing the first time."""
        names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
        return {names[name]: text for name, text in self._known.items()}

    def remember(self, headers: httpx.Headers, unchanged: bool) -> dict[str, str]:
        """The part of the watermark for next time; a 304 may leave out what it had said before."""
        given = {"etag": headers.get("etag", ""), "modified": headers.get("last-modified", "")}
        kept = {name: text for name, text in given.items() if _sendable(text)}
        if unchanged:
            kept = {**self._known, **kept}
        return {**kept, "asked": self._asked} if kept else {}


def _sendable(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and text.isascii() and text.isprintable()
