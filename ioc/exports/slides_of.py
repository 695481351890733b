"""From a page's extract to the slides that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.exports.extract import Extract, Shape, Sheet
from ioc.exports.meeting import told_apart
from ioc.exports.slides_deck import Deck, Look, Slide
from ioc.exports.slides_notes import notes_of

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip

LOOKS = {Shape.MAP: Look.PICTURE, Shape.TABLE: Look.TABLE}


def deck_of(
    extract: Extract,
    strip: Strip | None,
    pictures: Mapping[str, bytes] | None = None,
    lacks: Mapping[str, str] | None = None,
) -> Deck:
    """The deck of one page: a slide for every sheet, in the order of the page.

    `pictures` are PNGs by the sheet's part; maps and heat maps are shown by them. `lacks` says of
    others why there is none.
    """
    return Deck(
        title=extract.title,
        subtitle="",
        lang=extract.lang,
        strip=strip,
        slides=slides_of(extract, pictures or {}, strip, lacks),
        about=tuple(one for one in extract.about if one[0] not in _elsewhere(extract.lang)),
    )


def _elsewhere(lang: str) -> tuple[str, str]:
    """Lines of an extract that a cover says otherwise: the title, and the page by its code."""
    return say(lang, "export.title"), say(lang, "export.address")


def slides_of(
    extract: Extract,
    pictures: Mapping[str, bytes],
    strip: Strip | None = None,
    lacks: Mapping[str, str] | None = None,
) -> tuple[Slide, ...]:
    """The slides of one page, for a deck that holds several."""
    return tuple(
        replace(
            _slide(one, pictures.get(one.part), notes_of(extract, one, strip)),
            lacks=(lacks or {}).get(one.part, ""),
            figures=not told_apart(one, extract),
        )
        for one in extract.sheets
    )


def _slide(sheet: Sheet, picture: bytes | None, notes: str) -> Slide:
    return Slide(
        title=sheet.title,
        subtitle=sheet.subtitle,
        kind=LOOKS.get(sheet.shape, Look.CHART),
        sheet=sheet,
        picture=picture,
        notes=notes,
        missing=sheet.missing,
        illustrative=sheet.illustrative,
    )
