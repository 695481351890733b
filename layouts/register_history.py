"""The history of an item: every version with what it changed, who acted and why."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import date_words, moment_words, number
from ioc.queries.register_answers import ActRow, FieldChange, ItemDetail, ItemVersion
from layouts import cards


def panel(answer: ItemDetail, view: View) -> html.Section:
    """Versions and acts together, the newest first."""
    lang = view.lang
    shown = {one.act.id for one in answer.versions if one.act is not None}
    entries: list[tuple[Any, Component]] = [
        (one.recorded_at, _version(answer, one, view)) for one in answer.versions
    ]
    entries += [
        (one.at, _note(one, lang))
        for one in answer.acts
        if one.id not in shown and one.kind != "import"
    ]
    entries.sort(key=lambda one: one[0], reverse=True)
    line = say(lang, "register.history_line", count=number(len(entries), lang))
    return cards.panel(
        say(lang, "register.history"),
        html.Ol([one for _, one in entries], className="item-history"),
        line,
        className="history-card",
    )


def _version(answer: ItemDetail, one: ItemVersion, view: View) -> html.Li:
    lang = view.lang
    who: list[Any] = []
    if one.act is not None:
        who += _acted(one.act, lang)
    if one.source:
        plain = View(known_at=view.known_at, lang=lang)
        href = plain.href(page="source", source=one.source_name)
        who.append(html.Span([say(lang, "register.from_source"), " ",
                              dcc.Link(one.source, href=href)]))  # fmt: skip
    if one.run is not None:
        words = say(
            lang,
            "register.run_of",
            number=one.run.id,
            moment=moment_words(one.run.started, lang),
        )
        who.append(html.Span(words, className="what"))
    if one.citation:
        who.append(html.Cite(one.citation))
    head = [
        html.Time(
            moment_words(one.recorded_at, lang),
            dateTime=one.recorded_at.isoformat(),
            className="figure",
        ),
        html.Span(
            say(lang, "register.since", day=date_words(one.valid_from, lang)), className="what"
        ),
    ]
    if one.standing:
        head.append(html.Span(say(lang, "register.stands"), className="history-stands"))
    return html.Li(
        [
            html.Div(head, className="history-when"),
            html.Div(who, className="history-who"),
            _changes(one, lang),
        ],
        className="is-standing" if one.standing else "",
    )


def _acted(one: ActRow, lang: str) -> list[Any]:
    said: list[Any] = [
        html.Span(say(lang, f"register.act_{one.kind}", by=one.by), className="history-act")
    ]
    if one.why:
        said.append(html.Span(say(lang, "register.because", why=one.why), className="history-why"))
    if one.evidence:
        words = say(lang, "register.with_evidence", evidence=one.evidence)
        said.append(html.Span(words, className="history-why"))
    return said


def _changes(one: ItemVersion, lang: str) -> Component:
    if one.gone:
        return html.P(say(lang, "register.gone"), className="item-flag")
    if one.changes is None:
        return html.P(say(lang, "register.first_word"), className="what")
    if not one.changes:
        return html.P(say(lang, "register.no_change"), className="what")
    return html.Ul([_change(change, lang) for change in one.changes], className="history-changes")


def _change(one: FieldChange, lang: str) -> html.Li:
    return html.Li(
        [
            html.Span(one.words, className="change-what"),
            html.Span([html.Del(one.before), " → ", html.Ins(one.after)], className="change-of"),
        ]
    )


def _note(one: ActRow, lang: str) -> html.Li:
    return html.Li(
        [
            html.Div(
                html.Time(
                    moment_words(one.at, lang), dateTime=one.at.isoformat(), className="figure"
                ),
                className="history-when",
            ),
            html.Div(_acted(one, lang), className="history-who"),
        ],
        className="is-note",
    )
