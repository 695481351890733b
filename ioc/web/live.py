"""The live stream: one watcher asks the store once a second and tells every open page."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
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
_NONCE = re.compile("[A-Za-z0-9]{8,64}")
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


@dataclass(frozen=True, slots=True)
class Voice:
    """Who sends pulses: `boot` names the process, `release` the program, `key` is the secret."""

    boot: str
    release: str
    key: str

    def say(self, seen: Seen, now: datetime, nonce: str | None = None) -> str:
        """A signed pulse as JSON; with a `nonce` it answers who asked with it, and nobody else.

        `v` is the data version, `t` the server's clock in milliseconds since 1970, `poller` the
        milliseconds since the poller's last beat (null: it never ran), `store` says why nothing can
        be written (null: it can), `sig` signs all other fields.
        """
        age = None if seen.poller is None else int((now - seen.poller).total_seconds() * 1000)
        body: dict[str, object] = {
            "v": seen.version,
            "t": int(now.timestamp() * 1000),
            "poller": age if age is None else max(age, 0),
            "store": seen.store,
            "boot": self.boot,
            "release": self.release,
        }
        if nonce is not None:
            body["nonce"] = nonce
        return _text({**body, "sig": sign(self.key, _text(body))})


def event(said: str, version: int) -> bytes:
    """A pulse as one server-sent event."""
    return f"event: pulse\nid: {version}\ndata: {said}\n\n".encode()


def vouched(heard: Mapping[str, object], key: str) -> bool:
    """Whether a pulse that a screen hands back was sent by a server with this `key`."""
    body = {name: value for name, value in heard.items() if name != "sig"}
    return hmac.compare_digest(str(heard.get("sig", "")).encode(), sign(key, _text(body)).encode())


def _text(body: Mapping[str, object]) -> str:
    return json.dumps(body, separators=(",", ":"))


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
        self._seen: tuple[Seen, float] | None = None
        self._see = see
        self._encode = encode
        self._look_seconds = look_seconds
        self._pulse_seconds = pulse_seconds

    @property
    def seen(self) -> Seen | None:
        """What was read last; None while the store cannot be read or does not answer."""
        if self._seen is None or time.monotonic() - self._seen[1] > 2 * self._pulse_seconds:
            return None
        return self._seen[0]

    async def run(self) -> None:
        """Watch until cancelled."""
        version, sent, failing = -1, 0.0, False
        while True:
            try:
                seen = await asyncio.to_thread(self._see)
            except (SQLAlchemyError, StoreError, OSError) as error:
                if not failing:
                    _LOG.error("live: the store cannot be read: %s", error)
                failing, self._seen = True, None
            else:
                if failing:
                    _LOG.info("live: the store can be read again")
                failing, now = False, time.monotonic()
                self._seen = seen, now
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


def asked_pulse(watcher: Watcher, say: Callable[[Seen, str], str]) -> Callable[[Request], Response]:
    """The endpoint `GET /pulse?nonce=…`: a pulse that only a server which runs now can give.

    A page asks for it when pulses on the stream are older than they should be: something between
    may have kept them, or the server's clock was set back.
    """

    def endpoint(request: Request) -> Response:
        nonce = request.query_params.get("nonce", "")
        if not _NONCE.fullmatch(nonce):
            return PlainTextResponse("nonce: 8 to 64 letters and digits", 400)
        headers = {"Cache-Control": "no-store"}
        if watcher.seen is None:
            return PlainTextResponse("the store cannot be read", 503, headers)
        return Response(say(watcher.seen, nonce), 200, headers, media_type="application/json")

    return endpoint
