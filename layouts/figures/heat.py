"""The heat map: units down, indicators across, each cell a sign, a value and a colour."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty
from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import number, status_sign
from ioc.queries.answers import Cell, Matrix
from layouts import held_marks
from layouts.links import chosen, unit_links, wrapped
from layouts.theme import Figure, axis, escape, layout, palette, text_size

ROW = 25
HEAD = 84
LONGEST_WORD = 11
VEIL = 0.68
_LEVELS = {Status.NOT_JUDGED: 0, Status.REACHED: 1, Status.NEAR: 2, Status.AT_RISK: 3}
_EMPTY = 4


def size(matrix: Matrix) -> int:
    """The height of the chart in px: so many rows and the head."""
    return len(matrix.units) * ROW + HEAD + 10


def figure(matrix: Matrix, view: View) -> Figure:
    """One heat map trace; a cell leads to its unit with its indicator chosen."""
    links = [unit_links(view, one.code) for one in matrix.indicators]
    signs = {status: status_sign(status) for status in Status}
    empties = {kind: say(view.lang, f"screen.short_{kind.value}") for kind in Empty}
    levels: list[list[int | None]] = []
    texts: list[list[str]] = []
    hrefs: list[list[list[str]]] = []
    for unit in matrix.units:
        row = [matrix.cells.get((unit.id, one.code)) for one in matrix.indicators]
        levels.append([_level(cell) for cell in row])
        texts.append([_text(cell, view.lang, signs, empties) for cell in row])
        hrefs.append([[link(unit), unit.key] for link in links])
    return {
        "data": [
            {
                "type": "heatmap",
                "z": levels,
                "text": texts,
                "customdata": hrefs,
                "texttemplate": "%{text}",
                "textfont": {"size": 11, "color": palette(view).ink},
                "hovertemplate": "<b>%{y}</b><br>%{x}<br>%{text}<extra></extra>",
                "x": _distinct([_head(one, view.lang) for one in matrix.indicators]),
                "y": _distinct(_names(matrix, view)),
                "xgap": 2,
                "ygap": 2,
                "zmin": -0.5,
                "zmax": 4.5,
                "colorscale": _scale(view),
                "showscale": False,
                "hoverongaps": False,
            }
        ],
        "layout": layout(
            view,
            margin={"l": 104, "r": 0, "t": HEAD, "b": 2},
            xaxis=axis(
                view,
                side="top",
                type="category",
                tickangle=0,
                tickfont={"size": 10, "color": palette(view).soft},
                automargin=False,
            ),
            yaxis=axis(
                view, type="category", autorange="reversed", automargin=False, ticklabelstandoff=6
            ),
            font={**layout(view)["font"], "size": text_size(view)},
            shapes=_veils(matrix, view),
        ),
    }


def _names(matrix: Matrix, view: View) -> list[str]:
    keys = chosen(matrix.units, view)
    names = ((unit.key, escape(unit.short)) for unit in matrix.units)
    return [f"<b>{name}</b>" if key in keys else name for key, name in names]


def _veils(matrix: Matrix, view: View) -> list[Figure]:
    """A veil over the rows of units that were not chosen, where any is."""
    keys = chosen(matrix.units, view)
    if not keys:
        return []
    return [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": row - 0.5,
            "y1": row + 0.5,
            "fillcolor": palette(view).surface,
            "opacity": VEIL,
            "line": {"width": 0},
        }
        for row, unit in enumerate(matrix.units)
        if unit.key not in keys
    ]


def _level(cell: Cell | None) -> int | None:
    if cell is None:
        return None
    if cell.figure.value is None and not cell.figure.count_only:
        return _EMPTY
    return _LEVELS[cell.status]


def _text(cell: Cell | None, lang: str, signs: dict[Status, str], empties: dict[Empty, str]) -> str:
    if cell is None:
        return ""
    figure = cell.figure
    if figure.value is None:
        if figure.numerator is not None and figure.empty is None:
            return number(figure.numerator, lang)
        return empties[figure.empty] if figure.empty else ""
    places = min(cell.indicator.decimals, 1)
    text = _compact(figure.value, cell.indicator.unit_factor, places, lang)
    if cell.waiting is not None:
        text = f"{held_marks.SIGN} {text}"
    if cell.status is Status.NOT_JUDGED:
        return text
    return f"{signs[cell.status]} {text}"


@lru_cache(maxsize=8192)
def _compact(value: Fraction, factor: int, places: int, lang: str) -> str:
    """Kept between two drawings: of 816 values few have changed."""
    return number(value * factor, lang, places)


def _head(indicator: Indicator, lang: str) -> str:
    words = " ".join(_halved(word) for word in indicator.short.say(lang).split())
    return "<br>".join(escape(line) for line in wrapped(words, 8, 5))


def _halved(word: str) -> str:
    """A word wider than a column in two; Vietnamese has none, English has."""
    if len(word) <= LONGEST_WORD:
        return word
    middle = len(word) // 2
    return f"{word[:middle]}- {word[middle:]}"


def _distinct(names: list[str]) -> list[str]:
    """Names made different by spaces of no width: a category axis would merge equal ones."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, -1) + 1
        made.append(name + "\u200b" * seen[name])
    return made


def _scale(view: View) -> list[list[object]]:
    look = palette(view)
    colours = [*(look.tint[status] for status in _LEVELS), look.empty]
    steps: list[list[object]] = []
    for at, colour in enumerate(colours):
        steps += [[at / len(colours), colour], [(at + 1) / len(colours), colour]]
    return steps
