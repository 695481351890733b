"""A small page with charts, as the drawer's browser asks for it; and the same page with faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import plotly

from ioc import packaged
from ioc.exporter.documents import Answer

CHARTS = 10
OUTSIDE = "203.0.113.9"
"""An address that is nobody's (RFC 5737, TEST-NET-3)."""
_LIBRARY = "/_dash-component-suites/plotly.min.js"
_PAGE = """<!doctype html><html lang="vi" data-bs-theme="light" data-status="200"><head>
<meta charset="utf-8"><title>thử</title><link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/drawing.css">
<style>body{{font-family:var(--font);margin:0}} .plot{{width:300px;height:180px}}
#page{{display:flex;flex-wrap:wrap;width:1000px}} .card-box{{margin:8px}}</style></head>
<body><div class="frame"><div id="page">{inside}</div></div>
<script src="/assets/snapshot.js"></script><script src="{library}"></script>
<script src="/charts.js?{query}"></script>{more}</body></html>"""
_CARD = """<section class="card-box chart" data-name="c{at}" data-title="Biểu đồ thứ {at} ộ ữ ẵ">
<h2>Biểu đồ {at}: tỷ lệ đúng hạn</h2><div class="plot dash-graph" id="c{at}"></div></section>"""
_DRAW = """
"use strict";
var figures = %s;
figures.forEach(function (one, at) {
  if (%d === at) {
    var real = Plotly.newPlot;
    try { Plotly.newPlot("c" + at, null === at ? [] : [{ type: "bar", get y() {
      throw new Error("hỏng"); } }], one.layout).catch(function () {}); }
    catch (error) { /* the page goes on, as the product's does */ }
    return;
  }
  Plotly.newPlot("c" + at, one.data, one.layout, { displayModeBar: false, staticPlot: true });
});
"""
_EVIL = {
    "endless": "<script>setTimeout(function(){for(;;){}},{when});</script>",
    "hungry": "<script>var all=[];setInterval(function(){{for(var i=0;i<40;i++)"
    "{{all.push(new Uint8Array(4e6).fill(7));}}}},1);</script>",
    "outside": '<img src="http://{host}/a.png" alt="">'
    '<script src="https://cdn.plot.ly/un/world_110m.json"></script>'
    '<script>fetch("http://127.0.0.1:{port}/x").catch(function(){{}});'
    'new WebSocket("ws://127.0.0.1:{port}/w");</script>',
}


@dataclass
class SmallPage:
    """Answers what the browser asks; `faults` are parts of the address (`/?blank=1`).

    `letters` False refuses the typeface; `port` is one that should never be asked; `pause` is
    called before each answer, where a fault from outside strikes.
    """

    port: int = 9
    letters: bool = True
    asked: list[str] = field(default_factory=list)
    pause: Callable[[str], None] = lambda path: None

    def __call__(self, address: str) -> Answer:
        """The answer to one request."""
        self.asked.append(address)
        self.pause(address)
        parts = urlsplit(address)
        query = parse_qs(parts.query)
        if parts.path == "/":
            if "status" in query:
                return Answer(500, "text/plain", b"no")
            return Answer(200, "text/html; charset=utf-8", self._page(query, parts.query).encode())
        if parts.path == "/charts.js":
            broken = int(query.get("broken", ["-1"])[0])
            script = _DRAW % (json.dumps(_figures()), broken)
            return Answer(200, "text/javascript", script.encode())
        if parts.path == _LIBRARY:
            file = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
            return Answer(200, "text/javascript", _bytes(file), kept=True)
        if parts.path.endswith(".woff2") and not self.letters:
            return Answer(404, "text/plain", b"no")
        if parts.path.startswith("/assets/"):
            file = packaged.assets() / parts.path.removeprefix("/assets/")
            return Answer(200, _MEDIA.get(file.suffix, "text/plain"), _bytes(file), kept=True)
        return Answer(404, "text/plain", b"no")

    def _page(self, query: dict[str, list[str]], text: str) -> str:
        cards = "".join(_CARD.format(at=at) for at in range(CHARTS))
        more = "".join(
            script.format(host=OUTSIDE, port=self.port, when=query[name][0])
            if name != "endless"
            else script.replace("{when}", query[name][0])
            for name, script in _EVIL.items()
            if name in query
        )
        if "spinner" in query:
            cards = '<div class="_dash-loading">Đang tải</div>' + cards
        if "blank" in query or "colour" in query:
            ground = "#fff" if "blank" in query else "#123456"
            return (
                '<!doctype html><html lang="vi" data-status="200"><head><meta charset="utf-8">'
                '<link rel="stylesheet" href="/assets/tokens.css">'
                f'</head><body style="margin:0;background:{ground};font-family:var(--font)">'
                '<div id="page"><p> </p></div></body></html>'
            )
        return _PAGE.format(inside=cards, library=_LIBRARY, query=text, more=more)


_MEDIA = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}
_read: dict[Path, bytes] = {}


def _bytes(file: Path) -> bytes:
    if file not in _read:
        _read[file] = file.read_bytes()
    return _read[file]


def _figures() -> list[dict[str, object]]:
    """Bars and lines, with a gap: what is missing is no mark and no fault."""
    made: list[dict[str, object]] = []
    for at in range(CHARTS):
        values = [(at * 7 + step * 13) % 40 + 5 for step in range(8)]
        gapped = [None if step == 3 else value for step, value in enumerate(values)]
        kind: dict[str, object] = (
            {"type": "bar"} if at % 2 else {"type": "scatter", "mode": "lines+markers"}
        )
        look = {"font": {"family": "Inter"}, "margin": {"l": 30, "r": 8, "t": 8, "b": 24}}
        made.append({"data": [{**kind, "y": gapped}], "layout": {**look, "showlegend": False}})
    return made
