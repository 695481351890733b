"""The trend: a line against its target, gaps where nothing was reported, marked breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ioc.domain.view import View
from ioc.domain.words import figure_words, period_words
from ioc.queries.answers import Break, Series
from layouts.figures.marks import height, suffix
from layouts.figures.trend_words import behind, head_room, hollow, middle, notes, raised, told
from layouts.record_links import record_href
from layouts.theme import Figure, axis, escape, layout, palette

REDEFINED = "redefined"
"""The kind of break after which the line does not go on."""
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
    days = [middle(point) for one in shown for point in one.points]
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
                "t": head_room(series, view),
                "b": 26 if not view.wall else 40,
            },
            xaxis=axis(
                view,
                type="date",
                # Aslant where the window is too narrow for the names side by side.
                tickangle="auto",
                autotickangles=[0, 30],
                ticklabelstandoff=5,
                automargin="height",
                **_ticks(shown, view),
                **_span(days),
            ),
            yaxis=axis(
                view,
                range=[low, high],
                automargin="left",
                showgrid=told(shown),
                nticks=5,
                ticksuffix=suffix(series.indicator),
                exponentformat="none",
                separatethousands=True,
                showticklabels=told(shown),
            ),
            shapes=[
                *(_mark(one, view) for one in series.breaks),
                *(_raised(one, up, view) for one, up in raised(series, view)),
            ],
            annotations=notes(series, former, (low, high), view),
        ),
    }


def _line(series: Series, view: View, colour: str, *, width: float) -> Figure:
    lang = view.lang
    unit = escape(series.unit.name)
    drawn = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [middle(point).isoformat() for point in series.points],
        "y": [height(series.indicator, point.figure.value) for point in series.points],
        "connectgaps": False,
        "line": {"color": colour, "width": width},
        "marker": _dots(series, view, colour, width),
        "hovertext": [
            f"<b>{unit}</b><br>{escape(period_words(point.period, lang))}<br>"
            f"<b>{escape(figure_words(series.indicator, point.figure, lang, with_unit=True))}</b>"
            f"{behind(point, lang)}"
            for point in series.points
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": _links(series, view),
    }
    return _cut(drawn, [one.day for one in series.breaks if one.kind == REDEFINED])


def _cut(drawn: Figure, days: Sequence[date]) -> Figure:
    """The line interrupted on the days from which its figures mean something else."""
    for day in days:
        at = sum(x < day.isoformat() for x in drawn["x"])
        for name, gap in (
            ("x", day.isoformat()),
            ("y", None),
            ("hovertext", ""),
            ("customdata", []),
        ):
            drawn[name].insert(at, gap)
        for looks in (drawn["marker"], drawn["marker"].get("line", {})):
            for listed in looks.values():
                if isinstance(listed, list):
                    listed.insert(at, listed[max(at - 1, 0)])
    return drawn


def _dots(series: Series, view: View, colour: str, width: float) -> Figure:
    """Full dots; hollow and larger ones where only some of the units stand behind the figure."""
    if not any(hollow(point) for point in series.points):
        return {"color": colour, "size": width * 2.2}
    look = palette(view)
    empty = [hollow(point) for point in series.points]
    return {
        "color": [look.surface if one else colour for one in empty],
        "size": [width * (2.9 if one else 2.2) for one in empty],
        "line": {"color": colour, "width": [width * 0.7 if one else 0 for one in empty]},
        "opacity": 1,
    }


def _links(series: Series, view: View) -> list[list[str]]:
    """The same page about each point's period; the query part is added, as hrefs are costly.

    The point of the period the page is about leads on, to its source record.
    """
    address = view.href(period=None)
    joint = "&" if "?" in address else "?"
    return [
        [f"{address}{joint}period={point.period.code}"]
        if point.period != view.period or not series.unit.key
        else [record_href(view, series.unit.key, series.indicator.code, point.period, series.part)]
        for point in series.points
    ]


def _target(series: Series, view: View) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [middle(point).isoformat() for point in series.points],
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
        "x": [middle(point).isoformat() for point in gaps],
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
    points = {middle(point): point for one in shown for point in one.points}
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


def _raised(event: Break, up: float, view: View) -> Figure:
    """The event's line above the chart, up to its words."""
    return {**_mark(event, view), "ysizemode": "pixel", "yanchor": 1, "y1": up}
