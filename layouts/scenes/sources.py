"""The sources and the age of what they gave: those in trouble in words, the others as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import explain, say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import age_words, moment_words, number
from ioc.queries.answers import Trouble
from ioc.queries.desk import Desk
from ioc.queries.source_answers import SourceRow, Sources
from ioc.web.scene import Scene
from layouts import components as parts
from layouts import source_strip
from layouts.cards import panel
from layouts.source_tables import state_chip
from layouts.wall.head import head
from layouts.wall.stage import stage

_WORST = ("failing", "stopped", "late", "never")


def _load(desk: Desk, view: View, scope: Scope) -> Sources:
    from ioc.queries.health import sources

    return sources(desk, view, scope)


def title(answer: Sources, view: View) -> str:
    """The name of the sources' page."""
    return say(view.lang, "sources_page.title")


def render(answer: Sources, view: View) -> Component:
    """What needs somebody's attention beside what is in order."""
    lang, now = view.lang, answer.stamp.asked_at
    bad = sorted((row for row in answer.rows if row.state != "ok"),
                 key=lambda row: (_WORST.index(row.state), row.name))  # fmt: skip
    good = sorted((row for row in answer.rows if row.state == "ok"), key=_last_good)
    counted = say(lang, "sources_page.wall_good", good=len(good), count=len(answer.rows))
    facts = [counted, _poller(answer, lang)]
    return stage(
        "sources",
        head(title(answer, view), view, answer.stamp, facts=facts),
        [_bad(bad, answer, lang), _good(good, now, lang)],
        view,
        answer.stamp,
    )


def _wrong(rows: Sequence[SourceRow], lang: str) -> list[str]:
    """How many sources fail, how many slots were missed and how many figures wait, if any."""
    counted = (
        ("failing", sum(row.state == "failing" for row in rows)),
        ("missed", sum(row.missed for row in rows)),
        ("held", sum(row.held for row in rows)),
    )
    return [
        say(lang, f"sources_page.wall_{what}", count=number(count, lang))
        for what, count in counted
        if count
    ]


def _last_good(row: SourceRow) -> float:
    return row.last_good.timestamp() if row.last_good else 0.0


def _poller(answer: Sources, lang: str) -> str:
    if answer.poller_seen is None:
        return say(lang, "sources_page.poller_never")
    age = age_words(answer.stamp.asked_at - answer.poller_seen, lang)
    return say(lang, "sources_page.poller_seen", age=age)


def _bad(rows: Sequence[SourceRow], answer: Sources, lang: str) -> html.Section:
    stamp = answer.stamp
    known = {one.name: one for one in stamp.troubles}
    count = html.Span(number(len(rows), lang), className="red-count")
    body: Component = html.P(
        [html.Span("●", className="sign"), say(lang, "scenes.bad_none")], className="wall-well"
    )
    if rows:
        listed = [_trouble(row, known.get(row.name), stamp.asked_at, lang) for row in rows]
        fit = html.Div(html.Div(listed, className="rows is-source"), className="fit")
        body = html.Div([fit, source_strip.legend(lang)], className="wall-trouble")
    wrong = " · ".join(_wrong(answer.rows, lang)) or None
    look = "red" if any(row.state == "failing" for row in rows) else "red is-open"
    return panel(say(lang, "scenes.bad_sources"), body, wrong, count,
                 className=f"wall-bad {look if rows else 'red is-clear'}")  # fmt: skip


def _trouble(row: SourceRow, known: Trouble | None, now: datetime, lang: str) -> html.Div:
    return html.Div(
        [
            html.Div([html.B(row.title), state_chip(row.state, lang)], className="source-line"),
            html.P(_why(row, known, lang), className="source-why"),
            html.P(_age(row, now, lang), className="source-age"),
            source_strip.strip(row.strip, lang) if row.strip else None,
        ],
        className="wall-row",
    )


def _why(row: SourceRow, known: Trouble | None, lang: str) -> str:
    """Why it is not in order, in words."""
    if row.state == "failing":
        return explain(lang, known.code, known.params) if known and known.code else ""
    if row.state == "late" and row.next_run is not None:
        return say(lang, "scenes.source_late", moment=moment_words(row.next_run, lang))
    return say(lang, "scenes.source_stopped" if row.state == "stopped" else "scenes.source_first")


def _age(row: SourceRow, now: datetime, lang: str) -> str:
    """Since when it is broken, and when it was read well last."""
    said = []
    if row.broken_since is not None:
        since = moment_words(row.broken_since, lang, near=now)
        age = age_words(now - row.broken_since, lang)
        said.append(say(lang, "scenes.source_since", moment=since, age=age))
    good = say(lang, "scenes.source_never")
    if row.last_good is not None:
        good = say(lang, "scenes.source_checked", age=age_words(now - row.last_good, lang))
    return " · ".join((*said, good))


def _good(rows: Sequence[SourceRow], now: datetime, lang: str) -> html.Section:
    """Those in order, the one read longest ago first: its figures are the oldest."""
    mixed = len({row.illustrative for row in rows}) > 1
    listed = [_fine(row, now, lang, marked=mixed) for row in rows]
    body = html.Div(html.Div(listed, className="rows is-good"), className="fit")
    count = html.Span(number(len(rows), lang), className="good-count figure")
    return panel(say(lang, "scenes.good_sources"), body, None, count, className="wall-good")


def _fine(row: SourceRow, now: datetime, lang: str, *, marked: bool) -> html.Div:
    said = [html.B(row.title)]
    mark = parts.illustrative_mark(lang, marked and row.illustrative)
    checked = [
        html.Span([say(lang, "scenes.checked"), " ", parts.age_span(row.last_good, now, lang)])
    ]
    if row.next_run is not None:
        moment = moment_words(row.next_run, lang, near=now)
        checked.append(html.Span(say(lang, "scenes.source_next", moment=moment)))
    return html.Div(
        [
            parts.dot("●", say(lang, "sources_page.state_ok"), "state-ok"),
            html.Span([*said, mark], className="who"),
            html.Span(checked, className="when"),
        ],
        className="wall-row",
    )


SCENE = Scene(name="sources", title=title, load=_load, render=render, order=60)
