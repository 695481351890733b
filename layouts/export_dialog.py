"""The ways into the export dialog, which assets/exports.js builds when it is asked for."""

from __future__ import annotations

from dash import html

from ioc.domain.messages import say
from ioc.domain.view import View
from layouts.attributes import attributes

FORMS = ("png", "svg", "pdf", "pptx", "xlsx")
"""What a chart's menu makes with one click."""
NOTHING = frozenset(
    {"exports", "verify", "briefings", "briefing", "submit", "walls", "wall", "error"}
)
"""Pages that show no figure of their own."""


def button(view: View) -> html.Button | None:
    """ "Export…" in the head of a page; a wall has no hands."""
    if view.wall or view.page in NOTHING:
        return None
    return html.Button(
        say(view.lang, "exports.ask"),
        type="button",
        className="export-ask is-page",
        **attributes(data_lang=view.lang, aria_haspopup="dialog"),
    )


def choices(view: View, name: str, title: str) -> list[html.Button | html.Div]:
    """The entries of a chart's menu: each form with one click, and the dialog for the rest."""
    data = {"data_lang": view.lang, "data_part": name, "data_title": title}
    quick = [
        html.Button(
            form.upper(),
            type="button",
            className="export-ask is-quick",
            **attributes(
                **data,
                data_form=form,
                aria_label=say(view.lang, "exports.ask_form", form=form.upper(), title=title),
            ),
        )
        for form in FORMS
    ]
    more = html.Button(
        say(view.lang, "exports.ask_chart"),
        type="button",
        className="export-ask",
        **attributes(**data, aria_haspopup="dialog"),
    )
    label = html.Span(say(view.lang, "exports.made"), className="export-made")
    return [html.Div([label, *quick], className="export-quick"), more]
