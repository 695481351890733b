"""One source in detail, under an address of its own."""

from __future__ import annotations

from ioc.domain.view import View
from ioc.queries.source_answers import Sources
from ioc.web.page import Page
from layouts.pages import sources


def title(answer: Sources, view: View) -> str:
    """The source's title."""
    return sources.title(answer, view)


PAGE = Page(name="source", title=title, load=sources.load, render=sources.render)
