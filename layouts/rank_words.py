"""Places in a ranking in words: ties, of how many, who is silent, and how far chance reaches."""

from __future__ import annotations

from ioc.domain.indicator import Indicator
from ioc.domain.interval import Interval
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.ranking import Place
from ioc.queries.answers import Cell


def short(place: Place | None) -> str:
    """`12`, `=3` for a tie; nothing for who is not ranked."""
    if place is None:
        return ""
    return f"={place.rank}" if place.tied else str(place.rank)


def rank(place: Place, lang: str) -> str:
    """`hạng =3 trên 34 (2 chưa báo cáo)`."""
    given = {"rank": short(place), "count": number(place.ranked, lang)}
    if place.silent:
        return say(lang, "pace.rank_silent", silent=number(place.silent, lang), **given)
    return say(lang, "pace.rank", **given)


def few(cell: Cell) -> Interval | None:
    """The interval of a cell whose cases are so few that it must be told."""
    its = cell.place.interval if cell.place else None
    return its if its is not None and its.small else None


def between(of: Indicator, its: Interval, lang: str) -> str:
    """`khoảng 41% đến 78%, vì chỉ có 12 hồ sơ`."""
    counted = (of.counted or of.unit_of_measure).say(lang)
    low, high = (percent(one, lang, 0) for one in (its.low, its.high))
    return say(lang, "pace.rank_range", low=low, high=high, cases=its.cases, counted=counted)


def span(its: Interval, lang: str) -> str:
    """`41%–78%`: for the cells of tables."""
    return f"{percent(its.low, lang, 0)}–{percent(its.high, lang, 0)}"


def alike(place: Place, lang: str) -> str:
    """`≈ hạng 3–40`: the ranks from which chance alone may separate it; else nothing."""
    if place.like is None:
        return ""
    first, last = place.like
    return say(lang, "pace.alike_short", first=first, last=last)


def told(cell: Cell, lang: str) -> list[str]:
    """Everything there is to say of a cell's place, a sentence each."""
    place = cell.place
    if place is None or not place.ranked:
        return []
    said = [rank(place, lang)]
    its = few(cell)
    if its is not None:
        said.append(between(cell.indicator, its, lang))
    if place.like is not None:
        first, last = place.like
        said.append(say(lang, "pace.rank_alike", first=first, last=last))
    return said
