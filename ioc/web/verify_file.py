"""Comparing a file that somebody has with what was kept: its bytes, its pixels, the code in it."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.exports.code import read_code
from ioc.store import snapshots
from ioc.store.engine import reading

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.store.snapshots import Frozen
    from ioc.web.verify_opening import Counter

SAME, PIXELS, DIFFERS, UNKNOWN = "same", "pixels", "differs", "unknown"
"""The verdicts: the very file; a picture saved anew; not what was kept; no export recognised."""
_PNG, _PDF, _ZIP = b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04"
_CODE = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}(?![0-9A-Za-z-])")
_MARKUP = re.compile(r"<[^>]{0,4000}>")
_TEXTS = (".xml", ".rels", ".txt")
_LARGEST_PART, _LARGEST_ALL, _MOST_PARTS = 24 * 2**20, 160 * 2**20, 4000
_MOST_PAGES, _MOST_CODES = 60, 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is: one of the verdicts, and the export it was compared with."""

    word: str
    sha256: str
    frozen: Frozen | None = None


def compare(counter: Counter, content: bytes, scope: Scope, code: str | None = None) -> Verdict:
    """Compare a file with every export that the viewer may open.

    `code` names the one he has open: a file that is none of its files differs from it, even if
    it carries no code.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    found = _held(counter, scope, code, sha256=sha256)
    if found is not None:
        return Verdict(SAME, sha256, found)
    pixels = pixels_of(content)
    found = _held(counter, scope, code, pixels=pixels) if pixels else None
    if found is not None:
        return Verdict(PIXELS, sha256, found)
    for one in [code] if code else codes_in(content):
        with reading(counter.desk.engine) as connection:
            frozen = snapshots.by_code(connection, one)
        if frozen is not None and counter.may_open(frozen, scope):
            return Verdict(DIFFERS, sha256, frozen)
    return Verdict(UNKNOWN, sha256)


def _held(
    counter: Counter,
    scope: Scope,
    code: str | None,
    *,
    sha256: str | None = None,
    pixels: str | None = None,
) -> Frozen | None:
    """The newest export with this content that the viewer may open; of `code` if one is given."""
    with reading(counter.desk.engine) as connection:
        found = snapshots.with_content(connection, sha256=sha256, pixels=pixels)
    fits = (one for one in found if code is None or one.code == code)
    return next((one for one in fits if counter.may_open(one, scope)), None)


def pixels_of(content: bytes) -> str | None:
    """The hash of a PNG's pixels; None for anything else, broken or absurdly large."""
    if not content.startswith(_PNG):
        return None
    from PIL import Image

    from ioc.exports.pixels import pixels_hash

    try:
        return str(pixels_hash(content))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError):
        return None


def codes_in(content: bytes) -> tuple[str, ...]:
    """The codes that stand in a file's text, at most some; none for what cannot be read."""
    found: dict[str, None] = {}
    for spelled in _CODE.findall(text_of(content)):
        code = read_code(spelled)
        if code is not None:
            found[code] = None
        if len(found) == _MOST_CODES:
            break
    return tuple(found)


def text_of(content: bytes) -> str:
    """The words of a PDF, an office file, a picture's notes or a text; empty for none."""
    try:
        if content.startswith(_PDF):
            return _pdf(content)
        if content.startswith(_ZIP):
            return _zip(content)
        if content.startswith(_PNG):
            return _png(content)
    except Exception:
        # The border to whatever people upload: a broken file is one without words.
        return ""
    return _MARKUP.sub(" ", content[:_LARGEST_PART].decode("utf-8", "ignore"))


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    notes = " ".join(str(one) for one in (reader.metadata or {}).values())
    pages = reader.pages[:_MOST_PAGES]
    return " ".join([notes, *(page.extract_text() for page in pages)])


def _zip(content: bytes) -> str:
    """The text of an office file's parts, of so many bytes in all that no bomb hurts."""
    texts: list[str] = []
    left = _LARGEST_ALL
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for entry in packed.infolist()[:_MOST_PARTS]:
            if not entry.filename.endswith(_TEXTS) or left <= 0:
                continue
            with packed.open(entry) as part:
                read = part.read(min(_LARGEST_PART, left))
            left -= len(read)
            markup = read.decode("utf-8", "ignore")
            # One word may be cut into several runs, and two may stand in runs side by side.
            texts += [_MARKUP.sub("", markup), _MARKUP.sub(" ", markup)]
    return " ".join(texts)


def _png(content: bytes) -> str:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        return " ".join(str(words) for words in picture.info.values())
