"""`GET /payload/<sha256>?run=ID`: a raw answer or file as it was received, never rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Response, request

from ioc.queries.record import may_open
from ioc.store.engine import reading
from ioc.store.payloads import PayloadFact, checked_payload, payload_of
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk

PIECE = 256 * 1024
_HASH = re.compile(r"^[0-9a-f]{64}$")
_ENDINGS = {"application/json": "json", "text/csv": "csv"}
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_payload(server: Flask, desk: Desk) -> None:
    """Add the route. A delivery speaks of many units, so only who may see all of them gets it;
    for anyone else, and for a hash that the run did not bring, there is nothing here."""

    @server.get("/payload/<sha256>")
    def payload(sha256: str) -> Response:
        run = request.args.get("run", "")
        nothing = Response("Not Found", 404, mimetype="text/plain")
        plain = _HASH.match(sha256) and run.isascii() and run.isdigit() and len(run) < 19
        if not plain or not may_open(desk, scope_of(request)):
            return nothing
        with reading(desk.engine) as connection:
            fact = payload_of(connection, int(run), sha256)
            if fact is None:
                return nothing
            content = checked_payload(connection, sha256)
        return _answer(fact, content.bytes, intact=content.intact)


def _answer(fact: PayloadFact, content: bytes, *, intact: bool) -> Response:
    """A file to keep: text for the eye or bytes, by our own naming, never as what a source says
    it is, so that no browser can be made to run it."""
    text = fact.media in _ENDINGS
    answer = Response(
        _pieces(content), mimetype="text/plain" if text else "application/octet-stream"
    )
    if text:
        answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    ending = _ENDINGS.get(fact.media, "xlsx" if fact.media == _WORKBOOK else "bin")
    name = f"ioc-{fact.sha256[:16]}-{fact.seq}.{ending}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Content-Length"] = str(len(content))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-IOC-Hash"] = "match" if intact else "mismatch"
    return answer


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]
