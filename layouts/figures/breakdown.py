"""The breakdown: the parts of one figure as bars, each with its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ioc.domain.indicator import Dimension, Indicator
from ioc.domain.view import View
from ioc.domain.words import figure_words
from ioc.queries.answers import Cell
from layouts.figures.marks import height
from layouts.links import unit_links
from layouts.theme import Figure, axis, escape, layout, palette, text_size

Row = tuple[str, Cell]

NAMES = 170
"""Room for the names of parts at most, in px; short ones leave it to the bars."""


def rows(
    indicator: Indicator, dimension: Dimension, found: Mapping[str, Sequence[Cell]], lang: str
) -> list[Row]:
    """The named parts of a dimension; cells come under `channel.online`, or under `channel`."""
    listed: list[Row] = []
    names = {value.code: value.name.say(lang) for value in dimension.values}
    codes = [f"{dimension.code}.{code}" for code in names]
    for code, cells in found.items():
        for at, cell in enumerate(cells):
            known = indicator.breakdown_words(code)
            if known is None and at < len(codes):
                known = indicator.breakdown_words(codes[at])
            listed.append((known.say(lang) if known else cell.unit.short, cell))
    return listed


def figure(listed: Sequence[Row], view: View) -> Figure:
    """Bars from zero with the part's name before and its figure behind."""
    look = palette(view)
    lengths = [height(cell.indicator, cell.figure.value) or 0 for _, cell in listed]
    reach = max([*lengths, 0]) or 1
    said = [figure_words(cell.indicator, cell.figure, view.lang) for _, cell in listed]
    letter = text_size(view) * 0.58
    names = max((len(name) for name, _ in listed), default=0) * letter + 14
    link = unit_links(view, listed[0][1].indicator.code if listed else None)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": lengths,
                "y": list(range(len(listed))),
                "marker": {"color": look.accent},
                "text": [escape(words) for words in said],
                "textposition": "outside",
                "cliponaxis": False,
                "textfont": {"size": text_size(view), "color": look.ink},
                "customdata": [[link(cell.unit)] for _, cell in listed],
                "hoverinfo": "skip",
            }
        ],
        "layout": layout(
            view,
            bargap=0.35,
            margin={
                "l": min(names, NAMES),
                # The figures stand behind the bars, the longest one's too.
                "r": 12 + max((len(words) for words in said), default=0) * letter,
                "t": 4,
                "b": 4,
            },
            xaxis=axis(view, range=[0, reach], showticklabels=False),
            yaxis=axis(
                view,
                range=[len(listed) - 0.4, -0.6],
                tickvals=list(range(len(listed))),
                ticktext=[escape(name) for name, _ in listed],
                ticklabelstandoff=6,
            ),
        ),
    }
