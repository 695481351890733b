"""The built-in template of slides, made by code: sober, 16:9, navy on white.

Arial: every Office on Windows and macOS has it with all Vietnamese letters. LibreOffice on Linux
puts Liberation Sans in its place, of the same widths, and another typeface for letters that lacks.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from ioc.exports.slides_places import (
    ABOUT,
    BODY,
    CODE,
    CONTENT,
    COVER,
    FOOT,
    INCH,
    QR,
    SECTION,
    SUBTITLE,
)

FONT = "Arial"
WIDE, HIGH = 13.333, 7.5
COLOURS = {
    "dk1": "14202E", "lt1": "FFFFFF", "dk2": "0F2F57", "lt2": "F3F5F8",
    "accent1": "17559C", "accent2": "8A5A00", "accent3": "0F6B49", "accent4": "7A3F9D",
    "accent5": "0B6F86", "accent6": "9C4668", "hlink": "17559C", "folHlink": "4A5A6C",
}  # fmt: skip
"""The colours of the desk (assets/tokens.css), by their names in a theme."""
GOLD, LINE, SOFT, PALE = "F7C948", "C6D0DB", "4A5A6C", "B9CBE2"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(frozen=True, slots=True)
class Hole:
    """A placeholder: its kind and number in the file, name, box in inches, and text."""

    kind: str
    idx: int
    name: str
    box: tuple[float, float, float, float]
    size: float = 12
    bold: bool = False
    colour: str = "tx1"
    align: str = "l"
    anchor: str = "t"
    master: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A filled rectangle that stands still on a layout; box in inches."""

    name: str
    box: tuple[float, float, float, float]
    colour: str


NUMBER = Hole("sldNum", 12, "IOC number", (12.33, 6.86, 0.5, 0.4), 11, colour=SOFT, align="r",
              anchor="ctr")  # fmt: skip
MASTER = (
    Hole("title", 0, "Title", (0.5, 0.3, 12.33, 0.86), 26, True, "tx2", anchor="b", master=True),
    Hole("body", 1, "Text", (0.5, 1.78, 12.33, 4.78), 18, master=True),
    Hole("ftr", 3, "Footer", (0.5, 6.78, 9.1, 0.56), 9, colour=SOFT, anchor="ctr", master=True),
    Hole("sldNum", 4, "Number", NUMBER.box, 11, colour=SOFT, align="r", anchor="ctr", master=True),
)
LAYOUTS: tuple[tuple[str, str, tuple[Band | Hole, ...]], ...] = (
    (
        COVER,
        "title",
        (
            Band("Ground", (0, 0, WIDE, 3.9), "tx2"),
            Band("Rule", (0, 3.9, WIDE, 0.07), GOLD),
            Hole("ctrTitle", 0, "Title", (0.75, 0.95, 11.83, 1.9), 38, True, "bg1", anchor="b"),
            Hole("subTitle", 1, SUBTITLE, (0.75, 2.95, 11.83, 0.7), 18, colour="bg1"),
            Hole("body", 13, ABOUT, (0.75, 4.2, 9.2, 2.6), 15),
            Hole("body", 14, CODE, (10.2, 6.32, 2.63, 0.66), 11, colour=SOFT, align="ctr"),
            Hole("pic", 15, QR, (10.62, 4.42, 1.8, 1.8)),
            Hole("body", 16, FOOT, (0.75, 6.88, 9.2, 0.44), 9, colour=SOFT, anchor="ctr"),
        ),
    ),
    (
        CONTENT,
        "obj",
        (
            Band("Edge", (0, 0, WIDE, 0.12), "tx2"),
            Band("Rule", (0.5, 1.22, 12.33, 0.025), GOLD),
            Band("Line", (0.5, 6.68, 12.33, 0.012), LINE),
            Hole("title", 0, "Title", MASTER[0].box, 26, True, "tx2", anchor="b"),
            Hole("body", 13, SUBTITLE, (0.5, 1.28, 12.33, 0.44), 14, colour=SOFT, anchor="ctr"),
            Hole("obj", 1, BODY, (0.5, 1.78, 12.33, 4.78), 18),
            Hole("body", 14, FOOT, (0.5, 6.74, 8.9, 0.62), 9, colour=SOFT, anchor="ctr"),
            Hole("body", 15, CODE, (9.45, 6.74, 2.15, 0.62), 9, colour=SOFT, align="r",
                 anchor="ctr"),
            Hole("pic", 16, QR, (11.68, 6.73, 0.64, 0.64)),
            NUMBER,
        ),
    ),
    (
        SECTION,
        "secHead",
        (
            Band("Ground", (0, 0, WIDE, HIGH), "tx2"),
            Band("Rule", (0.75, 3.95, 2.4, 0.06), GOLD),
            Hole("title", 0, "Title", (0.75, 1.7, 11.83, 2.1), 34, True, "bg1", anchor="b"),
            Hole("body", 13, SUBTITLE, (0.75, 4.15, 11.83, 1.6), 18, colour="bg1"),
            Hole("body", 14, FOOT, (0.75, 6.74, 8.65, 0.62), 9, colour=PALE, anchor="ctr"),
            Hole("body", 15, CODE, (9.45, 6.74, 2.15, 0.62), 9, colour=PALE, align="r",
                 anchor="ctr"),
            Hole("pic", 16, QR, (11.68, 6.73, 0.64, 0.64)),
        ),
    ),
)  # fmt: skip


def builtin() -> bytes:
    """The template as a PPTX without slides, also for a customer to begin from."""
    from pptx import Presentation  # heavy; only when slides are made
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    deck.part._element.find(f"{P}sldSz").attrib.pop("type", None)  # it says 4:3
    master = deck.slide_master
    for layout in list(deck.slide_layouts)[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    _refill(master._element.cSld.spTree, MASTER)
    for layout, (name, kind, parts) in zip(deck.slide_layouts, LAYOUTS, strict=True):
        layout._element.cSld.set("name", name)
        layout._element.set("type", kind)
        layout._element.set("preserve", "1")
        _refill(layout._element.cSld.spTree, parts)
    _theme(master)
    deck.core_properties.title = "IOC"
    deck.core_properties.author = "IOC"
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _refill(tree: Any, parts: tuple[Band | Hole, ...]) -> None:
    from pptx.oxml import parse_xml

    for old in list(tree)[2:]:  # the first two describe the group itself
        tree.remove(old)
    for at, part in enumerate(parts, 2):
        text = _band(part, at) if isinstance(part, Band) else _hole(part, at)
        tree.append(parse_xml(text))


def _frame(box: tuple[float, float, float, float]) -> str:
    x, y, w, h = (round(one * INCH) for one in box)
    return (
        f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    )


def _fill(colour: str) -> str:
    known = colour[:2] in ("tx", "bg") or colour.startswith("accent")
    kind = "schemeClr" if known else "srgbClr"
    return f'<a:solidFill><a:{kind} val="{colour}"/></a:solidFill>'


def _band(band: Band, at: int) -> str:
    return (
        f'<p:sp {_NAMES}><p:nvSpPr><p:cNvPr id="{at}" name={quoteattr(band.name)}/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{_frame(band.box)}{_fill(band.colour)}'
        "<a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>"
        '<a:p><a:endParaRPr lang="vi-VN"/></a:p></p:txBody></p:sp>'
    )


def _hole(hole: Hole, at: int) -> str:
    half = ' sz="quarter"' if hole.kind in ("ftr", "sldNum") else ""
    idx = f' idx="{hole.idx}"' if hole.idx else ""
    kind = "" if hole.kind == "obj" else f' type="{hole.kind}"'
    level = (
        f'<a:lvl1pPr marL="0" indent="0" algn="{hole.align}"><a:buNone/>'
        f'<a:defRPr sz="{round(hole.size * 100)}" b="{int(hole.bold)}">{_fill(hole.colour)}'
        "</a:defRPr></a:lvl1pPr>"
    )
    words = (
        '<a:fld id="{5BCAD085-E8A6-8845-BD4E-CB4CCA059FC4}" type="slidenum">'
        '<a:rPr lang="vi-VN"/><a:t>‹#›</a:t></a:fld>'
        if hole.kind == "sldNum"
        else f'<a:r><a:rPr lang="vi-VN"/><a:t>{hole.name}</a:t></a:r>'
    )
    return (
        f'<p:sp {_NAMES}><p:nvSpPr><p:cNvPr id="{at}" name={quoteattr(hole.name)}/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph{kind}{half}{idx}/></p:nvPr>'
        f"</p:nvSpPr><p:spPr>{_frame(hole.box)}</p:spPr><p:txBody>"
        f'<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{hole.anchor}">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle>{level}</a:lstStyle>"
        f'<a:p>{words}<a:endParaRPr lang="vi-VN"/></a:p></p:txBody></p:sp>'
    )


def _theme(master: Any) -> None:
    """The theme's colours and fonts; its part is kept as bytes by the library."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.oxml import serialize_part_xml
    from pptx.oxml import parse_xml

    part: Any = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root: Any = parse_xml(part.blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    root.set("name", "IOC")
    for name, colour in COLOURS.items():
        slot = root.find(f".//a:clrScheme/a:{name}", space)
        for old in list(slot):
            slot.remove(old)
        slot.append(parse_xml(f'<a:srgbClr xmlns:a="{space["a"]}" val="{colour}"/>'))
    for group in root.findall(".//a:fontScheme/*", space):
        for other in group.findall("a:font", space):
            group.remove(other)
        group.find("a:latin", space).set("typeface", FONT)
    part._blob = serialize_part_xml(root)
