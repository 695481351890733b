"""Sheets of a long list: which one is shown, the ways to those beside it; and its filters."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from ioc.domain.messages import say
from ioc.domain.view import View
from layouts.attributes import attributes


def turner(sheet: int, sheets: int, view: View) -> html.Nav | None:
    """`‹ Trang trước · Trang 2 / 5 · Trang sau ›`; nothing where one sheet holds all."""
    if sheets < 2:
        return None
    lang = view.lang
    words = say(lang, "revisions.sheet", sheet=sheet, sheets=sheets)
    before = after = None
    if sheet > 1:
        href = view.href(sheet=sheet - 1)
        before = dcc.Link(say(lang, "revisions.before"), href=href, className="more")
    if sheet < sheets:
        href = view.href(sheet=sheet + 1)
        after = dcc.Link(say(lang, "revisions.after"), href=href, className="more")
    return html.Nav(
        [one for one in (before, html.Span(words, className="figure"), after) if one],
        className="refused-sheets",
        **attributes(aria_label=words),
    )


def chips(narrowed: Sequence[tuple[str, str]], lang: str) -> html.Div | None:
    """The filters that are set, each as a link that takes it away: (words, address without)."""
    if not narrowed:
        return None
    links = [
        dcc.Link(
            [words, html.Span(" ✕", **attributes(aria_hidden="true"))],
            href=href,
            className="refused-choice is-on",
            title=say(lang, "revisions.without", what=words),
        )
        for words, href in narrowed
    ]
    name = html.Span(say(lang, "revisions.filter"), className="refused-what")
    return html.Div([name, *links], className="refused-options quality-chips")
