"""The head of a page's content: where one is, what about, as of when, and what is made up."""

from __future__ import annotations

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import moment_words
from ioc.queries.answers import Stamp
from layouts import basket, changed

Item = Component | str | None


def desk_head(
    title: str,
    view: View,
    stamp: Stamp,
    *,
    above: Item = None,
    under: Iterable[Item] = (),
    tools: Iterable[Item] = (),
) -> html.Div:
    """The head on the desk: breadcrumb above, title, facts under it, switches at its end."""
    facts = [html.Span(one, className="fact") for one in under if one is not None]
    return html.Div(
        [
            html.Div(
                [above, html.H1(title), html.Div([*facts, _as_of(view, stamp)], className="facts")],
                className="head-words",
            ),
            html.Div(
                [tool for tool in (*tools, basket.button(view)) if tool is not None],
                className="head-tools",
            ),
            _notice(view, stamp),
            changed.panel(stamp, view),
        ],
        className="head",
    )


def _as_of(view: View, stamp: Stamp) -> html.Span:
    key = "screen.known_at" if stamp.known_at else "screen.as_of"
    words = say(view.lang, key, moment=moment_words(stamp.told_at, view.lang))
    return html.Span(words, className="as-of")


def _notice(view: View, stamp: Stamp) -> html.Div | None:
    if not stamp.illustrative:
        return None
    mark = html.Span(say(view.lang, "words.illustrative"), className="illustrative")
    return html.Div([mark, say(view.lang, "screen.illustrative_line")], className="notice")
