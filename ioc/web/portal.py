"""The Dash application: its first answer already holds the page that was asked for.

Dash would load an empty document, then ask for the layout, then for the page. Here the document
carries layout and callback list as JSON, and assets/00-first.js hands them to the renderer, so
charts are drawn without another round trip and a wrong address is a real 404.
"""

from __future__ import annotations

import html as markup
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from dash import Dash, dcc, html
from dash.development.base_component import Component
from flask import g, request

from ioc.domain.messages import say
from ioc.domain.times import age_steps
from ioc.domain.view import LANGUAGES
from ioc.store.writable import CODES
from ioc.web import scripts
from ioc.web.inside import inside_of
from ioc.web.router import Router, Shown, encode
from ioc.web.security import csrf_cookie
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from pathlib import Path

_VERSIONS = ("dash_version", "python_version", "plotly_version", "ddk_version", "dash_version_url")
_WORDS = ("lost", "stopped", "never")
_DAYS = ("day", "moment", "open", "bad_day", "bad_moment", "late", "early")
_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="{theme}" data-status="{status}" {words}>
<head>
{metas}
<title>{title}</title>
{favicon}
{css}
</head>
<body>
{entry}
<noscript>{no_script}</noscript>
<div hidden>
<script type="application/json" data-first="_dash-layout">{layout}</script>
<script type="application/json" data-first="_dash-dependencies">{dependencies}</script>
{config}
{scripts}
{renderer}
</div>
</body>
</html>"""
_ENTRY = '<div id="react-entry-point"><div class="_dash-loading">{loading}</div></div>'


class Portal(Dash):
    """Dash with the router's page inside the first document."""

    def __init__(self, router: Router, *, assets: Path, release: str) -> None:
        settings = router.desk.settings
        self.assets = assets
        self.charts = scripts.chart_scripts(assets)
        super().__init__(
            "ioc",
            assets_folder=str(assets),
            assets_ignore=scripts.ASIDE,
            external_scripts=list(self.charts),
            serve_locally=True,
            suppress_callback_exceptions=True,
            title=settings.title or say(settings.language, "web.product"),
            update_title="",
            csrf_token_name=csrf_cookie(settings),
            compress=False,
            enable_mcp=False,
            add_log_handler=False,
        )
        self.router = router
        self.release = release
        self.layout = lambda: self.frame(None)

    def show(self, address: str) -> Shown:
        """The page of an address for whoever asks now."""
        inside = inside_of(request)
        if inside is None:
            return self.router.show(address, scope_of(request))
        return self.router.show(address, inside.scope, inside.at, on=inside.ground)

    def frame(self, shown: Shown | None, address: str | None = None) -> Component:
        """The layout: address, data version, what is shown, the page itself, and what moved on it.

        `moves.ROOT` names the page's place.
        The location starts with the address it will find, so that nothing has changed when it
        looks and the page of the first answer is not asked for again.
        """
        place = {"href": address} if address else {}
        return html.Div(
            [
                dcc.Location(id="address", refresh="callback-nav", **place),
                dcc.Store(id="data-version", data=shown.version if shown else 0),
                dcc.Store(id="shown", data=shown.facts(address or "") if shown else None),
                html.Div(orjson.Fragment(shown.encoded) if shown else None, id="page"),
                dcc.Store(id="moved"),
            ]
        )

    def index(self, *args: Any, **kwargs: Any) -> Any:
        """The document of any address, with its status."""
        g.shown = self.show(request.url)
        return super().index(*args, **kwargs), g.shown.status  # type: ignore[no-untyped-call]

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Fill the document; every text in it is escaped."""
        shown: Shown = g.shown
        view = shown.view
        words = " ".join(
            f'data-{word}="{markup.escape(say(view.lang, f"live.{word}", time="{time}"))}"'
            for word in _WORDS
        )
        filled = {
            "lang": view.lang,
            "theme": str(shown.facts("")["theme"]),
            "status": str(shown.status),
            "words": f'{words} data-release="{self.release}" data-ages="{ages()}" '
            f'data-days="{days()}" '
            f'{stores(view.lang)} data-grid="{scripts.grid_script(parts["scripts"])}"'
            f"{still(self.router.desk.now())}",
            "title": markup.escape(shown.title),
            "entry": _ENTRY.format(loading=markup.escape(say(view.lang, "web.loading"))),
            "no_script": markup.escape(say(view.lang, "web.no_script")),
            "layout": quoted(self.frame(shown, request.url)),
            "dependencies": quoted(self._callback_list),
            "scripts": self._addressed(
                scripts.needed(parts["scripts"], shown.encoded, self.charts)
            ),
            "css": self._addressed(parts["css"]),
            **{name: parts[name] for name in ("metas", "favicon", "config", "renderer")},
        }
        return _DOCUMENT.format_map(filled)

    def _addressed(self, elements: str) -> str:
        return scripts.by_content(elements, self.assets)

    def _config(self) -> dict[str, Any]:
        given: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        # The renderer asks this of its configuration for one thing: where a chart that comes
        # later finds its library. It would otherwise be the whole of it, without a version.
        later = {"serve_locally": False, "plotlyjs_url": self.charts[0]}
        return {**given, **later, **{name: "" for name in _VERSIONS if name in given}}


def still(now: datetime) -> str:
    """The mark of a page that is drawn for a file: it hears no pulse and no clock moves on it."""
    return "" if inside_of(request) is None else f' data-still="{int(now.timestamp() * 1000)}"'


@cache
def ages() -> str:
    """The words of ages in every language, as an attribute's text."""
    return markup.escape(encode({lang: age_steps(lang) for lang in LANGUAGES}).decode())


@cache
def days() -> str:
    """The words of fields for days and moments in every language, as an attribute's text."""
    gaps = {"text": "{text}", "day": "{day}"}
    words = {lang: {one: say(lang, f"days.{one}", **gaps) for one in _DAYS} for lang in LANGUAGES}
    return markup.escape(encode(words).decode())


@cache
def stores(lang: str) -> str:
    """What operators are told while the store cannot be written, as an attribute: by its code."""
    words = {code: say(lang, f"sources_page.store_{code}") for code in CODES}
    return f'data-store="{markup.escape(encode(words).decode())}"'


def quoted(value: object) -> str:
    """JSON as the content of a script element: no `<` that could end it, still the same JSON."""
    text = encode(value).decode()
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
