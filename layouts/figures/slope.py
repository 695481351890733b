"""Slopes: a line a unit between two periods, named at its end, ranks in words."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import change_words, figure_words, period_words
from ioc.queries.compare_answers import Slope
from layouts import rank_words
from layouts.figures.dodge import dodged
from layouts.figures.marks import height
from layouts.links import unit_links
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

ROW = 17
"""Height of a label, in px."""
MOST_NAMED = 70
"""Units that are all named."""
ENDS = 6
_LEFT, _RIGHT = 52, 176
_LEADER = 0.1
"""How far a label stands from its line's end, as a share of the way between the columns."""
_NAME = 17


def room(lines: Sequence[Slope], chosen: frozenset[int] = frozenset()) -> int:
    """The height of the chart in px, so that every label has its row."""
    named = len(_named(lines, chosen))
    return max(named * ROW + 70, 300 if len(lines) <= MOST_NAMED else 640)


def _named(lines: Sequence[Slope], chosen: frozenset[int]) -> list[Slope]:
    """All units while they are few; of many the chosen, both ends and those that moved most."""
    if len(lines) <= MOST_NAMED:
        return list(lines)
    moved = sorted(lines, key=lambda one: -abs(steps(one)))[:ENDS]
    kept = {one.now.unit.id for one in (*lines[:ENDS], *lines[-ENDS:], *moved)} | chosen
    return [one for one in lines if one.now.unit.id in kept]


def figure(lines: Sequence[Slope], chosen: frozenset[int], view: View) -> Figure:
    """Two columns of values; what became better is a full line, what became worse a dashed one."""
    low, high = _range(lines)
    named = _named(lines, chosen)
    apart = (high - low) * ROW / (room(lines, chosen) - 50)
    late = dodged([_now(one) for one in named], apart, low, high)
    early = dodged([_before(one) for one in named], apart, low, high)
    return {
        "data": [
            _leaders(named, early, late, view),
            *(_line(one, one.now.unit.id in chosen, view) for one in _last(lines, chosen)),
        ],
        "layout": layout(
            view,
            margin={"l": _LEFT, "r": _RIGHT, "t": 34, "b": 12},
            xaxis=axis(view, range=[-_LEADER, 1 + _LEADER], showticklabels=False),
            yaxis=axis(view, range=[low, high], showticklabels=False),
            shapes=[_column(at, view) for at in (0, 1)],
            annotations=[
                *_heads(lines, view),
                *_left(named, early, chosen, view),
                *_right(named, late, chosen, view),
            ],
        ),
    }


def better(line: Slope) -> bool | None:
    """Whether the unit became better (neutral indicators: whether it rose); None when the same."""
    if not line.change:
        return None
    rose = line.change > 0
    return rose if line.now.indicator.direction is not Direction.DOWN else not rose


def steps(line: Slope) -> int:
    """Places gained (positive) or lost among the units compared."""
    return (line.before.rank or 0) - (line.now.rank or 0)


def steps_words(line: Slope, lang: str) -> str:
    """The change of rank in words."""
    moved = steps(line)
    if moved == 0:
        return say(lang, "compare.slope_rank_same")
    return say(lang, f"compare.slope_rank_{'up' if moved > 0 else 'down'}", steps=abs(moved))


def _now(line: Slope) -> float:
    return height(line.now.indicator, line.now.figure.value) or 0.0


def _before(line: Slope) -> float:
    return height(line.before.indicator, line.before.figure.value) or 0.0


def _range(lines: Sequence[Slope]) -> tuple[float, float]:
    values = [value for one in lines for value in (_now(one), _before(one))]
    if not values:
        return 0.0, 1.0
    room_ = (max(values) - min(values)) * 0.03 or 1.0
    return min(values) - room_, max(values) + room_


def _last(lines: Sequence[Slope], chosen: frozenset[int]) -> list[Slope]:
    """The chosen units' lines are drawn over the others."""
    return sorted(lines, key=lambda one: one.now.unit.id in chosen)


def _line(line: Slope, picked: bool, view: View) -> Figure:
    look, lang = palette(view), view.lang
    of: Indicator = line.now.indicator
    worse = better(line) is False
    colour = look.accent if picked else look.former if worse else look.ramp[3]
    link = unit_links(view, of.code)(line.now.unit)
    words = (
        f"<b>{escape(line.now.unit.name)}</b><br>"
        f"{escape(figure_words(of, line.before.figure, lang))} → "
        f"<b>{escape(figure_words(of, line.now.figure, lang))}</b> "
        f"({escape(change_words(of, line.change, lang))})<br>"
        f"{rank_words.short(line.before.place)} → {rank_words.short(line.now.place)}: "
        f"{escape(steps_words(line, lang))}"
    )
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [0, 1],
        "y": [_before(line), _now(line)],
        "line": {
            "color": colour,
            "width": 3 if picked else 1.5,
            "dash": "5px,4px" if worse else "solid",
        },
        "marker": {"color": colour, "size": 7 if picked else 5},
        "hovertext": [words, words],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[link], [link]],
        "cliponaxis": False,
    }


def _leaders(
    lines: Sequence[Slope], early: Sequence[float], late: Sequence[float], view: View
) -> Figure:
    """Thin lines from each end to the place of its label."""
    x: list[float | None] = []
    y: list[float | None] = []
    for one, left, right in zip(lines, early, late, strict=True):
        x += [-_LEADER, 0, None, 1, 1 + _LEADER, None]
        y += [left, _before(one), None, _now(one), right, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": palette(view).line, "width": 1},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _column(at: int, view: View) -> Figure:
    line = {"color": palette(view).line, "width": 1}
    return {
        "type": "line", "layer": "below", "line": line,
        "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
    }  # fmt: skip


def _heads(lines: Sequence[Slope], view: View) -> list[Figure]:
    if not lines:
        return []
    font = {"size": text_size(view), "color": palette(view).ink, "weight": 620}
    return [
        note(
            view,
            period_words(cell.period, view.lang, short=True) if cell.period else "",
            x=at,
            y=1,
            yref="paper",
            xanchor="left" if at else "right",
            yanchor="bottom",
            yshift=8,
            xshift=-4 if at else 4,
            font=font,
        )
        for at, cell in enumerate((lines[0].before, lines[0].now))
    ]


def _left(
    lines: Sequence[Slope], places: Sequence[float], chosen: frozenset[int], view: View
) -> list[Figure]:
    return [
        note(
            view,
            figure_words(one.before.indicator, one.before.figure, view.lang),
            x=-_LEADER,
            xanchor="right",
            xshift=-3,
            y=place,
            yanchor="middle",
            font=_font(one, chosen, view),
        )
        for one, place in zip(lines, places, strict=True)
    ]


def _right(
    lines: Sequence[Slope], places: Sequence[float], chosen: frozenset[int], view: View
) -> list[Figure]:
    """Value, name and change of rank; the value stands next to the line's end."""
    notes = []
    for one, place in zip(lines, places, strict=True):
        name = one.now.unit.short
        name = name if len(name) <= _NAME else name[: _NAME - 1] + "…"
        moved = steps(one)
        arrow = f" ↑{moved}" if moved > 0 else f" ↓{-moved}" if moved < 0 else ""
        value = figure_words(one.now.indicator, one.now.figure, view.lang)
        notes.append(
            note(
                view,
                f"{value} {name}{arrow}",
                x=1 + _LEADER,
                xanchor="left",
                xshift=3,
                y=place,
                yanchor="middle",
                align="left",
                font=_font(one, chosen, view),
            )
        )
    return notes


def _font(line: Slope, chosen: frozenset[int], view: View) -> Figure:
    look = palette(view)
    picked = line.now.unit.id in chosen
    return {
        "size": text_size(view) - (0 if picked else 1),
        "color": look.accent if picked else look.soft,
        "weight": 650 if picked else 450,
    }
