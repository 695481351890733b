"""A viewer without a browser: holds the live stream and asks for its page as the browser does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson


@dataclass(frozen=True, slots=True)
class Template:
    """What a browser sent for an address when new data came: every viewer of it sends the same."""

    path: str
    refresh: str
    body: dict[str, Any]


@dataclass(slots=True)
class Seen:
    """The whole answer to one question of one viewer: the data version asked for, the one that
    came, and the moment of `time.time()` at which all of it was there."""

    asked: int
    version: int
    at: float


@dataclass
class Viewer:
    """One viewer; `keep` hears (path, version asked for, answer), 0 for the document."""

    host: str
    template: Template
    keep: Callable[[str, int, bytes], None] = lambda *_: None
    seen: list[Seen] = field(default_factory=list)
    failures: int = 0
    received: int = 0
    _cookies: dict[str, str] = field(default_factory=dict)
    _shown: dict[str, Any] = field(default_factory=dict)
    _wire: _Wire | None = None

    async def open(self) -> None:
        """Load the document, as a browser does first: it holds the page and sets the cookies."""
        self._wire = _Wire(self.host)
        answer = await self._wire.ask("GET", self.template.path, {}, b"")
        for text in answer.cookies:
            name, _, value = text.partition(";")[0].partition("=")
            self._cookies[name] = value
        self.keep(self.template.path, 0, answer.body)
        begin = answer.body.index(b'data-first="_dash-layout">') + 26
        layout = json.loads(answer.body[begin : answer.body.index(b"</script>", begin)])
        self._shown = _store(layout, "shown") or {}

    async def watch(self) -> None:
        """Hear pulses and ask for what is newer, one question at a time, until cancelled."""
        async for message in pulses(self.host):
            self.received += len(message)
            for line in message.split(b"\n"):
                if line.startswith(b"data:"):
                    pulse = orjson.loads(line[5:])
                    if pulse["v"] != self._shown.get("version"):
                        await self._ask(int(pulse["v"]))

    async def _ask(self, version: int) -> None:
        assert self._wire is not None
        body = dict(self.template.body)
        body["inputs"] = [
            {**one, "value": version} if one.get("id") == "data-version" else one
            for one in body["inputs"]
        ]
        body["state"] = [
            {**one, "value": self._shown} if one.get("id") == "shown" else one
            for one in body.get("state", [])
        ]
        token = next((v for k, v in self._cookies.items() if k.startswith("_csrf_token")), "")
        headers = {
            "Content-Type": "application/json",
            "X-CSRFToken": unquote(token),
            "Cookie": "; ".join(f"{key}={value}" for key, value in self._cookies.items()),
            # What the bare server needs to find the same answer; the product does not look.
            "X-Bench": f"{self.template.path} {version}",
        }
        answer = await self._wire.ask("POST", self.template.refresh, headers, orjson.dumps(body))
        at = time.time()
        self.received += answer.size
        if answer.status != 200:
            self.failures += answer.status != 204
            return
        told = orjson.loads(answer.body)["response"].get("shown")
        if told:
            self._shown = told["data"]
        got = int(self._shown.get("version", 0))
        self.seen.append(Seen(version, got, at))
        self.keep(self.template.path, version, answer.body)


def _store(layout: Any, name: str) -> Any:
    """The data of a store of the first layout."""
    if isinstance(layout, list):
        return next(filter(None, (_store(one, name) for one in layout)), None)
    if not isinstance(layout, dict):
        return None
    props = layout.get("props", {})
    return props.get("data") if props.get("id") == name else _store(props.get("children"), name)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    cookies: tuple[str, ...]
    body: bytes
    size: int


class _Wire:
    """One kept connection, opened again when the server has closed it."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> _Answer:
        for last in (False, True):
            try:
                return await self._once(method, path, headers, body)
            except (ConnectionError, asyncio.IncompleteReadError):
                self._streams = None
                if last:
                    raise
        raise AssertionError

    async def _once(self, method: str, path: str, headers: dict[str, str], body: bytes) -> _Answer:
        if self._streams is None:
            self._streams = await _connect(self._host)
        reader, writer = self._streams
        writer.write(_request(self._host, method, path, headers, body) + body)
        status, fields = await _head(reader)
        content = b""
        if fields.get("transfer-encoding", [""])[0] == "chunked":
            content = b"".join([part async for part in _chunks(reader)])
        else:
            content = await reader.readexactly(int(fields.get("content-length", ["0"])[0]))
        return _Answer(status, tuple(fields.get("set-cookie", [])), content, len(content))


async def pulses(host: str) -> AsyncIterator[bytes]:
    """The messages of the live stream, for as long as it lasts."""
    reader, writer = await _connect(host)
    writer.write(_request(host, "GET", "/live", {"Accept": "text/event-stream"}, b""))
    await _head(reader)
    async for part in _chunks(reader):
        yield part


async def _connect(host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    name, _, port = host.rpartition(":")
    return await asyncio.open_connection(name, int(port), limit=2**22)


def _request(host: str, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{key}: {value}" for key, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, list[str]]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    fields: dict[str, list[str]] = {}
    for line in lines:
        key, _, value = line.partition(":")
        fields.setdefault(key.lower(), []).append(value.strip())
    return int(first.split()[1]), fields


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
