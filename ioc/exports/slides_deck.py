"""What a set of slides says, before a template gives it its looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ioc.exports.extract import Sheet

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip


class Look(StrEnum):
    """What fills a slide under its title."""

    CHART = "chart"  # the sheet as a native chart, after its shape
    TABLE = "table"  # the sheet as a native table, over as many slides as it takes
    PICTURE = "picture"  # the picture, and the sheet as a table on the slides after it
    TEXT = "text"  # paragraphs, one a line of `text`
    SECTION = "section"  # a chapter's title alone


@dataclass(frozen=True, slots=True)
class Slide:
    """One part of a deck; a long one takes several slides of the file.

    `missing` is the sentence that says why the part is not there; the slide then says only that.
    `picture` is a PNG; `lacks` says why it could not be drawn, and its figures follow as tables
    where `figures`. `notes` are for the speaker. `kind` TEXT shows `text`; elsewhere `text`
    is a remark under the content.
    """

    title: str
    subtitle: str = ""
    kind: Look = Look.CHART
    sheet: Sheet | None = None
    picture: bytes | None = None
    notes: str = ""
    missing: str = ""
    text: str = ""
    illustrative: bool = False
    figures: bool = True
    lacks: str = ""

    @property
    def made_up(self) -> bool:
        """Whether it shows illustrative figures."""
        return self.illustrative or (self.sheet is not None and self.sheet.illustrative)


@dataclass(frozen=True, slots=True)
class Deck:
    """A set of slides; the cover is made from its title, its lines `about` and what is missing.

    `about` are (name, words): unit, period, as-known moment. `strip` says where it comes from and
    holds the verification code; without one (a preview) the foot has neither code nor QR.
    `remark` is said there too. `parts` is how many parts there are and were wanted, counted from
    `slides` when None.
    """

    title: str
    subtitle: str
    lang: str
    strip: Strip | None
    slides: tuple[Slide, ...]
    about: tuple[tuple[str, str], ...] = ()
    parts: tuple[int, int] | None = None
    remark: str = ""

    @property
    def illustrative(self) -> bool:
        """Whether any slide shows illustrative figures."""
        return any(one.made_up for one in self.slides)

    @property
    def counted(self) -> tuple[int, int]:
        """How many parts are there, and how many were wanted; chapters are not parts."""
        if self.parts is not None:
            return self.parts
        wanted = [one for one in self.slides if one.kind is not Look.SECTION]
        return sum(not one.missing and not one.lacks for one in wanted), len(wanted)
