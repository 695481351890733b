"""The words on a trend: its events, its target, former units, and what is not complete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ioc.domain.measure import Restated
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.domain.words import coverage_words, date_words, figure_words, period_words
from ioc.queries.answers import Break, Point, Series
from layouts.figures.marks import height
from layouts.figures.places import Place, Room, Spot
from layouts.goals import alone, goal_words
from layouts.theme import Figure, escape, note, palette, text_size

_APART, _APART_ON_WALL = 0.3, 0.55
"""Share of the chart that an event's words need beside its line."""
_STEPS = 24
"""Parts of an event's line that words may not stand on."""
_BESIDE = 0.15
"""Share of the chart's width that is free beside it, for the axis and the last value."""
_WIDE, _WIDE_ON_WALL = 0.42, 0.5
"""Share of the chart that the words of one event take: on the desk that of a phone."""


def notes(
    series: Series, former: Sequence[Series], span: tuple[float, float], view: View
) -> list[Figure]:
    """All words of a trend whose values run over `span`; those that matter most choose first."""
    room = _room(series, former, span, view)
    last = _last_note(series, room, view)
    target = _target_note(series, room, view)
    room.line(_aims(series))
    return [
        *_mark_notes(series, view),
        *last,
        *target,
        *_end_notes(former, room, view),
        *_nothing_note((*former, series), series, view),
    ]


def coverage_note(series: Series, lang: str) -> str | None:
    """What the hollow marks mean: which of the periods shown lack units, and how many they lack."""
    partly = [one for one in series.points if hollow(one) and one.figure.value is not None]
    lost = sum(one.figure.restated is Restated.NOT_RESTATABLE for one in series.points)
    said = []
    if partly:
        counted = [one for one in partly if one.figure.coverage is not None]
        worst = min(counted, key=_share, default=None)
        said.append(say(lang, "screen.partial", count=len(partly)))
        if worst is not None and worst.figure.coverage is not None:
            least = coverage_words(worst.figure.coverage, lang)
            when = period_words(worst.period, lang)
            said.append(say(lang, "screen.partial_least", coverage=least, period=when))
    if lost:
        said.append(say(lang, "screen.not_restatable", count=lost))
    return " ".join(said) or None


def hollow(point: Point) -> bool:
    """Whether only some of the units stand behind the point, or none can."""
    return point.figure.restated in (Restated.PARTIAL, Restated.NOT_RESTATABLE)


def _share(point: Point) -> float:
    coverage = point.figure.coverage
    return coverage.reported / coverage.expected if coverage and coverage.expected else 1.0


def told(shown: Sequence[Series]) -> bool:
    """Whether there is any value to draw."""
    return any(point.figure.value is not None for one in shown for point in one.points)


def _nothing_note(shown: Sequence[Series], series: Series, view: View) -> list[Figure]:
    if told(shown):
        return []
    words = say(
        view.lang,
        f"screen.{'not_added' if alone(series.indicator, series.unit.level) else 'empty_title'}",
    )
    return [note(view, words, x=0.5, y=0.5, xref="paper", yref="paper")]


def middle(point: Point) -> date:
    """Points stand in the middle of their period, so that a break falls between two of them."""
    return _middle(point.period)


@lru_cache(maxsize=1024)
def _middle(period: Period) -> date:
    """The lines of a page share their periods."""
    return period.start + timedelta(days=(period.end - period.start).days // 2)


def behind(point: Point, lang: str) -> str:
    """How many units stand behind a point that lacks some, for its hover."""
    words = coverage_words(point.figure.coverage, lang) if hollow(point) else ""
    return f"<br>{escape(words)}" if words else ""


def mark_lines(event: Break, view: View) -> list[str]:
    """The event and its day; a total has no former units, its parts were put in a new order.

    On the desk the day stands below: a phone has no room for both beside each other.
    """
    lang = view.lang
    kind = event.kind if event.predecessors or event.kind != "merge" else "reorganised"
    day = date_words(event.day, lang)
    words = say(lang, f"screen.event_{kind}_on", day=day)
    if view.wall or not words.endswith(f" {day}"):
        return [words]
    return [words.removesuffix(f" {day}"), day]


def _rows(series: Series, view: View) -> list[tuple[Break, bool, int]]:
    """Every break, whether its words run to the right, and the row they stand in.

    Words that would run into each other go one above another.
    """
    events = sorted(series.breaks, key=lambda one: one.day)
    days = [middle(point) for point in series.points]
    if not days:
        return [(event, True, at) for at, event in enumerate(events)]
    reach = max((max(days) - min(days)).days, 30)
    shares = [(event.day - min(days)).days / reach for event in events]
    wide = _WIDE_ON_WALL if view.wall else _WIDE
    ends: list[float] = []
    placed = []
    for event, share, rightwards in zip(events, shares, _sides(shares, view), strict=True):
        begin = share if rightwards else share - wide
        row = next((at for at, end in enumerate(ends) if begin >= end), len(ends))
        ends[row : row + 1] = [begin + wide]
        placed.append((event, rightwards, row))
    if [(side, row) for _, side, row in placed] == [(True, 0), (True, 1)]:
        # The earlier one's are above, so that its line passes the other's words on their left.
        (first, side, low), (second, _, high) = placed
        return [(first, side, high), (second, side, low)]
    return placed


def raised(series: Series, view: View) -> list[tuple[Break, float]]:
    """Where the line of an event goes on above the chart, and how many px, to words above others'.

    Only where all run to the same side: the line then passes the lower words at their beginning.
    """
    placed = _rows(series, view)
    if len({rightwards for _, rightwards, _ in placed}) > 1:
        return []
    return [(event, _lift(row, series, view)) for event, _, row in placed if row]


def _lift(row: int, series: Series, view: View) -> float:
    """How many px above the chart the words of a row begin."""
    return row * _lines(series, view) * text_size(view) * 1.3


def head_room(series: Series, view: View) -> float:
    """Height of the words above the chart, in px."""
    rows = 1 + max((row for _, _, row in _rows(series, view)), default=0)
    return 10 + rows * _lines(series, view) * text_size(view) * 1.35


def _lines(series: Series, view: View) -> int:
    """Lines of the longest words of an event."""
    return max((len(mark_lines(one, view)) for one in series.breaks), default=1)


def _mark_notes(series: Series, view: View) -> list[Figure]:
    return [
        {
            **note(
                view,
                "",
                x=event.day.isoformat(),
                y=1,
                yref="paper",
                xanchor="left" if rightwards else "right",
                align="left" if rightwards else "right",
                xshift=-4 if rightwards else 4,
                yanchor="bottom",
                yshift=_lift(row, series, view),
                hovertext=escape(event.legal_basis),
            ),
            "text": "<br>".join(escape(line) for line in mark_lines(event, view)),
        }
        for event, rightwards, row in _rows(series, view)
    ]


def _sides(shares: Sequence[float], view: View) -> list[bool]:
    """Whether each event's words run to the right of its line, by where on the chart it is.

    Words run into the chart; of two events the earlier one's run left and the later one's right
    where there is room, so that each stands on its own side. Words of near ones would else lie over
    each other's lines: both run to the same side where there is room.
    """
    apart, wide = (_APART_ON_WALL, _WIDE_ON_WALL) if view.wall else (_APART, _WIDE)
    if len(shares) != 2:
        return [share <= 0.5 for share in shares]
    first, second = shares
    if first >= apart and second <= 1 - apart:
        return [False, True]
    if second - first < wide:
        if second + wide <= 1 + _BESIDE:
            return [True, True]
        if first - wide >= -_BESIDE:
            return [False, False]
    return [share <= 0.5 for share in shares]


def _room(series: Series, former: Sequence[Series], span: tuple[float, float], view: View) -> Room:
    """What the lines, and the value at the end of this one, take of the chart."""
    days = [middle(point).toordinal() for one in (*former, series) for point in one.points]
    first, last = min(days, default=0), max(days, default=1)
    # A single point stands in the middle.
    room = Room((first, last) if first < last else (first - 1, first + 1), span, view)
    for one in (*former, series):
        room.line(_spots(one))
    for event in series.breaks:
        # In steps, so that no words slip between two of the spots that are looked at.
        heights = [span[0] + (span[1] - span[0]) * step / _STEPS for step in range(_STEPS + 1)]
        room.line([(event.day.toordinal(), at) for at in heights])
    return room


def _aims(series: Series) -> list[Spot | None]:
    aimed: list[Spot | None] = []
    for point in series.points:
        goal = height(series.indicator, point.target)
        aimed.append(None if goal is None else (middle(point).toordinal(), goal))
    return aimed


def _spots(series: Series) -> list[Spot | None]:
    shown: list[Spot | None] = []
    for point in series.points:
        value = height(series.indicator, point.figure.value)
        shown.append(None if value is None else (middle(point).toordinal(), value))
    return shown


def _placed(words: str, spots: Sequence[Spot], room: Room, view: View, **look: Any) -> Figure:
    """Words at that spot, and on that side of it, where they are least in the way."""
    sides = ((True, True), (True, False), (False, True), (False, False))
    places = [Place(spot, right, above) for spot in spots for right, above in sides]
    place = room.take(words, places)
    day = date.fromordinal(round(place.spot[0]))
    return note(view, words, x=day.isoformat(), y=place.spot[1], **place.anchors, **look)


def _end_notes(former: Sequence[Series], room: Room, view: View) -> list[Figure]:
    """The names of former units beside their lines."""
    look = {"font": {"size": text_size(view), "color": palette(view).faint}}
    return [
        _placed(one.unit.short, spots, room, view, **look)
        for one in former
        if (spots := [spot for spot in _spots(one) if spot is not None])
    ]


def _last_note(series: Series, room: Room, view: View) -> list[Figure]:
    last = next((p for p in reversed(series.points) if p.figure.value is not None), None)
    if last is None:
        return []
    words = figure_words(series.indicator, last.figure, view.lang)
    value = height(series.indicator, last.figure.value) or 0.0
    spot = (float(middle(last).toordinal()), value)
    for above in (True, False):
        room.take(words, [Place(spot, above=above)])
    return [
        note(
            view,
            words,
            x=middle(last).isoformat(),
            y=value,
            xanchor="left",
            yanchor="middle",
            xshift=7,
            font={"size": text_size(view) + 2, "color": palette(view).ink, "weight": 650},
        )
    ]


def _target_note(series: Series, room: Room, view: View) -> list[Figure]:
    """The target's words at one of the ends of its step."""
    aimed = [point for point in series.points if point.target is not None]
    if not aimed or aimed[-1].target is None:
        return []
    latest = [point for point in aimed if point.target == aimed[-1].target]
    goal = height(series.indicator, aimed[-1].target) or 0.0
    value = goal_words(series.indicator, aimed[-1].target, view.lang)
    ends = [(float(middle(point).toordinal()), goal) for point in (latest[-1], latest[0])]
    return [_placed(say(view.lang, "screen.target", value=value), ends, room, view)]
