"""A portal over small pages of its own, served for real, with a store that can be made to grow."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from dash import dcc, html
from sqlalchemy import Engine

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.desk import Desk
from ioc.settings import Settings
from ioc.store.engine import open_engine, writing
from ioc.store.heartbeat import beat
from ioc.store.migration import migrate
from ioc.store.versions import current_version, grow_version, next_recorded_at
from ioc.web.app import Server
from ioc.web.page import Page
from ioc.web.serving import Stopping, config

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"></script><script>alert(1)</script>"
PLOT = {"displayModeBar": False, "showSendToCloud": False, "plotlyServerURL": ""}


def now() -> datetime:
    """The real clock: these tests wait for a real browser."""
    return datetime.now(UTC)


def chart(version: int, view: View) -> Any:
    """A card as the product's pages have them."""
    figure = {
        "data": [
            {
                "type": "bar",
                "x": ["Hà Nội", HOSTILE, "Thanh Hóa"],
                "y": [version + 1, 2, 3],
                "customdata": ["/unit/01", "//evil.example/x", "/unit/38"],
            }
        ],
        "layout": {"title": {"text": ""}, "margin": {"t": 10}, "font": {"family": "Inter"}},
    }
    href = "/export.csv?" + urlencode({"address": view.href(), "part": "rows"})
    buttons = [
        html.Button(form, className="snap", type="button", **{"data-form": form})
        for form in ("png", "svg")
    ]
    return html.Section(
        [
            html.Span("dữ liệu minh họa", className="illustrative"),
            dcc.Graph(id={"type": "plot", "name": "bars"}, figure=figure, config=PLOT),
            *buttons,
            html.A("csv", href=href, className="snap-csv"),
        ],
        className="chart",
        **{
            "data-title": "Tỷ lệ hồ sơ trực tuyến",
            "data-subtitle": "%, tháng 10/2026",
            "data-strip": "Thanh Hóa · tính đến 14:05 22/11/2026 · nguồn: cổng",
            "data-csv": href,
        },
    )


@dataclass(frozen=True)
class Answer:
    """What the small pages load."""

    unit: str
    version: int
    rows: tuple[str, ...] = (HOSTILE, "=1+1")


def load(desk: Desk, view: View, scope: Scope) -> Answer:
    """Unit 99 does not exist, unit 77 is not allowed."""
    if view.unit == "99":
        raise AddressError(part="unit", given="99", allowed="01, 38")
    if view.unit == "77":
        raise NotAllowedError("outside", code="not_allowed")
    return Answer(view.unit, current_version(desk.engine))


def broken(desk: Desk, view: View, scope: Scope) -> Answer:
    """Raises what nobody foresaw."""
    raise RuntimeError("secret detail")


def render(answer: Answer, view: View) -> Any:
    """Heading, version, links, filter and a chart."""
    options = [{"label": key, "value": view.href(page="unit", unit=key)} for key in ("01", "38")]
    value = view.href() if view.page == "unit" else None
    return html.Div(
        [
            html.H1(f"Đơn vị {answer.unit}"),
            html.P(str(answer.version), id="seen"),
            html.P(HOSTILE, id="hostile"),
            html.A("38", href=view.href(page="unit", unit="38"), id="to-38"),
            dcc.Dropdown(id={"type": "filter", "name": "unit"}, options=options, value=value),
            chart(answer.version, view),
            html.Div("…", style={"height": "3000px"}),
        ]
    )


SCENES = [
    {"href": "/?wall=1", "seconds": 2, "title": "một"},
    {"href": "/broken?wall=1", "seconds": 2, "title": "hai"},
    {"href": "/unit/38?wall=1", "seconds": 2, "title": "ba"},
]


def render_wall(answer: Answer, view: View) -> Any:
    """The holder of a playlist."""
    data = {
        "data-playlist": json.dumps(SCENES),
        "data-failed": "Không hiển thị được {scene}: {reason}",
        "data-empty": "Chưa có nội dung",
        "data-slow": "quá chậm",
        "data-broken": "lỗi",
    }
    return html.Div(id="wall", **data)


def pages() -> dict[str, Page]:
    """Overview, unit, a broken page and the wall."""

    def title(answer: Answer, view: View) -> str:
        return f"Trang {answer.unit}"

    return {
        "overview": Page("overview", title, load, render),
        "unit": Page("unit", title, load, render),
        "broken": Page("broken", title, broken, render),
        "wall": Page("wall", title, load, render_wall),
    }


def small_desk(folder: Path, port: int = 8050) -> Desk:
    """A desk over a fresh SQLite file; nothing is declared."""
    engine = open_engine(f"sqlite:///{folder / 'portal.sqlite'}")
    migrate(engine)
    settings = Settings(home=folder, port=port, secret_key="k" * 40)
    return Desk(engine, None, None, settings, now)  # type: ignore[arg-type]


def grow(engine: Engine) -> int:
    """New data have been committed."""
    with writing(engine) as connection:
        return grow_version(connection, 0, next_recorded_at(connection, now()))


_PORTS = range(20_000, 32_000)
"""Below those that outgoing connections get: nothing takes one between its choice and its use."""
_next_port = count(os.getpid() * 37)


def free_port() -> int:
    """A port nobody listens on; never the same one twice."""
    for turn in _next_port:
        port = _PORTS[turn % len(_PORTS)]
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


@dataclass
class Portal:
    """A running portal; `poller` says whether a poller beats."""

    desk: Desk
    parts: Mapping[str, Any]
    poller: bool = True
    url: str = ""
    _running: Stopping | None = None
    _thread: threading.Thread | None = None
    _done: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Serve in a thread until `stop`."""
        port = self.desk.settings.port
        self.url = f"http://127.0.0.1:{port}"
        app = Server(self.desk, **self.parts)
        self._running = Stopping(config(app), app)
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        self._thread = threading.Thread(
            target=self._running.run, kwargs={"sockets": [sock]}, daemon=True
        )
        self._thread.start()
        self._wait()

    def _wait(self) -> None:
        for _ in range(100):
            try:
                if httpx.get(self.url + "/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the portal did not start")

    def stop(self) -> float:
        """Stop; answers the seconds that took."""
        assert self._running is not None
        assert self._thread is not None
        began = time.monotonic()
        self._running.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    def beats(self) -> None:
        """A poller that says that it lives, while `poller` is true."""
        while not self._done.wait(0.5):
            if self.poller:
                beat(self.desk.engine, now())

    def grow(self) -> int:
        """New data have been committed."""
        return grow(self.desk.engine)


@contextmanager
def running_portal(folder: Path, desk: Desk | None = None, **parts: Any) -> Iterator[Portal]:
    """A portal that serves small pages (or those of `parts`), stopped at the end."""
    if desk is None:
        desk = small_desk(folder, free_port())
        grow(desk.engine)
        parts = {"pages": pages(), "shell": lambda content, view: content, **parts}
    portal = Portal(desk, parts)
    beat(desk.engine, now())
    portal.start()
    beating = threading.Thread(target=portal.beats, daemon=True)
    beating.start()
    try:
        yield portal
    finally:
        portal._done.set()
        beating.join()
        if portal._thread is not None and portal._thread.is_alive():
            portal.stop()
        desk.engine.dispose()
