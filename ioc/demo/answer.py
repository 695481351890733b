"""What an imitated system is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from ioc.demo.clock import HISTORY, ORIGIN_YEAR, named
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.domain.unit import Level

LABEL = "du_lieu_minh_hoa"
"""Every answer carries this mark with the value true."""

BOTH = (Level.PROVINCE, Level.MINISTRY)
"""The levels most systems report for."""

_LEVELS = {
    "tinh": (Level.PROVINCE,),
    "bo": (Level.MINISTRY,),
    "don-vi": (Level.MINISTRY, Level.DEPARTMENT),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One question: query or body parts as texts, the minute it is asked, minutes since start."""

    parts: Mapping[str, str]
    minute: int
    uptime: int = 0

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10_000) -> int:
        """A whole number of the question, held between two limits; nonsense is the default."""
        try:
            given = int(self.parts.get(name, ""))
        except ValueError:
            given = default
        return max(least, min(most, given))

    def months(self, current: int) -> list[int]:
        """The months asked for, newest first: one (`ky` 2026-10, or `year` and `month`), all that
        may have changed since a moment (`tu`), or the last `so_ky`.

        No system keeps more than HISTORY months, so older ones are never in the answer.
        """
        oldest = current - HISTORY + 1
        asked = self.parts.get("ky") or f"{self.parts.get('year')}-{self.parts.get('month')}"
        one = _index(asked)
        if one is not None:
            return [one] if oldest <= one <= current else []
        span = self.number("so_ky", HISTORY, least=1, most=HISTORY)
        since = _index(self.parts.get("tu", "")[:7])
        first = current - span + 1 if since is None else max(oldest, since - 1)
        return list(range(current, first - 1, -1))

    def quarters(self, current: int) -> list[int]:
        """The last months of the quarters asked for, newest first: `ky` (2026-Q3) or `so_ky`."""
        newest = current // 3 * 3 + 2
        year, _, number = self.parts.get("ky", "").partition("-Q")
        if year.isdigit() and number.isdigit():
            one = (int(year) - ORIGIN_YEAR) * 12 + int(number) * 3 - 1
            return [one] if newest - HISTORY < one <= newest else []
        span = self.number("so_ky", HISTORY // 3, least=1, most=HISTORY // 3)
        return [newest - 3 * step for step in range(span)]

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels asked for by `cap`: tinh, bo, don-vi (with the ministries), or tinh and bo."""
        return _LEVELS.get(self.parts.get("cap", ""), BOTH)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire; `wait` is how many seconds the system thinks first."""

    body: bytes
    media: str = "application/json; charset=utf-8"
    status: int = 200
    wait: float = 0.0


System = Callable[[Ledger, Request], Answer]
"""An imitated system: its whole answer follows from the ledger and the request."""


def labelled(content: Mapping[str, object], *, wait: float = 0.0) -> Answer:
    """A JSON answer that says it is illustrative."""
    return Answer(orjson.dumps({LABEL: True, **content}), wait=wait)


def every(
    ledger: Ledger, months: Sequence[int], levels: Sequence[Level]
) -> list[tuple[int, Place]]:
    """Every place of the levels in every month, in the order of the months."""
    return [
        (month, place)
        for month in months
        for level in levels
        for place in ledger.places(level, month)
    ]


def month_text(month: int) -> str:
    """A month as 2026-10."""
    year, number = named(month)
    return f"{year}-{number:02d}"


def system_of(place: Place) -> str:
    """Which list the place's code stands in: the statistics office's, or the ministries'."""
    return "local" if place.level in _LEVELS["don-vi"] else "nso"


def quarter_text(month: int) -> str:
    """The quarter a month lies in as 2026-Q3."""
    year, number = named(month)
    return f"{year}-Q{(number + 2) // 3}"


def _index(text: str) -> int | None:
    year, _, number = text.partition("-")
    if not (year.isdigit() and number.isdigit()):
        return None
    return (int(year) - ORIGIN_YEAR) * 12 + int(number) - 1
