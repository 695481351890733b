"""The mark of a figure that changed after it was shown: from, to, when, by which source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dash import dcc, html

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import figure_words, moment_words, number
from ioc.queries.answers import Cell
from layouts.held_marks import given_words

SIGN = "↻"


def both(indicator: Indicator, then: Figure, now: Figure, lang: str) -> tuple[str, str]:
    """What a figure was and is; with its counts where the rates read the same."""
    words = figure_words(indicator, then, lang), figure_words(indicator, now, lang)
    if words[0] != words[1]:
        return words
    return given_words(indicator, then, lang), given_words(indicator, now, lang)


def hint(cell: Cell, lang: str) -> str | None:
    """The whole sentence; None where the figure was not changed."""
    one = cell.corrected
    if one is None:
        return None
    then, now = both(cell.indicator, one.then, one.now, lang)
    return say(
        lang,
        "revisions.hint",
        then=then,
        shown=moment_words(one.shown_at, lang),
        now=now,
        moment=moment_words(one.at, lang),
        source=one.source or say(lang, "revisions.source_sum"),
    )


def mark(cell: Cell, now: datetime, lang: str, *, look: str = "warning") -> html.Span | None:
    """`↻ đã sửa 09:12 22/11`, with the whole sentence on hover and for screen readers."""
    told = hint(cell, lang)
    if told is None or cell.corrected is None:
        return None
    when = moment_words(cell.corrected.at, lang, near=now)
    words = f"{SIGN} {say(lang, 'revisions.mark', moment=when)}"
    said = html.Span(f". {told}", className="visually-hidden")
    return html.Span([words, said], className=f"{look} is-corrected", title=told)


def told(cell: Cell, view: View) -> html.P | None:
    """The sentence beside a large figure, with the way to the list of revisions."""
    said = hint(cell, view.lang)
    if said is None:
        return None
    lang = view.lang
    href = View(
        page="revisions", indicator=cell.indicator.code, unit=cell.unit.key, lang=lang
    ).href()
    way = dcc.Link(say(lang, "revisions.to_list"), href=href, className="more")
    return html.P(
        [
            html.B(f"{SIGN} {say(lang, 'revisions.told')}. "),
            said,
            " ",
            None if view.wall else way,
        ],
        className="corrected-told",
    )


def lately(cells: Iterable[Cell], now: datetime, lang: str) -> str | None:
    """How many of a scene's figures were changed in the last 24 hours; None where none was."""
    seen = {
        (one.unit.id, one.indicator.id, one.part)
        for one in cells
        if one.corrected is not None and one.corrected.lately(now)
    }
    return say(lang, "revisions.wall", count=number(len(seen), lang)) if seen else None
