"""One meeting pack: its sections in order, schedule, delivery, heading, and what was made of it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import briefing_words, states


def load(desk: Desk, view: View, scope: Scope) -> None:
    """Nothing: whose it is decides what is shown, so it comes by itself."""


def title(answer: Any, view: View) -> str:
    """The page's name; that of the briefing may not be for everyone."""
    return say(view.lang, "briefing.title")


def render(answer: None, view: View) -> Component:
    """The way back, and the place that the script fills."""
    if view.wall:
        return briefing_words.wall(view)
    lang = view.lang
    home = View(page="briefings", lang=lang).href()
    back = html.Nav(dcc.Link(say(lang, "briefing.title"), href=home), className="crumbs")
    if view.briefing is None:
        head = html.Div(
            html.Div([back, html.H1(say(lang, "briefing.title"))], className="head-words"),
            className="head",
        )
        empty = states.blank(say(lang, "briefing.choose"), say(lang, "briefing.choose_hint"))
        section = html.Section(empty, className="card-box")
        return html.Div([head, section], className="page page-briefing")
    head = html.Div(
        html.Div(
            [
                back,
                html.H1(say(lang, "briefing.title"), id="briefing-title"),
                html.Div(id="briefing-facts", className="facts"),
            ],
            className="head-words",
        ),
        className="head",
    )
    return briefing_words.place("briefing", view, [head], data_key=view.briefing)


PAGE = Page(name="briefing", title=title, load=load, render=render)
