"""What a bound briefing is made of: its sheaves of pages, and what its cover tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ioc.domain.briefing import Heading
from ioc.exports.provenance import Strip
from ioc.exports.report_parts import Part


@dataclass(frozen=True, slots=True)
class Sheaf:
    """One section: `pages` as drawn, or a `part` of text and tables; else why it is `missing`.

    `lacks` says what of its pages could not be drawn.
    """

    title: str
    pages: bytes | None = None
    part: Part | None = None
    missing: str = ""
    lacks: str = ""

    @property
    def absent(self) -> str:
        """Why the section has nothing to show; empty for one that has."""
        if self.pages is not None:
            return ""
        return self.part.missing if self.part is not None else self.missing


@dataclass(frozen=True, slots=True)
class Binder:
    """A briefing to be bound; `late` says in sentences which data were not there in time.

    `size` is the name of a size of paper (`a4`, `a4-landscape`, `a3`, `a3-landscape`) for what is
    laid out here; drawn sections keep their own.
    """

    title: str
    unit: str
    period: str
    lang: str
    heading: Heading
    day: date
    strip: Strip
    sheaves: tuple[Sheaf, ...]
    late: tuple[str, ...] = ()
    size: str = "a4"
