"""What the drawer's browser sees: the product's own pages and files, answered inside the process.

A picture is the page of its address under the scope of whoever ordered it, at the moment of the
order; no server listens and no request leaves the process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from werkzeug.test import Client

from ioc.web.inside import Inside
from ioc.web.page import Ground

if TYPE_CHECKING:
    from flask import Flask

    from ioc.domain.scope import Scope
    from ioc.web.steady import Moment

ORIGIN = "http://ioc.invalid"
"""The false host under which the drawer opens pages: `.invalid` never exists (RFC 6761)."""
STATIC = ("/assets/", "/_dash-component-suites/")
POLICY = "Content-Security-Policy"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one request; `kept` ones are the same for every order, so they may be kept.

    `policy` is the content security policy of a page, to be sent with it.
    """

    status: int
    media: str
    body: bytes
    kept: bool = False
    policy: str = ""


Serve = Callable[[str], Answer]
"""From a path with its query (`/unit/HN?lang=vi`) to its answer; never raises, only reads."""
REFUSED = Answer(404, "text/plain", b"not here")


PAPER_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:"
)
"""What a document made for paper may load: its styles and letters, and no script at all."""


def with_page(serve: Serve, address: str, html: str) -> Serve:
    """The same answers but for one address, at which this HTML stands."""
    page = Answer(200, "text/html; charset=utf-8", html.encode(), policy=PAPER_POLICY)

    def answer(asked: str) -> Answer:
        return page if asked == address else serve(asked)

    return answer


class Documents:
    """The pages and files of one application; one of it serves every order of a process."""

    def __init__(self, server: Flask) -> None:
        self._server = server
        self._files: dict[str, Answer] = {}
        self._lock = Lock()

    def serve(self, scope: Scope, at: Moment, *, paper: bool = False) -> Serve:
        """How an order's requests are answered: under its scope, with the figures of its moment.

        With `paper` the scenes of the wall are drawn in light colours, as for printing.
        """
        inside = Inside(scope, at, Ground.PAPER if paper else Ground.FILE)

        def answer(address: str) -> Answer:
            if not address.startswith("/") or address.startswith("//"):
                return REFUSED
            return self._file(address) if address.startswith(STATIC) else self._ask(address, inside)

        return answer

    def _file(self, address: str) -> Answer:
        with self._lock:
            found = self._files.get(address)
        if found is None:
            found = self._ask(address, None)
            if found.status != 200:
                return found
            with self._lock:
                self._files[address] = found
        return found

    def _ask(self, address: str, inside: Inside | None) -> Answer:
        environ = {} if inside is None else inside.environ()
        client = Client(self._server, use_cookies=False)
        with client.get(address, base_url=ORIGIN, environ_overrides=environ) as response:
            return Answer(
                response.status_code,
                response.headers.get("Content-Type", "application/octet-stream"),
                response.get_data(),
                kept=inside is None and response.status_code == 200,
                policy=response.headers.get(POLICY, ""),
            )
