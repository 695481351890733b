"""The forms a file can have, and how large a picture or a page of it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """A kind of file; its value is also the file's extension."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"
    PPTX = "pptx"
    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"

    @property
    def drawn(self) -> bool:
        """Whether a browser has to draw it."""
        return self in (Form.PNG, Form.SVG, Form.PDF)


MIME = {
    Form.PNG: "image/png",
    Form.SVG: "image/svg+xml",
    Form.PDF: "application/pdf",
    Form.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in CSS pixels (96 to the inch).

    On `paper` pages are laid out by assets/print.css, `zoom` times as large as on the screen:
    text of 13 px becomes 7.3 points on A4. `layout` is the viewport that this needs.
    """

    width: int
    height: int
    zoom: float = 1.0
    paper: bool = False

    @property
    def layout(self) -> tuple[int, int]:
        """Width and height in CSS pixels at which the page is laid out before it is zoomed."""
        return round(self.width / self.zoom), round(self.height / self.zoom)


SIZES = {
    "screen": Size(1440, 900),
    "slide": Size(1280, 720),
    "half": Size(640, 720),
    "a4": Size(794, 1123, zoom=0.75, paper=True),
    "a4-landscape": Size(1123, 794, zoom=0.75, paper=True),
    "a3": Size(1123, 1587, zoom=0.85, paper=True),
    "a3-landscape": Size(1587, 1123, zoom=0.85, paper=True),
    "wall": Size(1920, 1080),
}
SCALES = {"1": 1.0, "2": 2.0, "print": 300 / 96}
"""How many pixels of the picture one CSS pixel has; `print` is 300 dots an inch."""


@dataclass(frozen=True, slots=True)
class Options:
    """How it is drawn: names of SIZES and SCALES, the ground, and one `part` or the whole page."""

    size: str = "screen"
    scale: str = "2"
    transparent: bool = False
    part: str | None = None
