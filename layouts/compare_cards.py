"""The card of a comparison: its chart or table, how it is read, and who is not in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import (
    figure_words,
    period_words,
    status_words,
)
from ioc.queries.answers import Cell
from ioc.queries.compare_answers import (
    Compare,
    Corridor,
    IndexedTrends,
    Multiples,
    Scatter,
    Side,
    Slopes,
    Small,
)
from layouts import cards, compare_notes, compare_tables, compare_words, rank_words, states
from layouts import components as parts
from layouts.attributes import attributes
from layouts.figures import corridor, indexed, multiples, scatter, slope
from layouts.figures.multiples import Scale
from layouts.links import unit_links
from layouts.theme import Figure


def card(answer: Compare, view: View) -> html.Section:
    """The card of the form that was asked for."""
    lang, body = view.lang, answer.body
    if isinstance(body, Side):
        return _side(answer, body, view)
    if isinstance(body, Multiples):
        return _multiples(answer, body, view)
    chosen = frozenset(unit.id for unit in answer.chosen)
    if isinstance(body, IndexedTrends):
        if not any(line.points for line in body.lines):
            return _blank(answer, view, compare_words.index_rules(answer, body, lang))
        made = indexed.figure(body.lines, view)
        rules = compare_words.index_rules(answer, body, lang)
        return _chart(answer, view, made, indexed.HEIGHT, [html.P(one) for one in rules])
    if isinstance(body, Scatter):
        if not body.pairs:
            return _blank(answer, view, [])
        made = scatter.figure(body, chosen, answer.indicator, answer.against, view)
        return _chart(answer, view, made, scatter.HEIGHT, compare_notes.scatter_notes(body, view))
    if isinstance(body, Slopes):
        if not body.lines:
            return _blank(answer, view, [], compare_notes.uneven(body, view))
        made = slope.figure(body.lines, chosen, view)
        return _chart(
            answer,
            view,
            made,
            slope.room(body.lines, chosen),
            compare_notes.slope_notes(answer, body, view),
        )
    if not body.line.points:
        return _blank(answer, view, [])
    return _chart(
        answer, view, corridor.figure(body, view), corridor.HEIGHT, compare_notes.band(body, view)
    )


def _title(answer: Compare, lang: str) -> str:
    name = answer.indicator.short.say(lang)
    if isinstance(answer.body, Scatter):
        return f"{name} × {answer.against.short.say(lang)}"
    if isinstance(answer.body, Corridor):
        return f"{name} · {answer.body.line.unit.short}"
    return name


def subtitle(answer: Compare, lang: str) -> str:
    """Unit of measure and the periods a comparison is about."""
    body = answer.body
    when = period_words(answer.period, lang) if answer.period else say(lang, "screen.no_period")
    if isinstance(body, IndexedTrends):
        if body.base is None:
            return say(lang, "compare.index")
        return say(lang, "compare.index_of", period=period_words(body.base, lang))
    if isinstance(body, Slopes) and answer.before and answer.period:
        before = period_words(answer.before, lang)
        when = say(lang, "compare.slope_line", before=before, now=when)
    if isinstance(body, Scatter):
        return when
    return f"{parts.unit_words(answer.indicator, lang)} · {when}"


def _common(answer: Compare, view: View) -> dict[str, Any]:
    when = period_words(answer.period, view.lang) if answer.period else None
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.body.line.unit if isinstance(answer.body, Corridor) else answer.unit,
        period=when,
        sources=(cell.source for cell in answer.body.cells),
        illustrative=answer.illustrative,
    )
    return {"strip": strip, "illustrative": answer.illustrative}


def _chart(
    answer: Compare, view: View, figure: Figure, height: int, notes: Sequence[Component]
) -> html.Section:
    lang = view.lang
    said = " ".join(compare_words.summary(answer, lang))
    lead = html.P(said, className="compare-said")
    made = cards.chart_card(
        answer.form.value,
        _title(answer, lang),
        subtitle(answer, lang),
        figure,
        view,
        height=height,
        summary=said,
        note=[*notes, compare_tables.below(answer, view), _strip(answer, view)],
        className=f"compare-card compare-{answer.form.value}",
        **_common(answer, view),
    )
    made.children.insert(1, lead)
    return made


def _strip(answer: Compare, view: View) -> html.P:
    """Where the figures come from, as on a picture of the chart."""
    return html.P(_common(answer, view)["strip"], className="compare-strip")


def _blank(
    answer: Compare, view: View, said: Sequence[str], more: Component | None = None
) -> html.Section:
    lang = view.lang
    blank = states.blank(say(lang, "compare.nothing"), say(lang, "compare.nothing_hint"))
    notes = [html.P(one, className="hint") for one in said]
    return cards.panel(
        _title(answer, lang),
        [blank, *notes, more],
        subtitle(answer, lang),
        className="compare-card",
    )


# Side by side


def _side(answer: Compare, body: Side, view: View) -> html.Section:
    lang = view.lang
    title = say(lang, "compare.form_side")
    if not body.units:
        blank = states.blank(say(lang, "compare.nothing"), say(lang, "compare.nothing_hint"))
        return cards.panel(title, blank, className="compare-card")
    said = compare_words.summary(answer, lang)
    table = html.Div(
        compare_tables.side(body, view),
        className="scroll-x",
        tabIndex=0,
        role="region",
        **attributes(aria_label=title),
    )
    return cards.panel(
        title,
        [
            html.P(" ".join(said), className="compare-said"),
            table,
            html.P(say(lang, "compare.side_legend"), className="hint"),
            parts.status_legend(lang),
            _strip(answer, view),
        ],
        None,
        parts.illustrative_mark(lang, answer.illustrative),
        html.A(
            say(lang, "compare.csv"),
            href=cards.csv_href(view, answer.form.value),
            className="snap-csv more",
        ),
        className="compare-card compare-side",
    )


# Small multiples


def _multiples(answer: Compare, body: Multiples, view: View) -> html.Section:
    lang = view.lang
    scale = multiples.scale_of(body.series)
    if scale is None:
        return _blank(answer, view, [])
    rules = compare_words.scale_words(body, scale, answer.indicator, lang)
    link = unit_links(view, answer.indicator.code)
    smalls = [_small(one, scale, link(one.series.unit), view) for one in body.smalls]
    name, title, line = answer.form.value, _title(answer, lang), subtitle(answer, lang)
    strip = _common(answer, view)["strip"]
    body_of = [
        html.P(" ".join(compare_words.summary(answer, lang)), className="compare-said"),
        html.P(" ".join(rules), className="hint"),
        html.Ol(smalls, className="smalls"),
        compare_tables.below(answer, view),
        _strip(answer, view),
    ]
    # What a picture of them needs beside them: whose, when, on which scale, from where.
    told: dict[str, Any] = {
        "data-title": title,
        "data-subtitle": line,
        "data-strip": json.dumps([" ".join(rules), strip], ensure_ascii=False),
    }
    return html.Section(
        [
            cards.card_head(
                title,
                line,
                parts.illustrative_mark(lang, answer.illustrative),
                cards.export_menu(view, name, title, many=True),
            ),
            html.Div(body_of, className="card-body"),
        ],
        className="card-box compare-card compare-multiples",
        **told,
    )


def _place(cell: Cell) -> html.Span | None:
    words = rank_words.short(cell.place)
    return html.Span(f"{words}.", className="small-rank") if words else None


def _small(one: Small, scale: Scale, href: str, view: View) -> html.Li:
    """Name, newest value and status in words above the trend: the picture needs no words."""
    lang, cell = view.lang, one.cell
    of = cell.indicator
    told = say(
        lang,
        "compare.small_alt",
        unit=cell.unit.name,
        value=figure_words(of, cell.figure, lang, with_unit=True),
        status=status_words(cell.status, lang),
    )
    judged = cell.status != "not_judged"
    return html.Li(
        html.A(
            [
                html.Span(
                    [
                        _place(cell),
                        html.Span(cell.unit.short, className="small-name"),
                        parts.figure_span(cell, lang, className="small-value"),
                        parts.chip(cell.status, lang, short=True) if judged else None,
                    ],
                    className="small-head",
                ),
                html.Span(
                    [
                        html.Img(src=multiples.source(one.series, scale, view), alt=""),
                        html.Span(
                            compare_words.scale_end(of, scale.high, lang), className="is-high"
                        ),
                        html.Span(compare_words.scale_end(of, scale.low, lang), className="is-low"),
                    ],
                    className="small-plot",
                    **attributes(aria_hidden="true"),
                ),
            ],
            href=href,
            title=told,
            className=f"small {parts.css(cell.status)}" if judged else "small",
        )
    )
