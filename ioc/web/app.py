"""Puts the web side together: `create_app` the Dash application, `create_server` what is served."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from a2wsgi import WSGIMiddleware
from starlette.applications import Starlette
from starlette.routing import Mount, Route

import ioc
from ioc import plugins
from ioc.queries.desk import Desk
from ioc.web.annotations import add_annotations
from ioc.web.briefing_acts import add_briefings
from ioc.web.export import add_export
from ioc.web.exporting import add_exporting
from ioc.web.find import add_find
from ioc.web.health import health_routes
from ioc.web.live import Seen, Voice, Watcher, asked_pulse, event, live, look
from ioc.web.packing import add_packing
from ioc.web.page import Page
from ioc.web.payload import add_payload
from ioc.web.portal import Portal
from ioc.web.register_acts import add_register_acts
from ioc.web.register_api import add_register_api
from ioc.web.register_export import add_register_export
from ioc.web.register_template import add_register_template
from ioc.web.router import Router, Shell
from ioc.web.saved_views import add_saved_views
from ioc.web.scene import scenes
from ioc.web.security import Guard, protect
from ioc.web.source_acts import add_source_acts
from ioc.web.statics import Statics
from ioc.web.submit import add_submissions
from ioc.web.verify import add_verify
from ioc.web.viewer import add_viewer
from ioc.web.walls import add_walls
from ioc.web.writing import Writing

if TYPE_CHECKING:
    from dash import Dash

    from ioc.settings import Settings

WORKERS = 8
SHELL = "layouts.shell"
"""The module whose `build(pages, units, catalogue, now)` gives what goes around every page."""

Register = Callable[[Portal, Desk], None]


def create_app(
    desk: Desk,
    *,
    pages: Mapping[str, Page] | None = None,
    callbacks: Mapping[str, Register] | None = None,
    shell: Shell | None = None,
    assets: Path | None = None,
) -> Dash:
    """The Dash application over the discovered pages and callbacks (or over those given).

    Raises PluginError when a plug-in is not what its kind asks for.
    """
    found = pages if pages is not None else cast("Any", plugins.by_name(plugins.PAGE))
    if pages is None:
        scenes()  # a wrong scene stops the start, as a wrong page does
    folder = assets or assets_folder()
    app = Portal(
        Router(desk, found, shell or _shell(desk, found)),
        assets=folder,
        release=release_of(folder),
    )
    add_packing(app.server)
    protect(app.server, desk.settings, lambda: list(app.csp_hashes()))
    add_viewer(app.server, desk.settings)
    add_find(app.server, desk, app.router)
    add_saved_views(app.server, desk, app.router)
    add_export(app.server, desk, app.router)
    add_exporting(app.server, desk, app.router)
    add_verify(app.server, desk, app.router)
    add_walls(app.server, desk)
    add_payload(app.server, desk)
    add_annotations(app.server, desk)
    add_briefings(app.server, desk, app.router)
    add_source_acts(app.server, desk)
    add_submissions(app.server, desk)
    add_register_acts(app.server, desk)
    add_register_export(app.server, desk)
    add_register_template(app.server, desk)
    add_register_api(app.server, desk)
    registers = (
        callbacks if callbacks is not None else cast("Any", plugins.by_name(plugins.CALLBACKS))
    )
    for register in registers.values():
        register(app, desk)
    return app


def _shell(desk: Desk, pages: Mapping[str, Page]) -> Shell:
    build = importlib.import_module(SHELL).build
    return cast("Shell", build(pages, desk.units, desk.catalogue, desk.now))


def create_server(desk: Desk | None = None, **parts: Any) -> Server:
    """The ASGI application: live stream, health, static files, and Dash in a thread pool.

    Without a desk the settings of the environment decide; `parts` go to `create_app`.
    """
    return Server(desk or open_desk(), **parts)


class Server:
    """An ASGI application; `close` ends the open streams so that a server can stop at once."""

    def __init__(self, desk: Desk, **parts: Any) -> None:
        app = cast("Portal", create_app(desk, **parts))
        voice = Voice(secrets.token_hex(6), app.release, desk.settings.secret_key)

        def encode(seen: Seen) -> bytes:
            return event(voice.say(seen, desk.now()), seen.version)

        def reply(seen: Seen, nonce: str) -> str:
            return voice.say(seen, desk.now(), nonce)

        self.dash = app
        writing = Writing(desk.engine)
        self.watcher = Watcher(lambda: look(desk.engine, writing.look()), encode)
        inside = cast("Any", WSGIMiddleware(app.server, workers=WORKERS))
        routes = [
            Route("/live", live(self.watcher.broadcast)),
            Route("/pulse", asked_pulse(self.watcher, reply)),
            *health_routes(desk, writing, self.watcher.broadcast, app.release),
            Mount("/", inside),
        ]
        starlette = Starlette(routes=routes, lifespan=self._lifespan)
        served = Statics(starlette, Path(app.config.assets_folder))
        self._asgi = Guard(served, desk.settings.public_host)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self.watcher.run())
        yield
        self.close()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    def close(self) -> None:
        """End the open streams."""
        self.watcher.broadcast.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one connection."""
        await self._asgi(scope, receive, send)


def open_desk(chosen: Settings | None = None) -> Desk:
    """The desk of these settings, or of the environment's."""
    from ioc import settings
    from ioc.domain.catalogue import Catalogue
    from ioc.domain.units import Units
    from ioc.store.engine import open_engine, utc_now

    chosen = chosen or settings.load()
    units = Units.load()
    catalogue = Catalogue.load(units=units)
    return Desk(open_engine(chosen.database_url), catalogue, units, chosen, utc_now)


def assets_folder() -> Path:
    """The assets: inside an installed package, beside `ioc` in a checkout."""
    package = Path(ioc.__file__).parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


def release_of(assets: Path) -> str:
    """A short name of this program and its assets: open walls reload when it changes."""
    digest = hashlib.sha256()
    for folder in (Path(ioc.__file__).parent, assets):
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".yaml", ".js", ".css"}:
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
