"""Tables of sources, their runs and what they refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import explain, say
from ioc.domain.view import View
from ioc.domain.words import (
    age_words,
    moment_words,
    number,
)
from ioc.queries.answers import RejectionRow, RunRow, SourceRow
from layouts import components as parts


def sources(rows: Sequence[SourceRow], now: datetime, view: View) -> html.Table:
    """All sources: state in words, last and next run, age, rows and rejections."""
    lang = view.lang
    heads = ("source", "state", "last", "next", "rows", "rejections", "event")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [_source_row(row, now, view) for row in rows]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="sources")


def state_chip(state: str, lang: str) -> html.Span:
    """The state of a source as shape, colour and word."""
    known = state if state in ("ok", "failing", "never", "stopped", "late") else "never"
    sign = {"ok": "●", "failing": "▼", "late": "◆", "stopped": "■", "never": "○"}[known]
    word = html.Span(say(lang, f"sources_page.state_{known}"), className="word")
    return html.Span([html.Span(sign, className="sign"), word], className=f"chip state-{known}")


def _source_row(row: SourceRow, now: datetime, view: View) -> html.Tr:
    lang = view.lang
    name = [
        dcc.Link(
            row.title, href=view.href(page="source", source=row.name), className="source-name"
        ),
        html.Span(f"{row.name} · {row.connector} · {row.schedule}", className="source-code"),
        parts.illustrative_mark(lang, row.illustrative),
    ]
    last = (
        [
            parts.age_span(row.last.finished or row.last.started, now, lang),
            html.Span(say(lang, f"sources_page.outcome_{row.last.outcome}"), className="outcome"),
        ]
        if row.last
        else say(lang, "sources_page.no_run")
    )
    coming = moment_words(row.next_run, lang) if row.next_run else "–"
    return html.Tr(
        [
            html.Th([one for one in name if one is not None], scope="row", className="source"),
            html.Td(state_chip(row.state, lang), className="state"),
            html.Td(last, className="last"),
            html.Td(coming, className="next"),
            html.Td(number(row.observations, lang), className="rows figure"),
            html.Td(number(row.rejections, lang), className="rejections figure"),
            html.Td(event_words(row, now, lang), className="event"),
        ],
        className=f"source-row state-{row.state}",
    )


def event_words(row: SourceRow, now: datetime, lang: str) -> list[Component]:
    """When the source broke and why, when it came back, and the last good reading."""
    said: list[Component] = []
    if row.broken_since is not None:
        broken = say(
            lang,
            "sources_page.broken",
            moment=moment_words(row.broken_since, lang),
            age=age_words(now - row.broken_since, lang),
        )
        said.append(html.Span(broken, className="log is-break"))
        if row.last is not None and row.last.code:
            reason = explain(lang, row.last.code, row.last.params)
            said.append(html.Span(reason, className="log-reason"))
    elif row.recovered_at is not None:
        moment = moment_words(row.recovered_at, lang)
        said.append(
            html.Span(say(lang, "sources_page.recovered", moment=moment), className="log is-back")
        )
    if row.state != "ok" and row.last_good is not None:
        moment = moment_words(row.last_good, lang)
        words = say(lang, "sources_page.last_good", moment=moment)
        said.append(html.Span(words, className="log"))
    return said


def runs(rows: Sequence[RunRow], view: View) -> html.Table:
    """The runs of a source, newest first, with the reason where one failed."""
    lang = view.lang
    heads = ("started", "outcome", "read", "added", "unchanged", "rejected", "reason")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [
        html.Tr(
            [
                html.Td(moment_words(row.started, lang), className="figure"),
                html.Td(
                    html.Span(
                        say(lang, f"sources_page.outcome_{row.outcome}"),
                        className=f"outcome outcome-{row.outcome}",
                    )
                ),
                *(
                    html.Td(number(count, lang), className="figure number")
                    for count in (row.read, row.added, row.unchanged, row.rejected)
                ),
                html.Td(explain(lang, row.code, row.params) if row.code else ""),
            ]
        )
        for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="runs")


def rejections(rows: Sequence[RejectionRow], view: View) -> html.Table:
    """Refused records: where each stood, why it was refused, and what it said."""
    lang = view.lang
    heads = ("place", "reason", "record")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [
        html.Tr(
            [
                html.Td(row.place),
                html.Td(explain(lang, row.code, row.params)),
                html.Td(html.Code(_record(row.record))),
            ]
        )
        for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="rejected")


def _record(text: str) -> str:
    with suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text if len(text) <= 300 else text[:299] + "…"
