"""Lists of the wall: rankings and what is red, as many rows as the card has room for."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import figure_words, gap_words, number, status_sign, status_words
from ioc.queries.answers import Cell, Overview
from layouts import components as parts
from layouts import held_marks, rank_words
from layouts.cards import panel
from layouts.figures.marks import height

NAMED = 2
FEW = 8
"""So many are one list; more are two, from the first down and from the last up."""


def ranking(cells: Sequence[Cell], title: str, line: str, view: View) -> html.Section:
    """The ranking from both ends; the style sheet shows as many rows as there is room for.

    Where there is room for all, all are shown. Who has no figure is counted.
    """
    lang = view.lang
    known = [cell for cell in cells if cell.figure.value is not None]
    note = _silent([cell.unit.short for cell in cells if cell.figure.value is None], lang)
    reach = max((abs(height(one.indicator, one.figure.value) or 0) for one in known), default=0)
    rows = [_ranked(cell, reach, lang) for cell in known]
    lists: list[Component]
    if not rows:
        lists = [html.P(say(lang, "screen.empty_title"), className="wall-silent")]
    elif len(rows) <= FEW:
        lists = [_rows(rows)]
    else:
        half = -(-len(rows) // 2)
        lists = [
            _rows(rows[:half], say(lang, "scenes.first")),
            _rows(rows[half:][::-1], say(lang, "scenes.last")),
        ]
    counted = html.P(note, className="wall-silent") if note else None
    body = [html.Div(lists, className="wall-ends"), counted]
    return panel(title, body, line, className="wall-ranking")


def _silent(names: Sequence[str], lang: str) -> str | None:
    """Who has no figure: by name where they are few."""
    if not names:
        return None
    count = number(len(names), lang)
    if len(names) > NAMED:
        return say(lang, "screen.without", count=count)
    return say(lang, "scenes.silent", count=count, units=", ".join(names))


def red(answer: Overview, view: View) -> html.Section:
    """The head of the red list; where nothing could be judged, nothing is said to be well."""
    lang, judged = view.lang, parts.judged(answer)
    rows = [red_row(cell, cell.unit.short, cell.indicator.short.say(lang), lang)
            for cell in answer.red]  # fmt: skip
    nothing = say(lang, "overview.red_none" if judged else "screen.empty_title")
    body = _rows(rows, tall=True) if rows else html.P(nothing, className="wall-silent")
    count = html.Span(number(answer.red_count, lang) if judged else "–", className="red-count")
    look = f"wall-red {parts.red_look(answer.red_count, judged=judged)}"
    return panel(say(lang, "overview.red"), body, say(lang, "overview.red_line"), count,
                 className=look)  # fmt: skip


def red_row(cell: Cell, name: str, what: str | None, lang: str) -> html.Div:
    """A figure at risk: who, what, how much and how far from its target."""
    return html.Div(
        [
            _sign(cell, lang),
            html.Span(
                [html.B(name), html.Span(what, className="what") if what else None],
                className="who",
            ),
            html.Span(
                [
                    html.B(_words(cell, lang), className="figure"),
                    html.Span(gap_words(cell.indicator, cell.gap, lang), className="gap"),
                ],
                className="much",
            ),
        ],
        className="wall-row",
    )


def _rows(
    rows: Sequence[html.Div],
    title: str | None = None,
    *,
    from_end: bool = False,
    tall: bool = False,
) -> html.Div:
    """Rows of one height in a box that hides those it has no room for; `title` above them."""
    look = "rows is-tall" if tall else "rows"
    head = html.P(title, className="rows-title") if title else None
    box = html.Div(html.Div(list(rows), className=look), className="fit")
    return html.Div([one for one in (head, box) if one is not None], className="wall-list")


def _ranked(cell: Cell, reach: float, lang: str) -> html.Div:
    words, place = _words(cell, lang), rank_words.short(cell.place)
    share = abs(height(cell.indicator, cell.figure.value) or 0) / reach if reach else 0
    return html.Div(
        [
            _sign(cell, lang),
            html.Span(
                [html.B(f"{place}. {cell.unit.short}" if place else cell.unit.short)],
                className="who",
            ),
            html.Span(html.B(words, className="figure"), className="much"),
            html.Span(
                html.Span(className=parts.css(cell.status), style={"width": f"{share:.1%}"}),
                className="bar-track",
            ),
        ],
        className="wall-row",
    )


def _words(cell: Cell, lang: str) -> str:
    """The figure, with the sign of one for which another was given and waits for a person."""
    words = figure_words(cell.indicator, cell.figure, lang)
    return f"{held_marks.SIGN} {words}" if cell.waiting else words


def _sign(cell: Cell, lang: str) -> html.Span:
    sign, word = status_sign(cell.status), status_words(cell.status, lang)
    return parts.dot(sign, word, parts.css(cell.status))
