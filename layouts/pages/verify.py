"""Verify: what an exported file showed, whether it is the original, what became of its figures."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from ioc.web.verify_answers import Verify
from layouts import states, verify_asking, verify_held, verify_tables


def _load(desk: Desk, view: View, scope: Scope) -> Verify:
    from ioc.web.verify_page import verify_page

    return verify_page(desk, view, scope)


def title(answer: Verify, view: View) -> str:
    """The page's name, with what the export is called."""
    if answer.held is None:
        return say(view.lang, "verify.title")
    return say(view.lang, "verify.title_of", title=answer.held.title)


def render(answer: Verify, view: View) -> Component:
    """The page; walls only show figures, so there is nothing for them here."""
    lang, held = view.lang, answer.held
    if view.wall:
        blank = states.blank(say(lang, "verify.title"), say(lang, "verify.wall"), sign="⊘")
        return html.Section(blank, className="card-box")
    if held is None:
        parts = [
            html.Div(html.H1(say(lang, "verify.title")), className="head"),
            html.P(say(lang, "verify.intro"), className="verify-intro"),
            html.Div(
                [verify_asking.code_card(view), verify_asking.file_card(view)],
                className="verify-pair",
            ),
        ]
        return html.Div(parts, className="page page-verify")
    whole = [
        verify_held.head(held, view),
        verify_held.verdict(answer, held, view),
        verify_tables.beside(answer, held, view),
        verify_tables.changes(answer, view),
        html.Div(
            [
                html.Div(
                    [
                        verify_held.picture(held, lang),
                        verify_held.about(held, lang),
                        verify_held.meanings(held, lang),
                    ],
                    className="verify-side",
                ),
                html.Div(
                    [verify_held.files(held, lang), verify_asking.file_card(view, held)],
                    className="verify-side",
                ),
            ],
            className="verify-sides" if held.removed_at is None else "verify-sides is-gone",
        ),
        verify_tables.frozen(held, lang),
    ]
    return html.Div([one for one in whole if one is not None], className="page page-verify")


PAGE = Page(
    name="verify",
    title=title,
    load=_load,
    render=render,
    nav="verify.nav",
    order=78,
    kept=False,
)
