"""What the drawing process knows of the world: its parent at the other end of a pipe."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

HOST = "ioc.invalid"
"""The false host of the product's pages: it exists nowhere (RFC 2606)."""
ARGUMENTS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    # What the interception below should ever miss finds no name and no way out.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://0.0.0.0:1",
    "--proxy-bypass-list=<-loopback>",
)


class Failed(Exception):
    """There is no file; `code` names the sentence of drawing.yaml."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass
class Pipe:
    """JSON lines from and to the parent; files that never change are asked for once."""

    read: BinaryIO
    write: BinaryIO
    _kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def wishes(self) -> Iterator[dict[str, Any]]:
        """What is to be drawn, one after the other, until the parent ends it."""
        for line in iter(self.read.readline, b""):
            yield orjson.loads(line)

    def say(self, message: dict[str, Any]) -> None:
        """One line to the parent."""
        self.write.write(orjson.dumps(message) + b"\n")
        self.write.flush()

    def ask(self, path: str) -> dict[str, Any]:
        """The parent's answer to a request of the page; ends the process when there is none."""
        if path in self._kept:
            return self._kept[path]
        self.say({"need": path})
        line = self.read.readline()
        if not line:
            raise SystemExit(1)
        found: dict[str, Any] = orjson.loads(line)
        found["content"] = base64.b64decode(found.pop("body"))
        if found.get("kept"):
            self._kept[path] = found
        return found
