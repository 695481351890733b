"""The basket of meeting packs: its counter in the bar, and the buttons that put things into it."""

from __future__ import annotations

from dash import html

from ioc.domain.messages import say
from ioc.domain.view import View
from layouts.attributes import attributes

WITHOUT = ("submit", "walls", "exports", "verify", "briefings", "briefing")
"""Pages that are not presented."""


def counter(lang: str) -> html.Span:
    """How many things are in the viewer's basket; assets/basket.js counts."""
    link = html.A(
        [
            say(lang, "briefing.basket"),
            html.Span("0", className="basket-count figure", hidden=True),
        ],
        id="basket",
        href=View(page="briefings", lang=lang).href(),
        className="basket",
        **attributes(
            data_words=say(lang, "briefing.basket_count", count="{count}"),
            data_added=say(lang, "briefing.basket_added", title="{title}"),
        ),
    )
    said = html.Span(id="basket-said", className="basket-said", role="status")
    return html.Span([link, said], className="basket-place")


def button(view: View) -> html.Button | None:
    """Puts the shown page aside; in the head of a page."""
    if view.wall or view.page in WITHOUT:
        return None
    words = say(view.lang, "briefing.basket_add")
    return html.Button(words, type="button", className="basket-add filter-button")


def choice(view: View, title: str) -> html.Button:
    """Puts one chart aside; in its menu."""
    words = say(view.lang, "briefing.basket_add")
    named = attributes(aria_label=f"{words}: {title}")
    return html.Button(words, type="button", className="basket-add", **named)
