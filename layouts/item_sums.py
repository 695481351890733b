"""Sums and shares over items in words, tiles and bars: pooled, or counts where no rate is known."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.item_words import amount_words
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.register import ItemField
from ioc.domain.view import View
from ioc.queries.register_sheet import Pooled, Sheet
from layouts import cards, item_parts, states
from layouts.attributes import attributes


def amount(field: ItemField, scaled: int, lang: str) -> str:
    """A sum of a field, in its unit of measure."""
    return amount_words(field, Fraction(scaled, 10**field.decimals), lang)


def plain(field: ItemField, scaled: int, lang: str) -> str:
    """A sum of a field without its unit of measure, where a heading says that."""
    value = Fraction(scaled, 10**field.decimals)
    return number(value, lang, field.decimals, trim=True)


def rate(one: Pooled, lang: str) -> str:
    """The pooled rate as percent; a dash where there is no denominator."""
    if not one.den:
        return say(lang, "words.nothing")
    return percent(Fraction(one.num, one.den), lang, 1, trim=True)


def tile(name: str, value: str, facts: Sequence[str | None] = (), look: str = "") -> html.Div:
    """One figure with its name and what it is made of."""
    return html.Div(
        [
            html.Span(name, className="sum-name"),
            html.B(value, className="sum-value figure"),
            *(html.Span(one, className="sum-fact") for one in facts if one),
        ],
        className=f"sum-tile card-box {look}".strip(),
    )


def share_tile(name: str, one: Pooled, num: ItemField, den: ItemField, lang: str) -> html.Div:
    """A pooled share with both numbers; the count alone where no item says the denominator."""
    if one.den:
        made = say(
            lang,
            "register_forms.made_of",
            num=amount(num, one.num, lang),
            den=amount(den, one.den, lang),
        )
        over = say(lang, "register_forms.over_items", count=number(one.items, lang))
        without = None
        if one.without:
            without = say(lang, "register_forms.without_den", count=number(one.without, lang))
        return tile(name, rate(one, lang), [made, over, without])
    if one.without:
        return tile(name, amount(num, one.count, lang), [say(lang, "register_forms.count_only")])
    return tile(name, say(lang, "words.nothing"), [say(lang, "register_forms.not_said")])


def count_tile(name: str, num: int, den: int, lang: str, hint: str | None = None) -> html.Div:
    """How many items of how many that say."""
    if not den:
        return tile(name, say(lang, "words.nothing"), [say(lang, "register_forms.not_said")])
    value = percent(Fraction(num, den), lang, 1, trim=True)
    return tile(name, value, [f"{number(num, lang)}/{number(den, lang)}", hint])


def bar(num: int, den: int, look: str = "") -> html.Span:
    """A share as a bar; what is beyond the whole is drawn as the whole."""
    share = min(1.0, num / den) if den else 0
    return html.Span(
        html.Span(className=look, style={"width": f"{share:.1%}"}),
        className="sum-bar",
        **attributes(aria_hidden="true"),
    )


def published(answer: Sheet, view: View, columns: Sequence[ItemField]) -> html.Section | None:
    """The items that repeat what was published: apart, because nothing is added to them."""
    lang = view.lang
    if not answer.quoted:
        return None
    title = say(lang, "register_forms.published")
    heads = [say(lang, "register_forms.col_item"), *(one.label.say(lang) for one in columns),
             say(lang, "register_forms.col_source")]  # fmt: skip
    rows: list[list[Any]] = [
        [
            item_parts.item_link(row, view),
            *(item_parts.value_of(row, one, lang) for one in columns),
            row.citation or row.source,
        ]
        for row in answer.quoted[:40]
    ]
    return cards.panel(
        title,
        item_parts.table(heads, rows, title, className="is-quoted"),
        say(lang, "register_forms.published_line"),
    )


def frame(answer: Sheet, view: View, said: str, shown: Sequence[Component | None]) -> Component:
    """A form over few items: its summary, its parts, and whether these are all items."""
    lang = view.lang
    if not answer.rows:
        return html.Section(states.empty(lang), className="card-box")
    partly = None
    if not answer.whole:
        words = say(lang, "register_forms.first_only", count=number(len(answer.rows), lang))
        partly = html.P(words, className="form-note")
    return html.Div(
        [html.P(said, className="form-said"), partly, *(one for one in shown if one is not None)],
        className="form-sums",
    )
