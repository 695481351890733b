"""Runs the web server: on 127.0.0.1 only, and stops within seconds whatever is open."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn

from ioc.errors import SettingsError
from ioc.settings import Settings
from ioc.web.app import Server, create_server, open_desk

ONLY_HOST = "127.0.0.1"
STOP_SECONDS = 2


class Stopping(uvicorn.Server):
    """A uvicorn server that ends the live streams first: stopping must not wait for them."""

    def __init__(self, config: uvicorn.Config, app: Server) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, end the streams, finish what is under way."""
        self._app.close()
        await super().shutdown(sockets)


def run(settings: Settings, app: Server | None = None) -> None:
    """Serve until interrupted.

    Raises SettingsError when the address is not this machine's own or the port is in use.
    """
    if settings.host != ONLY_HOST:
        raise SettingsError(
            file="settings",
            field="host",
            given=settings.host,
            allowed=f"{ONLY_HOST} only: there is no log-in yet",
        )
    served = app or create_server(open_desk(settings))
    listening = listen(settings.host, settings.port)
    Stopping(config(served), served).run(sockets=[listening])


def config(app: Any) -> uvicorn.Config:
    """How uvicorn runs: no banner of its version, no access log, a short grace."""
    return uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="on",
    )


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; raises SettingsError naming the port when another program has it."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise SettingsError(
            file="settings",
            field="port",
            given=port,
            allowed=f"a free port ({error.strerror}); choose another with IOC_PORT",
        ) from error
    return listening
