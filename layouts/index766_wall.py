"""The 766 index on a wall: the official total, its groups, what differs, and the trend."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.view import View
from ioc.queries.index766_answers import Beside, Index766Page
from layouts import cards
from layouts import components as parts
from layouts.index766_rows import gap, points, why
from layouts.wall import charts, lists


def body(answer: Index766Page, view: View) -> list[Component | None]:
    """The cards of the scene, in the order of importance."""
    lang = view.lang
    if answer.placed:
        cells = [one.cell for one in answer.placed]
        line = say(lang, "index766.scores_line")
        return [lists.ranking(cells, say(lang, "index766.list"), line, view)]
    if answer.official is None or answer.series is None:
        return [cards.panel(say(lang, "index766.scores"), html.P(say(lang, "index766.empty")))]
    return [
        charts.big(answer.official, view, answer.stamp.asked_at),
        _groups(answer, view),
        _differences(answer, view),
        charts.line(answer.series, view),
    ]


def _groups(answer: Index766Page, view: View) -> html.Section:
    lang = view.lang
    rows = [
        _row(
            one.group.name.say(lang),
            None,
            f"{points(one.beside.official, lang)} / {number(one.group.max, lang)}",
            _remade(one.beside, lang),
            one.beside,
        )
        for one in answer.groups
    ]
    return cards.panel(say(lang, "index766.groups"), _rows(rows), say(lang, "index766.official"))


def _differences(answer: Index766Page, view: View) -> html.Section:
    lang = view.lang
    rows = [
        _row(
            f"{one.scored.row.number} {one.scored.row.name.say(lang)}",
            why(one, lang),
            points(one.beside.official, lang),
            _remade(one.beside, lang),
            one.beside,
        )
        for one in answer.differences
    ]
    key = "differences_none" if answer.told else "differences_nothing"
    shown = (
        _rows(rows)
        if rows
        else html.P(say(lang, f"index766.{key}"), className="wall-silent is-wrapped")
    )
    return cards.panel(say(lang, "index766.differences"), shown)


def _remade(beside: Beside, lang: str) -> str:
    if beside.made is None:
        return say(lang, "index766.not_compared")
    return f"{say(lang, 'index766.made')} {points(beside.made, lang)} ({gap(beside, lang)})"


def _row(name: str, what: str | None, figure: str, under: str, beside: Beside) -> html.Div:
    sign, look = ("≠", "is-near") if beside.differs else ("=", "is-not-judged")
    return html.Div(
        [
            parts.dot(sign, under, look),
            html.Span(
                [html.B(name), html.Span(what, className="what") if what else None],
                className="who",
            ),
            html.Span(
                [html.B(figure, className="figure"), html.Span(under, className="index-under")],
                className="much",
            ),
        ],
        className="wall-row",
    )


def _rows(rows: list[html.Div]) -> html.Div:
    box = html.Div(html.Div(rows, className="rows is-tall is-named"), className="fit")
    return html.Div(box, className="wall-list")
