"""Charts and big figures of the wall: as large as their place, nothing to touch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import coverage_words
from ioc.queries.answers import Cell, Note, Series
from layouts import components as parts
from layouts import notes, summaries
from layouts.cards import card_head, panel, plot_box
from layouts.figures import national_map, points, trend
from layouts.theme import CONFIG, Figure
from layouts.times import three_times


def chart(
    name: str,
    title: str,
    line: str,
    figure: Figure,
    view: View,
    *,
    summary: str,
    note: Component | None = None,
) -> html.Section:
    """A card with one chart; `name` is its own on the scene, `summary` its content in words."""
    config: Any = {**CONFIG, "staticPlot": True}
    graph = dcc.Graph(
        id={"type": "plot", "name": name},
        figure=figure,
        config=config,
        className="plot",
        responsive=True,
    )
    return html.Section(
        [
            card_head(title, line),
            plot_box(graph, title, summary, view.lang),
            html.Div(note, className="card-note") if note else None,
        ],
        className=f"card-box chart wall-{name}",
    )


def country(cells: Sequence[Cell], title: str, line: str, view: View) -> html.Section:
    """The map of the provinces with its legend."""
    legend = parts.map_legend(cells, view)
    figure, said = national_map.figure(cells, view), summaries.places(cells, view.lang)
    return chart("map", title, line, figure, view, summary=said, note=legend)


def communes(province: str, cells: Sequence[Cell], title: str, view: View) -> html.Section | None:
    """The communes of a province on its shape; nothing where they or the shape are not known."""
    if not cells or not points.has_shape(province):
        return None
    line = say(view.lang, "unit_page.points_line")
    legend = parts.map_legend(cells, view)
    figure, said = points.figure(province, cells, view), summaries.places(cells, view.lang)
    return chart("points", title, line, figure, view, summary=said, note=legend)


def line(
    series: Series, view: View, *, former: Sequence[Series] = (), remarks: Sequence[Note] = ()
) -> html.Section:
    """The trend of one indicator of one unit, with the newest `remarks` people published on it."""
    indicator = series.indicator
    title = say(view.lang, "unit_page.trend", indicator=indicator.short.say(view.lang))
    words = f"{series.unit.short} · {parts.unit_words(indicator, view.lang)}"
    figure = trend.figure(series, view, former=former)
    figure = notes.with_marks(figure, remarks, series, view)
    said = summaries.trend(series, view.lang, former=former)
    short = notes.short(remarks, view)
    return chart("trend", title, words, figure, view, summary=said, note=short)


def big(cell: Cell, view: View, now: datetime) -> html.Section:
    """One figure, very large: value, status, change, target, parts and its three times."""
    lang = view.lang
    facts = [parts.target_line(cell, lang), parts.counts_line(cell, lang)]
    coverage = coverage_words(cell.figure.coverage, lang)
    said = [" · ".join(fact for fact in facts if fact), coverage]
    return panel(
        cell.indicator.short.say(lang),
        [
            parts.figure_span(cell, lang, className="wall-total"),
            html.Div(
                [parts.chip(cell.status, lang), parts.change_span(cell, lang)],
                className="wall-judged",
            ),
            *(html.P(one) for one in said if one),
            three_times(cell, now, lang),
        ],
        parts.unit_words(cell.indicator, lang),
        className=f"wall-big {parts.css(cell.status)}",
    )
