"""Binds a briefing on paper: cover, contents, sections, feet with page numbers, outline, metadata.

Sections are PDF pages that the drawer made, or text and tables that are laid out here as HTML
(`paper_html`) and drawn by it too, so that all of it has the product's own typeface embedded.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.exports import paper_html
from ioc.exports.form import SIZES
from ioc.exports.paper_sheaf import Binder, Sheaf
from ioc.exports.provenance import Strip

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

ORIGIN = "http://ioc.invalid/"
"""What the addresses of drawn pages begin with (`ioc.exporter.documents`)."""
POINTS = 72 / 96
MOST_TRIES = 5
DrawHtml = Callable[[str, str], bytes]
"""An HTML document and the name of a size as PDF; raises DrawError."""


def bind(binder: Binder, draw: DrawHtml, *, base: str) -> bytes:
    """The bound PDF; links in it lead to the product at `base`. Raises what `draw` raises."""
    from pypdf import PdfReader, PdfWriter

    drawn = [
        PdfReader(io.BytesIO(_drawn(sheaf, number, binder, draw)))
        for number, sheaf in enumerate(binder.sheaves, 1)
    ]
    lengths = [len(one.pages) for one in drawn]
    front = _front(binder, lengths, draw)
    starts = _starts(lengths, len(front.pages))
    writer = PdfWriter()
    for reader in (front, *drawn):
        writer.append(reader, import_outline=False)
    _number(writer, binder.strip, draw)
    writer.add_outline_item(title=say(binder.lang, "paper.contents"), page_number=1)
    for number, (sheaf, start) in enumerate(zip(binder.sheaves, starts, strict=True), 1):
        writer.add_outline_item(title=f"{number}. {sheaf.title}", page_number=start - 1)
    writer.page_mode = "/UseOutlines"
    _finish(writer, binder.strip, binder.title, base)
    return _bytes(writer)


def signed(data: bytes, strip: Strip, *, base: str) -> bytes:
    """A drawn PDF of one page of the product with its metadata; its links lead to `base`."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    _finish(writer, strip, strip.title, base)
    return _bytes(writer)


def _drawn(sheaf: Sheaf, number: int, binder: Binder, draw: DrawHtml) -> bytes:
    if sheaf.pages is not None:
        return sheaf.pages
    return draw(paper_html.section(sheaf, number, binder.lang), binder.size)


def _front(binder: Binder, lengths: list[int], draw: DrawHtml) -> PdfReader:
    """Cover and contents: their own length moves all page numbers, so it may take two tries."""
    from pypdf import PdfReader

    supposed = 2
    for _ in range(MOST_TRIES):
        pages = _starts(lengths, supposed)
        front = PdfReader(io.BytesIO(draw(paper_html.front(binder, pages), binder.size)))
        if len(front.pages) == supposed:
            return front
        supposed = len(front.pages)
    raise ValueError("the contents are never as long as their page numbers suppose")


def _starts(lengths: list[int], before: int) -> list[int]:
    """The page numbers on which sections begin."""
    starts, page = [], before + 1
    for length in lengths:
        starts.append(page)
        page += length
    return starts


def _number(writer: PdfWriter, strip: Strip, draw: DrawHtml) -> None:
    """Lay a foot over every page but the cover; pages of one size in one drawing."""
    from pypdf import PdfReader

    of = len(writer.pages)
    by_size: dict[str, list[int]] = {}
    for at in range(1, of):
        by_size.setdefault(_size(writer.pages[at]), []).append(at)
    for size, places in by_size.items():
        made = PdfReader(
            io.BytesIO(draw(paper_html.feet(strip, [at + 1 for at in places], of), size))
        )
        for at, foot in zip(places, made.pages, strict=True):
            writer.pages[at].merge_page(foot)


def _size(page: Any) -> str:
    """The name of the paper that a page is nearest to."""
    wide, high = float(page.mediabox.width) / POINTS, float(page.mediabox.height) / POINTS
    papers = {name: one for name, one in SIZES.items() if one.paper}
    return min(
        papers, key=lambda name: abs(papers[name].width - wide) + abs(papers[name].height - high)
    )


def _finish(writer: PdfWriter, strip: Strip, title: str, base: str) -> None:
    from pypdf.generic import NameObject, TextStringObject

    for page in writer.pages:
        for link in page.annotations or ():
            action = link.get_object().get("/A")
            uri = str(action.get("/URI", "")) if action is not None else ""
            if uri.startswith(ORIGIN):
                live = base.rstrip("/") + "/" + uri.removeprefix(ORIGIN)
                action[NameObject("/URI")] = TextStringObject(live)
    made = strip.made_at.astimezone(UTC)
    writer.metadata = None
    writer.add_metadata(
        {
            "/Title": title,
            "/Author": strip.who or say(strip.lang, "web.product"),
            "/Subject": "; ".join(strip.lines),
            "/Keywords": strip.shown_code,
            "/Creator": say(strip.lang, "web.product"),
            "/CreationDate": _moment(made),
            "/ModDate": _moment(made),
        }
    )
    language = "vi-VN" if strip.lang == "vi" else "en-GB"
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)


def _moment(at: datetime) -> str:
    return f"D:{at:%Y%m%d%H%M%S}+00'00'"


def _bytes(writer: PdfWriter) -> bytes:
    writer.compress_identical_objects()
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
