"""Meeting packs: templates, one's own, those that are shared, and the basket.

The page itself never changes; assets/briefing.js fills it, as what it shows belongs to a person.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import briefing_words


def load(desk: Desk, view: View, scope: Scope) -> None:
    """Nothing: what belongs to a person comes by itself."""


def title(answer: Any, view: View) -> str:
    """The page's name."""
    return say(view.lang, "briefing.title")


def render(answer: None, view: View) -> Component:
    """The head, and the place that the script fills."""
    if view.wall:
        return briefing_words.wall(view)
    lang = view.lang
    head = html.Div(
        html.Div(
            [
                html.H1(say(lang, "briefing.title")),
                html.P(say(lang, "briefing.intro"), className="hint"),
            ],
            className="head-words",
        ),
        className="head",
    )
    return briefing_words.place("briefings", view, [head])


PAGE = Page(name="briefings", title=title, load=load, render=render, nav="briefing.nav", order=42)
