"""What one person exported: how far it is, its files and codes, and what was revised since.

The page itself never changes; assets/exports.js fills it, as what it shows belongs to a person.
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import cards, states
from layouts.attributes import attributes


def load(desk: Desk, view: View, scope: Scope) -> None:
    """Nothing: what belongs to a person comes by itself."""


def title(answer: Any, view: View) -> str:
    """The page's name."""
    return say(view.lang, "exports.title")


def render(answer: None, view: View) -> Component:
    """The head, and the places that the script fills."""
    lang = view.lang
    if view.wall:
        words = say(lang, "exports.refused_wall")
        return html.Section(
            states.blank(say(lang, "exports.title"), words, sign="⊘"), className="card-box"
        )
    head = html.Div(
        html.Div(
            [html.H1(say(lang, "exports.title")), html.P(say(lang, "exports.lead"))],
            className="head-words",
        ),
        className="head",
    )
    home = dcc.Link(say(lang, "exports.none_link"), href=View(lang=lang).href(), className="more")
    mine = [
        html.P(say(lang, "exports.loading"), className="hint exports-loading"),
        html.Div([html.P(say(lang, "exports.none")), home], className="exports-none", hidden=True),
        html.Ul(className="exports-list", role="list"),
    ]
    queue = html.P("", className="exports-queue", role="status")
    return html.Div(
        [
            head,
            html.P("", className="exports-trouble", role="status"),
            html.Div(
                [
                    cards.panel(say(lang, "exports.mine"), mine, className="exports-mine"),
                    html.Div(
                        [
                            cards.panel(say(lang, "exports.queue"), queue),
                            cards.panel(
                                say(lang, "exports.notices"), html.Div(className="exports-notices")
                            ),
                        ],
                        className="exports-side",
                    ),
                ],
                className="exports-columns",
            ),
        ],
        id="exports",
        className="page page-exports",
        **attributes(data_lang=lang),
    )


PAGE = Page(name="exports", title=title, load=load, render=render, nav="exports.nav", order=43)
