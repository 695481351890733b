"""The mark of a figure for which another one was given that waits for a person's word."""

from __future__ import annotations

from dash import dcc, html

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.messages import explain, say
from ioc.domain.view import View
from ioc.domain.words import counts_words, figure_words, moment_words
from ioc.queries.answers import Cell

SIGN = "◇"


def hint(cell: Cell, lang: str) -> str | None:
    """What was given instead, by which source, when, and why it is held; None where nothing is."""
    one = cell.waiting
    if one is None:
        return None
    return say(
        lang,
        "held.hint",
        source=one.source,
        given=given_words(cell.indicator, one.figure, lang),
        moment=moment_words(one.since, lang),
        reason=explain(lang, one.code, one.params),
    )


def mark(cell: Cell, lang: str) -> html.Span | None:
    """`◇ đang chờ xác nhận`, with the whole sentence on hover and for screen readers."""
    told = hint(cell, lang)
    if told is None:
        return None
    return html.Span(
        [
            f"{SIGN} {say(lang, 'held.mark')}",
            html.Span(f". {told}", className="visually-hidden"),
        ],
        className="warning is-held",
        title=told,
    )


def told(cell: Cell, view: View) -> html.Details | None:
    """The mark that opens: what was given instead, and the way to the source, where it is decided.

    On a wall, which has no hands, the sentence itself.
    """
    said = hint(cell, view.lang)
    one = cell.waiting
    if said is None or one is None:
        return None
    words = f"{SIGN} {say(view.lang, 'held.mark')}"
    href = View(page="source", source=one.name, lang=view.lang).href()
    way = dcc.Link(say(view.lang, "held.to_source"), href=href, className="more")
    return html.Details(
        [
            html.Summary(html.Span(words, className="warning is-held")),
            html.P(said, className="total-facts"),
            None if view.wall else way,
        ],
        className="held-told",
        open=view.wall,
    )


def given_words(indicator: Indicator, figure: Figure, lang: str) -> str:
    """A figure with its counts where it is made of two."""
    words = figure_words(indicator, figure, lang)
    if figure.numerator is None or figure.denominator is None:
        return words
    return f"{words} ({counts_words(indicator, figure, lang)})"
