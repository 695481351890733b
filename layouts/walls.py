"""Pages on the wall: fewer and larger items, nothing that scrolls, nothing that needs a hand."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import (
    coverage_words,
    figure_words,
    gap_words,
    number,
    period_words,
    status_sign,
)
from ioc.queries.answers import Cell, IndicatorPage, Overview, Sources, Tile, UnitPage
from layouts import cards, heads, source_tables
from layouts import components as parts
from layouts.attributes import attributes
from layouts.figures import national_map, points, trend
from layouts.tiles import tile

TILES, EDGE_ROWS, RED_ROWS, SCORE_ROWS = 8, 4, 5, 10
NAME_LETTERS = 34
"""As long a title as fits beside the facts of the head."""


def overview(answer: Overview, view: View) -> html.Div:
    """Map, eight headlines, the ends of the ranking and the head of the red list."""
    now = answer.stamp.asked_at
    tiles = html.Div(
        [tile(one, view, now) for one in answer.tiles[:TILES]], className="tiles wall-tiles"
    )
    left = None
    if answer.unit.key != "gov":
        left = _chart(
            answer.focus.short.say(view.lang),
            focus_line(answer.total, view),
            national_map.figure(answer.children, view),
            "wall-map",
            legend=parts.map_legend(answer.children, view),
        )
    lists = html.Div(
        [_red(answer, view), _ends(answer.children, view)],
        className="wall-lists",
    )
    return html.Div(
        [
            _head(answer.unit.name, answer.total, answer, view),
            html.Div([left, tiles, lists], className="wall-grid wall-overview"),
        ],
        className="page wall-page",
    )


def unit(answer: UnitPage, view: View) -> html.Div:
    """A unit's scorecard, its trend and its ranking, or its communes on the map."""
    now = answer.stamp.asked_at
    cells = sorted(answer.cells, key=lambda cell: (not cell.indicator.headline, _urgency(cell)))
    tiles = html.Div(
        [tile(Tile(cell, ()), view, now) for cell in cells[:TILES]], className="tiles wall-tiles"
    )
    own = next((cell for cell in answer.cells if cell.indicator.code == answer.focus.code), None)
    right = [
        _chart(
            answer.focus.short.say(view.lang),
            parts.unit_words(answer.focus, view.lang),
            trend.figure(answer.series, view, former=answer.former),
            "wall-trend",
        )
    ]
    if answer.children and points.has_shape(answer.unit.key):
        right.append(
            _chart(
                say(view.lang, "unit_page.on_map"),
                answer.focus.short.say(view.lang),
                points.figure(answer.unit.key, answer.children, view),
                "wall-points",
                legend=parts.map_legend(answer.children, view),
            )
        )
    elif answer.children:
        right.append(_ends(answer.children, view))
    return html.Div(
        [
            _head(answer.unit.name, own, answer, view),
            html.Div(
                [tiles, html.Div(right, className="wall-column")], className="wall-grid wall-unit"
            ),
        ],
        className="page wall-page",
    )


def indicator(answer: IndicatorPage, view: View) -> html.Div:
    """One indicator: its total, map, trend and the ends of its ranking."""
    lang, total = view.lang, answer.total
    facts = [parts.target_line(total, lang), parts.counts_line(total, lang)]
    big = html.Div(
        [
            parts.figure_span(total, lang, className="wall-total"),
            html.Div([parts.chip(total.status, lang), parts.change_span(total, lang)]),
            html.P(" · ".join(fact for fact in facts if fact)),
        ],
        className="wall-big card-box",
    )
    map_card = None
    if answer.unit.key != "gov":
        map_card = _chart(
            say(lang, "screen.by_province"),
            focus_line(total, view),
            national_map.figure(answer.children, view),
            "wall-map",
            legend=parts.map_legend(answer.children, view),
        )
    line = _chart(
        say(lang, "overview.trend", unit=answer.series.unit.short),
        parts.unit_words(answer.indicator, lang),
        trend.figure(answer.series, view),
        "wall-trend",
    )
    middle = html.Div([big, line], className="wall-column")
    lists = html.Div([_ends(answer.children, view, rows=8)], className="wall-lists")
    return html.Div(
        [
            _head(_fitting(answer, lang), total, answer, view),
            html.Div([map_card, middle, lists], className="wall-grid wall-overview"),
        ],
        className="page wall-page",
    )


def _fitting(answer: IndicatorPage, lang: str) -> str:
    """The indicator's name where the head has room for it, else its short one."""
    name = answer.indicator.name.say(lang)
    return name if len(name) <= NAME_LETTERS else answer.indicator.short.say(lang)


def sources(answer: Sources, view: View) -> html.Div:
    """The sources in trouble first, then as many others as there is room for."""
    rows = sorted(answer.rows, key=lambda row: (row.state == "ok", row.name))
    lang, shown = view.lang, rows[:SCORE_ROWS]
    good = sum(row.state == "ok" for row in rows)
    under = [say(lang, "sources_page.wall_good", good=good, count=len(rows))]
    if len(rows) > len(shown):
        rest = sum(row.state != "ok" for row in rows[SCORE_ROWS:])
        key = "sources_page.wall_more_bad" if rest else "sources_page.wall_more"
        under.append(say(lang, key, count=len(rows) - len(shown), bad=rest))
    return html.Div(
        [
            heads.wall_head(say(lang, "sources_page.title"), view, answer.stamp, under=under),
            html.Div(
                source_tables.sources(shown, answer.stamp.asked_at, view),
                className="card-box wall-table",
            ),
        ],
        className="page wall-page",
    )


def focus_line(cell: Cell, view: View) -> str:
    """Unit of measure and period of the focus."""
    when = period_words(cell.period, view.lang) if cell.period else None
    return " · ".join(p for p in (parts.unit_words(cell.indicator, view.lang), when) if p)


def _head(title: str, cell: Cell | None, answer: Any, view: View) -> html.Header:
    under: list[str | None] = []
    if cell is not None:
        under.append(parts.period_line(cell, view.lang))
        under.append(coverage_words(cell.figure.coverage, view.lang) or None)
    return heads.wall_head(title, view, answer.stamp, under=under)


def _chart(
    title: str, line: str, figure: dict[str, Any], look: str, *, legend: Component | None = None
) -> html.Section:
    return cards.bare_card(title, line, figure, className=look, note=legend)


def _urgency(cell: Cell) -> int:
    return {Status.AT_RISK: 0, Status.NEAR: 1, Status.REACHED: 2, Status.NOT_JUDGED: 3}[cell.status]


def _red(answer: Overview, view: View) -> html.Section:
    lang, judged = view.lang, parts.judged(answer)
    nothing = say(lang, "overview.red_none" if judged else "screen.empty_title")
    rows: Any = [
        _row(
            cell,
            cell.unit.short,
            cell.indicator.short.say(lang),
            figure_words(cell.indicator, cell.figure, lang),
            gap_words(cell.indicator, cell.gap, lang),
        )
        for cell in answer.red[:RED_ROWS]
    ] or html.P(nothing)
    shown = number(answer.red_count, lang) if judged else "–"
    count = html.Span(shown, className="red-count")
    look = f"wall-red {parts.red_look(answer.red_count, judged=judged)}"
    return cards.panel(say(lang, "overview.red"), rows, None, count, className=look)


def _ends(cells: tuple[Cell, ...], view: View, *, rows: int = EDGE_ROWS) -> html.Section:
    """The best and the last of the ranking; all of them where they are few."""
    lang = view.lang
    known = [cell for cell in cells if cell.figure.value is not None]
    short = len(known) > 2 * rows
    first = known[:rows] if short else known
    last = known[-rows:] if short else []
    listed: list[Any] = [_ranked(cell, at + 1, lang) for at, cell in enumerate(first)]
    if last:
        listed.append(html.Div("⋯", className="wall-gap", **attributes(aria_hidden="true")))
        begin = len(known) - len(last) + 1
        listed += [_ranked(cell, begin + at, lang) for at, cell in enumerate(last)]
    silent = len(cells) - len(known)
    if silent:
        listed.append(html.P(say(lang, "screen.without", count=silent), className="wall-silent"))
    return cards.panel(say(lang, "screen.ends"), listed, None, className="wall-ends")


def _ranked(cell: Cell, place: int, lang: str) -> html.Div:
    words = figure_words(cell.indicator, cell.figure, lang)
    return _row(cell, f"{place}. {cell.unit.short}", None, words, None)


def _row(cell: Cell, name: str, what: str | None, value: str, gap: str | None) -> html.Div:
    sign = html.Span(status_sign(cell.status), className="sign")
    return html.Div(
        [
            html.Span(sign, className=f"dot {parts.css(cell.status)}"),
            html.Span(
                [html.B(name), html.Span(what, className="what") if what else None],
                className="who",
            ),
            html.Span(
                [
                    html.B(value, className="figure"),
                    html.Span(gap, className="gap") if gap else None,
                ],
                className="much",
            ),
        ],
        className="wall-row",
    )
