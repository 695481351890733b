"""A TCP proxy in a thread: the cable between browser and server, which can be cut in two ways."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from types import TracebackType
from typing import Literal

Mode = Literal["pass", "silent", "refuse"]


class Proxy:
    """Passes bytes on; `silent` swallows them and keeps the lines open, `refuse` ends all lines."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._mode: Mode = "pass"
        self._loop = asyncio.new_event_loop()
        self._lines: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.address = ""

    def __enter__(self) -> Proxy:
        self._thread.start()
        start = asyncio.start_server(self._line, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def set(self, mode: Mode) -> None:
        """Change what happens to the bytes from now on.

        Lines that were silent for a time are ended when bytes pass again: what was swallowed is
        lost, as on a real cable.
        """
        self._loop.call_soon_threadsafe(self._change, mode)

    def _change(self, mode: Mode) -> None:
        before, self._mode = self._mode, mode
        if mode == "refuse" or (before == "silent" and mode == "pass"):
            for line in list(self._lines):
                line.transport.abort()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._mode == "refuse":
            writer.transport.abort()
            return
        self._lines.add(writer)
        other: asyncio.StreamWriter | None = None
        try:
            answers, other = await asyncio.open_connection("127.0.0.1", self._target)
            self._lines.add(other)
            await asyncio.gather(self._pass(reader, other), self._pass(answers, writer))
        except OSError:
            writer.transport.abort()
        finally:
            for line in (writer, other):
                if line is not None:
                    self._lines.discard(line)
                    line.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(65_536):
                if self._mode == "pass":
                    writer.write(content)
                    await writer.drain()
        if self._mode == "pass":
            writer.close()
