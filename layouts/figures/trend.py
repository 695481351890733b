"""The trend: a line against its target, gaps where nothing was reported, marked breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import date_words, figure_words, period_words
from ioc.queries.answers import Break, Point, Series
from layouts.figures.marks import height, suffix
from layouts.goals import goal_words
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

TICKS = 5
"""As many periods are named as still fit side by side on a phone."""


def figure(series: Series, view: View, *, former: Sequence[Series] = ()) -> Figure:
    """`series` over time with the `former` units' own series behind it.

    A missing period interrupts the line and is marked on the ground with its reason; a merger is
    a dotted line with its day; targets are steps. Names stand at the end of their lines.
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
                "t": 26,
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
            ),
            shapes=[_mark(one, view) for one in series.breaks],
            annotations=[
                *(_mark_note(one, view) for one in series.breaks),
                *_end_notes(former, view),
                *_last_note(series, view),
                *_target_note(series, view),
                *_nothing_note(shown, view),
            ],
        ),
    }


def _nothing_note(shown: Sequence[Series], view: View) -> list[Figure]:
    if any(point.figure.value is not None for one in shown for point in one.points):
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
        "marker": {"color": colour, "size": width * 2.2},
        "hovertext": [
            f"<b>{unit}</b><br>{escape(period_words(point.period, lang))}<br>"
            f"<b>{escape(figure_words(series.indicator, point.figure, lang, with_unit=True))}</b>"
            for point in series.points
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": _links(series, view),
    }


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


def _mark_note(event: Break, view: View) -> Figure:
    words = say(view.lang, f"screen.event_{event.kind}_on", day=date_words(event.day, view.lang))
    return note(
        view,
        words,
        x=event.day.isoformat(),
        y=1,
        yref="paper",
        yanchor="bottom",
        hovertext=escape(event.legal_basis),
    )


def _end_notes(former: Sequence[Series], view: View) -> list[Figure]:
    """The names of former units where their lines end."""
    notes = []
    for one in former:
        last = next((p for p in reversed(one.points) if p.figure.value is not None), None)
        if last is None:
            continue
        value = height(one.indicator, last.figure.value)
        notes.append(
            note(
                view,
                one.unit.short,
                x=_middle(last).isoformat(),
                y=value,
                xanchor="right",
                yanchor="bottom",
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


def _target_note(series: Series, view: View) -> list[Figure]:
    aimed = [point for point in series.points if point.target is not None]
    if not aimed or aimed[-1].target is None:
        return []
    latest = [point for point in aimed if point.target == aimed[-1].target]
    words = goal_words(series.indicator, aimed[-1].target, view.lang)
    return [
        note(
            view,
            say(view.lang, "screen.target", value=words),
            x=_middle(latest[0]).isoformat(),
            y=height(series.indicator, aimed[-1].target),
            xanchor="left",
            yanchor="bottom",
        )
    ]
