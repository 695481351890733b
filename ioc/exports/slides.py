"""Slides: a deck as a PowerPoint file with native charts and tables, in a customer's template."""

from __future__ import annotations

from ioc.exports.slides_deck import Deck, Look, Slide
from ioc.exports.slides_of import deck_of, slides_of

__all__ = ["Deck", "Look", "Slide", "deck_of", "slides_of", "to_pptx"]


def to_pptx(deck: Deck, template: bytes | None = None) -> bytes:
    """The deck as a file; `template` is a customer's PPTX, or None for the built-in one."""
    raise NotImplementedError
