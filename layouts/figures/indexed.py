"""Indexed trends: each unit against its own base period, named at the end of its line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import date_words, figure_words, number, period_words
from ioc.queries.answers import Break
from ioc.queries.compare_answers import Indexed, IndexedPoint
from layouts.figures.dodge import dodged
from layouts.figures.trend_words import hollow, mark_lines, middle
from layouts.links import unit_links
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

HEIGHT = 440
BASE = 100.0
LINES = 8
"""Colours of lines: told apart by the label, the order and, from the fifth on, dashes too."""
_TICKS = 3
_LETTER = 0.56


def figure(lines: Sequence[Indexed], view: View) -> Figure:
    """Lines from their base on; a hollow dot lacks units, a gap has no comparable figure."""
    shown = [one for one in lines if one.points]
    low, high = _range(shown)
    days = [middle(one.point) for line in shown for one in line.points]
    labels = _labels(shown, (low, high), view)
    wide = max((len(one["text"]) for one in labels), default=6) * text_size(view) * _LETTER
    return {
        "data": [_line(one, at, view) for at, one in enumerate(shown)],
        "layout": layout(
            view,
            margin={
                "l": 44,
                "r": min(wide + 16, 190),
                "t": 10 + 2 * min(max(len(_breaks(shown)), 1), 2) * text_size(view) * 1.35,
                "b": 26,
            },
            xaxis=axis(
                view,
                type="date",
                tickangle="auto",
                autotickangles=[0, 30],
                automargin="height",
                **_ticks(shown, view),
                **_span(days),
            ),
            yaxis=axis(view, range=[low, high], showgrid=True, nticks=6, showticklabels=True),
            shapes=[_ground(view), *(_mark(one, view) for one in _breaks(shown))],
            annotations=[*labels, *_break_notes(shown, days, view)],
        ),
    }


def index_words(index: Fraction | None, lang: str) -> str:
    """An index with one decimal."""
    return number(index, lang, 1) if index is not None else say(lang, "words.nothing")


def newest(line: Indexed) -> IndexedPoint | None:
    """The last point that has an index."""
    return next((one for one in reversed(line.points) if one.index is not None), None)


def _line(line: Indexed, at: int, view: View) -> Figure:
    lang, look = view.lang, palette(view)
    colour = palette(view).lines[at % LINES]
    name = escape(line.series.unit.name)
    empty = [hollow(one.point) for one in line.points]
    link = unit_links(view, line.series.indicator.code)(line.series.unit)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [middle(one.point).isoformat() for one in line.points],
        "y": [None if one.index is None else float(one.index) for one in line.points],
        "connectgaps": False,
        "line": {"color": colour, "width": 2.25, "dash": "solid" if at < 4 else "6px,3px"},
        "marker": {
            "color": [look.surface if one else colour for one in empty],
            "size": [7 if one else 5 for one in empty],
            "line": {"color": colour, "width": [1.5 if one else 0 for one in empty]},
            "opacity": 1,
        },
        "hovertext": [
            f"<b>{name}</b><br>{escape(period_words(one.point.period, lang))}<br>"
            f"<b>{index_words(one.index, lang)}</b><br>"
            f"{escape(figure_words(line.series.indicator, one.point.figure, lang, with_unit=True))}"
            for one in line.points
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[link] for _ in line.points],
    }


def _labels(shown: Sequence[Indexed], span: tuple[float, float], view: View) -> list[Figure]:
    """Name and newest index beside the end of each line, moved apart where lines end close."""
    ends = [(at, one, last) for at, one in enumerate(shown) if (last := newest(one)) is not None]
    size = text_size(view)
    apart = (span[1] - span[0]) * (size * 1.45) / (HEIGHT - 60)
    wanted = [float(last.index or 0) for _, _, last in ends]
    places = dodged(wanted, apart, span[0], span[1])
    return [
        note(
            view,
            f"{one.series.unit.short} {index_words(last.index, view.lang)}",
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=place,
            yanchor="middle",
            align="left",
            font={"size": size, "color": palette(view).lines[at % LINES], "weight": 620},
        )
        for (at, one, last), place in zip(ends, places, strict=True)
    ]


def _range(shown: Sequence[Indexed]) -> tuple[float, float]:
    values = [float(p.index) for one in shown for p in one.points if p.index is not None]
    least, most = min([*values, BASE]), max([*values, BASE])
    room = (most - least) * 0.12 or 5.0
    return max(least - room, 0.0) if least >= 0 else least - room, most + room


def _span(days: Sequence[date]) -> Figure:
    if not days:
        return {}
    reach = max((max(days) - min(days)).days, 30)
    edge = timedelta(days=reach * 0.025)
    return {"range": [(min(days) - edge).isoformat(), (max(days) + edge).isoformat()]}


def _ticks(shown: Sequence[Indexed], view: View) -> Figure:
    points = {middle(one.point): one.point for line in shown for one in line.points}
    days = sorted(points)
    step = max(1, -(-len(days) // _TICKS))
    chosen = days[::-1][::step][::-1]
    words = [period_words(points[day].period, view.lang, short=True) for day in chosen]
    return {"tickvals": [day.isoformat() for day in chosen], "ticktext": words}


def _ground(view: View) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": BASE,
        "y1": BASE,
        "layer": "below",
        "line": {"color": palette(view).soft, "width": 1.25},
    }


def event_words(event: Break, lang: str) -> str:
    """The event and its day; a total was not merged, its parts were put in a new order."""
    kind = event.kind if event.predecessors or event.kind != "merge" else "reorganised"
    return say(lang, f"screen.event_{kind}_on", day=date_words(event.day, lang))


def events(lines: Sequence[Indexed]) -> list[tuple[Break, list[str]]]:
    """The marked days within the time drawn, each with the units that it changed."""
    shown = [one for one in lines if one.points]
    return [
        (
            event,
            [
                o.series.unit.short
                for o in shown
                if any(b.day == event.day for b in o.series.breaks)
            ],
        )
        for event in _breaks(shown)
    ]


def _breaks(shown: Sequence[Indexed]) -> list[Break]:
    """One mark a day, within the time drawn."""
    days = [middle(one.point) for line in shown for one in line.points]
    if not days:
        return []
    found = {one.day: one for line in shown for one in line.series.breaks}
    return [one for day, one in sorted(found.items()) if min(days) <= day <= max(days)]


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


def _break_notes(shown: Sequence[Indexed], days: Sequence[date], view: View) -> list[Figure]:
    reach = max((max(days) - min(days)).days, 1) if days else 1
    notes = []
    for at, event in enumerate(_breaks(shown)):
        left = (event.day - min(days)).days / reach <= 0.5
        side = "left" if left else "right"
        notes.append(
            {
                **note(
                    view,
                    "",
                    x=event.day.isoformat(),
                    xanchor=side,
                    align=side,
                    xshift=-4 if left else 4,
                    y=1,
                    yref="paper",
                    yanchor="bottom",
                    yshift=(at % 2) * 2 * text_size(view) * 1.3,
                    hovertext=escape(event.legal_basis),
                ),
                "text": "<br>".join(escape(line) for line in mark_lines(event, view)),
            }
        )
    return notes
