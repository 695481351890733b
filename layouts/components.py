"""The parts every page is made of: chips, marks, figures in words, cards with a chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty
from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import (
    age_words,
    change_words,
    counts_words,
    figure_words,
    moment_words,
    period_words,
    status_sign,
    status_words,
)
from ioc.queries.answers import Cell, Overview, UnitRef
from ioc.web.page import Ground, ground
from layouts import changed, held_marks
from layouts.attributes import attributes
from layouts.figures.paint import Paint
from layouts.goals import target_says

Child = Component | str | None


def chip(status: Status, lang: str, *, short: bool = False) -> html.Span:
    """A status as colour, shape and word; `short` keeps the word for screen readers only."""
    word = html.Span(status_words(status, lang), className="visually-hidden" if short else "word")
    sign = html.Span(status_sign(status), className="sign", **attributes(aria_hidden="true"))
    return html.Span(
        [sign, word], className=f"chip {css(status)}", title=status_words(status, lang)
    )


def dot(sign: str, word: str, look: str) -> html.Span:
    """A status where there is room for its shape only; its word is there for screen readers."""
    return html.Span(
        [
            html.Span(sign, className="sign", **attributes(aria_hidden="true")),
            html.Span(word, className="visually-hidden"),
        ],
        className=f"dot {look}",
        title=word,
    )


def css(status: Status) -> str:
    """The class of a status in the style sheet."""
    return f"is-{status.value.replace('_', '-')}"


def illustrative_mark(lang: str, illustrative: bool) -> html.Span | None:
    """The mark that a figure is made up for demonstration; nothing on real figures."""
    if not illustrative:
        return None
    return html.Span(say(lang, "words.illustrative"), className="illustrative")


def figure_span(cell: Cell, lang: str, *, className: str = "") -> html.Span:
    """A figure in words, drawn by what it is: a value, a lone count or one kind of empty."""
    empty = cell.figure.empty
    kinds = ["figure", className]
    if cell.figure.value is None:
        kinds.append("is-count" if cell.figure.count_only else "is-empty")
        kinds.append(f"empty-{empty.value.replace('_', '-')}" if empty else "")
    if cell.stale or cell.overdue:
        kinds.append("is-stale")
    told: dict[str, Any] = {}
    if cell.revised is not None:
        kinds.append("is-revised")
        told = {"title": changed.hint(cell, lang)}
    if cell.waiting is not None:
        kinds.append("is-held")
        told = {"title": held_marks.hint(cell, lang)}
    text = figure_words(cell.indicator, cell.figure, lang)
    return html.Span(text, className=" ".join(kind for kind in kinds if kind), **told)


def unit_words(indicator: Indicator, lang: str) -> str:
    """The unit of measure as a chart's second line says it."""
    return indicator.unit_of_measure.say(lang)


def target_line(cell: Cell, lang: str) -> str:
    """`Chỉ tiêu 85%`, `Chỉ tiêu năm 2025: 85%` for one carried on, or that there is none."""
    return target_says(cell.indicator, cell.target, lang)


def change_span(cell: Cell, lang: str) -> html.Span | None:
    """The change against the period before, with an arrow; better and worse are not colours."""
    if cell.change is None:
        return None
    arrow = "→" if cell.change == 0 else "↑" if cell.change > 0 else "↓"
    words = change_words(cell.indicator, cell.change, lang)
    said: list[Child] = [html.Span(arrow, className="arrow"), words]
    if cell.uneven:
        hint = say(lang, "screen.uneven_hint")
        said.append(html.Span(say(lang, "screen.uneven"), className="uneven", title=hint))
    return html.Span(said, className="change")


def age_span(moment: datetime | None, now: datetime, lang: str) -> html.Time | None:
    """How old a figure is, with the exact moment as title and for the script that ticks it on.

    A file says the moment itself: an age on it would be wrong the next minute.
    """
    if moment is None:
        return None
    if ground() is not Ground.SCREEN:
        words = moment_words(moment, lang, near=now)
        return html.Time(words, dateTime=moment.isoformat(), className="age is-moment")
    return html.Time(
        age_words(now - moment, lang),
        dateTime=moment.isoformat(),
        title=moment_words(moment, lang),
        className="age",
    )


def counts_line(cell: Cell, lang: str) -> str | None:
    """`1.758/1.950 thủ tục` where both are known, otherwise nothing."""
    if cell.figure.numerator is None or cell.figure.denominator is None:
        return None
    return counts_words(cell.indicator, cell.figure, lang)


def pills(options: Iterable[tuple[str, str, bool]], label: str) -> html.Nav:
    """A switch between addresses: (words, address, whether it is the present one)."""
    links = [
        dcc.Link(
            words,
            href=href,
            className="pill is-on" if on else "pill",
        )
        for words, href, on in options
    ]
    return html.Nav(links, className="pills", **attributes(aria_label=label))


def crumbs(units: Iterable[UnitRef], view: View) -> html.Nav:
    """Where the unit stands: every unit above it as a link."""
    totals = ("nation", "localities", "government", "region")
    links: list[Child] = []
    for unit in units:
        page = "overview" if unit.level in totals else "unit"
        links.append(dcc.Link(unit.name, href=view.href(page=page, unit=unit.key)))
    return trail(links, view.lang)


def trail(steps: Iterable[Child], lang: str) -> html.Nav:
    """A breadcrumb of any steps."""
    items: list[Any] = []
    for step in steps:
        items += [step, html.Span("›", className="crumb-sign", **attributes(aria_hidden="true"))]
    return html.Nav(
        items[:-1], className="crumbs", **attributes(aria_label=say(lang, "screen.crumbs"))
    )


@cache
def status_legend(lang: str) -> html.Div:
    """What the colours and shapes mean, in words."""
    return html.Div([chip(status, lang) for status in Status], className="legend")


def map_legend(cells: Sequence[Cell], view: View) -> html.Div:
    """What the colours of a map mean: statuses, or the range of values of each colour."""
    paint = Paint(cells, view)
    steps: list[Component] = [chip(status, view.lang) for status in paint.shown()]
    steps += [
        html.Span(
            [
                html.Span(className="swatch", style={"background": colour}),
                low if low == high else f"{low} – {high}",
            ],
            className="step",
        )
        for colour, low, high in paint.steps()
    ]
    if paint.missing:
        words = say(view.lang, "screen.scale_missing")
        steps.append(html.Span([html.Span(className="swatch is-missing"), words], className="step"))
    former = sum(one.unit.ended is not None for one in cells)
    if former:
        words = say(view.lang, "screen.map_former", count=former)
        steps.append(html.Span(words, className="step"))
    hint = None if paint.judged else say(view.lang, "screen.scale")
    return html.Div(steps, className="legend scale", title=hint)


@cache
def empty_legend(lang: str) -> html.Dl:
    """The kinds of empty and what each says: none of them is a zero."""
    items: list[Component] = [
        html.Dt("0", className="figure"),
        html.Dd(say(lang, "screen.empty_zero")),
    ]
    for kind in Empty:
        look = f"figure is-empty empty-{kind.value.replace('_', '-')}"
        words, sign = (
            say(lang, f"words.empty_{kind.value}"),
            say(lang, f"screen.short_{kind.value}"),
        )
        if not any(letter.isalnum() for letter in sign):
            # A heat map has room for the sign alone.
            words = f"{words} ({sign})"
        items.append(html.Dt(words, className=look))
        items.append(html.Dd(say(lang, f"screen.empty_{kind.value}")))
    return html.Dl(items, className="empty-legend")


def judged(answer: Overview) -> bool:
    """Whether any figure of the page could be held against a target."""
    return any(cell.status is not Status.NOT_JUDGED for cell in answer.matrix.cells.values())


def red_look(count: int, *, judged: bool) -> str:
    """The classes of the red list: red, all clear, or neither while nothing is judged."""
    if count:
        return "red"
    return "red is-clear" if judged else "red is-open"


def period_line(cell: Cell, lang: str) -> str:
    """The period a figure is about, or that there is none yet."""
    return period_words(cell.period, lang) if cell.period else say(lang, "screen.no_period")


def focus_line(cell: Cell, view: View) -> str:
    """Unit of measure and period of the figure in focus, as a card's second line."""
    when = period_words(cell.period, view.lang) if cell.period else None
    return " · ".join(one for one in (unit_words(cell.indicator, view.lang), when) if one)
