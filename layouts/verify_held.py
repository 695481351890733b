"""The frozen export: what it is, whether it is as it was kept, its picture and files."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.times import date_words, moment_words
from ioc.domain.view import ZONE, View
from ioc.domain.words import number
from ioc.web.verify_answers import Held, Verify
from layouts import cards
from layouts.attributes import attributes

_SIGNS = {"good": "✓", "adjusted": "↻", "expired": "⌛", "broken": "△"}
_MOST_OPEN = 3
"""Definitions that are told at once; more are folded."""


def head(held: Held, view: View) -> html.Div:
    """What was exported, by whom and when."""
    lang = view.lang
    who = held.who or say(lang, "verify.about_nameless")
    made = say(lang, "verify.strip_made_by", who=who, when=moment_words(held.made_at, lang))
    facts = [
        html.Span(say(lang, f"verify.kind_{held.kind}"), className="fact"),
        html.Span(held.code, className="fact verify-code"),
        html.Span(made, className="fact"),
        html.Span(
            say(lang, "screen.known_at", moment=moment_words(held.known_at, lang)),
            className="as-of",
        ),
    ]
    mark = html.Span(say(lang, "words.illustrative"), className="illustrative")
    line = html.Div([mark, say(lang, "screen.illustrative_line")], className="notice")
    return html.Div(
        [
            html.Div(
                [
                    html.Span(say(lang, "verify.title"), className="verify-above"),
                    html.H1(held.title, lang=held.lang),
                    html.Div(facts, className="facts"),
                ],
                className="head-words",
            ),
            line if held.illustrative else None,
        ],
        className="head",
    )


def _ways(answer: Verify, held: Held, view: View) -> list[Component]:
    lang = view.lang
    ways: list[Component] = [
        dcc.Link(say(lang, "verify.live"), href=held.live, className="act"),
        dcc.Link(say(lang, "verify.then"), href=held.then, className="act"),
    ]
    if held.tables:
        on = answer.beside is not None
        words = say(lang, "verify.beside_off" if on else "verify.beside")
        href = view.href(form=None if on else "beside")
        ways.append(dcc.Link(words, href=href, className="act"))
    return ways


def verdict(answer: Verify, held: Held, view: View) -> html.Section:
    """The first thing anyone wants to know, in one sentence, and the ways to then and now.

    The script adds whether it can be made again.
    """
    lang = view.lang
    look, words, hint = _verdict(answer, held, lang)
    lines: list[Component] = [
        html.P(words, className="verify-line"),
        html.P(hint, className="verify-hint"),
    ]
    if not held.complete:
        lines.append(html.P(say(lang, "verify.state_incomplete"), className="verify-hint"))
    if held.tables:
        lines.append(
            html.Div(
                [],
                className="verify-again",
                role="status",
                **attributes(
                    data_href=f"/verify/{held.code}/again.json?lang={lang}",
                    data_going=say(lang, "verify.again_going"),
                    data_failed=say(lang, "verify.again_failed", reason="{reason}"),
                    data_go=say(lang, "verify.again_go"),
                ),
            )
        )
    lines.append(html.Div(_ways(answer, held, view), className="verify-ways"))
    sign = html.Span(_SIGNS[look], className="verify-sign", **attributes(aria_hidden="true"))
    said = html.Div(lines, className="verify-lines")
    return html.Section([sign, said], className=f"card-box verify-verdict is-{look}")


def _verdict(answer: Verify, held: Held, lang: str) -> tuple[str, str, str]:
    if held.removed_at is not None:
        when = moment_words(held.removed_at, lang)
        hint = say(lang, "verify.state_expired_hint", when=when)
        return "expired", say(lang, "verify.state_expired"), hint
    if not held.intact:
        hint = say(lang, "verify.state_broken_hint")
        return "broken", say(lang, "verify.state_broken"), hint
    if answer.count:
        key = "state_revised" if answer.revised else "state_changed"
        count = number(answer.revised or answer.count, lang)
        words = say(lang, f"verify.{key}", count=count)
        return "adjusted", words, say(lang, f"verify.{key}_hint")
    key = "state_good" if answer.looked else "state_nothing"
    hint = say(lang, f"verify.{key}_hint", looked=number(answer.looked, lang))
    return "good", say(lang, f"verify.{key}"), hint


def picture(held: Held, lang: str) -> html.Section | None:
    """The picture as it was exported."""
    if held.picture is None:
        return None
    words = say(lang, "verify.picture_words", title=held.title)
    shown = html.A(html.Img(src=held.picture, alt=words), href=held.picture, target="_blank")
    return cards.panel(say(lang, "verify.picture"), shown, className="verify-picture")


def files(held: Held, lang: str) -> html.Section | None:
    """The files, to be downloaded byte for byte."""
    if held.removed_at is not None:
        return None
    rows = [
        html.Li(
            [
                html.A(one.name, href=one.href, download=one.name),
                html.Span(
                    say(lang, "verify.file_size", size=number(-(-one.size // 1000), lang)),
                    className="verify-hint",
                ),
                html.Code(one.sha256[:16], title=one.sha256),
            ]
        )
        for one in held.files
    ]
    body: Component = html.Ul(rows, className="verify-files")
    if not rows:
        body = html.P(say(lang, "verify.files_none"), className="verify-hint")
    subtitle = say(lang, "verify.files_subtitle") if rows else None
    return cards.panel(say(lang, "verify.files"), body, subtitle)


def about(held: Held, lang: str) -> html.Section:
    """Everything that the file's strip says, and how to check it without this product."""
    until = held.expires_at.astimezone(ZONE).date() if held.expires_at else None
    rows: list[tuple[str, Component | str | list[Component]]] = [
        (say(lang, "verify.about_who"), held.who or say(lang, "verify.about_nameless")),
        (say(lang, "verify.about_made"), moment_words(held.made_at, lang)),
        *((name, words) for name, words in held.about),
        (say(lang, "verify.about_known"), moment_words(held.known_at, lang)),
        (say(lang, "verify.about_version"), number(held.version, lang)),
        (say(lang, "verify.about_sources"), _lines(held.sources)),
        (say(lang, "verify.about_notes"), _lines(held.caveats)),
        (
            say(lang, "verify.about_expires"),
            date_words(until, lang) if until else say(lang, "verify.about_ever"),
        ),
        (say(lang, "verify.about_hash"), html.Code(held.data_hash)),
    ]
    listed: list[Component] = []
    for name, words in dict(rows).items():
        if words:
            listed += [html.Dt(name), html.Dd(words)]
    body: list[Component] = [html.Dl(listed, className="record-facts")]
    if held.data is not None:
        body.append(html.A(say(lang, "verify.about_data"), href=held.data, className="verify-data"))
    return cards.panel(say(lang, "verify.about"), body)


def _lines(words: tuple[str, ...]) -> list[Component]:
    return [html.Div(one) for one in words]


def meanings(held: Held, lang: str) -> html.Section | None:
    """What the indicators meant when it was exported."""
    if not held.meanings:
        return None
    listed: list[Component] = []
    for one in held.meanings:
        version = say(lang, "verify.meaning_version", version=one.version)
        listed += [
            html.Dt([html.Span(one.code, className="verify-code"), f" {one.name} ({version})"]),
            html.Dd(
                [
                    one.meaning,
                    html.Div(say(lang, "verify.meaning_formula", formula=one.formula))
                    if one.formula
                    else None,
                ]
            ),
        ]
    body: Component = html.Dl(listed, className="verify-meanings", lang=held.lang)
    if len(held.meanings) > _MOST_OPEN:
        words = say(lang, "verify.meanings_count", count=len(held.meanings))
        body = html.Details([html.Summary(words), body], className="verify-more")
    return cards.panel(say(lang, "verify.meanings"), body)
