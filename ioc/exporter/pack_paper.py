"""From a gathered pack to its bound PDF: pages as screens show them, text and tables laid out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ioc.domain.messages import explain_error, knows, say
from ioc.domain.view import ZONE
from ioc.errors import DrawError
from ioc.exports.form import Form, Options

if TYPE_CHECKING:
    from ioc.exporter.drawn import Drawn
    from ioc.exporter.pack_forms import Packed
    from ioc.exports.paper_sheaf import Sheaf
    from ioc.exports.provenance import Strip
    from ioc.web.briefing_sections import Gathered

PAPER = "a4"
WRITTEN = "/briefings/paper"
"""The address under which HTML that is no page is drawn; nothing is served there."""
_BROKEN_FOR_ALL = ("no_browser", "fonts")


class Draw(Protocol):
    """`Drawing.draw` with its `serve` filled in; with `html` that document is drawn instead.

    Raises DrawError.
    """

    def __call__(
        self,
        address: str,
        form: Form,
        options: Options,
        *,
        strip: Strip | None = None,
        lang: str = "vi",
        bare: bool = False,
        html: str | None = None,
    ) -> Drawn:
        """Draw a page or a part of it."""


def pdf_of(packed: Packed, draw: Draw, base: str) -> tuple[bytes, list[Mapping[str, Any]]]:
    """The bound PDF and what of it could not be drawn; raises DrawError when nothing can be."""
    from ioc.exports.paper import bind
    from ioc.exports.paper_sheaf import Binder
    from ioc.exports.provenance import lacking

    lang = packed.briefing.lang
    problems: list[Mapping[str, Any]] = []
    sheaves = tuple(_sheaf(packed, one, draw, problems) for one in packed.parts)

    def written(html: str, size: str) -> bytes:
        return draw(WRITTEN, Form.PDF, Options(size=size), lang=lang, html=html).data

    absent = [f"{at}. {one.title}" for at, one in enumerate(sheaves, 1) if one.lacks]
    binder = Binder(
        title=packed.briefing.title,
        unit=packed.cover.unit,
        period=packed.cover.period,
        lang=lang,
        heading=packed.briefing.heading,
        day=packed.made_at.astimezone(ZONE).date(),
        strip=lacking(packed.strip, absent),
        sheaves=sheaves,
        late=packed.cover.late,
        size=PAPER,
    )
    return bind(binder, written, base=base), problems


def _sheaf(packed: Packed, one: Gathered, draw: Draw, problems: list[Mapping[str, Any]]) -> Sheaf:
    """A page is drawn as it is; what is none is laid out as text and tables."""
    from ioc.exporter.pack_forms import part_told
    from ioc.exports.paper_sheaf import Sheaf

    if one.missing:
        return Sheaf(one.title, missing=one.missing)
    if one.view is None:
        return Sheaf(one.title, part=part_told(packed, one, pictured=False))
    lang = packed.briefing.lang
    options = Options(size=PAPER, part=getattr(one.section, "part", None))
    try:
        drawn = draw(one.view.href(), Form.PDF, options, lang=lang)
    except DrawError as error:
        if error.code in _BROKEN_FOR_ALL:
            raise
        if error.code == "no_part":
            # Tiles and lists are no chart to be drawn alone: their figures are laid out.
            return Sheaf(one.title, part=part_told(packed, one, pictured=False))
        words = _words(error, lang)
        problems.append(_reason(one, words))
        return Sheaf(one.title, missing=words)
    broken = [": ".join(filter(None, (it.title, it.words(lang)))) for it in drawn.broken]
    problems.extend(_reason(one, words) for words in broken)
    return Sheaf(one.title, pages=drawn.data, lacks="; ".join(broken))


def _reason(one: Gathered, words: str) -> Mapping[str, Any]:
    return {
        "key": "briefing.reason_picture",
        "number": one.number,
        "title": one.title,
        "reason": words,
    }


def _words(error: DrawError, lang: str) -> str:
    key = f"drawing.{error.code}"
    return say(lang, key, **error.params) if knows(lang, key) else explain_error(lang, error)
