"""The overview: the red list first, headlines, map, ranking, trend and the heat map."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import coverage_words, figure_words, gap_words, number, period_words
from ioc.queries.answers import Cell, Overview
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import (
    cards,
    filter_chips,
    heads,
    held_marks,
    late_items,
    notes,
    pace_coverage,
    states,
    summaries,
)
from layouts import components as parts
from layouts.figures import heat, national_map, ranking, trend, trend_words
from layouts.links import indicator_link, unit_links
from layouts.record_links import record_mark
from layouts.scenes import ministry, national
from layouts.tiles import tile

RED_SHOWN = 12
MAP_HEIGHT, REGION_HEIGHT = 584, 440


def _load(desk: Desk, view: View, scope: Scope) -> Overview:
    from ioc.queries.overview import overview

    return overview(desk, view, scope)


def title(answer: Overview, view: View) -> str:
    """`Cả nước – Tổng quan`."""
    return say(view.lang, "overview.title", unit=answer.unit.name)


def render(answer: Overview, view: View) -> Component:
    """The page on the desk, or its wall form with fewer and larger items."""
    if view.wall:
        if answer.unit.key == "gov":
            return ministry.render(answer, view)
        return national.render(answer, view)
    now = answer.stamp.asked_at
    return html.Div(
        [
            filter_chips.row(view, answer.applied, answer.ignored, now=now),
            _head(answer, view),
            states.loading(answer.progress, view.lang),
            html.Div(
                [
                    red_list(answer.red, view, answer.red_count, judged=parts.judged(answer)),
                    html.Div([tile(one, view, now) for one in answer.tiles], className="tiles"),
                ],
                className="row-first",
            ),
            _late(answer, view),
            html.Div(_focus(answer, view), className="row-focus"),
            states.part(lambda: _heat(answer, view), view.lang),
            cards.panel(
                say(view.lang, "screen.how_to_read"),
                [parts.status_legend(view.lang), parts.empty_legend(view.lang)],
                className="reading",
            ),
        ],
        className="page page-overview",
    )


def _late(answer: Overview, view: View) -> Component | None:
    late = answer.late
    return (
        None
        if late is None
        else states.part(lambda: late_items.red(late, view, answer.chosen), view.lang)
    )


def _head(answer: Overview, view: View) -> Component:
    lang = view.lang
    coverage = answer.total.figure.coverage
    under = [
        period_words(answer.period, lang) if answer.period else say(lang, "screen.no_period"),
        coverage_words(coverage, lang) if coverage else None,
    ]
    above = None
    if answer.unit.level == "region":
        root = dcc.Link(say(lang, "words.level_nation").capitalize(), href=view.href(unit="vn"))
        above = parts.trail([root, answer.unit.name], lang)
    return heads.desk_head(answer.unit.name, view, answer.stamp, above=above, under=under)


def red_list(
    cells: tuple[Cell, ...], view: View, count: int, *, judged: bool = True
) -> html.Section:
    """What is at risk, worst first, `count` in all; an empty list says so.

    Where nothing could be `judged` yet, nothing is said to be well either.
    """
    lang = view.lang
    body: Any = states.empty(lang)
    if judged:
        body = states.blank(
            say(lang, "overview.red_none"), say(lang, "overview.red_none_hint"), sign="●"
        )
    if cells:
        body = html.Ol([red_row(cell, view) for cell in cells[:RED_SHOWN]], className="red-rows")
    more = None
    if count > RED_SHOWN:
        words = say(lang, "overview.red_more", count=number(count, lang))
        more = html.A(words, href="#heat", className="red-all")
    return cards.panel(
        say(lang, "overview.red"),
        [body, more],
        say(lang, "overview.red_line"),
        html.Span(number(count, lang) if judged else "–", className="red-count"),
        className=parts.red_look(count, judged=judged),
    )


def red_row(cell: Cell, view: View) -> html.Li:
    """One figure at risk: who, what, how much and how far from the target."""
    lang = view.lang
    indicator = cell.indicator
    row = html.A(
        [
            html.Span(cell.unit.short, className="red-unit", title=cell.unit.name),
            html.Span(figure_words(indicator, cell.figure, lang), className="red-much"),
            html.Span(
                indicator.short.say(lang), className="red-what", title=indicator.name.say(lang)
            ),
            html.Span(gap_words(indicator, cell.gap, lang), className="red-gap"),
        ],
        href=unit_links(view, indicator.code)(cell.unit),
        className="red-row",
    )
    return html.Li(row)


def focus_line(indicator: Indicator, answer: Overview, view: View) -> str:
    """Unit of measure and period, as the second line of a chart."""
    when = period_words(answer.period, view.lang) if answer.period else None
    return " · ".join(one for one in (parts.unit_words(indicator, view.lang), when) if one)


def _focus(answer: Overview, view: View) -> list[Component]:
    lang, focus = view.lang, answer.focus
    name = filter_chips.with_part(focus.short.say(lang), answer.part, lang)
    line = focus_line(focus, answer, view)
    when = period_words(answer.period, lang) if answer.period else None
    made_up = any(cell.figure.illustrative for cell in answer.children)
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.unit,
        period=when,
        sources=(cell.source for cell in answer.children),
        illustrative=made_up,
    )
    common: dict[str, Any] = {"strip": strip, "illustrative": made_up}
    many = max(len(answer.children), 6) * ranking.ROW + 40
    room = REGION_HEIGHT if answer.unit.level == "region" else MAP_HEIGHT
    tall = max(many, room if answer.unit.key != "gov" else many)
    shown: list[Component] = []
    if answer.unit.key != "gov":
        shown.append(
            cards.chart_card(
                "map",
                name,
                line,
                national_map.figure(answer.children, view),
                view,
                summary=summaries.places(answer.children, lang),
                height=room,
                note=parts.map_legend(answer.children, view),
                className="map-card",
                **common,
            )
        )
    if view.status and not answer.children:
        title = say(lang, "overview.ranking", indicator=name)
        shown.append(cards.panel(title, filter_chips.none_left(lang)))
    else:
        shown.append(_ranking(answer, view, name, line, tall, common))
    shown.append(html.Div([_total(answer, view), _trend(answer, view, common)], className="stack"))
    return shown


def _ranking(
    answer: Overview, view: View, name: str, line: str, tall: int, common: dict[str, Any]
) -> html.Section:
    lang = view.lang
    return cards.chart_card(
        "ranking",
        say(lang, "overview.ranking", indicator=name),
        say(lang, "screen.of_units", line=line, count=len(answer.children)),
        ranking.figure(answer.children, view, room=tall),
        view,
        summary=summaries.places(answer.children, lang),
        height=tall,
        className="ranking-card",
        **common,
    )


def _total(answer: Overview, view: View) -> html.Section:
    """The focus indicator's own figure: large, with its parts and its target."""
    lang, cell = view.lang, answer.total
    facts = [
        parts.counts_line(cell, lang),
        parts.target_line(cell, lang),
        coverage_words(cell.figure.coverage, lang) or None,
    ]
    return cards.panel(
        filter_chips.with_part(cell.indicator.name.say(lang), answer.part, lang),
        [
            html.Div(
                [
                    parts.figure_span(cell, lang, className="total-figure"),
                    record_mark(view, cell),
                    parts.chip(cell.status, lang),
                    parts.change_span(cell, lang),
                ],
                className="total-line",
            ),
            html.P(" · ".join(fact for fact in facts if fact), className="total-facts"),
            pace_coverage.told(cell, answer.reach, lang),
            held_marks.told(cell, view),
            dcc.Link(
                say(lang, "overview.to_indicator"),
                href=indicator_link(view, cell.indicator.code),
                className="more",
            ),
        ],
        cell.unit.name if answer.chosen else None,
        parts.illustrative_mark(lang, cell.figure.illustrative),
        className="total",
    )


def _trend(answer: Overview, view: View, common: dict[str, Any]) -> html.Section:
    lang = view.lang
    return cards.chart_card(
        "trend",
        say(lang, "overview.trend", unit=answer.series.unit.short),
        parts.unit_words(answer.focus, lang),
        notes.with_marks(
            trend.figure(answer.series, view, former=answer.singles),
            answer.notes,
            answer.series,
            view,
        ),
        view,
        summary=summaries.trend(answer.series, lang, former=answer.singles),
        height="100%",
        note=notes.beneath(
            answer.notes, answer.series, view, trend_words.coverage_note(answer.series, lang)
        ),
        className="trend-card grow",
        **common,
    )


def _heat(answer: Overview, view: View) -> html.Section:
    """Every unit and indicator at once; the red list leads here."""
    lang, matrix = view.lang, answer.matrix
    name = say(lang, "overview.heat")
    if view.status and not matrix.units:
        return cards.panel(name, filter_chips.none_left(lang))
    if not matrix.units or not matrix.indicators:
        blank = states.empty(lang)
        return cards.panel(name, blank)
    made_up = any(cell.figure.illustrative for cell in matrix.cells.values())
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.unit,
        period=period_words(view.period, lang) if view.period else say(lang, "screen.newest"),
        sources=(cell.source for cell in matrix.cells.values()),
        illustrative=made_up,
    )
    return cards.chart_card(
        "heat",
        name,
        say(lang, "overview.heat_line"),
        heat.figure(matrix, view),
        view,
        strip=strip,
        illustrative=made_up,
        summary=summaries.matrix(matrix, lang),
        wide=True,
        height=heat.size(matrix),
        note=parts.status_legend(lang),
        className="heat-card",
        anchor="heat",
    )


PAGE = Page(
    name="overview",
    title=title,
    load=_load,
    render=render,
    nav="screen.nav_overview",
    order=10,
    filters=True,
)
