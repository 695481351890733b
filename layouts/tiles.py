"""The tiles of headlines: value, target, status, change, trend, children and age in one look."""

from __future__ import annotations

from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.period import Calendar
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import coverage_words, number, period_words, status_sign, status_words
from ioc.queries.answers import Cell, Tile
from layouts import components as parts
from layouts.attributes import attributes
from layouts.figures import spark
from layouts.links import indicator_link

_BAR = (Status.REACHED, Status.NEAR, Status.AT_RISK, Status.NOT_JUDGED)


def tile(one: Tile, view: View, now: datetime) -> dcc.Link:
    """A headline that leads to its indicator's page."""
    cell, lang = one.cell, view.lang
    head = html.Div(
        [
            html.Span(
                cell.indicator.short.say(lang),
                className="tile-name",
                title=cell.indicator.name.say(lang),
            ),
            parts.chip(cell.status, lang),
        ],
        className="tile-head",
    )
    value = html.Div(
        [
            html.Div(
                [parts.figure_span(cell, lang, className="tile-figure"), _unit(one, lang)],
                className="tile-value",
            ),
            spark.image(one.trend, view),
        ],
        className="tile-middle",
    )
    facts = html.Div(
        [
            html.Span(
                parts.target_line(cell, lang),
                className="tile-target" if cell.target else "tile-target is-none",
            ),
            parts.change_span(cell, lang),
        ],
        className="tile-facts",
    )
    children: list[Component | None] = [head, value, facts, children_bar(one, lang)]
    children.append(_foot(one, view, now))
    look = f"tile {parts.css(cell.status)}" + (" is-stale" if cell.stale else "")
    return dcc.Link(
        html.Div([child for child in children if child is not None], className="tile-body"),
        href=indicator_link(view, cell.indicator.code),
        className=look,
    )


def _unit(one: Tile, lang: str) -> html.Span | None:
    indicator, figure = one.cell.indicator, one.cell.figure
    if indicator.unit_factor == 100 or figure.value is None:
        return None
    return html.Span(indicator.unit_of_measure.say(lang), className="tile-unit")


def children_bar(one: Tile, lang: str) -> html.Div | None:
    """How many children reach, are near, at risk or not judged: a bar and its counts."""
    if not any(one.children.values()):
        return None
    counted = [(status, one.children.get(status, 0)) for status in _BAR]
    segments = [
        html.Span(className=f"segment {parts.css(status)}", style={"flexGrow": count})
        for status, count in counted
        if count
    ]
    counts = [
        html.Span(
            f"{status_sign(status)} {number(count, lang)}",
            className=f"count {parts.css(status)}",
            title=status_words(status, lang),
            role="img",
            **attributes(aria_label=f"{status_words(status, lang)}: {number(count, lang)}"),
        )
        for status, count in counted
        if count
    ]
    return html.Div(
        [html.Div(segments, className="segments"), html.Div(counts, className="counts")],
        className="tile-children",
    )


def _foot(one: Tile, view: View, now: datetime) -> html.Div:
    cell, lang = one.cell, view.lang
    coverage = cell.figure.coverage
    short = None
    if coverage is not None and not coverage.complete:
        short = html.Span(coverage_words(coverage, lang), className="coverage is-partial")
    age = parts.age_span(cell.received, now, lang)
    said = [
        _when(cell, lang),
        html.Span([say(lang, "screen.received"), " ", age], className="tile-age") if age else None,
        short,
        *parts.warnings(cell, now, lang),
        parts.illustrative_mark(lang, cell.figure.illustrative),
    ]
    return html.Div([item for item in said if item is not None], className="tile-foot")


def _when(cell: Cell, lang: str) -> html.Span:
    """The period in few words; one of the administrative calendar says so, its days on hover."""
    full = parts.period_line(cell, lang)
    words = full
    if cell.period is not None and cell.period.calendar is Calendar.ADMINISTRATIVE:
        short = period_words(cell.period, lang, short=True)
        words = say(lang, "screen.administrative_short", period=short)
    return html.Span(words, title=full, className="tile-period")
