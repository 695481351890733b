"""Lists to choose from on the pages of analysis: every option is an address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import dcc, html

from ioc.domain.messages import say
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from layouts.attributes import attributes

Option = dict[str, Any]
"""One entry of a list: its words and its address."""


def option(words: str, href: str) -> Option:
    """An entry that is also found without its marks."""
    return {"label": words, "value": href, "title": words, "search": f"{words} {folded(words)}"}


def pick(name: str, words: str, options: Iterable[Option], value: str, view: View) -> html.Div:
    """A labelled list of addresses; assets/drill.js goes to the one chosen."""
    lang, given = view.lang, list(options)
    return html.Div(
        [
            html.Span(words, className="pick-name", id=f"{name}-name"),
            dcc.Dropdown(
                id={"type": "filter", "name": name},
                options=given,
                value=value,
                placeholder=words,
                clearable=False,
                searchable=len(given) > 8,
                maxHeight=420,
                labels={
                    "search": say(lang, "screen.filter_search"),
                    "no_options_found": say(lang, "screen.filter_none"),
                },
            ),
        ],
        className=f"filter pick pick-{name}",
    )


def bar(picks: Iterable[html.Div | None], label: str) -> html.Div:
    """The lists of a page in one card."""
    return html.Div(
        html.Div([one for one in picks if one is not None], className="analysis-picks"),
        className="card-box analysis-bar",
        role="group",
        **attributes(aria_label=label),
    )
