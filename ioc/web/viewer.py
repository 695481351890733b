"""Who is asking: the one place where a request becomes a Scope and a Viewer."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, jsonify, request
from itsdangerous import BadSignature, URLSafeSerializer

from ioc.domain.scope import Scope
from ioc.web.inside import inside_of

if TYPE_CHECKING:
    from flask import Flask, Request

    from ioc.settings import Settings

LONGEST_NAME = 80
KEPT_SECONDS = 400 * 86_400
"""The longest that browsers keep a cookie; each page opened begins it anew."""
_PLACE = "ioc.viewer"
_WALL = "ioc.wall"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A browser that came before: `id` is its own for ever, `name` what the person calls himself.

    It is no log-in: it keeps one person's views and notes apart from another's, and says who
    wrote them as far as they say so themselves.
    """

    id: str
    name: str = ""


def scope_of(request: object) -> Scope:
    """The scope of the viewer behind `request`.

    Everyone who can reach 127.0.0.1 sees everything until log-in and roles exist; every page,
    callback and export asks here, so that day changes this function only. A page that is drawn
    for a file is asked for by this process itself, under the scope of whoever ordered the file.
    """
    inside = inside_of(request)
    return Scope.all() if inside is None else inside.scope


def viewer_of(request: Request) -> Viewer:
    """The viewer behind a request; one who comes for the first time has a new id already."""
    found: Viewer = request.environ[_PLACE]
    return found


def may_write(request: Request) -> bool:
    """Whether the request may change anything: not when it carries a wall's credential or draws.

    Whoever reads that credential calls `is_wall` before the request is answered.
    """
    return not request.environ.get(_WALL) and inside_of(request) is None


def is_wall(request: Request) -> None:
    """Mark a request as a wall's: it may only read."""
    request.environ[_WALL] = True


def clean_name(text: object, longest: int = LONGEST_NAME) -> str | None:
    """A name as people read it, composed and trimmed; None when it is none.

    Control and other invisible characters are refused: a name stands beside what it vouches for.
    """
    if not isinstance(text, str) or len(text) > 4 * longest:
        return None
    name = " ".join(unicodedata.normalize("NFC", text).split())
    seen = all(not unicodedata.category(letter).startswith("C") for letter in name)
    return name if seen and len(name) <= longest else None


class Cookie:
    """The signed cookie that holds a viewer; with the port, as browsers share them between."""

    def __init__(self, settings: Settings) -> None:
        self.name = f"ioc_viewer_{settings.port}"
        self._signer = URLSafeSerializer(settings.secret_key, salt="ioc.viewer")

    def read(self, cookies: Mapping[str, str]) -> Viewer | None:
        """The viewer of a request's cookies; None without one or with a forged one."""
        try:
            said = self._signer.loads(cookies.get(self.name, ""))
        except BadSignature:
            return None
        if not isinstance(said, list) or len(said) != 2:
            return None
        return Viewer(str(said[0]), str(said[1]))

    def write(self, response: Response, viewer: Viewer) -> None:
        """Give the cookie with an answer."""
        text = self._signer.dumps([viewer.id, viewer.name])
        assert isinstance(text, str)
        response.set_cookie(
            self.name, text, max_age=KEPT_SECONDS, httponly=True, samesite="Lax", path="/"
        )


def add_viewer(server: Flask, settings: Settings) -> None:
    """Recognise viewers, give each his cookie with the first page, let him give his name."""
    cookie = Cookie(settings)

    @server.before_request
    def recognise() -> None:
        request.environ[_PLACE] = cookie.read(request.cookies) or Viewer(secrets.token_hex(8))

    @server.after_request
    def remember(response: Response) -> Response:
        if response.mimetype == "text/html" and response.status_code in (200, 404):
            cookie.write(response, viewer_of(request))
        return response

    @server.get("/viewer")
    def who() -> Response:
        return jsonify(name=viewer_of(request).name)

    @server.post("/viewer")
    def call_me() -> Response:
        """`{"name": "…"}`; an empty name takes it back."""
        said = request.get_json(silent=True)
        name = clean_name(said.get("name") if isinstance(said, dict) else None)
        if name is None:
            return Response(f"name: at most {LONGEST_NAME} letters", 400, mimetype="text/plain")
        if not may_write(request):
            return Response("a wall only reads", 403, mimetype="text/plain")
        response = jsonify(name=name)
        cookie.write(response, Viewer(viewer_of(request).id, name))
        return response
