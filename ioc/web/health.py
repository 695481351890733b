"""`/healthz`, `/readyz` and `/metrics`: what a watcher outside asks, whoever is logged in or not.

They answer on the host names of every other page and on 127.0.0.1 only, as the product does. They
run beside Dash's threads, each at most once at a time: a store that hangs costs one thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ioc.errors import StoreError
from ioc.queries.vitals import Check, readiness, vitals
from ioc.web.metrics import MEDIA, exposition

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.web.live import Broadcast
    from ioc.web.writing import Writing

READY_SECONDS = 1.0
METRICS_SECONDS = 5.0
"""How long one answer is given again: asking more often costs the store nothing."""
PATIENCE = 5.0
"""Seconds within which the store must answer; a watcher gives up after ten."""
_FRESH = {"Cache-Control": "no-store"}
T = TypeVar("T")


class Kept(Generic[T]):
    """The newest answer to a slow question, asked again when it is older than `seconds`.

    Never asked twice at a time; whoever waits longer than `patience` gets TimeoutError.
    """

    def __init__(self, ask: Callable[[], T], seconds: float, patience: float = PATIENCE) -> None:
        self._ask, self._seconds, self._patience = ask, seconds, patience
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._asking: asyncio.Future[T] | None = None
        self._asked = 0.0

    async def __call__(self) -> T:
        """The answer; raises what asking raised."""
        asking = self._asking
        old = asking is not None and asking.done()
        if asking is None or (old and time.monotonic() - self._asked > self._seconds):
            asking = asyncio.get_running_loop().run_in_executor(self._pool, self._timed)
            self._asking = asking
        return await asyncio.wait_for(asyncio.shield(asking), self._patience)

    def _timed(self) -> T:
        try:
            return self._ask()
        finally:
            self._asked = time.monotonic()


def health_routes(desk: Desk, writing: Writing, broadcast: Broadcast, release: str) -> list[Route]:
    """The three routes."""
    ready = Kept(lambda: readiness(desk.engine, desk.now()), READY_SECONDS)

    def measured() -> bytes:
        seen = vitals(desk.engine, desk.now())
        return exposition(seen, release=release, viewers=broadcast.viewers, trouble=writing.trouble)

    metrics = Kept(measured, METRICS_SECONDS)

    async def readyz(_: Request) -> Response:
        checks = await _checked(ready)
        # What cannot be written can still be read: it is told, and does not turn people away.
        word = (writing.trouble or "writable").replace("_", " ")
        shown = [*checks, Check("writing", writing.trouble is None, word)]
        body = {
            "ready": all(one.ok for one in checks),
            "checks": {one.name: {"ok": one.ok, "word": one.word} for one in shown},
        }
        return JSONResponse(body, 200 if body["ready"] else 503, _FRESH)

    async def told(_: Request) -> Response:
        try:
            return Response(await metrics(), media_type=MEDIA, headers=_FRESH)
        except (SQLAlchemyError, StoreError, OSError, TimeoutError) as error:
            words = f"the store does not answer: {type(error).__name__}"
            return PlainTextResponse(words, 503, _FRESH)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", told),
    ]


async def healthz(_: Request) -> PlainTextResponse:
    """Says that the process answers; asks nothing of the database."""
    return PlainTextResponse("ok", headers=_FRESH)


async def _checked(ready: Callable[[], Awaitable[tuple[Check, ...]]]) -> tuple[Check, ...]:
    try:
        return await ready()
    except TimeoutError:
        return (Check("database", False, f"no answer within {PATIENCE:.0f} s"),)
    except (SQLAlchemyError, StoreError, OSError) as error:
        # The driver's own words may hold an address with a password.
        return (Check("database", False, f"unreachable: {type(error).__name__}"),)
