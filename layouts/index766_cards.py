"""The cards of the 766 index: both totals, differences first, the trend, versions, the list."""

from __future__ import annotations

from dataclasses import replace

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.index766 import Version
from ioc.domain.index766_score import tolerance
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.view import View
from ioc.domain.words import date_words, period_words
from ioc.queries.answers import Series
from ioc.queries.index766_answers import Index766Page, Placed
from layouts import cards, summaries
from layouts import components as parts
from layouts.figures import trend
from layouts.index766_rows import gap, mark, points, why
from layouts.links import indicator_link
from layouts.record_links import record_mark


def totals(answer: Index766Page, view: View) -> html.Section:
    """Official and recomputed total, the difference, and where to go on."""
    lang, total = view.lang, answer.total
    made_up = answer.stamp.illustrative
    hint = "summed_hint" if answer.summed else "official_hint"
    shown = [
        _figure("official", points(total.official, lang), say(lang, f"index766.{hint}"), lang),
        _figure("made", points(total.made, lang), _made_hint(answer, lang), lang),
        _figure("gap", gap(total, lang), None, lang, mark(total, lang)),
    ]
    code = answer.indicator.code
    group = "gov" if answer.unit.level == "ministry" else "local"
    ranking = indicator_link(view.but(period=answer.period), code, group)
    steps = [
        dcc.Link(say(lang, "index766.to_ranking"), href=ranking, className="pill"),
    ]
    return cards.panel(
        say(lang, "index766.scores"),
        [
            html.Div(shown, className="index-totals"),
            html.Nav(steps, className="record-steps") if not view.wall else None,
        ],
        say(lang, "index766.scores_line"),
        parts.illustrative_mark(lang, made_up),
        record_mark(view, answer.official) if answer.official else None,
        className="index-scores",
    )


def _figure(
    key: str, words: str, hint: str | None, lang: str, extra: Component | None = None
) -> html.Div:
    return html.Div(
        [
            html.Span(say(lang, f"index766.{key}"), className="index-label"),
            html.Span(words, className="total-figure figure"),
            extra,
            html.P(hint, className="hint") if hint else None,
        ],
        className=f"index-total is-{key}",
    )


def _made_hint(answer: Index766Page, lang: str) -> str:
    if answer.made is None or not answer.made.lacking:
        return say(lang, "index766.made_hint")
    lacking = say(lang, "index766.lacking", count=len(answer.made.lacking))
    known = say(lang, "index766.known", points=number(answer.made.known, lang, 2))
    return f"{lacking}. {known}. {say(lang, 'index766.not_zero')}"


def differences(answer: Index766Page, view: View) -> html.Section:
    """What does not agree, first: the total, groups, rows and what explains them."""
    lang = view.lang
    limits = {
        "row": number(tolerance(), lang, 2),
        "total": number(tolerance(answer.total.rows), lang, 2),
    }
    items: list[Component] = []
    for row in answer.differences:
        of = row.scored.row
        items.append(
            html.Li(
                [
                    html.A(
                        f"{of.number} {of.name.say(lang)}",
                        href=f"#row-{of.part}",
                        className="index-name",
                    ),
                    html.Span(
                        f"{points(row.beside.official, lang)} ≠ {points(row.beside.made, lang)}",
                        className="figure",
                    ),
                    html.Span(gap(row.beside, lang), className="figure"),
                    html.Span(why(row, lang), className="hint"),
                ]
            )
        )
    sums = [
        say(
            lang,
            "index766.group_differs",
            group=one.group.name.say(lang),
            gap=gap(one.beside, lang),
        )
        for one in answer.groups
        if one.beside.differs
    ]
    if answer.total.differs:
        sums.insert(0, say(lang, "index766.total_differs", gap=gap(answer.total, lang)))
    key = "differences_none" if answer.told else "differences_nothing"
    body: list[Component] = [html.P(say(lang, f"index766.{key}"))]
    if items or sums:
        body = [html.Ul(items, className="index-differences"), html.P(" · ".join(sums))]
    return cards.panel(
        say(lang, "index766.differences"),
        body,
        say(lang, "index766.differences_line", **limits),
        className="index-apart",
    )


def line(answer: Index766Page, view: View) -> html.Section | None:
    """The total over time with the recomputed one behind it."""
    if answer.series is None or not answer.series.points:
        return None
    lang = view.lang
    remade = _named(answer.remade, lang)
    former = [remade] if remade is not None else []
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.unit,
        period=period_words(answer.period, lang) if answer.period else None,
        sources=[answer.official.source] if answer.official else (),
        illustrative=answer.stamp.illustrative,
    )
    return cards.chart_card(
        "trend",
        say(lang, "index766.trend", unit=answer.unit.short),
        say(lang, "index766.trend_line"),
        trend.figure(answer.series, view, former=former),
        view,
        strip=strip,
        summary=summaries.trend(answer.series, lang, former=former),
        illustrative=answer.stamp.illustrative,
        height=320,
        className="trend-card index-trend",
    )


def _named(remade: Series | None, lang: str) -> Series | None:
    """The recomputed line under its own name; nothing where nothing could be recomputed."""
    if remade is None or all(one.figure.value is None for one in remade.points):
        return None
    name = say(lang, "index766.remade", unit=remade.unit.name)
    unit = replace(remade.unit, key="", name=name, short=say(lang, "index766.remade_short"))
    return replace(remade, unit=unit)


def versions(answer: Index766Page, view: View) -> html.Section:
    """Every version of the formulas with its days and where it is known from."""
    lang = view.lang
    return cards.panel(
        say(lang, "index766.versions"),
        html.Ul(
            [_version(one, answer, lang) for one in answer.versions], className="index-versions"
        ),
    )


def _version(one: Version, answer: Index766Page, lang: str) -> html.Li:
    days = {"first": date_words(one.valid_from, lang)}
    when = say(lang, "index766.version_from", day=days["first"])
    if one.valid_to is not None:
        when = say(lang, "index766.version_span", last=date_words(one.valid_to, lang), **days)
    used = one is answer.version
    mark_used = html.Strong(say(lang, "index766.version_used")) if used else None
    return html.Li(
        [
            html.Span([html.B(one.name.say(lang)), f" · {when} ", mark_used]),
            html.P(one.note.say(lang)),
            html.P(one.source.say(lang), className="hint"),
        ]
    )


def listed(answer: Index766Page, view: View) -> html.Section:
    """Every unit that has an index, best official score first."""
    lang = view.lang
    keys = ("col_unit", "col_official", "col_made", "col_gap", "col_rows", "col_lacking")
    heads = [html.Th(say(lang, f"index766.{key}"), scope="col") for key in keys]
    table = html.Table(
        [
            html.Thead(html.Tr(heads)),
            html.Tbody([_placed(one, view) for one in answer.placed]),
        ],
        className="index-list",
    )
    return cards.panel(
        say(lang, "index766.list"),
        html.Div(table, className="scroll-x", tabIndex=0),
        say(lang, "index766.list_line"),
        parts.illustrative_mark(lang, answer.stamp.illustrative),
    )


def _placed(one: Placed, view: View) -> html.Tr:
    lang = view.lang
    href = view.href(unit=one.unit.key)
    return html.Tr(
        [
            html.Th(dcc.Link(one.unit.name, href=href), scope="row"),
            html.Td(parts.figure_span(one.cell, lang), className="figure"),
            html.Td(points(one.beside.made, lang), className="figure"),
            html.Td(gap(one.beside, lang), className="figure"),
            html.Td(number(one.differing, lang) if one.differing else "", className="figure"),
            html.Td(number(one.lacking, lang) if one.lacking else "", className="figure"),
        ],
        className="is-apart" if one.differing else "",
    )
