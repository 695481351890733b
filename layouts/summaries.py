"""Charts in one or two sentences, made from the answer: what an eye would take from the picture.

Each function gives plain text for who cannot see the chart: coverage first, then the ends, the
direction and what is missing. `layouts.cards` makes it the chart's accessible name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.words import (
    change_words,
    date_words,
    figure_words,
    list_words,
    number,
    period_words,
    status_words,
)
from ioc.queries.answers import Cell, Matrix, Point, Series
from layouts.goals import goal_words

NAMED = 4
"""So many units without a figure are named; of more only their number is said."""


def places(cells: Sequence[Cell], lang: str) -> str:
    """A map, a ranking or points: how many have a figure, both ends, statuses, who is missing.

    `cells` are best first, as the queries give them.
    """
    known = [cell for cell in cells if cell.figure.value is not None]
    if not known:
        return say(lang, "design.no_chart")
    said = [say(lang, "design.places", known=number(len(known), lang), all=_all(cells, lang))]
    first, last = known[0], known[-1]
    if first is last:
        said.append(
            say(lang, "design.only", first=first.unit.name, first_figure=_figure(first, lang))
        )
    else:
        named = {"first": first.unit.name, "last": last.unit.name}
        ends = {"first_figure": _figure(first, lang), "last_figure": _figure(last, lang)}
        said.append(say(lang, "design.ends", **named, **ends))
    said += _judged(known, lang)
    said += _silent([cell for cell in cells if cell.figure.value is None], lang)
    return " ".join(said)


def trend(series: Series, lang: str, *, former: Sequence[Series] = ()) -> str:
    """A line: how many periods, the newest, the way it went, its ends, target and breaks."""
    known = [point for point in series.points if point.figure.value is not None]
    if not known:
        return say(lang, "design.no_chart")
    of, first, last = series.indicator, known[0], known[-1]
    when = {
        "first": period_words(series.points[0].period, lang),
        "last": period_words(series.points[-1].period, lang),
    }
    all_of = number(len(series.points), lang)
    said = [say(lang, "design.periods", known=number(len(known), lang), all=all_of, **when)]
    newest = figure_words(of, last.figure, lang, with_unit=True)
    said.append(say(lang, "design.newest", figure=newest, period=period_words(last.period, lang)))
    if len(known) > 1:
        said += [_way(of, first, last, lang), _peak(of, known, lang)]
    if last.target is not None:
        goal = say(lang, "screen.target", value=goal_words(of, last.target, lang))
        said.append(say(lang, "design.target_line", target=goal))
    if series.breaks:
        days = [
            say(lang, f"screen.event_{one.kind}_on", day=date_words(one.day, lang))
            for one in series.breaks
        ]
        said.append(say(lang, "design.breaks", events=list_words(days, lang)))
    if former:
        names = list_words([one.unit.name for one in former], lang)
        said.append(say(lang, "design.former", units=names))
    return " ".join(said)


def matrix(of: Matrix, lang: str) -> str:
    """The heat map: its size, how many cells stand where, and the unit with most at risk."""
    units, indicators = number(len(of.units), lang), number(len(of.indicators), lang)
    said = [say(lang, "design.matrix", units=units, indicators=indicators)]
    cells = list(of.cells.values())
    counts = _counts(cells, lang)
    empty = sum(cell.figure.value is None for cell in cells)
    if empty:
        counts.append(say(lang, "design.cells_missing", count=number(empty, lang)))
    if counts:
        listed = list_words(counts, lang)
        said.append(say(lang, "design.cells", all=_all(cells, lang), counts=listed))
    risky = Counter(cell.unit.name for cell in cells if cell.status is Status.AT_RISK)
    for unit, count in risky.most_common(1):
        said.append(say(lang, "design.worst", unit=unit, count=number(count, lang)))
    return " ".join(said)


def parts(rows: Iterable[tuple[str, Cell]], lang: str) -> str:
    """A breakdown: every part by name with its figure."""
    listed = [
        say(lang, "design.part", name=name, figure=_figure(cell, lang)) for name, cell in rows
    ]
    if not listed:
        return say(lang, "design.no_chart")
    return say(lang, "design.parts", parts=list_words(listed, lang))


def spark(of: Indicator, points: Sequence[Point], lang: str) -> str:
    """The small trend of a tile: from where to where."""
    known = [point for point in points if point.figure.value is not None]
    first, last = known[0], known[-1]
    ends = {
        "first": figure_words(of, first.figure, lang),
        "last": figure_words(of, last.figure, lang),
    }
    way = _direction(_change(first, last))
    return say(lang, f"design.spark_{way}", periods=number(len(points), lang), **ends)


def _all(items: Sequence[object], lang: str) -> str:
    return number(len(items), lang)


def _figure(cell: Cell, lang: str) -> str:
    return figure_words(cell.indicator, cell.figure, lang, with_unit=True)


def _counts(cells: Sequence[Cell], lang: str) -> list[str]:
    """How many cells with a value stand at each status that occurs."""
    found = Counter(cell.status for cell in cells if cell.figure.value is not None)
    return [
        say(
            lang,
            "design.status_count",
            count=number(found[one], lang),
            status=status_words(one, lang),
        )
        for one in Status
        if found[one]
    ]


def _judged(known: Sequence[Cell], lang: str) -> list[str]:
    if all(cell.status is Status.NOT_JUDGED for cell in known):
        return []
    return [say(lang, "design.statuses", counts=list_words(_counts(known, lang), lang))]


def _silent(cells: Sequence[Cell], lang: str) -> list[str]:
    if not cells:
        return []
    names = [cell.unit.name for cell in cells]
    if len(names) <= NAMED + 1:
        return [say(lang, "design.silent", units=list_words(names, lang))]
    rest = number(len(names) - NAMED, lang)
    return [say(lang, "design.silent_many", units=", ".join(names[:NAMED]), count=rest)]


def _change(first: Point, last: Point) -> Fraction:
    assert first.figure.value is not None
    assert last.figure.value is not None
    return last.figure.value - first.figure.value


def _direction(change: Fraction) -> str:
    return "level" if change == 0 else "up" if change > 0 else "down"


def _way(of: Indicator, first: Point, last: Point, lang: str) -> str:
    change = _change(first, last)
    words = change_words(of, abs(change), lang).lstrip("+")
    when = period_words(first.period, lang)
    return say(lang, f"design.{_direction(change)}", change=words, period=when)


def _peak(of: Indicator, known: Sequence[Point], lang: str) -> str:
    most = max(known, key=lambda point: point.figure.value or 0)
    least = min(known, key=lambda point: point.figure.value or 0)
    return say(
        lang,
        "design.peak",
        most=figure_words(of, most.figure, lang),
        when_most=period_words(most.period, lang),
        least=figure_words(of, least.figure, lang),
        when_least=period_words(least.period, lang),
    )
