"""What changed since the moment looked at: the mark on a figure, and the list behind the head."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import counts_words, figure_words, moment_words, number, period_words
from ioc.queries.answers import Altered, Cell, Revised, Stamp
from layouts.record_links import record_href

LISTED = 100
"""Changes that the list shows; the rest are counted."""


def hint(cell: Cell, lang: str) -> str | None:
    """What a figure was, what it is now and since when; None where nothing changed."""
    if cell.revised is None:
        return None
    then, now = both(cell.indicator, cell.revised, lang)
    return say(lang, "record.revised_hint", then=then, now=now, moment=_since(cell.revised, lang))


def both(indicator: Indicator, revised: Revised, lang: str) -> tuple[str, str]:
    """What the figure was and is, in words; by its counts where the rates read the same."""
    then = figure_words(indicator, revised.then, lang)
    now = figure_words(indicator, revised.now, lang)
    if then != now or revised.kind == "restated":
        return then, now
    return counts_words(indicator, revised.then, lang), counts_words(indicator, revised.now, lang)


def now_line(cell: Cell, lang: str) -> html.Span | None:
    """What the figure is now, beneath what it was."""
    if cell.revised is None:
        return None
    return html.Span(
        f"{say(lang, 'record.altered_now')}: {now_words(cell, lang)}", className="revised-now"
    )


def now_words(cell: Cell, lang: str) -> str:
    """What the figure is now; empty where it is the same."""
    if cell.revised is None:
        return ""
    return both(cell.indicator, cell.revised, lang)[1]


def panel(stamp: Stamp, view: View) -> html.Details | html.P | None:
    """How many figures are other now than the page shows them, and the list of them.

    Nothing on a page about now, and on one whose figures are not compared.
    """
    lang = view.lang
    if stamp.altered is None:
        return None
    if not stamp.altered:
        return html.P(say(lang, "record.altered_none"), className="altered-none")
    count = number(len(stamp.altered), lang)
    return html.Details(
        [
            html.Summary(say(lang, "record.altered_line", count=count)),
            html.Div(_table(stamp.altered[:LISTED], view), className="scroll-x", tabIndex=0),
            _more(stamp.altered, lang),
        ],
        id="altered",
        className="altered",
    )


def _more(altered: Sequence[Altered], lang: str) -> html.P | None:
    rest = len(altered) - LISTED
    if rest <= 0:
        return None
    return html.P(say(lang, "record.altered_more", count=number(rest, lang)), className="hint")


def _table(altered: Sequence[Altered], view: View) -> html.Table:
    lang = view.lang
    heads = ("what", "then", "now", "kind", "since", "source")
    names = [html.Th(say(lang, f"record.altered_{one}"), scope="col") for one in heads]
    rows = [_row(one, view) for one in altered]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(rows)])


def _row(one: Altered, view: View) -> html.Tr:
    """A change; its name leads to every version of the figure as they are known now."""
    lang, of = view.lang, one.indicator
    today = view.but(known_at=None, meeting=None)
    name = f"{of.short.say(lang)}, {one.unit.short}, {period_words(one.period, lang, short=True)}"
    href = record_href(today, one.unit.key, of.code, one.period, one.breakdown)
    revised = one.revised
    then, now = both(of, revised, lang)
    return html.Tr(
        [
            html.Th(dcc.Link(name, href=href), scope="row"),
            html.Td(then, className="figure"),
            html.Td(now, className="figure"),
            html.Td(say(lang, f"record.altered_{revised.kind}")),
            html.Td(_since(revised, lang), className="figure"),
            html.Td(revised.source or say(lang, "record.source_sum")),
        ]
    )


def _since(revised: Revised, lang: str) -> str:
    return moment_words(revised.since, lang) if revised.since else say(lang, "record.unknown")
