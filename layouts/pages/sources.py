"""The sources: who delivers, when last and when next, what was refused and why."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import age_words, moment_words, number
from ioc.queries.answers import SourceRow, Sources
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import cards, heads, source_tables, states
from layouts import components as parts
from layouts.attributes import attributes
from layouts.scenes import sources as sources_scene

STATES = ("ok", "late", "failing", "stopped", "never")


def load(desk: Desk, view: View, scope: Scope) -> Sources:
    """All sources, and the one that the address names."""
    from ioc.queries.health import sources

    return sources(desk, view, scope)


def title(answer: Sources, view: View) -> str:
    """The page's name, or the chosen source's."""
    return answer.chosen.title if answer.chosen else say(view.lang, "sources_page.title")


def render(answer: Sources, view: View) -> Component:
    """All sources, or one of them in detail."""
    if view.wall:
        return sources_scene.render(answer, view)
    if answer.chosen is not None:
        return detail(answer, answer.chosen, view)
    lang = view.lang
    now = answer.stamp.asked_at
    head = heads.desk_head(
        say(lang, "sources_page.title"), view, answer.stamp, under=(_poller(answer, view),)
    )
    loading = states.loading(answer.progress, lang)
    body: Any = states.blank(say(lang, "sources_page.none"), say(lang, "sources_page.none_hint"))
    if answer.rows:
        body = source_tables.sources(answer.rows, now, view)
    listed = cards.panel(
        say(lang, "sources_page.all"),
        html.Div(body, className="scroll-x"),
        say(lang, "sources_page.all_line", count=len(answer.rows)),
    )
    return html.Div([head, loading, _states(answer.rows, lang), listed], className="page")


def _poller(answer: Sources, view: View) -> str:
    lang = view.lang
    if answer.poller_seen is None:
        return say(lang, "sources_page.poller_never")
    age = age_words(answer.stamp.asked_at - answer.poller_seen, lang)
    return say(lang, "sources_page.poller_seen", age=age)


def _states(rows: tuple[SourceRow, ...], lang: str) -> html.Div:
    counted = [(state, sum(row.state == state for row in rows)) for state in STATES]
    return html.Div(
        [
            html.Div(
                [
                    html.Span(number(count, lang), className="figure state-number"),
                    source_tables.state_chip(state, lang),
                ],
                className=f"state-count state-{state}" + ("" if count else " is-none"),
            )
            for state, count in counted
        ],
        className="state-counts",
    )


def detail(answer: Sources, row: SourceRow, view: View) -> Component:
    """One source: its state, its log, its runs and what it refused."""
    lang, now = view.lang, answer.stamp.asked_at
    back = html.Nav(
        [_link(say(lang, "sources_page.title"), view)],
        className="crumbs",
        **attributes(aria_label=say(lang, "screen.crumbs")),
    )
    head = heads.desk_head(
        row.title, view, answer.stamp, above=back, under=(row.name, row.connector, row.schedule)
    )
    empty = states.blank(say(lang, "sources_page.no_run"), say(lang, "sources_page.no_run_hint"))
    runs = (
        html.Div(source_tables.runs(answer.runs, view), className="scroll-x")
        if answer.runs
        else empty
    )
    refused: Any = states.blank(
        say(lang, "sources_page.no_rejection"),
        say(lang, "sources_page.no_rejection_hint"),
        sign="●",
    )
    if answer.rejections:
        refused = html.Div(source_tables.rejections(answer.rejections, view), className="scroll-x")
    return html.Div(
        [
            head,
            cards.panel(
                say(lang, "sources_page.state"),
                _facts(row, now, lang),
                None,
                parts.illustrative_mark(lang, row.illustrative),
            ),
            cards.panel(
                say(lang, "sources_page.rejections"),
                refused,
                say(lang, "sources_page.rejections_line", count=row.rejections),
            ),
            cards.panel(say(lang, "sources_page.runs"), runs),
        ],
        className="page page-source",
    )


def _link(words: str, view: View) -> Component:
    return dcc.Link(words, href=view.href(page="sources", source=None))


def _facts(row: SourceRow, now: Any, lang: str) -> html.Div:
    coming = moment_words(row.next_run, lang) if row.next_run else "–"
    good = moment_words(row.last_good, lang) if row.last_good else "–"
    pairs = (
        ("col_next", coming),
        ("good", good),
        ("col_rows", number(row.observations, lang)),
        ("col_rejections", number(row.rejections, lang)),
    )
    facts: list[Component] = []
    for key, value in pairs:
        facts += [html.Dt(say(lang, f"sources_page.{key}")), html.Dd(value, className="figure")]
    return html.Div(
        [
            source_tables.state_chip(row.state, lang),
            html.Dl(facts, className="source-facts"),
            html.Div(source_tables.event_words(row, now, lang), className="source-log"),
        ],
        className="source-state",
    )


PAGE = Page(
    name="sources", title=title, load=load, render=render, nav="screen.nav_sources", order=30
)
