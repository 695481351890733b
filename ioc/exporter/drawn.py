"""What a drawing comes to: the file, its charts, and the limits it was held to."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.domain.messages import say


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost, and when the browser is changed for a fresh one.

    `seconds` for one picture from asking to the file, `megabytes` of memory of all processes
    together, `start` seconds until a browser is there, `pictures` until it is recycled, `settle`
    seconds that a page has to become whole before what is missing is named.
    """

    seconds: float = 60.0
    megabytes: int = 1500
    start: float = 30.0
    pictures: int = 200
    settle: float = 40.0


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart or part of the page: `name` is its part, `reason` says why it is not right.

    `reason` is the code of a sentence of drawing.yaml, empty for a chart that is right; `detail`
    is what the browser said, for the log.
    """

    name: str
    ok: bool
    reason: str = ""
    title: str = ""
    detail: str = ""

    def words(self, lang: str) -> str:
        """Why it is not right, for people; empty when it is."""
        return say(lang, f"drawing.chart_{self.reason}", chart=self.title) if self.reason else ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A checked file: `width` and `height` in pixels of a PNG, in CSS pixels of SVG and PDF.

    `pixels` is the hash of what is seen (PNG only), `refused` are the addresses outside the
    product that the page asked for and did not get, `pages` those of a PDF.
    """

    data: bytes
    width: int
    height: int
    charts: tuple[Chart, ...] = ()
    pixels: str = ""
    refused: tuple[str, ...] = ()
    pages: int = 1

    @property
    def complete(self) -> bool:
        """Whether every chart is right; only then may the file be called complete."""
        return all(one.ok for one in self.charts)

    @property
    def broken(self) -> tuple[Chart, ...]:
        """The charts that are not right; their places in the file say so."""
        return tuple(one for one in self.charts if not one.ok)
