"""What protects the pages: Host check, security headers, content security policy, CSRF tokens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Response
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from flask import Flask

    from ioc.settings import Settings

OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
LARGEST_REQUEST = 1_000_000
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_LOG = logging.getLogger(__name__)


def policy(script_hashes: str) -> str:
    """The content security policy; `frame-*` let a wall show this product's own pages only."""
    return (
        f"default-src 'self'; script-src 'self' {script_hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
    )


class Guard:
    """ASGI layer around everything: refuses foreign hosts, adds the security headers.

    A foreign `Host` means that a web page somewhere made its own name point here (DNS
    rebinding) to read the figures through a visitor's browser. `public` is the host that the
    administrator published, which a reverse proxy passes on.
    """

    def __init__(self, app: ASGIApp, public: str = "") -> None:
        self._app = app
        self._hosts = OWN_HOSTS | {public} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name.lower() not in self._hosts:
            await PlainTextResponse("unknown host", 400)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for key, value in HEADERS.items():
                    headers.setdefault(key, value)
            await send(message)

        await self._app(scope, receive, guarded)


def protect(server: Flask, settings: Settings, hashes: Callable[[], list[str]]) -> None:
    """Switch on CSRF tokens, cookies, the policy of HTML answers and plain error answers.

    `hashes` gives the hashes of the inline scripts; it is asked at the first HTML answer, when
    every callback is registered.
    """
    server.secret_key = settings.secret_key
    server.config.update(
        DEBUG=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        PROPAGATE_EXCEPTIONS=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME=f"ioc_session_{settings.port}",
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    CSRFProtect(server)
    known: list[str] = []
    cookie = csrf_cookie(settings)

    @server.after_request
    def dress(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        if response.mimetype != "text/html":
            return response
        if not known:
            known.append(policy(" ".join(hashes())))
        response.headers["Content-Security-Policy"] = known[0]
        if response.status_code in (200, 404):
            response.set_cookie(cookie, generate_csrf(), samesite="Lax")
        return response

    @server.errorhandler(CSRFError)
    def refused(error: CSRFError) -> tuple[str, int, dict[str, str]]:
        return "CSRF token missing or wrong", 400, {"Content-Type": "text/plain"}

    @server.errorhandler(HTTPException)
    def plain(error: HTTPException) -> tuple[str, int, dict[str, str]]:
        return error.name, error.code or 500, {"Content-Type": "text/plain"}

    @server.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int, dict[str, str]]:
        _LOG.error("request failed", exc_info=error)
        return "Internal Server Error", 500, {"Content-Type": "text/plain"}


def csrf_cookie(settings: Settings) -> str:
    """The name of the CSRF cookie; with the port, as browsers share cookies between ports."""
    return f"_csrf_token_{settings.port}"
