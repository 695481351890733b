"""Documents and answers are compressed for whoever asks, and are the same for who does not."""

from __future__ import annotations

import gzip

import httpx
import pytest
from flask import Flask, Response

from ioc.web.packing import add_packing

PLAIN = {"Accept-Encoding": "identity"}


def test_a_document_is_a_fraction_of_itself(client: httpx.Client) -> None:
    packed = client.get("/sources")
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert int(packed.headers["content-length"]) * 3 < len(packed.content)
    plain = client.get("/sources", headers=PLAIN)
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize(
    ("media", "size", "asked", "packed"),
    [
        ("text/csv", 5000, "gzip, br", True),
        ("application/json", 5000, "br, gzip;q=0.5", True),
        ("application/json", 5000, "gzip;q=0", False),
        ("application/json", 5000, "", False),
        ("application/json", 200, "gzip", False),
        ("application/pdf", 5000, "gzip", False),
        ("image/png", 5000, "gzip", False),
    ],
)
def test_what_is_compressed(media: str, size: int, asked: str, packed: bool) -> None:
    body = b"x" * size
    server = Flask("small")
    add_packing(server)
    server.add_url_rule("/", "it", lambda: Response(body, mimetype=media))
    answer = server.test_client().get("/", headers={"Accept-Encoding": asked})
    assert ("Content-Encoding" in answer.headers) is packed
    assert (gzip.decompress(answer.data) if packed else answer.data) == body
    assert int(answer.headers["Content-Length"]) == len(answer.data)
