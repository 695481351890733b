"""Where things stand on a slide: rectangles, and the three layouts a template must offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ioc.errors import TemplateError
from ioc.exports.slides_text import POINTS

INCH = 914_400
COVER, CONTENT, SECTION = "IOC cover", "IOC content", "IOC section"
"""Names of layouts; a template without them is searched by the kinds of its placeholders."""
SUBTITLE, BODY, FOOT, CODE, QR, ABOUT = (
    "IOC subtitle",
    "IOC content",
    "IOC foot",
    "IOC code",
    "IOC QR",
    "IOC about",
)
"""Names of placeholders; those that a template lacks are cut from the box of its content."""
LEAST_WIDE, LEAST_HIGH = 0.5, 0.4
"""The share of a slide that the content's box must have at least."""
_CONTENTS = ("obj", "body", "chart", "tbl", "pic", "half")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in English Metric Units."""

    x: int
    y: int
    w: int
    h: int

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.w / POINTS, self.h / POINTS

    def top(self, height: int) -> Box:
        """The slice of this height at the top."""
        return Box(self.x, self.y, self.w, min(height, self.h))

    def without(self, above: int = 0, below: int = 0) -> Box:
        """What remains after slices of these heights are cut off."""
        return Box(self.x, self.y + above, self.w, max(1, self.h - above - below))

    def bottom(self, height: int) -> Box:
        """The slice of this height at the bottom."""
        return Box(self.x, self.y + self.h - height, self.w, height)

    def left(self, width: int) -> Box:
        """The slice of this width at the left."""
        return Box(self.x, self.y, min(width, self.w), self.h)

    def right(self, width: int) -> Box:
        """The slice of this width at the right."""
        return Box(self.x + self.w - width, self.y, width, self.h)


@dataclass(frozen=True, slots=True)
class Places:
    """A layout and where each thing goes on its slides; `number` is the layout's own number."""

    layout: Any
    title: Box
    subtitle: Box
    content: Box
    foot: Box
    code: Box
    qr: Box
    number: Any


@dataclass(frozen=True, slots=True)
class Layouts:
    """The three layouts of a template."""

    cover: Places
    content: Places
    section: Places


def layouts_of(deck: Any) -> Layouts:
    """Find the layouts in a presentation.

    Raises TemplateError that names everything that is missing and what the file has.
    """
    layouts = [one for master in deck.slide_masters for one in master.slide_layouts]
    missing = []
    cover = _chosen(layouts, COVER, ("title",), lambda one: "ctrTitle" in _kinds(one))
    content = _chosen(layouts, CONTENT, ("obj",), lambda one: _body(one) is not None)
    section = _chosen(layouts, SECTION, ("secHead",), lambda one: False) or cover
    if cover is None:
        missing.append(f"layout '{COVER}' (type title, ctrTitle)")
    elif _title(cover) is None:
        missing.append(f"title in '{cover.name}'")
    if content is None:
        missing.append(f"layout '{CONTENT}' (type obj, title + content)")
    else:
        missing += _lacking(deck, content)
    if missing or cover is None or content is None:
        raise TemplateError(
            "slide template: missing " + "; ".join(missing),
            code="slides_template",
            missing="; ".join(missing),
            found=", ".join(f"'{one.name}'" for one in layouts) or "–",
        )
    return Layouts(_cover(deck, cover), _content(deck, content), _cover(deck, section))


def _lacking(deck: Any, layout: Any) -> list[str]:
    lacking = []
    if _title(layout) is None:
        lacking.append(f"title in '{layout.name}'")
    body = _body(layout)
    if body is None:
        lacking.append(f"content in '{layout.name}'")
    elif body.width < LEAST_WIDE * deck.slide_width or body.height < LEAST_HIGH * deck.slide_height:
        lacking.append(f"content in '{layout.name}' ≥ {LEAST_WIDE:.0%} × {LEAST_HIGH:.0%}")
    return lacking


def _chosen(layouts: list[Any], name: str, kinds: tuple[str, ...], fits: Any) -> Any:
    """By our name, then by the kind the file declares, then by what placeholders it has."""
    for one in layouts:
        if one.name.strip().casefold() == name.casefold():
            return one
    for one in layouts:
        if one._element.get("type") in kinds and _title(one) is not None:
            return one
    return next((one for one in layouts if _title(one) is not None and fits(one)), None)


def kind_of(shape: Any) -> str:
    """The kind of a placeholder as the file names it; `obj` where it names none."""
    return str(shape._element.ph.get("type") or "obj")


def _kinds(layout: Any) -> list[str]:
    return [kind_of(one) for one in layout.placeholders]


def _title(layout: Any) -> Any:
    return next((one for one in _upright(layout) if kind_of(one) in ("title", "ctrTitle")), None)


def _upright(layout: Any) -> list[Any]:
    """The placeholders whose text is not turned."""
    return [one for one in layout.placeholders if one._element.ph.get("orient") != "vert"]


def _named(layout: Any, name: str) -> Any:
    wanted = name.casefold()
    return next((one for one in layout.placeholders if one.name.casefold() == wanted), None)


def _body(layout: Any) -> Any:
    """The content's placeholder: the one of our name, else the largest that can hold it."""
    named = _named(layout, BODY)
    if named is not None:
        return named
    boxes = [one for one in _upright(layout) if kind_of(one) in _CONTENTS]
    return max(boxes, key=lambda one: one.width * one.height, default=None)


def box_of(shape: Any) -> Box:
    """Where a shape stands; a layout's placeholder inherits from its master."""
    return Box(shape.left, shape.top, shape.width, shape.height)


def _content(deck: Any, layout: Any) -> Places:
    named = {name: _named(layout, name) for name in (SUBTITLE, FOOT, CODE, QR)}
    box = box_of(_body(layout))
    line, band = round(0.42 * INCH), round(0.62 * INCH)
    if named[SUBTITLE] is None:
        subtitle, box = box.top(line), box.without(above=line + INCH // 16)
    else:
        subtitle = box_of(named[SUBTITLE])
    if named[FOOT] is None or named[QR] is None:
        foot, box = box.bottom(band), box.without(below=band + INCH // 10)
    else:
        foot = box_of(named[FOOT])
    rest = _foot(foot, named)
    return Places(layout, box_of(_title(layout)), subtitle, box, *rest, _number(layout))


def _foot(foot: Box, named: dict[str, Any]) -> tuple[Box, Box, Box]:
    """The boxes of the strip's words, of the code and of the QR code."""
    if named[FOOT] is not None and named[QR] is not None:
        qr = box_of(named[QR])
        code = box_of(named[CODE]) if named[CODE] is not None else foot.right(round(1.9 * INCH))
        words = foot if named[CODE] is not None else foot.left(foot.w - code.w)
        return words, code, qr
    qr = foot.right(foot.h)
    rest = foot.left(foot.w - foot.h)
    code = rest.right(round(1.7 * INCH))
    return rest.left(rest.w - code.w), code, qr


def _cover(deck: Any, layout: Any) -> Places:
    """The cover's lines go to our `about`, else into its subtitle or text after the subtitle."""
    title = box_of(_title(layout))
    own = _named(layout, ABOUT)
    line = _named(layout, SUBTITLE) or next(
        (one for one in layout.placeholders if kind_of(one) in ("subTitle", "body", "obj")), None
    )
    width, height = deck.slide_width, deck.slide_height
    edge = title.y + title.h + INCH // 8
    under = Box(title.x, edge, title.w, max(INCH, height - edge - INCH))
    subtitle = box_of(line) if line is not None else under
    named = {name: _named(layout, name) for name in (FOOT, CODE, QR)}
    margin, band = INCH * 2 // 5, round(0.8 * INCH)
    bottom = Box(margin, height - band - INCH // 4, width - 2 * margin, band)
    foot = bottom if named[FOOT] is None else box_of(named[FOOT])
    below = title.y < subtitle.y
    room = max(subtitle.h, foot.y - subtitle.y - INCH // 8) if below else subtitle.h
    subtitle = subtitle if own is not None else Box(subtitle.x, subtitle.y, subtitle.w, room)
    lines = box_of(own) if own is not None else subtitle
    return Places(layout, title, subtitle, lines, *_foot(foot, named), _number(layout))


def _number(layout: Any) -> Any:
    return next((one for one in layout.placeholders if kind_of(one) == "sldNum"), None)


def unused(slide: Any, keep: tuple[Any, ...]) -> Iterator[Any]:
    """The placeholders of a slide that nothing was put into."""
    kept = [one._element for one in keep]
    return (one for one in slide.placeholders if one._element not in kept)
