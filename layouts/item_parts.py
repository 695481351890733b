"""What forms and scenes say of an item: its address, how late it is, whose it is, what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dash import dcc, html

from ioc.domain.item_words import slip_words, value_words
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.register import ItemField, Phase, Register
from ioc.domain.view import View
from ioc.queries.register_answers import ItemRow
from layouts import components as parts
from layouts.attributes import attributes

SOON = 14
"""Days before its due date from which an open item is due soon."""
_SILENT = (Phase.DROPPED, Phase.UNKNOWN)
"""Phases of which nobody can say whether they are late."""
_PLAIN: dict[str, Any] = {
    "item": None,
    "state": None,
    "person": None,
    "due": None,
    "where": (),
    "q": None,
    "form": None,
    "sheet": 1,
    "scene": None,
    "indicator": None,
    "wall": False,
}


def item_address(view: View, register: str, key: str) -> str:
    """The page of an item, at the moment that the view asks about."""
    return view.href(page="item", **{**_PLAIN, "item": key, "register": register, "unit": "vn"})


def register_address(view: View, register: str, **parts: Any) -> str:
    """The register's page for the view's unit, narrowed by `parts` only."""
    return view.href(page="register", **{**_PLAIN, "register": register, **parts})


def look(row: ItemRow) -> str:
    """The class of its lateness: overdue, due soon, done in time, or none of these."""
    if row.slip is None or row.phase in _SILENT:
        return "is-not-judged"
    if row.phase is Phase.DONE:
        return "is-reached" if row.slip <= 0 else "is-near"
    if row.slip > 0:
        return "is-at-risk"
    return "is-near" if row.slip >= -SOON else "is-not-judged"


SIGNS = {"is-at-risk": "▼", "is-near": "◆", "is-reached": "●", "is-not-judged": "–"}


def slip_said(row: ItemRow, lang: str) -> str:
    """How late it is in words; that it has no due date where it has none."""
    if row.slip is None:
        key = "no_due" if row.due is None else "no_done"
        return "" if row.phase in _SILENT else say(lang, f"register_forms.{key}")
    return slip_words(row.slip, row.late, lang, done=row.phase is Phase.DONE)


def slip_chip(row: ItemRow, lang: str) -> html.Span:
    """How late it is, as colour, shape and words."""
    words = slip_said(row, lang)
    if not words:
        return html.Span(row.state.name.say(lang), className="chip is-not-judged")
    kind = look(row)
    return html.Span(
        [
            html.Span(SIGNS[kind], className="sign", **attributes(aria_hidden="true")),
            html.Span(words, className="word"),
        ],
        className=f"chip {kind}",
    )


def missing_words(row: ItemRow, lang: str) -> str | None:
    """`Thiếu: hạn hoàn thành, sản phẩm`."""
    if not row.missing:
        return None
    named = ", ".join(one.label.say(lang) for one in row.missing)
    return say(lang, "register_forms.missing", fields=named)


def missing_mark(row: ItemRow, lang: str) -> html.Span | None:
    """That mandatory fields are empty, and which."""
    words = missing_words(row, lang)
    if words is None:
        return None
    short = say(lang, "register_forms.missing_count", count=number(len(row.missing), lang))
    return html.Span(short, className="item-missing", title=words)


def item_link(row: ItemRow, view: View) -> dcc.Link:
    """The item's title, leading to its page."""
    return dcc.Link(row.title or row.key, href=item_address(view, row.register, row.key))


def owner(row: ItemRow) -> str:
    """Whose it is: the unit, and the person if there is one."""
    return " · ".join(one for one in (row.unit.short if row.unit else "", row.person or "") if one)


def value_of(row: ItemRow, field: ItemField, lang: str) -> str:
    """What an item says in a field, in words; a dash for nothing, which is no zero."""
    return value_words(field, row.values.get(field.name), lang, row.names)


def share_words(num: int, den: int, lang: str) -> str:
    """`90% (45/50)`; without a denominator the count alone, never a rate."""
    if not den:
        return number(num, lang) if num else say(lang, "words.nothing")
    counts = f"{number(num, lang)}/{number(den, lang)}"
    return f"{percent(Fraction(num, den), lang, 1, trim=True)} ({counts})"


def share_only(num: int, den: int, lang: str) -> str:
    """`90%`; a dash without a denominator."""
    return percent(Fraction(num, den), lang, 0) if den else say(lang, "words.nothing")


def sheets(view: View, register: Register, sheet: int, of: int, form: str) -> html.Nav | None:
    """Links to the sheets of a long list."""
    if of <= 1:
        return None
    lang = view.lang
    near = sorted({1, of, *range(max(1, sheet - 2), min(of, sheet + 2) + 1)})
    links = [
        dcc.Link(
            number(one, lang),
            href=view.href(form=form, sheet=one),
            className="pill is-on" if one == sheet else "pill",
        )
        for one in near
    ]
    label = say(lang, "register_forms.sheets", register=register.name.say(lang))
    return html.Nav(links, className="pills form-sheets", **attributes(aria_label=label))


def marked(rows: Sequence[ItemRow], lang: str) -> html.Span | None:
    """The mark of made-up items, where any of them is."""
    return parts.illustrative_mark(lang, any(row.illustrative for row in rows))


def table(
    heads: Sequence[str], rows: Sequence[Sequence[Any]], label: str, *, className: str = ""
) -> html.Div:
    """A plain table that is scrolled in its own box where the screen is narrow; the first cell of
    a row is its head."""
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(one, scope="col") for one in heads])),
                html.Tbody(
                    [
                        html.Tr(
                            [
                                html.Th(row[0], scope="row"),
                                *(html.Td(cell, className="figure") for cell in row[1:]),
                            ]
                        )
                        for row in rows
                    ]
                ),
            ],
            className=f"form-table {className}".strip(),
        ),
        className="scroll-x",
        tabIndex=0,
        role="region",
        **attributes(aria_label=label),
    )
