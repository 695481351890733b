"""The account of a change: bars from zero for each part, rate and mix end to end."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ioc.domain.indicator import Indicator
from ioc.domain.view import View
from ioc.domain.words import change_words
from layouts.figures.marks import height
from layouts.theme import Figure, axis, escape, layout, palette, text_size

ROW = 26
LETTER = 0.58
"""Width of a letter of the words beside the bars, as a share of its height."""
EDGE = 0.04
"""Share of the bars that is left free on both sides."""


class Bar(NamedTuple):
    """One row: its name, what it moved the total by in parts, and where a click leads."""

    name: str
    rate: Fraction = Fraction(0)
    mix: Fraction = Fraction(0)
    apart: Fraction = Fraction(0)
    href: str = ""
    strong: bool = False

    @property
    def total(self) -> Fraction:
        """All of it."""
        return self.rate + self.mix + self.apart


def figure(bars: Sequence[Bar], indicator: Indicator, names: dict[str, str], view: View) -> Figure:
    """`names` are the words of rate, mix and apart for the hover."""
    look = palette(view)
    colours = {"rate": look.accent, "mix": look.lines[1], "apart": look.former}
    ends = [height(indicator, part) or 0.0 for bar in bars
            for part in (bar.rate, bar.mix, bar.apart, bar.total)]  # fmt: skip
    low, high = min(0.0, *ends), max(0.0, *ends)
    wide = high - low or 1.0
    # Words stand in the margins, in px: in a narrow window a share of the bars is too little.
    letters = max((len(change_words(indicator, bar.total, view.lang)) for bar in bars), default=0)
    room = (letters + 2) * text_size(view) * LETTER
    before = room if any(bar.total < 0 for bar in bars) else 0
    after = room if any(bar.total >= 0 for bar in bars) else 0
    rows = list(range(len(bars)))
    return {
        "data": [
            *(_trace(bars, rows, part, colours[part], names[part], indicator, view)
              for part in ("rate", "mix", "apart")),
            _words(bars, rows, indicator, view),
        ],
        "layout": layout(
            view,
            barmode="relative",
            bargap=0.3,
            margin={"l": (290 if view.wall else 170) + before, "r": 8 + after, "t": 4, "b": 4},
            xaxis=axis(
                view,
                range=[low - wide * EDGE, high + wide * EDGE],
                showticklabels=False,
                zeroline=True,
                zerolinecolor=look.soft,
            ),
            yaxis=axis(
                view,
                range=[len(bars) - 0.4, -0.6],
                tickvals=rows,
                ticktext=[
                    f"<b>{escape(bar.name)}</b>" if bar.strong else escape(bar.name) for bar in bars
                ],
                ticklabelstandoff=6 + round(before),
            ),
        ),
    }  # fmt: skip


def _trace(
    bars: Sequence[Bar],
    rows: list[int],
    part: str,
    colour: str,
    name: str,
    indicator: Indicator,
    view: View,
) -> Figure:
    values: list[Fraction] = [getattr(bar, part) for bar in bars]
    return {
        "type": "bar",
        "orientation": "h",
        "x": [height(indicator, value) for value in values],
        "y": rows,
        "marker": {"color": colour},
        "hovertext": [
            f"<b>{escape(bar.name)}</b><br>{escape(name)}: "
            f"{escape(change_words(indicator, value, view.lang))}"
            for bar, value in zip(bars, values, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[bar.href] if bar.href else [] for bar in bars],
    }


def _words(bars: Sequence[Bar], rows: list[int], indicator: Indicator, view: View) -> Figure:
    """What all parts of a row come to, at the longer end of its bar."""
    ends = []
    for bar in bars:
        parts = [height(indicator, part) or 0 for part in (bar.rate, bar.mix, bar.apart)]
        up = bar.total >= 0
        ends.append(sum(one for one in parts if (one > 0) == up))
    return {
        "type": "scatter",
        "mode": "text",
        "x": ends,
        "y": rows,
        "text": [escape(f" {change_words(indicator, bar.total, view.lang)} ") for bar in bars],
        "textposition": ["middle right" if bar.total >= 0 else "middle left" for bar in bars],
        "textfont": {"size": text_size(view), "color": palette(view).ink},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
