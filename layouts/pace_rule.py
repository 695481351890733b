"""The rule behind a status, on demand: target, whose, since when, by which source, and why."""

from __future__ import annotations

from fractions import Fraction

from dash import html
from dash.development.base_component import Component

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.target import Reason, Status, Target, reason
from ioc.domain.view import View
from ioc.domain.words import (
    counts_words,
    date_words,
    empty_words,
    figure_words,
    list_words,
    period_words,
    status_words,
)
from ioc.queries.answers import Cell
from layouts import components as parts
from layouts.attributes import attributes
from layouts.goals import goal_words


def chip(cell: Cell, view: View, *, short: bool = False) -> Component:
    """The status of a cell; on the desk it opens to the rule it was judged by.

    `short` has a sign for the question; its words are there for screen readers.
    """
    lang = view.lang
    shown = parts.chip(cell.status, lang)
    if view.wall:
        return shown
    label = say(
        lang,
        "pace.rule_of",
        indicator=cell.indicator.short.say(lang),
        unit=cell.unit.name,
        status=status_words(cell.status, lang),
    )
    ask: list[parts.Child] = [say(lang, "pace.rule")]
    if short:
        sign = html.Span("?", **attributes(aria_hidden="true"))
        ask = [sign, html.Span(say(lang, "pace.rule"), className="visually-hidden")]
    asked = html.Span(ask, className="rule-ask is-short" if short else "rule-ask")
    # The chip's words stay in the name, so that who speaks to the screen can say what is seen.
    head = html.Summary([shown, asked], title=label)
    return html.Details([head, html.Div(told(cell, lang), className="rule-told")], className="rule")


def told(cell: Cell, lang: str) -> Component:
    """The rule in words, as a list of terms."""
    rows = [(say(lang, f"pace.rule_{key}"), words) for key, words in _rows(cell, lang) if words]
    items: list[Component] = []
    for term, words in rows:
        items += [html.Dt(term), html.Dd(words)]
    return html.Dl(items, **attributes(data_status=cell.status.value))


def _rows(cell: Cell, lang: str) -> list[tuple[str, str]]:
    of, target = cell.indicator, cell.target
    found: list[tuple[str, str]] = []
    if target is not None:
        found = [
            ("target", goal_words(of, target.value, lang)),
            ("whose", _whose(cell, target, lang)),
            ("valid", _valid(target, lang)),
            ("legal", target.legal.say(lang)),
        ]
        if of.direction is not Direction.NEUTRAL:
            down = of.direction is Direction.DOWN
            key = "pace.near_down" if down else "pace.near_up"
            found.append(("near", say(lang, key, near=_amount(of, _near(of), lang))))
    return [*found, ("figure", _figure(cell, lang)), ("verdict", verdict(cell, lang))]


def verdict(cell: Cell, lang: str) -> str:
    """Why the figure has its status, in one sentence."""
    of, target, status = cell.indicator, cell.target, status_words(cell.status, lang)
    why = reason(of, cell.figure, target)
    if target is None or cell.status is Status.NOT_JUDGED:
        given = {}
        if why is Reason.NO_VALUE:
            given = {"empty": empty_words(cell.figure.empty, lang)}
        words = say(lang, f"pace.why_{why.value}", **given)
        return say(lang, "pace.verdict_not_judged", status=status, why=words)
    return say(
        lang,
        f"pace.verdict_{cell.status.value}",
        status=status,
        **_given(cell, target, lang),
    )


def _given(cell: Cell, target: Target, lang: str) -> dict[str, str]:
    of = cell.indicator
    if cell.status is Status.REACHED:
        figure = figure_words(of, cell.figure, lang)
        return {"figure": figure, "target": goal_words(of, target.value, lang)}
    miss = abs(cell.gap or Fraction(0))
    return {"miss": _amount(of, miss, lang), "near": _amount(of, _near(of), lang)}


def _whose(cell: Cell, target: Target, lang: str) -> str:
    if target.unit is not None:
        return cell.unit.name
    levels = [say(lang, f"words.level_{level.value}") for level in target.levels]
    return list_words(levels, lang) or cell.unit.name


def _valid(target: Target, lang: str) -> str:
    first = date_words(target.valid_from, lang)
    if target.valid_to is None:
        return say(lang, "pace.valid_since", first=first)
    key = "pace.valid_carried" if target.carried_year else "pace.valid_between"
    return say(lang, key, first=first, last=date_words(target.valid_to, lang))


def _figure(cell: Cell, lang: str) -> str:
    figure = cell.figure
    said = [figure_words(cell.indicator, figure, lang, with_unit=True)]
    if figure.value is not None and figure.numerator is not None and figure.denominator is not None:
        said.append(counts_words(cell.indicator, figure, lang))
    if cell.period is not None:
        said.append(period_words(cell.period, lang))
    return " · ".join(said)


def _near(of: Indicator) -> Fraction:
    return Fraction(of.near_gap) / of.unit_factor


def _amount(of: Indicator, value: Fraction, lang: str) -> str:
    """An amount without a sign: `5 điểm %`, `20 hồ sơ`."""
    if of.kind is Kind.RATIO:
        return say(lang, "words.points", value=number(value * 100, lang, of.decimals, trim=True))
    return f"{number(value, lang, of.decimals, trim=True)} {of.unit_of_measure.say(lang)}"
