"""One unit: a province, commune, ministry or department, with its scorecard, children and past."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import date_words, figure_words, list_words, period_words
from ioc.queries.answers import Break, Cell, UnitPage, UnitRef
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import (
    cards,
    filter_chips,
    goal_list,
    grids,
    heads,
    held_marks,
    late_items,
    notes,
    pace_card,
    pace_coverage,
    pace_rule,
    states,
    summaries,
    tables,
)
from layouts import components as parts
from layouts.figures import points, ranking, trend, trend_words
from layouts.links import unit_link
from layouts.record_links import record_mark
from layouts.scenes import province

RANKED = 60
"""A ranking of more units than this is read in the table, not in bars."""


def _load(desk: Desk, view: View, scope: Scope) -> UnitPage:
    from ioc.queries.unit_page import unit_page

    return unit_page(desk, view, scope)


def title(answer: UnitPage, view: View) -> str:
    """The unit's name."""
    return answer.unit.name


def render(answer: UnitPage, view: View) -> Component:
    """The page on the desk, or its wall form."""
    if view.wall:
        return province.render(answer, view)
    lang = view.lang
    return html.Div(
        [
            filter_chips.row(view, answer.applied, answer.ignored, now=answer.stamp.asked_at),
            heads.desk_head(
                answer.unit.name,
                view,
                answer.stamp,
                above=parts.crumbs(answer.crumbs, view),
                under=_codes(answer, lang),
            ),
            _ended(answer, view),
            html.Div([_score(answer, view), _past_and_trend(answer, view)], className="row-unit"),
            states.part(
                lambda: late_items.registers(answer.registers, view, answer.unit.key), lang
            ),
            goal_list.panel(answer.goals, view),
            _published(answer, view),
            *_children(answer, view),
            notes.panel(answer.notes, answer.unit, answer.focus, view),
        ],
        className="page page-unit",
    )


def _codes(answer: UnitPage, lang: str) -> list[str]:
    known = ("nso", "agency_id", "local", "merger_map")
    words = [
        say(lang, f"unit_page.code_{system}", code=code)
        for system, code in answer.codes
        if system in known
    ]
    return [say(lang, f"words.level_{answer.unit.level}"), *words]


def _ended(answer: UnitPage, view: View) -> html.Div | None:
    """A unit that is no more says so and leads to those that follow it."""
    if answer.unit.ended is None:
        return None
    lang = view.lang
    links = [
        dcc.Link(unit.name, href=unit_link(view, unit), className="more")
        for unit in answer.successors
    ]
    day = date_words(answer.unit.ended, lang)
    words = say(lang, "unit_page.ended", unit=answer.unit.name, day=day)
    return html.Div([html.Strong(words), *links], className="notice is-ended")


def _score(answer: UnitPage, view: View) -> html.Section:
    lang = view.lang
    name = say(lang, "unit_page.scorecard")
    if not answer.cells:
        blank = states.empty(lang, say(lang, "unit_page.nothing_hint"))
        return cards.panel(name, blank)
    table = tables.scorecard(answer.cells, view, answer.stamp.asked_at, focus=answer.focus.code)
    made_up = all(cell.figure.illustrative for cell in answer.cells if tables.tells(cell))
    return cards.panel(
        name,
        table,
        say(lang, "unit_page.scorecard_line"),
        parts.illustrative_mark(lang, made_up),
        className="score-card",
    )


def _past_and_trend(answer: UnitPage, view: View) -> html.Div:
    return html.Div(
        [
            _own(answer, view),
            states.part(lambda: _trend(answer, view), view.lang),
            _history(answer, view),
            states.part(lambda: _points(answer, view), view.lang),
        ],
        className="stack",
    )


def _own(answer: UnitPage, view: View) -> html.Section | None:
    """The figure in focus, large, with what it was made of and how far it is from its target."""
    lang = view.lang
    cell = answer.own
    if cell is None:
        return None
    facts = (parts.counts_line(cell, lang), parts.target_line(cell, lang))
    return cards.panel(
        filter_chips.with_part(answer.focus.name.say(lang), answer.part, lang),
        [
            html.Div(
                [
                    parts.figure_span(cell, lang, className="total-figure"),
                    record_mark(view, cell),
                    pace_rule.chip(cell, view),
                    parts.change_span(cell, lang),
                ],
                className="total-line",
            ),
            html.P(" · ".join(fact for fact in facts if fact), className="total-facts"),
            held_marks.told(cell, view),
            html.P(_legal(cell, lang), className="total-facts") if cell.target else None,
            pace_card.brief(cell, answer.pace, view),
            pace_coverage.told(cell, answer.reach, lang),
        ],
        parts.period_line(cell, lang),
        parts.illustrative_mark(lang, cell.figure.illustrative),
        className="total",
    )


def _legal(cell: Cell, lang: str) -> str:
    assert cell.target is not None
    return say(lang, "screen.legal", text=cell.target.legal.say(lang))


def _strip(answer: UnitPage, view: View, cells: tuple[Cell, ...]) -> dict[str, Any]:
    made_up = any(cell.figure.illustrative for cell in cells)
    when = next((period_words(cell.period, view.lang) for cell in cells if cell.period), None)
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.unit,
        period=when,
        sources=(cell.source for cell in cells),
        illustrative=made_up,
    )
    return {"strip": strip, "illustrative": made_up}


def _trend(answer: UnitPage, view: View) -> html.Section:
    lang = view.lang
    own = () if answer.own is None else (answer.own,)
    behind = answer.singles if answer.chosen else answer.former
    name = filter_chips.with_part(answer.focus.short.say(lang), answer.part, lang)
    former = list_words([one.unit.name for one in answer.former], lang)
    said = [
        say(lang, "unit_page.former_lines", units=former) if former else None,
        trend_words.coverage_note(answer.series, lang),
    ]
    note: list[parts.Child] = [html.P(words) for words in said if words]
    common = _strip(answer, view, own)
    points_shown = (*answer.series.points, *(p for one in behind for p in one.points))
    common["illustrative"] = any(point.figure.illustrative for point in points_shown)
    return cards.chart_card(
        "trend",
        say(lang, "unit_page.trend", indicator=name),
        " · ".join((parts.unit_words(answer.focus, lang), *_of_whom(answer))),
        notes.with_marks(
            trend.figure(answer.series, view, former=behind), answer.notes, answer.series, view
        ),
        view,
        summary=summaries.trend(answer.series, lang, former=behind),
        height=300 if _placed(answer) else 440,
        note=notes.beneath(answer.notes, answer.series, view, *note),
        className="trend-card",
        **common,
    )


def _of_whom(answer: UnitPage) -> tuple[str, ...]:
    """Whose trend it is, where units below were chosen."""
    return (answer.series.unit.name,) if answer.chosen else ()


def _history(answer: UnitPage, view: View) -> html.Section | None:
    """What happened to the unit, newest first, with the instrument and links to the former ones."""
    if not answer.events:
        return None
    lang = view.lang
    newest_first = sorted(answer.events, key=lambda event: event.day, reverse=True)
    items = [_event(event, view) for event in newest_first]
    return cards.panel(say(lang, "unit_page.history"), html.Ol(items, className="events"))


def _event(event: Break, view: View) -> html.Li:
    lang = view.lang
    words = say(lang, f"screen.event_{event.kind}_on", day=date_words(event.day, lang))
    return html.Li(
        [
            html.Strong(words),
            html.Span(event.legal_basis, className="legal") if event.legal_basis else None,
            _unit_links(say(lang, "unit_page.from"), event.predecessors, view),
            _unit_links(say(lang, "unit_page.into"), event.successors, view),
        ]
    )


def _unit_links(word: str, units: tuple[UnitRef, ...], view: View) -> html.Div | None:
    if not units:
        return None
    links = [dcc.Link(unit.name, href=unit_link(view, unit)) for unit in units]
    return html.Div([html.Span(word), *links], className="event-units")


def _children(answer: UnitPage, view: View) -> list[Component]:
    lang = view.lang
    if answer.child_level is None:
        return []
    name = filter_chips.with_part(answer.focus.short.say(lang), answer.part, lang)
    if not answer.children:
        title = say(lang, "overview.ranking", indicator=name)
        return [cards.panel(title, filter_chips.none_left(lang))]
    common = _strip(answer, view, answer.children)
    level = say(lang, f"words.level_{answer.child_level}")
    line = say(lang, "screen.of_units", line=level, count=len(answer.children))
    known = [cell for cell in answer.children if cell.figure.value is not None]
    shown = answer.children
    if len(answer.children) > RANKED:
        shown = (*known[:15], *known[-15:]) if len(known) > 30 else tuple(known)
        line = say(lang, "unit_page.ends_line", shown=len(shown), count=len(answer.children))
    chart = cards.chart_card(
        "ranking",
        say(lang, "overview.ranking", indicator=name),
        line,
        ranking.figure(shown, view, room=max(len(shown) * ranking.ROW + 40, 140)),
        view,
        summary=summaries.places(answer.children, lang),
        height=max(len(shown) * ranking.ROW + 40, 140),
        className="ranking-card",
        **common,
    )
    table = cards.panel(
        say(lang, "unit_page.table", level=level),
        grids.grid("children", answer.children, view),
        say(lang, "unit_page.table_line", indicator=name, count=len(answer.children)),
        parts.illustrative_mark(lang, bool(common["illustrative"])),
        className="grid-card",
    )
    return [html.Div([chart, table], className="row-children")]


def _placed(answer: UnitPage) -> bool:
    """Whether there are communes to be put on the province's shape."""
    return answer.child_level == "commune" and points.has_shape(answer.unit.key)


def _points(answer: UnitPage, view: View) -> html.Section | None:
    """The communes of a province on its shape."""
    if not _placed(answer):
        return None
    lang = view.lang
    return cards.chart_card(
        "points",
        filter_chips.with_part(answer.focus.short.say(lang), answer.part, lang),
        say(lang, "unit_page.points_line"),
        points.figure(answer.unit.key, answer.children, view),
        view,
        summary=summaries.places(answer.children, lang),
        height=420,
        note=parts.map_legend(answer.children, view),
        className="map-card",
        **_strip(answer, view, answer.children),
    )


def _published(answer: UnitPage, view: View) -> html.Section | None:
    """Figures somebody published, each with its citation and under the unit it was said of."""
    if not answer.published:
        return None
    lang = view.lang
    items = [published_item(cell, view) for cell in answer.published]
    return cards.panel(
        say(lang, "unit_page.published"),
        html.Ul(items, className="published"),
        say(lang, "unit_page.published_line"),
    )


def published_item(cell: Cell, view: View) -> html.Li:
    """One published figure with unit, period and citation."""
    lang = view.lang
    when = period_words(cell.period, lang) if cell.period else ""
    words = figure_words(cell.indicator, cell.figure, lang, with_unit=True)
    counts = parts.counts_line(cell, lang)
    part = cell.indicator.breakdown_words(cell.part)
    value = [html.Strong(words, className="figure"), f" {counts}" if counts else None]
    return html.Li(
        [
            html.Span(value, className="published-value"),
            html.Span(
                filter_chips.with_part(
                    cell.indicator.name.say(lang), part.say(lang) if part else None, lang
                ),
                className="published-what",
            ),
            dcc.Link(cell.unit.name, href=unit_link(view, cell.unit, cell.indicator.code)),
            html.Span(when),
            html.Cite(cell.citation or cell.source or ""),
            parts.illustrative_mark(lang, cell.figure.illustrative),
        ]
    )


PAGE = Page(name="unit", title=title, load=_load, render=render, filters=True)
