"""Submitting figures: template, upload, row by row, confirmation; who sent what and who is due."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import period_words
from ioc.queries.desk import Desk
from ioc.web.page import Page
from ioc.web.submit_answers import SubmitPage
from layouts import heads, states, submit_controls, submit_lists, submit_opened


def _load(desk: Desk, view: View, scope: Scope) -> SubmitPage:
    from ioc.web.submit_page import submit_page

    return submit_page(desk, view, scope)


def title(answer: SubmitPage, view: View) -> str:
    """The page's name, with the unit where one is chosen."""
    if answer.unit is None:
        return say(view.lang, "submit.title")
    return say(view.lang, "submit.title_of", unit=answer.unit.name)


def render(answer: SubmitPage, view: View) -> Component:
    """The page; walls only show figures, so there is nothing for them here."""
    lang = view.lang
    if view.wall:
        return html.Section(
            states.blank(say(lang, "submit.title"), say(lang, "submit.wall"), sign="⊘"),
            className="card-box",
        )
    under = [period_words(answer.period, lang)] if answer.period is not None else []
    head = heads.desk_head(title(answer, view), view, answer.stamp, under=under)
    said = html.P(id="submit-said", className="submit-said", role="status")
    if answer.opened is not None:
        opened = submit_opened.panel(answer, answer.opened, view)
        body: list[Component] = [opened, submit_lists.history(answer, view)]
    elif answer.form is None:
        empty = states.blank(say(lang, "submit.none"), say(lang, "submit.none_hint"))
        body = [html.Section(empty, className="card-box")]
    else:
        body = [
            html.P(say(lang, "submit.intro"), className="submit-intro"),
            submit_controls.bar(answer, view),
            submit_controls.steps(answer, view),
            submit_lists.due(answer, view),
            submit_lists.history(answer, view),
        ]
    return html.Div([head, said, *body], className="page page-submit")


PAGE = Page(name="submit", title=title, load=_load, render=render, nav="submit.nav", order=40)
