"""Tables of sources and of their runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import explain, knows, say
from ioc.domain.view import View
from ioc.domain.words import (
    age_words,
    duration_words,
    moment_words,
    number,
)
from ioc.queries.source_answers import RunRow, SourceRow
from layouts import components as parts
from layouts import source_strip
from layouts.held_marks import SIGN
from layouts.source_acts import REGISTER


def sources(rows: Sequence[SourceRow], now: datetime, view: View) -> html.Table:
    """All sources: state in words, last and next run, age, rows and rejections."""
    lang = view.lang
    heads = ("source", "state", "history", "last", "next", "rows", "rejections", "event")
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [_source_row(row, now, view) for row in rows]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="sources")


def state_chip(state: str, lang: str) -> html.Span:
    """The state of a source as shape, colour and word."""
    known = state if state in ("ok", "failing", "never", "stopped", "late") else "never"
    sign = {"ok": "●", "failing": "▼", "late": "◆", "stopped": "■", "never": "○"}[known]
    return sign_chip(sign, say(lang, f"sources_page.state_{known}"), known)


def sign_chip(sign: str, words: str, look: str) -> html.Span:
    """A shape and a word in the colours of a state."""
    said = html.Span(words, className="word")
    return html.Span([html.Span(sign, className="sign"), said], className=f"chip state-{look}")


def described(row: SourceRow, lang: str) -> tuple[str, ...]:
    """Name, connector and schedule; of a register's source, whom nobody reads, that it counts."""
    if row.connector == REGISTER:
        return row.name, say(lang, "sources_page.counted")
    return tuple(one for one in (row.name, row.connector, row.schedule) if one)


def _source_row(row: SourceRow, now: datetime, view: View) -> html.Tr:
    lang = view.lang
    name = [
        dcc.Link(
            row.title, href=view.href(page="source", source=row.name), className="source-name"
        ),
        html.Span(" · ".join(described(row, lang)), className="source-code"),
        parts.illustrative_mark(lang, row.illustrative),
    ]
    last = (
        [
            parts.age_span(row.last.finished or row.last.started, now, lang),
            html.Span(outcome_words(row.last.outcome, lang), className="outcome"),
        ]
        if row.last
        else say(lang, "sources_page.no_run")
    )
    coming = moment_words(row.next_run, lang, near=now) if row.next_run else "–"
    return html.Tr(
        [
            html.Th([one for one in name if one is not None], scope="row", className="source"),
            html.Td(_standing(row, now, lang), className="state"),
            html.Td(_history(row, lang), className="history"),
            html.Td(last, className="last"),
            html.Td(coming, className="next"),
            html.Td(number(row.observations, lang), className="rows figure"),
            html.Td(number(row.rejections, lang), className="rejections figure"),
            html.Td(event_words(row, now, lang), className="event"),
        ],
        className=f"source-row state-{row.state}",
    )


def _standing(row: SourceRow, now: datetime, lang: str) -> list[Component]:
    """The state of a source, its breaker where that is not closed, and what is on hold."""
    said: list[Component] = [state_chip(row.state, lang)]
    if row.breaker != "closed":
        said.append(html.Span(breaker_words(row, now, lang), className="warning is-failing"))
    if row.held:
        words = say(lang, "sources_page.held_count", count=number(row.held, lang))
        said.append(html.Span(f"{SIGN} {words}", className="warning is-held"))
    return said


def breaker_words(row: SourceRow, now: datetime, lang: str) -> str:
    """The breaker in words: closed, open until when, or half open."""
    if row.breaker == "open":
        until = moment_words(row.breaker_until, lang, near=now) if row.breaker_until else "–"
        return say(lang, "sources_page.breaker_open", moment=until)
    known = "half_open" if row.breaker == "half_open" else "closed"
    return say(lang, f"sources_page.breaker_{known}")


def _history(row: SourceRow, lang: str) -> list[Component]:
    wrong = source_strip.counts(row.strip, lang)
    return [source_strip.strip(row.strip, lang), *wrong]


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
    """The runs of a source, newest first: what asked for each, how it went, why where it failed."""
    lang = view.lang
    heads = (
        "started", "kind", "outcome", "duration", "read", "added", "unchanged", "rejected", "held",
        "reason",
    )  # fmt: skip
    names = [
        html.Th(say(lang, f"sources_page.col_{one}"), scope="col", className=one) for one in heads
    ]
    body = [_run(row, lang) for row in rows]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="runs")


def _run(row: RunRow, lang: str) -> html.Tr:
    look = f"outcome outcome-{row.outcome}"
    outcome = html.Span(outcome_words(row.outcome, lang), className=look)
    counts = (row.read, row.added, row.unchanged, row.rejected, row.held)
    return html.Tr(
        [
            html.Td(moment_words(row.started, lang), className="figure"),
            html.Td(kind_line(row, lang)),
            html.Td(outcome),
            html.Td(took(row, lang), className="figure"),
            *(html.Td(number(count, lang), className="figure number") for count in counts),
            html.Td(explain(lang, row.code, row.params) if row.code else ""),
        ]
    )


def kind_line(row: RunRow, lang: str) -> str:
    """What asked for a run, who did, and which try for its slot it was where not the first."""
    key = f"sources_page.kind_{row.kind}"
    said = [say(lang, key) if knows(lang, key) else row.kind]
    if row.by:
        said.append(row.by)
    if row.attempt > 1:
        said.append(f"{say(lang, 'sources_page.col_attempt').lower()} {number(row.attempt, lang)}")
    return ", ".join(said)


def outcome_words(outcome: str, lang: str) -> str:
    """How a run ended."""
    key = f"sources_page.outcome_{outcome}"
    return say(lang, key) if knows(lang, key) else outcome


def took(row: RunRow, lang: str) -> str:
    """How long a run took: seconds with one decimal below a minute."""
    if row.finished is None:
        return "–"
    length = row.finished - row.started
    if length < timedelta(minutes=1):
        seconds = Fraction(length // timedelta(milliseconds=1), 1000)
        return say(lang, "sources_page.seconds", number=number(seconds, lang, 1))
    return duration_words(length, lang)
