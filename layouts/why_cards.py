"""The cards about a change: its parts in words, the chart, the table, and how it is split."""

from __future__ import annotations

from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.decompose import Account, Presence, Share
from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.view import View
from ioc.domain.words import change_words, figure_words, list_words, period_words
from ioc.queries.why_answers import Part, Why
from layouts import cards, states
from layouts import components as parts
from layouts.figures import account as drawing
from layouts.links import unit_link
from layouts.record_links import record_link

SHOWN, NAMED = 14, 8
"""Units with a bar of their own; units that a sentence names."""


def ordered(found: Account[int]) -> list[Share[int]]:
    """The shares, what moved most first."""
    return sorted(found.shares, key=lambda one: (-abs(one.total), one.key))


def said(answer: Why, lang: str) -> str:
    """The whole account in one or two sentences."""
    found, of = answer.account, answer.indicator
    if found is None or answer.period is None or answer.before is None:
        return say(lang, f"why.closed_{answer.closed.value}" if answer.closed else "why.closed")
    gaps = {
        "indicator": of.name.say(lang),
        "unit": answer.unit.name,
        "before": period_words(answer.before, lang),
        "now": period_words(answer.period, lang),
        "change": change_words(of, found.change, lang),
        "rate": change_words(of, found.rate, lang),
        "apart": change_words(of, found.apart, lang),
        "rest": change_words(of, found.rest, lang),
    }
    ratio = of.kind is Kind.RATIO
    if ratio:
        gaps["mix"] = change_words(of, found.mix, lang)
    words = say(lang, "why.said" if ratio else "why.said_count", **gaps)
    known = answer.parts or {}
    most = [
        f"{known[one.key].now.unit.short} {change_words(of, one.total, lang)}"
        for one in ordered(found)[:3]
        if one.total
    ]
    return f"{words} {say(lang, 'why.said_most', names=list_words(most, lang))}" if most else words


def summary(answer: Why, view: View) -> html.Section:
    """Both figures, the change, and its parts with what each means."""
    lang, of, found = view.lang, answer.indicator, answer.account
    if found is None or answer.total is None or answer.total_before is None:
        hint = say(lang, f"why.closed_{answer.closed.value}") if answer.closed else ""
        return cards.panel(say(lang, "why.summary"), states.blank(say(lang, "why.closed"), hint))
    figures = []
    for key, cell in (("before", answer.total_before), ("now", answer.total)):
        when = period_words(cell.period, lang) if cell.period else ""
        figures.append(
            html.Div(
                [
                    html.Span(say(lang, f"why.{key}", period=when), className="index-label"),
                    record_link(view, cell, parts.figure_span(cell, lang, className="why-figure")),
                ]
            )
        )
    change = html.Span(change_words(of, found.change, lang), className="figure why-figure")
    figures.append(html.Div([html.Span(say(lang, "why.change"), className="index-label"), change]))
    ratio = of.kind is Kind.RATIO
    lines: list[tuple[str, Fraction, str | None]] = [
        ("rate" if ratio else "rate_count", found.rate, "rate_hint" if ratio else None)
    ]
    if ratio:
        lines.append(("mix", found.mix, "mix_hint"))
    lines += [("apart", found.apart, "apart_hint"), ("rest", found.rest, "rest_hint")]
    items: list[Component] = []
    for key, value, meant in lines:
        words = html.B(change_words(of, value, lang), className="figure")
        about = html.P(say(lang, f"why.{meant}"), className="hint") if meant else None
        items += [html.Dt(say(lang, f"why.{key}")), html.Dd([words, about])]
    return cards.panel(
        say(lang, "why.summary"),
        [
            html.Div(figures, className="index-totals"),
            html.Dl(items, className="record-facts why-parts"),
        ],
        say(lang, "why.summary_line"),
        parts.illustrative_mark(lang, answer.stamp.illustrative),
        className="why-summary",
    )


def bars(answer: Why, view: View) -> list[drawing.Bar]:
    """The parts of the whole, the units that moved most, and all others together."""
    found, lang = answer.account, view.lang
    if found is None:
        return []
    ratio = answer.indicator.kind is Kind.RATIO
    first = "why.rate" if ratio else "why.rate_count"
    whole = [drawing.Bar(say(lang, first), rate=found.rate, strong=True)]
    if ratio:
        whole.append(drawing.Bar(say(lang, "why.mix"), mix=found.mix, strong=True))
    for key, value in (("apart", found.apart), ("rest", found.rest)):
        if value:
            whole.append(drawing.Bar(say(lang, f"why.{key}"), apart=value, strong=True))
    known, shares = answer.parts or {}, ordered(found)
    singles = [
        drawing.Bar(
            known[one.key].now.unit.short,
            one.rate,
            one.mix,
            one.apart,
            unit_link(view.but(before=None), known[one.key].now.unit, answer.indicator.code),
        )
        for one in shares[:SHOWN]
    ]
    more = shares[SHOWN:]
    if more:
        zero = Fraction(0)
        singles.append(
            drawing.Bar(
                say(lang, "why.others", count=number(len(more), lang)),
                sum((one.rate for one in more), zero),
                sum((one.mix for one in more), zero),
                sum((one.apart for one in more), zero),
            )
        )
    return [*whole, *singles]


def chart(answer: Why, view: View) -> html.Section | None:
    """The account as bars."""
    if answer.account is None or answer.period is None or answer.before is None:
        return None
    lang, shown = view.lang, bars(answer, view)
    names = {key: say(lang, f"why.{key}") for key in ("rate", "mix", "apart")}
    line = say(
        lang,
        "why.chart_line",
        unit=answer.indicator.unit_of_measure.say(lang),
        before=period_words(answer.before, lang),
        now=period_words(answer.period, lang),
        count=number(min(SHOWN, len(answer.account.shares)), lang),
    )
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.unit,
        period=period_words(answer.period, lang),
        sources=[one.source for one in answer.cells],
        illustrative=answer.stamp.illustrative,
    )
    return cards.chart_card(
        "cells",
        say(lang, "why.chart"),
        line,
        drawing.figure(shown, answer.indicator, names, view),
        view,
        strip=strip,
        summary=said(answer, lang),
        wide=True,
        illustrative=answer.stamp.illustrative,
        height="100%" if view.wall else len(shown) * drawing.ROW + 16,
        note=_legend(answer, lang),
        className="why-chart",
    )


def _legend(answer: Why, lang: str) -> html.Div:
    keys = ("rate", "mix", "apart") if answer.indicator.kind is Kind.RATIO else ("rate", "apart")
    items = [
        html.Span(
            [html.Span(className=f"swatch why-{key}"), say(lang, f"why.{key}")], className="step"
        )
        for key in keys
    ]
    return html.Div(items, className="legend scale")


def table(answer: Why, view: View) -> html.Section | None:
    """Every unit with both figures and what it moved the total by."""
    found, lang = answer.account, view.lang
    if found is None:
        return None
    ratio = answer.indicator.kind is Kind.RATIO
    keys = ["col_unit", "col_before", "col_now"]
    keys += ["col_weight", "col_rate", "col_mix"] if ratio else ["col_count"]
    keys += ["col_apart", "col_total"]
    heads = [
        html.Th(say(lang, f"why.{key}"), scope="col", className="figure" if at else "")
        for at, key in enumerate(keys)
    ]
    weights = answer.weights
    known = answer.parts or {}
    rows = [_row(one, known[one.key], weights, answer, view) for one in ordered(found)]
    foot = html.Tr(
        [
            html.Th(say(lang, "why.sum"), scope="row"),
            *(html.Td("") for _ in keys[1 : -4 if ratio else -3]),
            *_effects(found, answer, lang),
        ]
    )
    if found.rest:
        rows.append(_rest(found, len(keys), answer, lang))
    return cards.panel(
        say(lang, "why.table"),
        [
            html.Div(
                html.Table(
                    [html.Thead(html.Tr(heads)), html.Tbody(rows), html.Tfoot(foot)],
                    className="why-table",
                ),
                className="scroll-x",
                tabIndex=0,
            ),
            _silent(answer, lang),
        ],
        say(lang, "why.table_line"),
    )


def _effects(one: Share[int] | Account[int], answer: Why, lang: str) -> list[html.Td]:
    of = answer.indicator
    values = [one.rate, *([one.mix] if of.kind is Kind.RATIO else []), one.apart]
    values.append(one.total if isinstance(one, Share) else one.change)
    return [
        html.Td(change_words(of, value, lang) if value else "0", className="figure")
        for value in values
    ]


def _row(
    one: Share[int],
    part: Part,
    weights: dict[int, tuple[Fraction, Fraction]],
    answer: Why,
    view: View,
) -> html.Tr:
    lang, of, unit = view.lang, answer.indicator, part.now.unit
    notes = []
    if one.presence is not Presence.BOTH:
        notes.append(say(lang, f"why.{one.presence.value}"))
    if part.partial:
        notes.append(say(lang, "why.partial"))
    name: list[Component | str] = [
        dcc.Link(unit.name, href=unit_link(view.but(before=None), unit, of.code))
    ]
    if notes:
        name.append(html.Span(" · ".join(notes), className="part-mark"))
    cells = [
        html.Td(
            record_link(view, cell, html.Span(figure_words(of, cell.figure, lang))),
            className="figure",
        )
        for cell in (part.before, part.now)
    ]
    if of.kind is Kind.RATIO:
        pair = weights.get(one.key)
        words = ""
        if pair is not None:
            said_of = {"before": percent(pair[0], lang, 1), "now": percent(pair[1], lang, 1)}
            words = say(lang, "why.weight", **said_of)
        cells.append(html.Td(words, className="figure"))
    return html.Tr([html.Th(name, scope="row"), *cells, *_effects(one, answer, lang)])


def _rest(found: Account[int], columns: int, answer: Why, lang: str) -> html.Tr:
    words = change_words(answer.indicator, found.rest, lang)
    name = html.Th(say(lang, "why.rest"), scope="row", colSpan=columns - 1)
    return html.Tr([name, html.Td(words, className="figure")])


def _silent(answer: Why, lang: str) -> html.P | None:
    silent = answer.silent
    if not silent:
        return None
    names = ", ".join(one.short for one in silent[:NAMED])
    more = len(silent) - NAMED
    if more > 0:
        return html.P(say(lang, "why.silent_more", names=names, count=more), className="hint")
    return html.P(say(lang, "why.silent", names=names), className="hint")


def method(answer: Why, view: View) -> html.Section:
    """How it is split, from where the formula is, and what it does not say."""
    lang, ratio = view.lang, answer.indicator.kind is Kind.RATIO
    keys = ["method_ratio", "method_source"] if ratio else ["method_count"]
    keys += ["method_map", "method_cause"]
    lines = [html.P(say(lang, f"why.{key}")) for key in keys]
    return cards.panel(say(lang, "why.method"), lines, className="why-method")
