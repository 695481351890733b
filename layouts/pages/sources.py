"""The sources: who delivers, when last and when next, what was refused and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import explain, say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import age_words, duration_words, moment_words, number
from ioc.queries.desk import Desk
from ioc.queries.source_answers import SourceRow, Sources
from ioc.web.page import Page
from layouts import (
    cards,
    heads,
    source_acts,
    source_held,
    source_refused,
    source_strip,
    source_tables,
    states,
)
from layouts import components as parts
from layouts.attributes import attributes
from layouts.held_marks import SIGN
from layouts.scenes import sources as sources_scene

STATES = ("ok", "late", "failing", "stopped", "never")
LEAST_LAG = timedelta(minutes=2)
"""A slot is read within moments of being due; less than this is no lag."""


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
        [html.Div(body, className="scroll-x"), source_strip.legend(lang)],
        say(lang, "sources_page.all_line", count=len(answer.rows)),
    )
    return html.Div(
        [head, loading, _states(answer.rows, lang), listed], className="page page-sources"
    )


def _poller(answer: Sources, view: View) -> str:
    lang = view.lang
    if answer.poller_seen is None:
        return say(lang, "sources_page.poller_never")
    age = age_words(answer.stamp.asked_at - answer.poller_seen, lang)
    return say(lang, "sources_page.poller_seen", age=age)


def _states(rows: tuple[SourceRow, ...], lang: str) -> html.Div:
    counted = [(state, sum(row.state == state for row in rows)) for state in STATES]
    chips = [(state, count, source_tables.state_chip(state, lang)) for state, count in counted]
    held = sum(row.held for row in rows)
    missed = sum(row.missed for row in rows)
    chips += [
        (state, count, source_tables.sign_chip(sign, say(lang, f"sources_page.{state}"), "late"))
        for state, count, sign in (("total_missed", missed, "□"), ("total_held", held, SIGN))
    ]
    return html.Div(
        [
            html.Div(
                [html.Span(number(count, lang), className="figure state-number"), chip],
                className=f"state-count state-{state}" + ("" if count else " is-none"),
            )
            for state, count, chip in chips
        ],
        className="state-counts",
    )


def detail(answer: Sources, row: SourceRow, view: View) -> Component:
    """One source: how it fares, its slots, what is held and refused, its runs and requests."""
    lang, now = view.lang, answer.stamp.asked_at
    back = html.Nav(
        [_link(say(lang, "sources_page.title"), view)],
        className="crumbs",
        **attributes(aria_label=say(lang, "screen.crumbs")),
    )
    quality = View(page="quality", source=row.name, lang=lang).href()
    head = heads.desk_head(
        row.title,
        view,
        answer.stamp,
        above=back,
        under=source_tables.described(row, lang),
        tools=(dcc.Link(say(lang, "quality.title"), href=quality, className="pill"),),
    )
    if row.connector == source_acts.REGISTER:
        counted = cards.panel(
            say(lang, "sources_page.state"),
            [
                source_tables.state_chip(row.state, lang),
                html.P(say(lang, "sources_page.counted_hint"), className="hint"),
            ],
            None,
            parts.illustrative_mark(lang, row.illustrative),
            className="source-card",
        )
        return html.Div([head, counted], className="page page-source")
    runs: Component = states.blank(
        say(lang, "sources_page.no_run"), say(lang, "sources_page.no_run_hint")
    )
    if answer.runs:
        table = source_tables.runs(answer.runs, view)
        runs = html.Div(table, className="scroll-x", tabIndex=0)
    return html.Div(
        [
            head,
            html.Div(
                [
                    cards.panel(
                        say(lang, "sources_page.state"),
                        _facts(row, now, lang),
                        None,
                        parts.illustrative_mark(lang, row.illustrative),
                        className="source-card",
                    ),
                    source_acts.panel(row, view),
                ],
                className="row-source",
            ),
            _history(row, lang),
            source_held.panel(answer.held, answer.decided, view),
            source_refused.panel(answer.rejections, view),
            cards.panel(say(lang, "sources_page.runs"), runs),
        ],
        className="page page-source",
    )


def _history(row: SourceRow, lang: str) -> Component:
    """The strip of the newest slots with its legend, and those not on time to be opened."""
    slots = row.strip[-source_strip.CELLS :]
    line = say(lang, "sources_page.strip_none")
    if slots:
        line = say(
            lang,
            "sources_page.strip_line",
            first=moment_words(slots[0].due, lang),
            last=moment_words(slots[-1].due, lang),
        )
    body = [
        source_strip.strip(slots, lang, stop=True),
        html.P(source_strip.said(slots, lang), className="moments-said"),
        source_strip.legend(lang),
        source_strip.troubled(slots, lang),
    ]
    count = number(source_strip.CELLS, lang)
    return cards.panel(
        say(lang, "sources_page.strip", count=count), body, line, className="moments-card"
    )


def _link(words: str, view: View) -> Component:
    return dcc.Link(words, href=view.href(page="sources", source=None))


def _facts(row: SourceRow, now: datetime, lang: str) -> html.Div:
    coming = moment_words(row.next_run, lang) if row.next_run else "–"
    good = moment_words(row.last_good, lang) if row.last_good else "–"
    late = say(lang, "sources_page.lag_none")
    if row.lag >= LEAST_LAG:
        late = say(lang, "sources_page.lag_of", duration=duration_words(row.lag, lang))
    pairs = (
        ("good", good),
        ("col_next", coming),
        ("lag", late),
        ("breaker", _breaker(row, now, lang)),
        ("col_held", number(row.held, lang)),
        ("col_rows", number(row.observations, lang)),
        ("col_rejections", number(row.rejections, lang)),
    )
    facts = [
        html.Div(
            [html.Dt(say(lang, f"sources_page.{key}")), html.Dd(value, className="figure")],
            className=f"source-fact is-{key.removeprefix('col_')}",
        )
        for key, value in pairs
    ]
    return html.Div(
        [
            source_tables.state_chip(row.state, lang),
            html.Dl(facts, className="source-list"),
            html.Div(source_tables.event_words(row, now, lang), className="source-log"),
        ],
        className="source-state",
    )


def _breaker(row: SourceRow, now: datetime, lang: str) -> list[Component | str]:
    said: list[Component | str] = [source_tables.breaker_words(row, now, lang)]
    if row.breaker != "closed" and row.failures:
        reason = explain(lang, row.broken_code, row.broken_params) if row.broken_code else "–"
        failures = number(row.failures, lang)
        words = say(lang, "sources_page.breaker_open_why", failures=failures, reason=reason)
        said.append(html.Span(words, className="log-reason"))
    return said


PAGE = Page(
    name="sources", title=title, load=load, render=render, nav="screen.nav_sources", order=30
)
