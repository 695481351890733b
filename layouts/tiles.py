"""The tiles of headlines: value, target, status, change, trend, children and times in one look."""

from __future__ import annotations

from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import coverage_words, number, status_sign, status_words
from ioc.queries.answers import Cell, Tile
from layouts import components as parts
from layouts.attributes import attributes
from layouts.figures import spark
from layouts.goals import target_short
from layouts.links import indicator_link
from layouts.record_links import record_mark
from layouts.times import three_times

_BAR = (Status.REACHED, Status.NEAR, Status.AT_RISK, Status.NOT_JUDGED)


def tile(one: Tile, view: View, now: datetime, *, marked: bool = True) -> Component:
    """A headline that leads to its indicator's page; on the wall, which has no hands, a card.

    `marked` puts the mark of made-up figures on the tile, not only on the page.
    """
    cell = one.cell
    mark = parts.illustrative_mark(view.lang, marked and cell.figure.illustrative)
    body = _on_wall(one, view, now, mark) if view.wall else _on_desk(one, view, now, mark)
    look = f"tile {parts.css(cell.status)}" + (" is-stale" if cell.stale else "")
    shown = html.Div([child for child in body if child is not None], className="tile-body")
    name = f"tile-{cell.indicator.code}"
    if view.wall:
        return html.Div(shown, id=name, className=look)
    link = dcc.Link(shown, id=name, href=indicator_link(view, cell.indicator.code), className=look)
    # Beside the tile, not in it: a link cannot hold another.
    return html.Div([link, record_mark(view, cell)], className="tile-box")


def _on_desk(
    one: Tile, view: View, now: datetime, mark: Component | None
) -> list[Component | None]:
    cell, lang = one.cell, view.lang
    head = html.Div([_name(cell, lang), parts.chip(cell.status, lang)], className="tile-head")
    target = html.Span(
        parts.target_line(cell, lang),
        className="tile-target" if cell.target else "tile-target is-none",
    )
    facts = html.Div([target, parts.change_span(cell, lang)], className="tile-facts")
    foot = [three_times(cell, now, lang), _coverage(cell, lang), mark]
    return [
        head,
        _value(one, view),
        facts,
        children_bar(one, lang),
        html.Div([item for item in foot if item is not None], className="tile-foot"),
    ]


def _on_wall(
    one: Tile, view: View, now: datetime, mark: Component | None
) -> list[Component | None]:
    """Name, value, status and change, target, the three times: a line each, none of them cut."""
    cell, lang = one.cell, view.lang
    return [
        html.Div([_name(cell, lang), mark], className="tile-head"),
        _value(one, view),
        html.Div(
            [parts.chip(cell.status, lang), parts.change_span(cell, lang)], className="tile-judged"
        ),
        html.P(_goal(cell, lang), className="tile-target") if cell.target else None,
        three_times(cell, now, lang),
    ]


def _name(cell: Cell, lang: str) -> html.Span:
    name = cell.indicator.name.say(lang)
    return html.Span(cell.indicator.short.say(lang), className="tile-name", title=name)


def _goal(cell: Cell, lang: str) -> str:
    """The target in few letters, a carried one with its year."""
    return say(lang, "scenes.target", value=target_short(cell.indicator, cell.target, lang))


def _value(one: Tile, view: View) -> html.Div:
    figure = parts.figure_span(one.cell, view.lang, className="tile-figure")
    value = html.Div([figure, _unit(one, view.lang)], className="tile-value")
    return html.Div(
        [value, spark.image(one.cell.indicator, one.trend, view)], className="tile-middle"
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


def _coverage(cell: Cell, lang: str) -> html.Span | None:
    """How many have reported, where not all have."""
    coverage = cell.figure.coverage
    if coverage is None or coverage.complete:
        return None
    return html.Span(coverage_words(coverage, lang), className="coverage is-partial")
