"""Connections that are not HTTP: a socket to the very address that was checked, and its end."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType

from ioc.errors import TransientSourceError
from ioc.ingest.guard import Guard, too_slow


def seconds_left(deadline: float | None, most: float) -> float:
    """Seconds until the run's deadline (of `time.monotonic`), at most `most`.

    Raises TransientSourceError when none are left.
    """
    left = most if deadline is None else min(most, deadline - time.monotonic())
    if left <= 0:
        raise too_slow()
    return left


def open_socket(guard: Guard | None, host: str, port: int, seconds: float) -> socket.socket:
    """A connected socket; without a guard only public addresses may be reached.

    Raises PermanentSourceError for a refused address, TransientSourceError when nobody answers.
    """
    ends = time.monotonic() + seconds
    for address in (guard or Guard()).check(host, port):
        try:
            opened = socket.create_connection((address, port), seconds_left(ends, seconds))
        except OSError:
            continue
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return opened
    where = f"{host}:{port}"
    raise TransientSourceError(f"no connection to {where}", code="no_connection", url=where)


class Cut:
    """Ends a connection when its time is up, whatever the other side or a driver waits for."""

    def __init__(self, fileno: int, seconds: float) -> None:
        # A copy of the handle: the driver may close or wrap its own.
        self._socket = socket.socket(fileno=os.dup(fileno))
        self._timer = threading.Timer(seconds, self._late)
        self._timer.daemon = True
        self.fired = False

    def _late(self) -> None:
        self.fired = True
        self.now()

    def now(self) -> None:
        """End it at once."""
        with suppress(OSError):  # it may be closed already
            self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Cut:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        self._socket.close()
