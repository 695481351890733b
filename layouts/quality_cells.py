"""Scores as they are drawn: a share with its counts, a tone by declared limits, a way down."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.quality import Check, Checked, Criterion, Score, rules
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import status_sign, status_words
from ioc.queries.quality_answers import Subject
from layouts import components as parts
from layouts.attributes import attributes


def share_words(score: Score, lang: str) -> str:
    """`98,5%`, or that it is not assessable; below 100 % never rounded up to it."""
    share = score.share
    if share is None:
        return say(lang, "quality.none")
    if share < 1 and round(share * 1000) >= 1000:
        return percent(share, lang, 3, trim=True) if share < 0.99999 else "< " + percent(1, lang, 0)
    return percent(share, lang, 1, trim=True)


def checked_words(one: Checked, lang: str) -> str:
    """`985/1.000 bản ghi`."""
    words = say(
        lang,
        "quality.checked",
        passed=number(one.passed, lang),
        made=number(one.made, lang),
        what=say(lang, f"quality.check_{one.check.value}"),
    )
    return f"{words} {say(lang, 'quality.via')}" if one.shared else words


def status_of(criterion: Criterion, score: Score) -> Status:
    """The tone of a score by the declared limits."""
    return rules().status(criterion, score)


def row_href(view: View, row: Subject, criterion: Criterion | None) -> str:
    """The address of a row's cell; the rest of the question is kept."""
    form = view.form if view.form in ("four", "unit") else None
    form = "unit" if row.kind == "unit" and form is None else form
    return view.href(
        page="quality",
        source=row.key if row.kind == "source" else None,
        register=row.key if row.kind == "register" else None,
        indicator=row.key if row.kind == "indicator" else None,
        unit=row.key if row.kind == "unit" else view.unit,
        form="indicator" if row.kind == "indicator" else form if row.kind == "unit" else None,
        criterion=criterion.value if criterion else None,
        sheet=1,
        wall=False,
    )


def cell(row: Subject, criterion: Criterion, view: View) -> html.Td:
    """One cell of the matrix; it leads to what failed."""
    lang = view.lang
    score = row.scores.get(criterion, Score())
    status, weakest = status_of(criterion, score), score.weakest
    label = attributes(data_label=say(lang, f"quality.criterion_{criterion.value}"))
    if weakest is None:
        sign = html.Span(status_sign(status), className="sign", **attributes(aria_hidden="true"))
        none = html.Span([sign, " ", say(lang, "quality.none")], className="quality-none")
        return html.Td(none, className="quality-cell is-not-judged", **label)
    words = share_words(score, lang)
    said = checked_words(weakest, lang)
    told = say(
        lang,
        "quality.cell",
        name=row.title,
        criterion=say(lang, f"quality.criterion_{criterion.value}"),
        words=f"{words}, {said}, {status_words(status, lang)}",
    )
    body: list[Component] = [
        html.Span(
            [
                html.Span(status_sign(status), className="sign", **attributes(aria_hidden="true")),
                html.B(words, className="figure"),
            ],
            className="quality-share",
        ),
        html.Span(said, className="quality-counts"),
    ]
    shown: Component = (
        html.Span(body)
        if view.wall
        else dcc.Link(body, href=row_href(view, row, criterion), title=told)
    )
    return html.Td(shown, className=f"quality-cell {parts.css(status)}", **label)


def totals(
    scores: Mapping[Criterion, Score], criteria: tuple[Criterion, ...], lang: str
) -> html.Div:
    """The scores of all rows together, a card each."""
    cards = []
    for criterion in criteria:
        score = scores.get(criterion, Score())
        status = status_of(criterion, score)
        weakest = score.weakest
        cards.append(
            html.Div(
                [
                    html.Span(
                        say(lang, f"quality.criterion_{criterion.value}"), className="quality-name"
                    ),
                    html.Span(share_words(score, lang), className="figure quality-figure"),
                    parts.chip(status, lang),
                    html.Span(
                        checked_words(weakest, lang) if weakest else "", className="quality-counts"
                    ),
                    html.Span(
                        say(lang, f"quality.rule_{criterion.value}"), className="quality-rule"
                    ),
                ],
                className=f"quality-total card-box {parts.css(status)}",
            )
        )
    return html.Div(cards, className="quality-totals")


def limits(criteria: tuple[Criterion, ...], lang: str) -> html.Details:
    """From which share on each criterion is reached and near, as declared."""
    lines = []
    for one in criteria:
        limit = rules().limits[one]
        lines.append(
            html.Li(
                say(
                    lang,
                    "quality.legend",
                    criterion=say(lang, f"quality.criterion_{one.value}"),
                    reached=percent(limit.reached, lang, 1, trim=True),
                    near=percent(limit.near, lang, 1, trim=True),
                )
            )
        )
    return html.Details(
        [html.Summary(say(lang, "quality.limits")), html.Ul(lines)], className="quality-limits"
    )


def past_words(checks: tuple[Check, ...], lang: str) -> str | None:
    """Which checks a past moment cannot be asked for."""
    if not checks:
        return None
    named = ", ".join(say(lang, f"quality.check_{one.value}") for one in checks)
    return say(lang, "quality.past", checks=named)
