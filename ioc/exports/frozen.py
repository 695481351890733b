"""What a snapshot freezes: the canonical figures, which are hashed, and the words around them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from ioc.exports.extract import Extract, canonical, digest

LEVEL = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """One page of what was exported; `part` where only one of its charts was."""

    extract: Extract
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Thawed:
    """A frozen piece read back: `figures` as `canonical` gives them, `words` what stood around.

    `figures` has address, lang, title, sheets (part, title, columns, rows, missing), definitions,
    facts and illustrative.
    """

    figures: Mapping[str, Any]
    words: Mapping[str, Any]
    part: str | None
    known_at: datetime

    @property
    def address(self) -> str:
        """The canonical address of the page."""
        return str(self.figures["address"])


def figures_of(pieces: Sequence[Piece]) -> bytes:
    """The canonical JSON of several extracts, a list in their order."""
    return b"[" + b",".join(canonical(one.extract) for one in pieces) + b"]"


def freeze(pieces: Sequence[Piece]) -> tuple[bytes, str]:
    """Compressed data of a snapshot and the hash of its figures."""
    figures = figures_of(pieces)
    words = orjson.dumps([_words(one) for one in pieces])
    data = b'{"figures":' + figures + b',"words":' + words + b"}"
    return zlib.compress(data, LEVEL), digest(figures)


def thaw(data: bytes) -> tuple[tuple[Thawed, ...], str]:
    """What was frozen, and the hash of the figures as they are in it now."""
    held = orjson.loads(zlib.decompress(data))
    pieces = tuple(
        Thawed(
            figures=figures,
            words=words,
            part=words["part"],
            known_at=datetime.fromisoformat(words["known_at"]),
        )
        for figures, words in zip(held["figures"], held["words"], strict=True)
    )
    return pieces, digest(orjson.dumps(held["figures"], option=orjson.OPT_SORT_KEYS))


def _words(piece: Piece) -> dict[str, object]:
    extract = piece.extract
    return {
        "part": piece.part,
        "known_at": extract.known_at.isoformat(),
        "about": extract.about,
        "caveats": extract.caveats,
        "sheets": [
            {
                "subtitle": one.subtitle,
                "illustrative": one.illustrative,
                "columns": [[c.words, c.places] for c in one.columns],
                "places": one.places,
            }
            for one in extract.sheets
        ],
        "definitions": [
            [one.code, one.name, one.meaning, one.formula, one.unit, one.direction, one.version]
            for one in extract.definitions
        ],
        "origins": [
            [one.name, one.citation, one.received and one.received.isoformat(), one.illustrative]
            for one in extract.origins
        ],
    }
