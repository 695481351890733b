"""The rows of the 766 index: each can be opened and then tells every step of its points."""

from __future__ import annotations

from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.index766_score import Outcome, Scored
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.view import View
from ioc.queries.index766_answers import Beside, GroupTold, Index766Page, RowTold
from layouts import cards
from layouts.attributes import attributes
from layouts.record_links import record_href


def points(value: Fraction | None, lang: str) -> str:
    """Points with two decimals, or that there are none."""
    return say(lang, "index766.none") if value is None else number(value, lang, 2)


def gap(beside: Beside, lang: str) -> str:
    """Official minus recomputed, with its sign; a dash where one of them is missing."""
    if beside.gap is None:
        return say(lang, "words.nothing")
    return number(beside.gap, lang, 2, sign=True)


def mark(beside: Beside, lang: str, *, scored: bool = True) -> html.Span:
    """Whether both scores agree, as a shape and a word."""
    if not scored:
        return _mark("–", "watched", lang, "is-quiet")
    if beside.gap is None:
        return _mark("?", "not_compared", lang, "is-quiet")
    return (
        _mark("≠", "differs", lang, "is-apart")
        if beside.differs
        else _mark("=", "agrees", lang, "is-alike")
    )


def _mark(sign: str, key: str, lang: str, look: str) -> html.Span:
    return html.Span(
        [
            html.Span(sign, className="sign", **attributes(aria_hidden="true")),
            html.Span(say(lang, f"index766.{key}"), className="word"),
        ],
        className=f"index-mark {look}",
    )


def panel(answer: Index766Page, view: View) -> html.Section:
    """The six groups with their rows."""
    lang = view.lang
    heads = [
        html.Span(say(lang, f"index766.{key}"), className=look)
        for key, look in (
            ("col_row", "index-name"),
            ("col_official", "index-number"),
            ("col_made", "index-number"),
            ("max", "index-number index-max"),
            ("col_gap", "index-number"),
        )
    ]
    head = html.Div([*heads, html.Span("", className="index-mark")], className="index-line is-head")
    return cards.panel(
        say(lang, "index766.groups"),
        [head, *(_group(one, answer, view) for one in answer.groups)],
        say(lang, "index766.groups_line"),
        className="index-groups",
    )


def _group(told: GroupTold, answer: Index766Page, view: View) -> html.Section:
    lang = view.lang
    note = None
    if told.lacking and told.known:
        words = say(lang, "index766.lacking", count=told.lacking)
        known = say(lang, "index766.known", points=number(told.known, lang, 2))
        note = html.P(f"{words}. {known}.", className="hint")
    return html.Section(
        [
            html.H3(_line(told.group.name.say(lang), told.beside, told.group.max, lang)),
            note,
            *(_row(one, answer, view) for one in told.rows),
        ],
        className="index-group",
    )


def _line(name: str, beside: Beside, most: int, lang: str, *, scored: bool = True) -> html.Span:
    """A name with both scores, the maximum, the difference and its mark."""
    return html.Span(
        [
            html.Span(name, className="index-name"),
            html.Span(points(beside.official, lang), className="index-number"),
            html.Span(points(beside.made, lang), className="index-number"),
            html.Span(number(most, lang), className="index-number index-max"),
            html.Span(gap(beside, lang), className="index-number"),
            mark(beside, lang, scored=scored),
        ],
        className="index-line",
    )


def _row(told: RowTold, answer: Index766Page, view: View) -> html.Details:
    lang, scored = view.lang, told.scored
    name = f"{scored.row.number} {scored.row.name.say(lang)}"
    line = _line(name, told.beside, scored.scoring.max, lang, scored=scored.scoring.scored)
    apart = " is-apart" if told.beside.differs else ""
    return html.Details(
        [html.Summary(line), html.Div(steps(told, answer, view), className="index-steps")],
        className=f"index-row{apart}",
        open=told.beside.differs or None,
        id=f"row-{scored.row.part}",
    )


def steps(told: RowTold, answer: Index766Page, view: View) -> list[Component]:
    """Every step from numerator and denominator to the points, and the way to the record."""
    lang, scored = view.lang, told.scored
    said: list[tuple[str, str | Component]] = [
        ("numerator", _counted(scored.given.numerator, scored.row.numerator.say(lang), lang)),
        ("denominator", _counted(scored.given.denominator, scored.row.denominator.say(lang), lang)),
    ]
    if scored.rate is not None and scored.given.numerator is not None:
        divided = say(
            lang,
            "index766.step_divided",
            above=number(scored.given.numerator, lang, 2, trim=True),
            below=number(scored.divisor or Fraction(0), lang, 2, trim=True),
            rate=percent(scored.rate, lang),
        )
        said.append(("rate", divided))
    if scored.earned is not None and scored.rate is not None:
        said.append(("earned", _earned(scored, lang)))
    rule = [say(lang, f"index766.outcome_{scored.outcome.value}")]
    if not scored.scoring.proven:
        rule.append(say(lang, "index766.unproven"))
    said += [
        ("points", _made(scored, lang)),
        ("official", _official(told, answer, view)),
        ("rule", " ".join(rule)),
        ("formula", scored.row.formula.say(lang)),
    ]
    items: list[Component] = []
    for key, value in said:
        items += [html.Dt(say(lang, f"index766.step_{key}")), html.Dd(value)]
    facts = html.Dl(items, className="record-facts")
    return (
        [facts, html.P(why(told, lang), className="index-why")] if told.beside.differs else [facts]
    )


def _counted(value: Fraction | None, what: str, lang: str) -> str:
    if value is None:
        return say(lang, "index766.step_counts", number=say(lang, "index766.step_null"), what=what)
    counted = number(value, lang, 2, trim=True)
    return say(lang, "index766.step_counts", number=counted, what=what)


def _earned(scored: Scored, lang: str) -> str:
    most, earned = number(scored.scoring.max, lang), number(scored.earned or 0, lang, 2)
    gaps = {"max": most, "rate": percent(scored.rate or 0, lang), "points": earned}
    if scored.scoring.full == 1:
        return say(lang, "index766.step_times", **gaps)
    full = percent(scored.scoring.full, lang, trim=True)
    return say(lang, "index766.step_times_full", full=full, **gaps)


def _made(scored: Scored, lang: str) -> str:
    words = points(scored.points, lang)
    if scored.outcome is not Outcome.CAPPED:
        return words
    cut = say(lang, "index766.step_capped", max=number(scored.scoring.max, lang))
    return f"{words} ({cut})"


def _official(told: RowTold, answer: Index766Page, view: View) -> Component | str:
    words = points(told.beside.official, view.lang)
    if view.wall or told.beside.official is None:
        return words
    href = record_href(
        view, answer.unit.key, answer.indicator.code, answer.period, told.scored.row.breakdown
    )
    return dcc.Link(words, href=href, title=say(view.lang, "record.to_record"))


def why(told: RowTold, lang: str) -> str:
    """Which other version explains a difference, or that none does."""
    if told.explained is None:
        return say(lang, "index766.unexplained")
    return say(lang, "index766.explained", version=told.explained.name.say(lang))
