"""One browser that draws the product's own pages as files, under hard limits of time and memory."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.errors import DrawError
from ioc.exporter.child import Child
from ioc.exporter.documents import with_page
from ioc.exporter.drawn import Chart, Drawn, Limits
from ioc.exports import pixels
from ioc.exports.form import SCALES, SIZES, Form, Options
from ioc.exports.provenance import qr_svg

if TYPE_CHECKING:
    from ioc.exporter.documents import Serve
    from ioc.exports.provenance import Strip

__all__ = ["Chart", "DrawError", "Drawing", "Drawn", "Limits"]

_OWN_FAULTS = frozenset({"page", "no_part", "part", "svg_page", "size"})
"""What says something of the page and nothing against the browser: it may go on."""
_SVG = "http://www.w3.org/2000/svg"
_LOG = logging.getLogger(__name__)


class Drawing:
    """A context manager over one child process; use one of it per thread, for many pictures.

    The child is started at the first picture and again after a failure or `limits.pictures`
    pictures. Leaving the context ends every process and removes every temporary file of it.
    These lie in `folder` (that of the system), whose name must be short: the sockets of a browser
    lie in it, and their names have at most 107 letters.
    """

    def __init__(
        self, program: Path | None, *, limits: Limits | None = None, folder: Path | None = None
    ) -> None:
        self._program = program
        self._limits = limits or Limits()
        self._folder = folder
        self._child: Child | None = None
        self._drawn = 0
        self._open: tuple[str, Serve] | None = None

    @property
    def child(self) -> Child | None:
        """The child while there is one."""
        return self._child

    def __enter__(self) -> Drawing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child with all it started; nothing of it is left."""
        child, self._child, self._open = self._child, None, None
        self._drawn = 0
        if child is not None:
            child.end()

    def draw(
        self,
        address: str,
        form: Form,
        options: Options,
        *,
        serve: Serve,
        strip: Strip | None = None,
        lang: str = "vi",
        bare: bool = False,
        html: str | None = None,
    ) -> Drawn:
        """Draw the page of `address` (path and query), or one `options.part` of it, as a file.

        `serve` answers every request of the page (see `documents`); the same `serve` for the
        next part of the same page keeps the page open, which is many times faster. `strip` is
        set into the file with its QR code; a `bare` part is the chart alone, without title and
        strip, for a slide that has its own. One chart of several that fails is named in
        `Drawn.charts`, and its place says so in words. `html` is drawn in the place of what
        `serve` would answer at `address`. Raises DrawError when there is nothing right to give.
        """
        if html is not None:
            serve = with_page(serve, address, html)
        if not form.drawn:
            raise DrawError(f"{form.value} is not drawn", code="form", form=form.value)
        try:
            child = self._ready()
            told = child.ask(self._wish(address, form, options, serve, strip, lang, bare), serve)
            self._open = (address, serve)
            drawn = _checked(told, form, options)
        except DrawError as error:
            self._open = None
            if error.code not in _OWN_FAULTS:
                _LOG.warning("not drawn: %s: %s", address, error)
                self.close()
            raise
        except BaseException:
            # Whatever broke in the middle of a picture leaves the child's pipe half read.
            self.close()
            raise
        self._drawn += 1
        return drawn

    def _ready(self) -> Child:
        if self._program is None:
            raise DrawError("no Chromium on this machine", code="no_browser")
        if self._drawn >= self._limits.pictures:
            self.close()
        if self._child is None:
            self._child = Child(self._program, self._limits, self._folder)
        return self._child

    def _wish(
        self,
        address: str,
        form: Form,
        options: Options,
        serve: Serve,
        strip: Strip | None,
        lang: str,
        bare: bool,
    ) -> dict[str, Any]:
        size = SIZES[options.size]
        place = say(lang, "drawing.place_title", chart="{chart}")
        return {
            "address": address,
            "form": form.value,
            "size": [size.width, size.height],
            "size_name": options.size,
            "layout": list(size.layout),
            "zoom": size.zoom,
            "scale": SCALES[options.scale],
            "transparent": options.transparent and form is not Form.PDF,
            "part": options.part,
            "bare": bare,
            "lang": lang,
            "same": self._open is not None
            and self._open[0] == address
            and self._open[1] is serve,
            "settle": self._limits.settle,
            "words": [place, say(lang, "drawing.place_hint")],
            "strip": None if strip is None or bare else {
                "qr": _code(strip.address_of_verify),
                "mark": strip.mark,
                "lines": list(strip.lines),
                "invitation": strip.invitation,
                "foot": say(lang, "paper.foot", code=strip.shown_code, title=strip.title),
                "page": say(lang, "paper.page"),
            },
        }  # fmt: skip


def _checked(told: dict[str, Any], form: Form, options: Options) -> Drawn:
    """The file once more, now as what it became: a picture that shows nothing is no picture."""
    done = told["done"]
    data = base64.b64decode(done["data"])
    width, height = done["width"], done["height"]
    charts = [_chart(one) for one in done["charts"]]
    seen, pages = "", 1
    if form is Form.PNG:
        scale = SCALES[options.scale]
        zoom = 1.0 if options.part else SIZES[options.size].zoom
        boxes = [one["box"] if one["marks"] else None for one in done["charts"]]
        try:
            look = pixels.look(
                data, [box and [side * scale * zoom for side in box] for box in boxes]
            )
        except ValueError as error:
            raise DrawError(str(error), code="blank") from error
        if look.fault:
            raise DrawError(f"{look.fault} picture", code=look.fault)
        charts = [
            Chart(one.name, False, "empty", one.title) if one.ok and at in look.empty else one
            for at, one in enumerate(charts)
        ]
        if options.part and any(not one.ok for one in charts):
            raise DrawError("the chart's place is empty", code="part", chart=charts[0].title)
        data, width, height, seen = (
            pixels.with_dpi(data, 96 * scale),
            look.width,
            look.height,
            look.hash,
        )
    elif form is Form.PDF:
        pages = _pages(data)
    elif b"<svg" not in data[:400] or not data.rstrip().endswith(b"</svg>"):
        raise DrawError("the drawing is cut off", code="blank")
    return Drawn(data, width, height, tuple(charts), seen, tuple(told["refused"]), pages)


def _code(address: str) -> str:
    """The QR code as an SVG document: read as XML, an element without its name space is none."""
    code = qr_svg(address)
    return code if "xmlns=" in code[:300] else code.replace("<svg", f'<svg xmlns="{_SVG}"', 1)


def _chart(told: dict[str, Any]) -> Chart:
    return Chart(told["name"], told["ok"], told["reason"], told["title"], str(told["detail"])[:500])


def _pages(data: bytes) -> int:
    """How many pages a PDF has; raises DrawError where nothing stands on any of them."""
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        contents = [page.get_contents() for page in reader.pages]
    except (PyPdfError, OSError) as error:
        raise DrawError(f"the printed file is broken: {error}", code="blank") from error
    if not any(one is not None and len(one.get_data()) > 200 for one in contents):
        raise DrawError("nothing is printed", code="blank")
    return len(contents)
