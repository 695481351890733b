"""The ranking: one bar a unit, best first, its value beside it and its target as a tick."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.domain.view import View
from ioc.domain.words import figure_words, status_sign
from ioc.queries.answers import Cell
from layouts import held_marks, rank_words
from layouts.figures.marks import height, hover
from layouts.figures.paint import Paint
from layouts.goals import target_says
from layouts.links import chosen, marks
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

ROW = 16
TALLEST = 30
"""A row is never taller than this, in px."""
WIDTH = 1.45
"""The width of the chart in bars: the longest one and the column of values."""
LETTER = 0.54
"""Width of a letter as a share of its height, on average."""
LONGEST = 22
"""Letters of a name at most."""
BACK = 0.28
"""How much is left of the colour of marks that were not chosen."""


def figure(cells: Sequence[Cell], view: View, *, room: float = 0) -> Figure:
    """Bars from zero for `cells` in the order given; those without a value come last, in words.

    Values stand in a column of their own; each row is one click wide, because a pale bar behind
    it carries the link. `room` is the height of the chart in px: few rows do not fill it.
    Where the address chooses units, the others step back.
    """
    ordered = [cell for cell in cells if cell.figure.value is not None]
    ordered += [cell for cell in cells if cell.figure.value is None]
    lengths = [height(cell.indicator, cell.figure.value) for cell in ordered]
    goals = [
        height(one.indicator, one.target.value)
        if one.target and one.figure.value is not None
        else None
        for one in ordered
    ]
    ends = [height(one.indicator, its.high) for one in ordered if (its := rank_words.few(one))]
    known = [length for length in (*lengths, *goals, *ends) if length is not None]
    reach = max([*known, 0.0]) or 1.0
    rows = list(range(len(ordered)))
    names = _names(ordered, view)
    letters = max((_letters(cell) for cell in ordered), default=4)
    return {
        "data": [
            _ground(ordered, rows, reach * WIDTH, view),
            _bars(ordered, rows, lengths, view),
            _goals(rows, goals, view),
            _chances(ordered, rows, view),
            _values(ordered, rows, reach * WIDTH, view),
        ],
        "layout": layout(
            view,
            barmode="overlay",
            bargap=0.26,
            margin={"l": letters * text_size(view) * LETTER + 14, "r": 4, "t": 20, "b": 4},
            xaxis=axis(view, range=[min([*known, 0.0]), reach * WIDTH], showticklabels=False),
            yaxis=axis(
                view,
                range=[max(len(ordered), room / TALLEST) - 0.4, -0.6],
                tickvals=rows,
                ticktext=names,
                ticklabelstandoff=6,
            ),
            annotations=_goal_note(ordered, goals, view),
        ),
    }


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _letters(cell: Cell) -> float:
    """How wide a name with its rank is, in letters."""
    place = rank_words.short(cell.place)
    return len(_shortened(cell.unit.short)) + (len(place) + 1.3 if place else 0)


def _names(cells: Sequence[Cell], view: View) -> list[str]:
    keys = chosen((cell.unit for cell in cells), view)
    names = [(cell.unit.key, escape(_shortened(cell.unit.short))) for cell in cells]
    places = [rank_words.short(cell.place) for cell in cells]
    told = [
        (key, f"{place}. {name}" if place else name)
        for place, (key, name) in zip(places, names, strict=True)
    ]
    return [f"<b>{words}</b>" if key in keys else words for key, words in told]


def _ground(cells: Sequence[Cell], rows: list[int], reach: float, view: View) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "y": rows,
        "x": [reach] * len(rows),
        "marker": {"color": palette(view).faint, "opacity": 0.06},
        "customdata": marks(cells, view),
        "hovertext": [hover(cell, view) for cell in cells],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _bars(
    cells: Sequence[Cell], rows: list[int], lengths: list[float | None], view: View
) -> Figure:
    paint = Paint(cells, view)
    keys = chosen((cell.unit for cell in cells), view)
    marker: Figure = {"color": [paint.bar(cell) for cell in cells]}
    if any(cell.revised for cell in cells):
        # Other now than they were known then.
        widths = [2 if cell.revised else 0 for cell in cells]
        marker["line"] = {"color": palette(view).accent, "width": widths}
    if keys:
        marker["opacity"] = [1 if cell.unit.key in keys else BACK for cell in cells]
    return {
        "type": "bar",
        "orientation": "h",
        "y": rows,
        "x": [length or 0 for length in lengths],
        "marker": marker,
        "customdata": marks(cells, view),
        "hoverinfo": "skip",
    }


def _values(cells: Sequence[Cell], rows: list[int], right: float, view: View) -> Figure:
    """The values in words, aligned at the right, each with the sign of its status."""
    look = palette(view)
    keys = chosen((cell.unit for cell in cells), view)
    back = [
        cell.figure.value is None or (bool(keys) and cell.unit.key not in keys) for cell in cells
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [right] * len(rows),
        "y": rows,
        "text": [_label(cell, view) for cell in cells],
        "textposition": "middle left",
        "textfont": {
            "size": text_size(view),
            "color": [look.faint if one else look.ink for one in back],
        },
        "hoverinfo": "skip",
    }


def _label(cell: Cell, view: View) -> str:
    words = escape(figure_words(cell.indicator, cell.figure, view.lang))
    if cell.figure.value is None:
        return f"<i>{words}</i>"
    if cell.waiting is not None:
        words = f"{held_marks.SIGN} {words}"
    return f"{words} {status_sign(cell.status)}" if cell.target else words


def _chances(cells: Sequence[Cell], rows: list[int], view: View) -> Figure:
    """How far chance alone may carry a share of few cases, as a whisker."""
    at, values, less, more = [], [], [], []
    for row, cell in zip(rows, cells, strict=True):
        its, value = rank_words.few(cell), cell.figure.value
        if its is None or value is None:
            continue
        at.append(row)
        values.append(height(cell.indicator, value))
        less.append(height(cell.indicator, value - its.low))
        more.append(height(cell.indicator, its.high - value))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": at,
        "marker": {"size": 1, "color": palette(view).ink},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": more,
            "arrayminus": less,
            "color": palette(view).soft,
            "thickness": 1.5,
            "width": 3,
        },
        "hoverinfo": "skip",
    }


def _goals(rows: list[int], goals: list[float | None], view: View) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": goals,
        "y": rows,
        "marker": {
            "symbol": "line-ns-open",
            "size": 22 if view.wall else 11,
            "line": {"width": 2.5 if view.wall else 1.5, "color": palette(view).ink},
            "color": palette(view).ink,
        },
        "hoverinfo": "skip",
    }


def _goal_note(cells: Sequence[Cell], goals: list[float | None], view: View) -> list[Figure]:
    """The target in words above the bars, where all units share one."""
    common = {goal for goal in goals if goal is not None}
    if len(common) != 1:
        return []
    cell = next(one for one in cells if one.target is not None)
    text = target_says(cell.indicator, cell.target, view.lang)
    place = {"x": common.pop(), "y": 1, "yref": "paper", "yanchor": "bottom"}
    return [note(view, text, xanchor="right" if place["x"] else "left", **place)]
