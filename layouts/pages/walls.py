"""The console of walls: registering, assigning, ordering, freezing and rehearsing.

The page itself never changes; assets/console.js fills and renews it from `/walls/state`, so that
nothing an operator is typing is drawn over when data arrive.
"""

from __future__ import annotations

import json
from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say, sentences
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import cards
from layouts.attributes import attributes


def load(desk: Desk, view: View, scope: Scope) -> None:
    """Nothing: what changes comes by itself."""


def title(answer: Any, view: View) -> str:
    """The page's name."""
    return say(view.lang, "walls.title")


def render(answer: None, view: View) -> Component:
    """The forms, and the places that the script fills."""
    lang = view.lang
    mine = {key: text for key, text in sentences(lang).items() if key.startswith("walls.")}
    words = {key.removeprefix("walls."): text for key, text in mine.items()}
    head = html.Div(
        html.Div(
            [html.H1(say(lang, "walls.title")), html.P(say(lang, "walls.intro"), className="hint")],
            className="head-words",
        ),
        className="head",
    )
    register = html.Form(id="console-register", className="console-form")
    freeze = html.Form(id="console-freeze", className="console-form")
    forms = [
        cards.panel(say(lang, "walls.register"), register, say(lang, "walls.register_line")),
        cards.panel(
            say(lang, "walls.freeze"),
            [freeze, html.Div(id="console-freezes")],
            say(lang, "walls.freeze_line"),
        ),
    ]
    listed = cards.panel(
        say(lang, "walls.all"),
        html.Div(say(lang, "walls.loading"), id="console-walls"),
        say(lang, "walls.all_line"),
        className="console-list",
    )
    named = attributes(aria_label=say(lang, "walls.log"))
    log = cards.panel(
        say(lang, "walls.log"),
        html.Div(id="console-log", className="scroll-x", tabIndex=0, role="region", **named),
        say(lang, "walls.log_line"),
    )
    return html.Div(
        [
            head,
            html.P(id="console-said", className="console-said", role="status"),
            html.Div(id="console-wrong"),
            html.Div(forms, className="console-forms"),
            listed,
            log,
        ],
        id="console",
        className="page page-console",
        **attributes(data_words=json.dumps(words, ensure_ascii=False), data_lang=lang),
    )


PAGE = Page(name="walls", title=title, load=load, render=render, nav="walls.nav", order=45)
