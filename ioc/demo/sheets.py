"""What the imitated registers share: the day, dice for one entry, and rows handed out by pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from ioc.demo.answer import BOTH, Answer, Request, labelled
from ioc.demo.clock import day_of, month_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.domain.unit import Level

DIFFERENT = 3
"""Bodies whose register differs from the figures on purpose."""
_APART = 900

Row = dict[str, object]
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Dice:
    """The draws of one entry of one place: `numbers` name the register and the entry."""

    ledger: Ledger
    place: Place
    numbers: tuple[int, ...]

    def share(self, lane: int) -> float:
        """From 0 up to 1."""
        return self.ledger.model.chance(self.place, *self.numbers, lane)

    def happens(self, lane: int, likely: float) -> bool:
        """True as often as `likely` says."""
        return self.share(lane) < likely

    def whole(self, lane: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share(lane) * (high - low + 1))

    def pick(self, lane: int, choices: Sequence[Choice]) -> Choice:
        """One of the choices."""
        return choices[int(self.share(lane) * len(choices))]


def today(request: Request) -> date:
    """The day in Vietnam."""
    return day_of(request.minute)


def bodies(ledger: Ledger, request: Request) -> list[Place]:
    """The provinces and ministries of today."""
    month = month_of(request.minute)
    return [place for level in BOTH for place in ledger.places(level, month)]


def apart(
    ledger: Ledger, request: Request, register: int, levels: Sequence[Level] = BOTH
) -> set[int]:
    """The ids of the few bodies whose register deliberately tells something else than the figures:
    what the page of differences shows must be there to be seen."""
    month = month_of(request.minute)
    drawn = [
        (ledger.model.chance(place, register, _APART), place.id)
        for level in levels
        for place in ledger.places(level, month)
    ]
    return {place_id for _, place_id in sorted(drawn)[:DIFFERENT]}


def communes(ledger: Ledger, request: Request, province: Place) -> list[Place]:
    """The communes of a province today that are on the map."""
    every = ledger.places(Level.COMMUNE, month_of(request.minute))
    return [one for one in every if one.parent_id == province.id and one.spot is not None]


def sheet(request: Request, rows: Iterable[Row]) -> Answer:
    """One page of rows, from `offset` on."""
    every = list(rows)
    start = request.number("offset", 0, most=1_000_000)
    limit = request.number("limit", 500, least=1, most=2000)
    return labelled({"tong": len(every), "muc": every[start : start + limit]})


def vietnamese_day(day: date) -> str:
    """A day as papers write it: 30/10/2025."""
    return day.strftime("%d/%m/%Y")


def due_words(day: date, dice: Dice, lane: int) -> str:
    """A due date, mostly of a day and sometimes of a month or a quarter only."""
    drawn = dice.share(lane)
    if drawn < 0.72:
        return vietnamese_day(day)
    if drawn < 0.88:
        return day.strftime("%m/%Y")
    return f"Quý {('I', 'II', 'III', 'IV')[(day.month - 1) // 3]}/{day.year}"


def after(day: date, days: int) -> date:
    """So many days later, or earlier if negative."""
    return day + timedelta(days=days)
