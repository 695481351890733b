"""What a source answered, read within limits of size and time, and only if it is data."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import httpx

from ioc.errors import PermanentSourceError
from ioc.ingest.guard import too_slow

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer, unpacked.

    `url` is where the last redirect led, `label` the same as people may see it.
    """

    url: str
    label: str
    content: bytes
    media: str
    headers: httpx.Headers
    status: int = 200


def read_body(
    response: httpx.Response, limit: int, until: float, clock: Callable[[], float]
) -> bytes:
    """The unpacked body of a streamed response.

    Raises PermanentSourceError when it is larger than `limit`, packed or unpacked, or packed in
    a way nobody asked for; TransientSourceError when `until` passes.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:18]) > limit:
        raise _too_large(limit)
    if response.is_stream_consumed:
        # A recorded answer, held in memory from the start.
        if len(response.content) > limit:
            raise _too_large(limit)
        return response.content
    parts: list[bytes] = []
    size = 0
    for part in _unpacked(response, limit, until, clock):
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def shown(url: str | httpx.URL, secrets: Iterable[str] = ()) -> str:
    """An address as people may see it: without user, query and anything secret."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "–"
    text = str(parsed.copy_with(username=None, password=None, query=None, fragment=None))
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def read_json(answer: Answer) -> object:
    """The JSON of an answer, numbers with decimals as exact Decimals.

    Raises PermanentSourceError (code `not_data`, `why` saying which kind) for a log-in page,
    nothing, null, a text cut off, or one nested beyond reason.
    """
    content = answer.content.strip()
    if not content:
        raise _not_data(answer, "empty")
    if content[:1] == b"<" or "html" in answer.media:
        raise _not_data(answer, "html")
    try:
        found: object = json.loads(content, parse_float=Decimal, parse_constant=str)
    except RecursionError:
        raise _not_data(answer, "nested") from None
    except (ValueError, ArithmeticError):
        raise _not_data(answer, "broken") from None
    if found is None:
        raise _not_data(answer, "null")
    return found


def _not_data(answer: Answer, why: str) -> PermanentSourceError:
    return PermanentSourceError(
        f"{answer.label}: the answer is not data ({why})",
        code=f"not_data_{why}",
        url=answer.label,
    )


def _unpacked(
    response: httpx.Response, limit: int, until: float, clock: Callable[[], float]
) -> Iterator[bytes]:
    coding = response.headers.get("content-encoding", "").strip().lower()
    raw = _raw(response, limit, until, clock)
    if coding in ("", "identity"):
        yield from raw
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise PermanentSourceError(
            f"the answer is packed as {coding[:20]}", code="bad_packing", coding=coding[:20]
        )
    # Unpacked piece by piece: a bomb is cut long before it is whole.
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        for chunk in raw:
            piece = unpack.decompress(chunk, _PIECE)
            while piece:
                yield piece
                piece = unpack.decompress(unpack.unconsumed_tail, _PIECE)
        yield unpack.flush()
    except zlib.error:
        raise PermanentSourceError(
            "the packed answer is broken", code="bad_packing", coding=coding
        ) from None
    if not unpack.eof:
        raise PermanentSourceError(
            "the packed answer is cut off", code="bad_packing", coding=coding
        )


def _raw(
    response: httpx.Response, limit: int, until: float, clock: Callable[[], float]
) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_raw(_PIECE):
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        if clock() >= until:
            raise too_slow()
        yield chunk


def _too_large(limit: int) -> PermanentSourceError:
    return PermanentSourceError(
        f"the answer is larger than {limit} bytes",
        code="too_large_answer",
        megabytes=f"{limit / 2**20:g}",
    )
