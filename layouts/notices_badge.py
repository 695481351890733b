"""The badge in the bar: how many of one's exports hold figures that were revised since."""

from __future__ import annotations

from dash import html

from ioc.domain.messages import say
from ioc.domain.view import View
from layouts.attributes import attributes


def badge(lang: str) -> html.A:
    """Hidden until assets/verify.js has asked: what is told belongs to a person, not to a page."""
    words = say(lang, "verify.notices_badge", count="{count}")
    return html.A(
        [],
        href=View(page="exports", lang=lang).href(),
        className="notices-badge",
        hidden=True,
        **attributes(data_words=words),
    )
