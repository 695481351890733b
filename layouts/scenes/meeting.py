"""A meeting: headlines against their targets, what is red, and the moment the figures are of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import change_words, coverage_words, gap_words, moment_words, number
from ioc.queries.answers import Cell, Overview
from ioc.queries.desk import Desk
from ioc.web.scene import Scene
from layouts import components as parts
from layouts.cards import panel
from layouts.goals import target_short
from layouts.times import three_times
from layouts.wall import charts, lists
from layouts.wall.head import head
from layouts.wall.stage import stage

_COLUMNS = ("actual", "goal", "gap", "change")


def _load(desk: Desk, view: View, scope: Scope) -> Overview:
    from ioc.queries.overview import overview

    return overview(desk, view, scope)


def title(answer: Overview, view: View) -> str:
    """The meeting's name, or that it is one."""
    name = answer.stamp.meeting
    return (
        say(view.lang, "scenes.meeting_of", meeting=name)
        if name
        else say(view.lang, "scenes.meeting")
    )


def render(answer: Overview, view: View) -> Component:
    """The table of headlines, the moment of the figures, and the head of the red list."""
    lang, now = view.lang, answer.stamp.asked_at
    cells = [one.cell for one in answer.tiles]
    coverage = coverage_words(answer.total.figure.coverage, lang)
    name = f"{title(answer, view)} · {answer.unit.name}"
    return stage(
        "meeting",
        head(name, view, answer.stamp, cells=cells, facts=[coverage or None]),
        [
            _table(cells, now, lang),
            _moment(answer, view),
            lists.red(answer, view),
            charts.line(answer.series, view, remarks=answer.notes),
        ],
        view,
        answer.stamp,
    )


def _moment(answer: Overview, view: View) -> html.Section:
    """The clock, and as of when and of which data version everything on the scene is."""
    lang, stamp = view.lang, answer.stamp
    as_of = say(lang, "scenes.meeting_now")
    if stamp.known_at is not None:
        as_of = say(lang, "scenes.known_at", moment=moment_words(stamp.known_at, lang))
    version = say(lang, "scenes.version", version=number(stamp.data_version, lang))
    return html.Section(
        [
            html.Div("", className="clock is-large"),
            html.Div("", className="clock-day"),
            html.P(as_of, className="meeting-as-of"),
            html.P(version, className="meeting-version"),
        ],
        className="card-box wall-moment",
    )


def _table(cells: Sequence[Cell], now: datetime, lang: str) -> html.Section:
    names = [html.Span(say(lang, f"scenes.{one}")) for one in _COLUMNS]
    rows = [_row(cell, now, lang) for cell in cells]
    titles = html.Div([html.Span(""), *names], className="goal-row goal-heads")
    body = [titles, html.Div(html.Div(rows, className="rows is-goal"), className="fit")]
    return panel(say(lang, "scenes.headlines"), body, className="wall-goals")


def _row(cell: Cell, now: datetime, lang: str) -> html.Div:
    goal = target_short(cell.indicator, cell.target, lang) if cell.target else "–"
    return html.Div(
        [
            html.Div(
                [
                    html.B(cell.indicator.short.say(lang), className="goal-name"),
                    parts.chip(cell.status, lang),
                    three_times(cell, now, lang),
                ],
                className="goal-what",
            ),
            parts.figure_span(cell, lang, className="goal-actual"),
            html.Span(goal, className="goal-goal figure"),
            html.Span(gap_words(cell.indicator, cell.gap, lang), className="goal-gap figure"),
            html.Span(
                change_words(cell.indicator, cell.change, lang), className="goal-change figure"
            ),
        ],
        className=f"goal-row wall-row {parts.css(cell.status)}",
    )


SCENE = Scene(name="meeting", title=title, load=_load, render=render, order=70)
