"""A static page with given figures: what drawing alone costs, without any product."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import plotly

from ioc import packaged
from ioc.web.scripts import chart_part

# The figures of a page as the browser holds them, with the size each was drawn at.
COLLECT = """
[...document.querySelectorAll('.js-plotly-plot')].map(plot => {
  const box = plot.getBoundingClientRect();
  const figure = JSON.parse(JSON.stringify({data: plot.data, layout: plot.layout}));
  return {width: box.width, height: box.height, figure};
})
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Let the browser keep what it has, as the product does."""
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


@contextmanager
def static_files(files: Mapping[str, str]) -> Iterator[str]:
    """Serve these texts by name, and the chart library the product's own, as `plotly.min.js`;
    gives the address."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        script = chart_part(packaged.assets())
        if script is None:
            script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
        (folder / "plotly.min.js").write_bytes(script.read_bytes())
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=name))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
