"""The trend: a line against its target, gaps where nothing was reported, marked breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ioc.domain.measure import Restated
from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import coverage_words, date_words, figure_words, period_words
from ioc.queries.answers import Break, Point, Series
from layouts.figures.marks import height, suffix
from layouts.goals import goal_words
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

TICKS = 4
"""As many periods are named as still fit side by side on a phone."""


def figure(series: Series, view: View, *, former: Sequence[Series] = ()) -> Figure:
    """`series` over time with the `former` units' own series behind it.

    A missing period interrupts the line and is marked on the ground with its reason; a period
    that only some units stand behind is a hollow mark; a merger is a dotted line with its day;
    targets are steps. Names stand where the lines leave room for them.
    """
    shown = [one for one in (*former, series) if one.points]
    low, high = _range(shown)
    days = [_middle(point) for one in shown for point in one.points]
    traces = [
        *(_line(one, view, palette(view).former, width=1.5) for one in former),
        _target(series, view),
        _line(series, view, palette(view).accent, width=3.5 if view.wall else 2.25),
        _missing(series, view, low),
    ]
    return {
        "data": traces,
        "layout": layout(
            view,
            margin={
                "l": 56 if view.wall else 44,
                "r": 112 if view.wall else 66,
                "t": _head_room(series, view),
                "b": 26 if not view.wall else 40,
            },
            xaxis=axis(
                view,
                type="date",
                tickangle=0,
                ticklabelstandoff=5,
                **_ticks(shown, view),
                **_span(days),
            ),
            yaxis=axis(
                view,
                range=[low, high],
                showgrid=True,
                nticks=5,
                ticksuffix=suffix(series.indicator),
                exponentformat="none",
                separatethousands=True,
                showticklabels=_told(shown),
            ),
            shapes=[_mark(one, view) for one in series.breaks],
            annotations=[
                *_mark_notes(series, view),
                *_end_notes(former, series, (low, high), view),
                *_last_note(series, view),
                *_target_note(series, (low, high), view),
                *_nothing_note(shown, view),
            ],
        ),
    }


def coverage_note(series: Series, lang: str) -> str | None:
    """What the hollow marks mean: which of the periods shown lack units, and how many they lack."""
    partly = [one for one in series.points if _hollow(one) and one.figure.value is not None]
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


def _hollow(point: Point) -> bool:
    return point.figure.restated in (Restated.PARTIAL, Restated.NOT_RESTATABLE)


def _share(point: Point) -> float:
    coverage = point.figure.coverage
    return coverage.reported / coverage.expected if coverage and coverage.expected else 1.0


def _told(shown: Sequence[Series]) -> bool:
    return any(point.figure.value is not None for one in shown for point in one.points)


def _nothing_note(shown: Sequence[Series], view: View) -> list[Figure]:
    if _told(shown):
        return []
    words = say(view.lang, "screen.empty_title")
    return [note(view, words, x=0.5, y=0.5, xref="paper", yref="paper")]


def _middle(point: Point) -> date:
    """Points stand in the middle of their period, so that a break falls between two of them."""
    period = point.period
    return period.start + timedelta(days=(period.end - period.start).days // 2)


def _line(series: Series, view: View, colour: str, *, width: float) -> Figure:
    lang = view.lang
    unit = escape(series.unit.name)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [_middle(point).isoformat() for point in series.points],
        "y": [height(series.indicator, point.figure.value) for point in series.points],
        "connectgaps": False,
        "line": {"color": colour, "width": width},
        "marker": _dots(series, view, colour, width),
        "hovertext": [
            f"<b>{unit}</b><br>{escape(period_words(point.period, lang))}<br>"
            f"<b>{escape(figure_words(series.indicator, point.figure, lang, with_unit=True))}</b>"
            f"{_behind(point, lang)}"
            for point in series.points
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": _links(series, view),
    }


def _dots(series: Series, view: View, colour: str, width: float) -> Figure:
    """Full dots; hollow and larger ones where only some of the units stand behind the figure."""
    if not any(_hollow(point) for point in series.points):
        return {"color": colour, "size": width * 2.2}
    look = palette(view)
    hollow = [_hollow(point) for point in series.points]
    return {
        "color": [look.surface if one else colour for one in hollow],
        "size": [width * (2.9 if one else 2.2) for one in hollow],
        "line": {"color": colour, "width": [width * 0.7 if one else 0 for one in hollow]},
        "opacity": 1,
    }


def _behind(point: Point, lang: str) -> str:
    words = coverage_words(point.figure.coverage, lang) if _hollow(point) else ""
    return f"<br>{escape(words)}" if words else ""


def _links(series: Series, view: View) -> list[list[str]]:
    """The same page about each point's period; the query part is added, as hrefs are costly."""
    address = view.href(period=None)
    joint = "&" if "?" in address else "?"
    return [[f"{address}{joint}period={point.period.code}"] for point in series.points]


def _target(series: Series, view: View) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [_middle(point).isoformat() for point in series.points],
        "y": [height(series.indicator, point.target) for point in series.points],
        "line": {
            "color": palette(view).soft,
            "width": 2 if view.wall else 1.25,
            "dash": "5px,4px",
            "shape": "hvh",
        },
        "hoverinfo": "skip",
    }


def _missing(series: Series, view: View, ground: float) -> Figure:
    lang = view.lang
    gaps = [point for point in series.points if point.figure.value is None]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [_middle(point).isoformat() for point in gaps],
        "y": [ground] * len(gaps),
        "cliponaxis": False,
        "marker": {
            "symbol": "x-thin-open",
            "size": 9 if view.wall else 6,
            "color": palette(view).faint,
            "line": {"width": 1.25},
        },
        "hovertext": [
            f"{escape(period_words(point.period, lang))}: "
            f"{escape(figure_words(series.indicator, point.figure, lang))}"
            for point in gaps
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _range(shown: Sequence[Series]) -> tuple[float, float]:
    """From a little below the least to a little above the greatest; never below a true zero."""
    values = [
        number
        for one in shown
        for point in one.points
        for number in (
            height(one.indicator, point.figure.value),
            height(one.indicator, point.target),
        )
        if number is not None
    ]
    if not values:
        return 0.0, 100.0
    least, most = min(values), max(values)
    room = (most - least) * 0.15 or abs(most) * 0.1 or 1.0
    low = least - room
    return (max(low, 0.0) if least >= 0 else low), most + room


def _span(days: Sequence[date]) -> Figure:
    if not days:
        return {}
    reach = max((max(days) - min(days)).days, 30)
    return {
        "range": [
            (min(days) - timedelta(days=reach * 0.03)).isoformat(),
            (max(days) + timedelta(days=reach * 0.02)).isoformat(),
        ]
    }


def _ticks(shown: Sequence[Series], view: View) -> Figure:
    points = {_middle(point): point for one in shown for point in one.points}
    days = sorted(points)
    step = max(1, -(-len(days) // TICKS))
    chosen = days[::-1][::step][::-1]
    return {
        "tickvals": [day.isoformat() for day in chosen],
        "ticktext": [period_words(points[day].period, view.lang, short=True) for day in chosen],
    }


def _mark(event: Break, view: View) -> Figure:
    return {
        "type": "line",
        "x0": event.day.isoformat(),
        "x1": event.day.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": palette(view).soft, "width": 1.25, "dash": "2px,3px"},
    }


def _mark_words(event: Break, view: View) -> str:
    """The event and its day; a total has no former units, its parts were put in a new order."""
    lang = view.lang
    kind = event.kind if event.predecessors or event.kind != "merge" else "reorganised"
    return say(lang, f"screen.event_{kind}_on", day=date_words(event.day, lang))


def _rows(series: Series, view: View) -> list[tuple[Break, int]]:
    """Every break with the row of its words: those too near to each other go one above another."""
    days = [_middle(point) for point in series.points]
    if not days:
        return [(event, at) for at, event in enumerate(series.breaks)]
    reach = max((max(days) - min(days)).days, 30)
    room = timedelta(days=reach * (0.5 if view.wall else 0.62))
    ends: list[date] = []
    placed = []
    for event in sorted(series.breaks, key=lambda one: one.day):
        row = next((at for at, end in enumerate(ends) if event.day - end >= room), len(ends))
        ends[row : row + 1] = [event.day]
        placed.append((event, row))
    return placed


def _head_room(series: Series, view: View) -> float:
    rows = 1 + max((row for _, row in _rows(series, view)), default=0)
    return 10 + rows * text_size(view) * 1.35


def _mark_notes(series: Series, view: View) -> list[Figure]:
    days = [_middle(point) for point in series.points]
    middle = min(days) + (max(days) - min(days)) / 2 if days else date.min
    return [
        note(
            view,
            _mark_words(event, view),
            x=event.day.isoformat(),
            y=1,
            yref="paper",
            xanchor="left" if event.day <= middle else "right",
            xshift=-4 if event.day <= middle else 4,
            yanchor="bottom",
            yshift=row * text_size(view) * 1.3,
            hovertext=escape(event.legal_basis),
        )
        for event, row in _rows(series, view)
    ]


def _end_notes(
    former: Sequence[Series], series: Series, span: tuple[float, float], view: View
) -> list[Figure]:
    """The names of former units where their lines begin, one under another where they are close."""
    starts = []
    for one in former:
        first = next((p for p in one.points if p.figure.value is not None), None)
        value = height(one.indicator, first.figure.value) if first else None
        if first is not None and value is not None:
            starts.append((value, _middle(first), one.unit.short))
    step = (span[1] - span[0]) * (0.1 if view.wall else 0.075)
    notes, taken = [], list[float]()
    for value, day, name in sorted(starts, reverse=True):
        place = min(value, taken[-1] - step) if taken else value
        place = max(place, span[0])
        taken.append(place)
        notes.append(
            note(
                view,
                name,
                x=day.isoformat(),
                y=place,
                xanchor="left",
                yanchor="middle",
                xshift=6,
                bgcolor=palette(view).surface,
                opacity=0.9,
                borderpad=1,
                font={"size": text_size(view) - 1, "color": palette(view).faint},
            )
        )
    return notes


def _last_note(series: Series, view: View) -> list[Figure]:
    last = next((p for p in reversed(series.points) if p.figure.value is not None), None)
    if last is None:
        return []
    return [
        note(
            view,
            figure_words(series.indicator, last.figure, view.lang),
            x=_middle(last).isoformat(),
            y=height(series.indicator, last.figure.value),
            xanchor="left",
            yanchor="middle",
            xshift=7,
            font={"size": text_size(view) + 2, "color": palette(view).ink, "weight": 650},
        )
    ]


def _target_note(series: Series, span: tuple[float, float], view: View) -> list[Figure]:
    """The target's words above or below its step, on the side that the line leaves free."""
    aimed = [point for point in series.points if point.target is not None]
    if not aimed or aimed[-1].target is None:
        return []
    latest = [point for point in aimed if point.target == aimed[-1].target]
    goal = height(series.indicator, aimed[-1].target) or 0.0
    words = say(
        view.lang,
        "screen.target",
        value=goal_words(series.indicator, aimed[-1].target, view.lang),
    )
    right = len(latest) > 1
    above = _free_above(series, latest, goal, (span[1] - span[0]) * 0.12)
    return [
        note(
            view,
            words,
            x=_middle(latest[-1 if right else 0]).isoformat(),
            y=goal,
            xanchor="right" if right else "left",
            yanchor="bottom" if above else "top",
            bgcolor=palette(view).surface,
            opacity=0.9,
            borderpad=1,
        )
    ]


def _free_above(series: Series, latest: Sequence[Point], goal: float, band: float) -> bool:
    """Whether the line keeps out of the band above the end of the step, or fills that below it."""
    last = latest[-(len(latest) // 2 + 1) :]
    values = [
        value for p in last if (value := height(series.indicator, p.figure.value)) is not None
    ]
    above = sum(goal <= value <= goal + band for value in values)
    below = sum(goal - band <= value < goal for value in values)
    return above <= below
