"""Tables of the verify page: what was revised since, then beside now, the frozen figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import moment_words, number, period_words
from ioc.queries.verify import Changed
from ioc.web.verify_answers import SHOWN_CHANGES, Beside, Held, Table, Verify
from layouts import cards, revised_marks
from layouts.attributes import attributes
from layouts.record_links import record_href


def changes(answer: Verify, view: View) -> html.Section | None:
    """Each figure that stands otherwise: from, to, when, by which source."""
    if not answer.changes:
        return None
    lang = view.lang
    heads = [say(lang, f"verify.col_{one}") for one in ("figure", "then", "now", "when", "source")]
    rows = [_change(one, view) for one in answer.changes]
    title = say(lang, "verify.changes")
    body: list[Component] = [_scrolled(heads, rows, title, "verify-changes")]
    if answer.count > len(answer.changes):
        words = say(lang, "verify.changes_first", shown=SHOWN_CHANGES, count=answer.count)
        body.append(html.P(words, className="verify-hint"))
    subtitle = say(
        lang,
        "verify.changes_subtitle",
        count=number(answer.count, lang),
        looked=number(answer.looked, lang),
    )
    return cards.panel(title, body, subtitle)


def _change(one: Changed, view: View) -> list[Any]:
    lang = view.lang
    then, now = revised_marks.both(one.indicator, one.then, one.now, lang)
    words = one.indicator.breakdown_words(one.part) if one.part else None
    about = " · ".join(
        part
        for part in (
            one.unit.name,
            words.say(lang) if words else one.part,
            period_words(one.period, lang),
        )
        if part
    )
    plain = View(lang=lang)
    href = record_href(plain, one.unit.key, one.indicator.code, one.period, one.part)
    if one.formal and one.times > 1:
        kind = say(lang, "verify.formal_times", times=one.times)
    else:
        kind = say(lang, "verify.formal" if one.formal else "verify.added")
    return [
        [
            dcc.Link(one.indicator.short.say(lang), href=href),
            html.Div(about, className="verify-hint"),
        ],
        html.Span(then, className="verify-then"),
        html.Strong(now),
        html.Div([moment_words(one.at, lang), html.Div(kind, className="verify-hint")]),
        one.source or say(lang, "verify.source_sum"),
    ]


def beside(answer: Verify, held: Held, view: View) -> html.Section | None:
    """Cell by cell what the exported tables show on the page of today."""
    if answer.beside is None:
        return None
    lang = view.lang
    title = say(lang, "verify.beside_title")
    if not answer.beside:
        body: Component = html.P(say(lang, "verify.beside_none"), className="verify-hint")
        return cards.panel(title, body, say(lang, "verify.beside_subtitle"))
    heads = [
        say(lang, f"verify.{one}")
        for one in ("beside_sheet", "beside_row", "beside_column", "col_then", "col_now")
    ]
    rows = [_cell(one, lang) for one in answer.beside]
    table = _scrolled(heads, rows, title, "verify-beside")
    return cards.panel(title, table, say(lang, "verify.beside_subtitle"))


def _cell(one: Beside, lang: str) -> list[Any]:
    if not one.column:
        words = say(lang, "verify.beside_other_row" if one.row else "verify.beside_other")
        return [one.sheet, one.row, words, "", ""]
    return [
        one.sheet,
        one.row,
        one.column,
        html.Span(one.then, className="verify-then"),
        html.Strong(one.now),
    ]


def frozen(held: Held, lang: str) -> html.Section | None:
    """The tables as they were exported, in the language they were exported in."""
    if not held.tables:
        return None
    parts = [_table(one, lang, begins=at == 0) for at, one in enumerate(held.tables)]
    body = html.Div(parts, lang=held.lang, className="verify-tables")
    return cards.panel(say(lang, "verify.tables"), body)


def _table(one: Table, lang: str, *, begins: bool) -> html.Details:
    """A table behind its title; the first one is open."""
    parts: list[Component] = []
    if one.subtitle:
        parts.append(html.P(one.subtitle, className="verify-hint"))
    if one.shared:
        words = " · ".join(f"{name}: {told}" for name, told in one.shared)
        parts.append(html.P(words, className="verify-hint"))
    parts.append(html.P(one.missing) if one.missing else _frozen(one))
    if one.more:
        words = say(lang, "verify.table_more", more=number(one.more, lang))
        parts.append(html.P(words, className="verify-hint"))
    return html.Details([html.Summary(one.title), *parts], open=begins)


def _frozen(one: Table) -> html.Div:
    rows = [
        [
            html.Span(cell, className="verify-number") if is_number else cell
            for cell, is_number in zip(row, one.numbers, strict=True)
        ]
        for row in one.rows
    ]
    return _scrolled(one.heads, rows, one.title, "verify-frozen", numbers=one.numbers)


def _scrolled(
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    label: str,
    name: str,
    *,
    numbers: Sequence[bool] = (),
) -> html.Div:
    """A table that is scrolled in its own box where it is wider than its card."""
    right = ["is-number" if at < len(numbers) and numbers[at] else "" for at in range(len(heads))]
    head = [
        html.Th(one, scope="col", className=look) for one, look in zip(heads, right, strict=True)
    ]
    body = [
        html.Tr(
            [
                html.Th(row[0], scope="row"),
                *(
                    html.Td(cell, className=look, **attributes(data_head=title))
                    for cell, look, title in zip(row[1:], right[1:], heads[1:], strict=True)
                ),
            ]
        )
        for row in rows
    ]
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody(body)], className=f"verify-table {name}"
    )
    return html.Div(
        table,
        className="scroll-x",
        tabIndex=0,
        role="region",
        **attributes(aria_label=label),
    )
