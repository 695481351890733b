"""The first and the last slide: what the deck is, whether it is complete, where it comes from."""

from __future__ import annotations

from ioc.domain.messages import say
from ioc.exports.slides_deck import Deck
from ioc.exports.slides_notes import closing
from ioc.exports.slides_page import Stage, add_qr, describe, open_slide, paragraphs
from ioc.exports.slides_places import INCH, Box
from ioc.exports.slides_text import clean, fitted

TITLES = (38.0, 34.0, 30.0, 26.0, 22.0, 18.0, 14.0, 12.0)
LINES = (15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0)


def add_cover(stage: Stage, deck: Deck) -> None:
    """Title, unit, period, as-known moment, the mark, and how many parts there are of how many."""
    places = stage.layouts.cover
    notes = []
    if deck.strip is not None:
        notes = [*deck.strip.lines, *closing(deck.strip, deck.lang)]
    apart = places.subtitle != places.content
    slide = open_slide(
        stage,
        places,
        deck.title,
        deck.subtitle if apart else "",
        made_up=deck.illustrative,
        notes="\n".join(notes),
        sizes=TITLES,
    )
    box = places.content
    if not apart and deck.illustrative:
        box = box.without(above=round(0.4 * INCH))
    joined = [deck.subtitle] if deck.subtitle and not apart else []
    lines = [*joined, *(f"{name}: {words}" for name, words in _about(deck)), completeness(deck)]
    wide, high = box.points
    texts = [fitted(clean(one), wide, high / 2, LINES)[0] for one in lines if one]
    shape = paragraphs(slide, box, texts, deck.lang, LINES, name="IOC about")
    shape.text_frame.paragraphs[-1].runs[0].font.bold = True


def completeness(deck: Deck) -> str:
    """`Đầy đủ 10/10 phần`, or which parts are missing."""
    done, wanted = deck.counted
    missing = [clean(one.title) for one in deck.slides if one.missing]
    missing += [
        say(deck.lang, "slides.lacks_picture", title=clean(one.title))
        for one in deck.slides
        if one.lacks and not one.missing
    ]
    if done == wanted and not missing:
        return say(deck.lang, "slides.complete_cover", done=done, wanted=wanted)
    names = "; ".join(missing) or "–"
    return say(deck.lang, "slides.missing_cover", done=done, wanted=wanted, names=names)


def _about(deck: Deck) -> tuple[tuple[str, str], ...]:
    """The deck's own lines; a strip's as-known moment where they lack it."""
    if deck.strip is None:
        return deck.about
    label = say(deck.lang, "verify.strip_known_at")
    known = tuple((name, words) for name, words in deck.strip.about if name == label)
    return (*(one for one in deck.about if one[0] != label), *known)


def add_provenance(stage: Stage, deck: Deck) -> None:
    """The whole strip with a large QR code, after all other slides."""
    strip = deck.strip
    if strip is None:
        return
    slide = open_slide(
        stage,
        stage.layouts.content,
        say(deck.lang, "slides.provenance"),
        strip.title,
        made_up=deck.illustrative,
        notes="\n".join(strip.lines),
    )
    box = stage.layouts.content.content
    side = min(round(2.2 * INCH), box.w // 3)
    words = box.left(box.w - side - INCH // 3)
    wide, high = words.points
    lines = [*strip.lines, *([deck.remark] if deck.remark else [])]
    texts = [fitted(clean(one), wide, high / 3, (9.0,))[0] for one in lines]
    paragraphs(slide, words, texts, deck.lang, (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0),
               name="IOC strip")  # fmt: skip
    spot = box.right(side)
    add_qr(slide, stage, Box(spot.x, spot.y, side, side))
    below = Box(spot.x, spot.y + side + INCH // 10, side, INCH)
    shape = paragraphs(slide, below, [strip.invitation], deck.lang, (12.0, 11.0, 10.0, 9.0),
                       name="IOC invitation")  # fmt: skip
    describe(shape, strip.invitation)
