"""Figures on hold: what was given beside what is shown, why, and a person's decision."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import explain, say
from ioc.domain.places import place_words
from ioc.domain.view import View
from ioc.domain.words import moment_words, number, period_words
from ioc.queries.source_answers import HeldRow
from layouts import cards, states
from layouts.attributes import attributes
from layouts.held_marks import SIGN, given_words
from layouts.record_links import record_href


def panel(held: Sequence[HeldRow], decided: Sequence[HeldRow], view: View) -> html.Section:
    """The list of open ones with their buttons, and what was decided lately."""
    lang = view.lang
    body: list[Component] = []
    if held:
        body.append(html.Div(_open(held, view), className="scroll-x"))
    else:
        nothing = say(lang, "held.none"), say(lang, "held.none_hint")
        body.append(states.blank(*nothing, sign="●"))
    if decided:
        body.append(_decided(decided, view))
    words = say(lang, "sources_page.held_count", count=number(len(held), lang))
    count = html.Span(f"{SIGN} {words}", className="warning is-held")
    return cards.panel(
        say(lang, "held.title"),
        body,
        say(lang, "held.line"),
        count if held else None,
        className="held-card",
    )


def _table(heads: Sequence[str], rows: list[html.Tr], lang: str, look: str) -> html.Table:
    names = [html.Th(say(lang, f"held.col_{one}"), scope="col") for one in heads]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(rows)], className=look)


def _open(held: Sequence[HeldRow], view: View) -> html.Table:
    heads = ("what", "given", "standing", "why", "since", "act")
    rows = [
        html.Tr([*_figures(one, view), html.Td(_buttons(one, view.lang), className="held-acts")])
        for one in held
    ]
    return _table(heads, rows, view.lang, "held-rows")


def _figures(one: HeldRow, view: View) -> list[Component]:
    lang = view.lang
    href = record_href(
        view.but(source=None, run=None, reason=None, sheet=1),
        one.unit.key,
        one.indicator.code,
        one.period,
        one.part,
    )
    place = say(lang, "held.place", place=place_words(one.place, lang), run=one.run)
    named = one.indicator.breakdown_words(one.part) if one.part else None
    part = named.say(lang) if named else one.part
    return [
        html.Th(
            [
                dcc.Link(one.indicator.short.say(lang), href=href, className="source-name"),
                html.Span(
                    " · ".join(filter(None, (one.unit.name, period_words(one.period, lang), part))),
                    className="source-code",
                ),
            ],
            scope="row",
        ),
        html.Td(
            given_words(one.indicator, one.given, lang),
            className="figure held-given",
            **attributes(data_label=say(lang, "held.col_given")),
        ),
        html.Td(
            given_words(one.indicator, one.standing, lang),
            className="figure",
            **attributes(data_label=say(lang, "held.col_standing")),
        ),
        html.Td(
            [
                explain(lang, one.code, one.params),
                html.Details(
                    [
                        html.Summary(say(lang, "held.record")),
                        html.P(place, className="hint"),
                        html.Code(one.record),
                    ],
                    className="held-record",
                ),
            ],
            className="held-why",
        ),
        html.Td(moment_words(one.since, lang), className="figure"),
    ]


def _buttons(one: HeldRow, lang: str) -> html.Div:
    about = f"{one.indicator.short.say(lang)}, {one.unit.short}, {period_words(one.period, lang)}"
    return html.Div(
        [
            html.Button(
                say(lang, f"held.{act}"),
                type="button",
                className=f"btn btn-sm held-act {look}",
                **attributes(
                    data_held=one.id,
                    data_act=act,
                    aria_label=f"{say(lang, f'held.{act}')}: {about}",
                    data_about=about,
                    data_given=given_words(one.indicator, one.given, lang),
                    data_standing=given_words(one.indicator, one.standing, lang),
                ),
            )
            for act, look in (
                ("confirm", "btn-primary"),
                ("refuse", "btn-outline-primary"),
            )
        ],
        className="held-buttons",
    )


def _decided(decided: Sequence[HeldRow], view: View) -> html.Details:
    lang = view.lang
    rows = [
        html.Tr(
            [
                *_figures(one, view)[:3],
                html.Td(say(lang, f"held.decided_{one.decision}")),
                html.Td(_signed(one, lang)),
                html.Td(one.note or ""),
            ]
        )
        for one in decided
    ]
    heads = ("what", "given", "standing", "decision", "who", "note")
    return html.Details(
        [
            html.Summary(say(lang, "held.decided")),
            html.Div(_table(heads, rows, lang, "held-rows"), className="scroll-x", tabIndex=0),
        ],
        id="held-decided",
        className="held-decided",
    )


def _signed(one: HeldRow, lang: str) -> str:
    moment = moment_words(one.decided_at, lang) if one.decided_at else "–"
    return say(lang, "held.by_when", by=one.decided_by, moment=moment) if one.decided_by else moment
