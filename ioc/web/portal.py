"""The Dash application: its first answer already holds the page that was asked for.

Dash would load an empty document, then ask for the layout, then for the page. Here the document
carries layout and callback list as JSON, and assets/00-first.js hands them to the renderer, so
charts are drawn without another round trip and a wrong address is a real 404.
"""

from __future__ import annotations

import html as markup
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from dash import Dash, dcc, html
from dash.development.base_component import Component
from dash.fingerprint import build_fingerprint
from flask import g, request

from ioc.domain.messages import say
from ioc.domain.times import age_steps
from ioc.domain.view import LANGUAGES
from ioc.store.writable import CODES
from ioc.web.inside import inside_of
from ioc.web.router import Router, Shown, encode
from ioc.web.security import csrf_cookie
from ioc.web.viewer import scope_of

_VERSIONS = ("dash_version", "python_version", "plotly_version", "ddk_version", "dash_version_url")
_GRAPH = b'"type":"Graph"'
_CHART_SCRIPTS = ("/plotly/", "/dcc/async-graph")
_WORDS = ("lost", "stopped", "never")
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
        super().__init__(
            "ioc",
            assets_folder=str(assets),
            external_scripts=charts_first(),
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
            f"{stores(view.lang)}{still(self.router.desk.now())}",
            "title": markup.escape(shown.title),
            "entry": _ENTRY.format(loading=markup.escape(say(view.lang, "web.loading"))),
            "no_script": markup.escape(say(view.lang, "web.no_script")),
            "layout": quoted(self.frame(shown, request.url)),
            "dependencies": quoted(self._callback_list),
            "scripts": needed(parts["scripts"], charts=_GRAPH in shown.encoded),
            **{name: parts[name] for name in ("metas", "favicon", "css", "config", "renderer")},
        }
        return _DOCUMENT.format_map(filled)

    def _config(self) -> dict[str, Any]:
        given: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        return {**given, **{name: "" for name in _VERSIONS if name in given}}


def still(now: datetime) -> str:
    """The mark of a page that is drawn for a file: it hears no pulse and no clock moves on it."""
    return "" if inside_of(request) is None else f' data-still="{int(now.timestamp() * 1000)}"'


@cache
def ages() -> str:
    """The words of ages in every language, as an attribute's text."""
    return markup.escape(encode({lang: age_steps(lang) for lang in LANGUAGES}).decode())


@cache
def stores(lang: str) -> str:
    """What operators are told while the store cannot be written, as an attribute: by its code."""
    words = {code: say(lang, f"sources_page.store_{code}") for code in CODES}
    return f'data-store="{markup.escape(encode(words).decode())}"'


def needed(scripts: str, *, charts: bool) -> str:
    """The script elements a page needs at once.

    Never the old data table, which Dash loads on every page; the chart library only where there
    are `charts`: elsewhere the first chart fetches it when it is drawn.
    """
    unwanted = ("/dash_table/",) if charts else ("/dash_table/", *_CHART_SCRIPTS)
    return "\n".join(
        line for line in scripts.splitlines() if not any(one in line for one in unwanted)
    )


def charts_first() -> list[str]:
    """The chart library as a script of the document, in an address that names its version.

    Dash would ask for it late, when the first chart mounts, and without a version to cache by.
    """
    import dash
    import plotly

    folder = Path(plotly.__file__).parent
    library = _suite("plotly", folder, "package_data/plotly.min.js", plotly.__version__)
    graph = _suite("dash", Path(dash.__file__).parent, "dcc/async-graph.js", dash.__version__)
    return [library, graph]


def _suite(package: str, folder: Path, path: str, version: str) -> str:
    changed = int((folder / path).stat().st_mtime)
    return f"/_dash-component-suites/{package}/{build_fingerprint(path, version, changed)}"


def quoted(value: object) -> str:
    """JSON as the content of a script element: no `<` that could end it, still the same JSON."""
    text = encode(value).decode()
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
