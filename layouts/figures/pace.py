"""The way to a target: what was, what is needed from here, and where today's pace leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from ioc.domain.messages import say
from ioc.domain.pace import Outlook, Pace
from ioc.domain.period import Period
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import date_words, figure_words, period_words
from ioc.queries.answers import Point, Series
from layouts.figures.marks import height, suffix
from layouts.goals import goal_words
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

HEIGHT = 210
CLOSE = 0.22
"""Share of the chart that two names below it need between them."""
ROOM = 0.16
"""Share of the span of values that is left free above and below."""
SHOWN = 13
"""Periods of the past that are drawn: a year and the same period before it."""


def figure(line: Series, found: Pace, view: View) -> Figure:
    """The last periods, the target to its deadline, the way needed, and the range of today's pace.

    Without a figure or a target there is nothing to draw but an empty frame.
    """
    points = _drawn(line, found)
    traces = [
        *_range(line, found, view),
        *_target(line, points, found, view),
        *_ways(line, found, view),
        _past(line, points, view),
    ]
    low, high = _span(traces)
    return {
        "data": traces,
        "layout": layout(
            view,
            margin={"l": 44, "r": 34, "t": 14, "b": 28},
            xaxis=axis(
                view,
                type="date",
                tickangle=0,
                # Below the lowest number of the other axis, which stands on the same line.
                ticklabelstandoff=6,
                **_ticks(points, found, view),
            ),
            yaxis=axis(
                view,
                range=[low, high],
                nticks=4,
                showgrid=True,
                automargin="left",
                ticksuffix=suffix(line.indicator),
                separatethousands=True,
                exponentformat="none",
            ),
            annotations=_words(line, points, found, view),
        ),
    }


def _drawn(line: Series, found: Pace) -> list[Point]:
    """The last periods up to the figure, from the first of them that has one."""
    last = found.last
    points = [one for one in line.points if last is None or one.period <= last][-SHOWN:]
    known = [at for at, one in enumerate(points) if one.figure.value is not None]
    return points[known[0] :] if known else []


def _middle(period: Period) -> date:
    return period.start + (period.end - period.start) / 2


def _past(line: Series, points: Sequence[Point], view: View) -> Figure:
    lang, look = view.lang, palette(view)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [_middle(one.period).isoformat() for one in points],
        "y": [height(line.indicator, one.figure.value) for one in points],
        "connectgaps": False,
        "line": {"color": look.accent, "width": 2.25},
        "marker": {"color": look.accent, "size": 5},
        "hovertext": [
            f"{escape(period_words(one.period, lang))}<br>"
            f"<b>{escape(figure_words(line.indicator, one.figure, lang, with_unit=True))}</b>"
            for one in points
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _ends(found: Pace) -> tuple[str, str] | None:
    """From the last figure to the deadline, as days of the axis."""
    if found.last is None or found.deadline is None:
        return None
    return _middle(found.last).isoformat(), found.deadline.isoformat()


def _target(line: Series, points: Sequence[Point], found: Pace, view: View) -> list[Figure]:
    if found.target is None or found.deadline is None or not points:
        return []
    aim = height(line.indicator, found.target)
    first = _middle(points[0].period).isoformat()
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [first, found.deadline.isoformat()],
            "y": [aim, aim],
            "line": {"color": palette(view).soft, "width": 1.25, "dash": "5px,4px"},
            "hoverinfo": "skip",
        }
    ]


def _ways(line: Series, found: Pace, view: View) -> list[Figure]:
    """The way needed, and the one that today's pace takes."""
    ends, look = _ends(found), palette(view)
    if ends is None or found.value is None or not found.left:
        return []
    made = []
    likely = found.at_end.likely if found.at_end else None
    aim = None if found.outlook is Outlook.REACHED else found.target
    for value, colour, dash in ((aim, look.ink, "2px,3px"), (likely, look.accent, "dot")):
        if value is not None:
            made.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": list(ends),
                    "y": [height(line.indicator, one) for one in (found.value, value)],
                    "line": {"color": colour, "width": 1.5, "dash": dash},
                    "marker": {"color": colour, "size": [0, 7], "symbol": "circle-open"},
                    "hoverinfo": "skip",
                }
            )
    return made


def _range(line: Series, found: Pace, view: View) -> list[Figure]:
    ends, led = _ends(found), found.at_end
    if ends is None or led is None or found.value is None:
        return []
    value: Fraction = found.value
    corners = [(ends[0], value), (ends[1], led.high), (ends[1], led.low), (ends[0], value)]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [day for day, _ in corners],
            "y": [height(line.indicator, one) for _, one in corners],
            "fill": "toself",
            "fillcolor": palette(view).tint[Status.NOT_JUDGED],
            "line": {"width": 0},
            "hoverinfo": "skip",
        }
    ]


def _span(traces: Sequence[Figure]) -> tuple[float, float]:
    known = [one for trace in traces for one in trace["y"] if one is not None]
    if not known:
        return 0.0, 100.0
    room = (max(known) - min(known)) * ROOM or abs(max(known)) * 0.1 or 1.0
    low = min(known) - room
    return (max(low, 0.0) if min(known) >= 0 else low), max(known) + room


def _ticks(points: Sequence[Point], found: Pace, view: View) -> Figure:
    """The first and the last period with a figure, and the deadline, by name."""
    if not points:
        return {}
    named = {points[0].period, points[-1].period}
    days = [(_middle(one), period_words(one, view.lang, short=True)) for one in sorted(named)]
    first, end = days[0][0], points[-1].period.end
    if found.deadline is not None and found.deadline > end:
        end = found.deadline
        near = (end - days[-1][0]).days < (end - first).days * CLOSE
        days = days[: -1 if near and len(days) > 1 else None]
        days.append((end, date_words(end, view.lang)))
    room = timedelta(days=max((end - first).days, 20) * 0.05)
    return {
        "tickvals": [day.isoformat() for day, _ in days],
        "ticktext": [words for _, words in days],
        "range": [(first - room).isoformat(), (end + room).isoformat()],
    }


def _words(line: Series, points: Sequence[Point], found: Pace, view: View) -> list[Figure]:
    if found.target is None or not points:
        return []
    value = goal_words(line.indicator, found.target, view.lang)
    text = say(view.lang, "screen.target", value=value)
    # Beneath a target of (nearly) zero there is no room: the days of the axis stand there.
    below = found.value is not None and 0 <= ROOM * (found.value - found.target) < found.target
    return [
        note(
            view,
            text,
            x=_middle(points[0].period).isoformat(),
            y=height(line.indicator, found.target),
            xanchor="left",
            yanchor="top" if below else "bottom",
            font={"size": text_size(view), "color": palette(view).soft},
        )
    ]
