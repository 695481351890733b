"""What a periodic report is made of: its heading, its sections and what the annex tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ioc.domain.briefing import Heading
from ioc.exports.extract import Definition, Origin, Sheet
from ioc.exports.provenance import Strip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG) with the words under it; `missing` says why there is none."""

    title: str
    data: bytes | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered section: paragraphs, then pictures, then tables, then its own parts.

    Parts are numbered I, II; theirs 1, 2; and theirs a), b). `missing` says why there is nothing.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    missing: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A periodic report; `number` is that of the register of documents, empty until it is given.

    `title` is what it is about, under the word BÁO CÁO; `opening` stands before section I.
    """

    heading: Heading
    title: str
    period: str
    day: date
    lang: str
    parts: tuple[Part, ...]
    strip: Strip
    opening: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    origins: tuple[Origin, ...] = ()
    caveats: tuple[str, ...] = ()
    number: str = ""
