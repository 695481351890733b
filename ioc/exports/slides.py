"""Slides: a deck as a PowerPoint file with native charts and tables, in a customer's template."""

from __future__ import annotations

import io
from typing import Any

from ioc.domain.messages import say
from ioc.exports.slides_builtin import builtin
from ioc.exports.slides_cover import add_cover, add_provenance
from ioc.exports.slides_deck import Deck, Look, Slide
from ioc.exports.slides_fill import fill
from ioc.exports.slides_of import deck_of, slides_of
from ioc.exports.slides_page import Stage
from ioc.exports.slides_places import layouts_of
from ioc.exports.slides_template import open_template
from ioc.exports.slides_text import clean

__all__ = ["Deck", "Look", "Slide", "builtin", "deck_of", "slides_of", "to_pptx"]

QR_SCALE = 8


def to_pptx(deck: Deck, template: bytes | None = None) -> bytes:
    """The deck as a file; `template` is a customer's PPTX, or None for the built-in one.

    Raises TemplateError when the template cannot be read or lacks a layout or placeholder.
    """
    from ioc.exports.provenance import qr_png

    presentation = open_template(builtin() if template is None else template)
    strip = deck.strip
    qr = None if strip is None else qr_png(strip.address_of_verify, QR_SCALE)
    stage = Stage(presentation, layouts_of(presentation), deck.lang, strip, qr)
    add_cover(stage, deck)
    for part in deck.slides:
        fill(stage, part)
    add_provenance(stage, deck)
    _properties(presentation, deck)
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def _properties(presentation: Any, deck: Deck) -> None:
    about = presentation.core_properties
    about.title = clean(deck.title)[:250]
    about.author = clean(deck.strip.who)[:250] if deck.strip else "IOC"
    about.last_modified_by = "IOC"
    about.language = deck.lang
    about.subject = say(deck.lang, "words.illustrative") if deck.illustrative else ""
    about.comments = clean("\n".join(deck.strip.lines))[:250] if deck.strip else ""
    about.identifier = deck.strip.shown_code if deck.strip else ""
    if deck.strip is not None:
        about.created = about.modified = deck.strip.made_at.replace(tzinfo=None)
