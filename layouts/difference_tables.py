"""Differences side by side: sources with the rule that chose, totals with their parts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import change_words, moment_words, number, period_words
from ioc.queries.answers import UnitRef
from ioc.queries.difference_answers import ItemRow, PairRow, SumRow, Told
from layouts.attributes import attributes
from layouts.held_marks import given_words
from layouts.record_links import record_href


def pairs(rows: Sequence[PairRow], view: View) -> html.Table:
    """Figures of which sources say different things."""
    heads = ("what", "unit_name", "when", "stands", "other", "apart")
    return _table(heads, [_pair(one, view) for one in rows], view.lang)


def sums(rows: Sequence[SumRow], view: View) -> html.Table:
    """Totals that are not the sum of those below, with what is left between them."""
    heads = ("what", "unit_name", "when", "whole", "summed", "apart", "behind")
    return _table(heads, [_sum(one, view) for one in rows], view.lang)


def items(rows: Sequence[ItemRow], view: View) -> html.Table:
    """Items whose total is not the sum of its parts."""
    heads = ("item", "register", "unit_name", "total", "parts", "apart")
    return _table(heads, [_item(one, view) for one in rows], view.lang)


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[Component | str | list[Component]]], lang: str
) -> html.Table:
    names = [
        html.Th(say(lang, f"quality.col_{one}"), scope="col", className=f"col-{one}")
        for one in heads
    ]
    body = [
        html.Tr(
            [
                html.Td(
                    value,
                    className="is-apart" if head == "apart" else "",
                    **attributes(data_label=say(lang, f"quality.col_{head}")),
                )
                for head, value in zip(heads, row, strict=True)
            ]
        )
        for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="quality-rows")


def _about(
    unit: UnitRef, indicator: Indicator, one: PairRow | SumRow, view: View
) -> list[Component | str | list[Component]]:
    lang = view.lang
    href = record_href(view, unit.key, indicator.code, one.period, one.part)
    words = f"{indicator.code} {indicator.short.say(lang)}"
    link = dcc.Link(words, href=href, title=say(lang, "quality.to_record"))
    part = indicator.breakdown_words(one.part)
    what: list[Component] = [link]
    if part is not None:
        what.append(html.Span(part.say(lang), className="hint"))
    only = view.href(page="differences", unit=unit.key, sheet=1, criterion=None, source=None)
    return [what, dcc.Link(unit.short, href=only), period_words(one.period, lang, short=True)]


def _pair(one: PairRow, view: View) -> list[Component | str | list[Component]]:
    lang, of = view.lang, one.indicator
    stands, *others = one.told
    why = say(lang, f"quality.why_{one.why}", rank=stands.rank)
    shown = _told(stands, of, view, why)
    beside = [
        part
        for other in others
        for part in _told(other, of, view, say(lang, "quality.rank", rank=other.rank))
    ]
    apart = say(lang, "quality.difference_row")
    if one.apart is not None:
        apart = change_words(of, one.apart, lang)
    return [*_about(one.unit, of, one, view), shown, beside, apart]


def _told(one: Told, of: Indicator, view: View, why: str) -> list[Component]:
    lang = view.lang
    href = View(page="source", source=one.name, lang=lang).href()
    look = "figure is-now" if one.stands else "figure"
    return [
        html.Span(given_words(of, one.figure, lang), className=look),
        html.Span(
            [dcc.Link(one.source, href=href), f" · {moment_words(one.at, lang)}"], className="hint"
        ),
        html.Span(why, className="hint"),
    ]


def _sum(one: SumRow, view: View) -> list[Component | str | list[Component]]:
    lang, of = view.lang, one.indicator
    whole: list[Component] = [
        html.Span(given_words(of, one.whole, lang), className="figure is-now"),
        html.Span(one.source or "", className="hint"),
    ]
    summed = html.Span(given_words(of, one.summed, lang), className="figure")
    behind: list[Component] = [
        html.Span(
            say(
                lang,
                "quality.behind",
                reported=number(one.reported, lang),
                expected=number(one.expected, lang),
            )
        )
    ]
    if not one.complete:
        behind.append(html.Span(say(lang, "quality.behind_short"), className="hint"))
    return [
        *_about(one.unit, of, one, view),
        whole,
        summed,
        left_words(of, one.left, lang),
        behind,
    ]


def left_words(of: Indicator, left: tuple[Fraction, Fraction | None], lang: str) -> str:
    """What is left between a total and its sum; of ratios numerator and denominator apart."""
    above = number(left[0], lang, of.scale, trim=True, sign=True)
    if of.kind is not Kind.RATIO or left[1] is None:
        return above
    return f"{above} / {number(left[1], lang, of.scale, trim=True, sign=True)}"


def _item(one: ItemRow, view: View) -> list[Component | str | list[Component]]:
    lang, register = view.lang, one.register
    href = View(page="item", item=one.key, register=register.key, lang=lang).href()

    def scaled(value: int, *, sign: bool = False) -> str:
        exact = Fraction(value, 10**one.decimals)
        return number(exact, lang, one.decimals, trim=True, sign=sign)

    parts: list[Component] = [
        html.Span(
            f"{register.field(name).label.say(lang)}: {'–' if value is None else scaled(value)}",
            className="hint",
        )
        for name, value in one.parts
    ]
    total: list[Component] = [
        html.Span(scaled(one.total), className="figure is-now"),
        html.Span(register.field(one.field).label.say(lang), className="hint"),
    ]
    return [
        dcc.Link(one.title or one.key, href=href),
        register.name.say(lang),
        one.unit.short if one.unit else "",
        total,
        parts,
        scaled(one.left, sign=True),
    ]
