"""A bare server that sends bytes recorded before, at the moments recorded before."""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass
class Record:
    """Pulses as (seconds after the start, bytes), documents by path, and the answers by
    "path version"."""

    pulses: list[tuple[float, bytes]] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)

    def save(self, file: Path) -> None:
        """Write it for the bare server."""
        file.write_bytes(pickle.dumps((self.pulses, self.documents, self.answers)))

    @classmethod
    def load(cls, file: Path) -> Record:
        """Read what `save` wrote."""
        return cls(*pickle.loads(file.read_bytes()))


def application(record: Record) -> Starlette:
    """The server; the pulses begin at the first GET /start."""
    begun = asyncio.Event()
    start: list[float] = []

    async def pulses() -> AsyncIterator[bytes]:
        await begun.wait()
        for after, message in record.pulses:
            await asyncio.sleep(max(0.0, start[0] + after - time.monotonic()))
            yield message
        await asyncio.sleep(3600)

    async def live(_: Request) -> Response:
        return StreamingResponse(pulses(), media_type="text/event-stream")

    async def begin(_: Request) -> Response:
        start.append(time.monotonic())
        begun.set()
        return PlainTextResponse(str(time.time()))

    async def document(request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Response(record.documents[path], media_type="text/html")

    async def answer(request: Request) -> Response:
        await request.body()
        found = record.answers.get(request.headers["x-bench"])
        return Response(found or b"", 200 if found else 204, media_type="application/json")

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [
        Route("/live", live),
        Route("/start", begin),
        Route("/healthz", healthz),
        Route("/_dash-update-component", answer, methods=["POST"]),
        Route("/{rest:path}", document),
    ]
    return Starlette(routes=routes)


def main() -> None:
    """`python -m bench.bare RECORD PORT`."""
    app = application(Record.load(Path(sys.argv[1])))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
