"""The live stream: one watcher asks the store once a second and tells every open page."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from ioc.errors import StoreError
from ioc.store.engine import reading
from ioc.store.heartbeat import poller_seen
from ioc.store.versions import data_version

if TYPE_CHECKING:
    from sqlalchemy import Engine

LOOK_SECONDS = 1.0
PULSE_SECONDS = 3.0
MOST_VIEWERS = 2000
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the watcher read: the data version and when the poller last said that it lives.

    `store` says why nothing can be written now, one of `ioc.store.writable.CODES`.
    """

    version: int
    poller: datetime | None
    store: str | None = None


def look(engine: Engine, store: str | None = None) -> Seen:
    """Read both in one short transaction."""
    with reading(engine) as connection:
        return Seen(data_version(connection), poller_seen(connection), store)


def sign(key: str, body: str) -> str:
    """HMAC-SHA256 of a pulse without its signature, in hexadecimal."""
    return hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()


def pulse(seen: Seen, now: datetime, *, boot: str, release: str, key: str) -> bytes:
    """One server-sent event.

    `v` is the data version, `t` the server's clock in milliseconds since 1970, `poller` the
    milliseconds since the poller's last beat (null: it never ran), `store` says why nothing can be
    written (null: it can), `boot` names the process, `release` the program and its assets, `sig`
    signs all of these.
    """
    age = None if seen.poller is None else int((now - seen.poller).total_seconds() * 1000)
    body = {
        "v": seen.version,
        "t": int(now.timestamp() * 1000),
        "poller": age if age is None else max(age, 0),
        "store": seen.store,
        "boot": boot,
        "release": release,
    }
    text = json.dumps(body, separators=(",", ":"))
    signed = json.dumps({**body, "sig": sign(key, text)}, separators=(",", ":"))
    return f"event: pulse\nid: {seen.version}\ndata: {signed}\n\n".encode()


class Broadcast:
    """Hands the newest message to any number of waiting viewers; slow ones skip, none queues."""

    def __init__(self) -> None:
        self.closed = False
        self.viewers = 0
        self._message: bytes | None = None
        self._number = 0
        self._news = asyncio.Event()

    def send(self, message: bytes) -> None:
        """Wake every viewer with this message."""
        self._message = message
        self._number += 1
        self._wake()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def messages(self) -> AsyncIterator[bytes]:
        """The newest message at once, then each next one."""
        self.viewers += 1
        heard = 0
        try:
            while not self.closed:
                if self._message is not None and heard != self._number:
                    heard = self._number
                    yield self._message
                else:
                    await self._news.wait()
        finally:
            self.viewers -= 1


class Watcher:
    """Polls the store and broadcasts pulses: at once on news, else every PULSE_SECONDS.

    While the store cannot be read there is no pulse, so walls go grey: nothing vouches for the
    figures then.
    """

    def __init__(
        self,
        see: Callable[[], Seen],
        encode: Callable[[Seen], bytes],
        *,
        look_seconds: float = LOOK_SECONDS,
        pulse_seconds: float = PULSE_SECONDS,
    ) -> None:
        self.broadcast = Broadcast()
        self._see = see
        self._encode = encode
        self._look_seconds = look_seconds
        self._pulse_seconds = pulse_seconds

    async def run(self) -> None:
        """Watch until cancelled."""
        version, sent, failing = -1, 0.0, False
        while True:
            try:
                seen = await asyncio.to_thread(self._see)
            except (SQLAlchemyError, StoreError, OSError) as error:
                if not failing:
                    _LOG.error("live: the store cannot be read: %s", error)
                failing = True
            else:
                if failing:
                    _LOG.info("live: the store can be read again")
                failing = False
                now = time.monotonic()
                if seen.version != version or now - sent >= self._pulse_seconds:
                    version, sent = seen.version, now
                    self.broadcast.send(self._encode(seen))
            await asyncio.sleep(self._look_seconds)


def live(broadcast: Broadcast) -> Callable[[Request], Response]:
    """The endpoint `GET /live`."""

    def endpoint(request: Request) -> Response:
        if broadcast.viewers >= MOST_VIEWERS:
            return PlainTextResponse("too many viewers", 503, {"Retry-After": "10"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            broadcast.messages(), media_type="text/event-stream", headers=headers
        )

    return endpoint
