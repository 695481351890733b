"""Documents and answers in text, compressed for whoever says that it can unpack them.

A page's document is some 300 kB of JSON and a tenth of that compressed: over the line of a commune
that is the difference between a second and a blink. No answer holds a secret beside what an
address may choose (the token against forged requests is in a cookie), so its length tells nothing.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

from ioc.web.inside import inside_of

LEAST_BYTES = 1000
LEVEL = 5
TEXT = frozenset(
    {
        "text/html",
        "text/csv",
        "text/plain",
        "application/json",
        "image/svg+xml",
        "application/geo+json",
    }
)


def add_packing(server: Flask) -> None:
    """Compress what `server` answers where that is asked for, it is text, and it is worth it."""
    server.after_request(packed)


def packed(response: Response) -> Response:
    """The answer with its body compressed, or as it is."""
    if (
        response.mimetype not in TEXT
        or response.is_streamed
        or response.status_code in (204, 206, 304)
        or "Content-Encoding" in response.headers
        or inside_of(request) is not None
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or request.method == "HEAD":
        return response
    body = response.get_data()
    if len(body) >= LEAST_BYTES:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
