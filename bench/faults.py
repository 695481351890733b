"""A web server with one address per fault, and forty-four sources that are simply well."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import os
import sys
from collections import Counter

_CODES = (
    "01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86"
    " 91 92 96"
)
PROVINCES = tuple(_CODES.split())
"""Statistics codes of the 34 provinces."""

FAULTS = ("hung", "slow", "huge", "bomb", "garbage", "flapping")
_HUGE = 500 * 2**20
_PIECE = b" " * 2**16
_BOMB_PIECE = b"0" * 2**20


def body(version: int) -> bytes:
    """A good answer: each province's figure is `version`, so that a half delivery is seen."""
    rows = [{"ma": code, "so": version} for code in PROVINCES]
    return json.dumps(rows).encode()


def _bomb() -> bytes:
    """Five gigabytes of zeros in a few megabytes."""
    packed = gzip.compress(b"[" + _BOMB_PIECE * 64, 9)
    return packed * 80


class Faults:
    """What is answered at each address; `asked` counts the requests by address."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._versions = itertools.count(1)
        self._bomb = _bomb()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, a request after the other."""
        try:
            while (request := await reader.readline()).strip():
                while (await reader.readline()).strip():
                    pass
                path = request.split()[1].decode("ascii", "replace")
                self.asked[path] += 1
                if not await self._answer(path.strip("/").split("/")[0], writer, path):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, kind: str, writer: asyncio.StreamWriter, path: str) -> bool:
        """Whether the connection can be used again."""
        if kind == "good":
            _whole(writer, body(next(self._versions)))
            await writer.drain()
            return True
        if kind == "hung":
            await asyncio.sleep(3600)
        elif kind == "slow":
            _head(writer, len(body(1)))
            for byte in body(1):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(1)
        elif kind == "huge":
            _head(writer, None)
            for _ in range(_HUGE // len(_PIECE)):
                writer.write(_PIECE)
                await writer.drain()
        elif kind == "bomb":
            _head(writer, len(self._bomb), "Content-Encoding: gzip\r\n")
            writer.write(self._bomb)
            await writer.drain()
        elif kind == "garbage":
            _whole(writer, os.urandom(20_000))
            await writer.drain()
        elif kind == "flapping":
            if self.asked[path] % 2:
                return False
            _whole(writer, body(next(self._versions)))
            await writer.drain()
        elif kind == "count":
            _whole(writer, json.dumps(self.asked).encode())
            await writer.drain()
        return False


def _head(writer: asyncio.StreamWriter, length: int | None, extra: str = "") -> None:
    size = f"Content-Length: {length}\r\n" if length is not None else ""
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{extra}{size}\r\n".encode())


def _whole(writer: asyncio.StreamWriter, content: bytes) -> None:
    _head(writer, len(content))
    writer.write(content)


async def _main(port: int) -> None:
    server = await asyncio.start_server(Faults().serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
