"""Scripts, styles and fonts: compressed once, kept in memory, cached by browsers for ever."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIXES = ("/_dash-component-suites/", "/assets/")
KEPT_FILES = 400
KEPT_BYTES = 100_000_000
FOR_EVER = "public, max-age=31536000, immutable"
_FINGERPRINT = re.compile(r"\.v[0-9a-z_]+m[0-9]+\.")
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg")
_QUALITY = 7


@dataclass(frozen=True, slots=True)
class File:
    """One file in each encoding."""

    media: str
    tag: str
    plain: bytes
    packed: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.plain) + sum(map(len, self.packed.values()))

    @classmethod
    def of(cls, content: bytes, media: str) -> File:
        """Compress where that helps."""
        packed: dict[str, bytes] = {}
        if media.startswith(_COMPRESSIBLE) and len(content) > 500:
            packed["gzip"] = gzip.compress(content, _QUALITY)
        return cls(media, f'"{hashlib.sha256(content).hexdigest()[:24]}"', content, packed)

    def answer(self, asked: Headers, *, versioned: bool, head: bool) -> Response:
        """The response to one request, 304 where the browser has it."""
        headers = {
            "Cache-Control": FOR_EVER if versioned else "no-cache",
            "ETag": self.tag,
            "Vary": "Accept-Encoding",
        }
        if self.tag in asked.get("if-none-match", ""):
            return Response(None, 304, headers)
        accepted = asked.get("accept-encoding", "")
        body = self.plain
        for name, packed in self.packed.items():
            if name in accepted:
                headers["Content-Encoding"] = name
                body = packed
                break
        headers["Content-Length"] = str(len(body))
        return Response(b"" if head else body, 200, headers, media_type=self.media)


class Statics:
    """ASGI layer: answers static files itself, asking the application once for each.

    Only what the application answered with 200 is kept, so its own checks of paths hold; files
    of the assets folder are asked for again when they change.
    """

    def __init__(self, app: ASGIApp, assets: Path) -> None:
        self._app = app
        self._assets = assets
        self._files: OrderedDict[tuple[str, float], File] = OrderedDict()
        self._asking = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(PREFIXES):
            await self._app(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await Response("method not allowed", 405)(scope, receive, send)
            return
        key = (path, self._changed(path))
        file = self._files.get(key)
        if file is None:
            async with self._asking:
                file = self._files.get(key) or await self._ask(scope, receive)
            if file is None:
                await Response("not found", 404, media_type="text/plain")(scope, receive, send)
                return
            self._keep(key, file)
        query: bytes = scope.get("query_string", b"")
        versioned = bool(_FINGERPRINT.search(path)) or query.startswith(b"m=")
        asked = Headers(scope=scope)
        answer = file.answer(asked, versioned=versioned, head=scope["method"] == "HEAD")
        await answer(scope, receive, send)

    def _changed(self, path: str) -> float:
        if not path.startswith("/assets/"):
            return 0.0
        try:
            return (self._assets / path.removeprefix("/assets/")).stat().st_mtime
        except (OSError, ValueError):
            return -1.0

    def _keep(self, key: tuple[str, float], file: File) -> None:
        self._files[key] = file
        self._files.move_to_end(key)
        total = sum(one.size for one in self._files.values())
        while len(self._files) > KEPT_FILES or total > KEPT_BYTES:
            total -= self._files.popitem(last=False)[1].size

    async def _ask(self, scope: Scope, receive: Receive) -> File | None:
        status, media, body = 0, "", bytearray()

        async def collect(message: Message) -> None:
            nonlocal status, media
            if message["type"] == "http.response.start":
                status = message["status"]
                media = Headers(raw=message["headers"]).get("content-type", "")
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        plain: dict[str, Any] = {**scope, "method": "GET", "query_string": b""}
        plain["headers"] = [(name, value) for name, value in scope["headers"] if name == b"host"]
        await self._app(plain, receive, collect)
        if status != 200:
            return None
        return await asyncio.to_thread(File.of, bytes(body), media)
