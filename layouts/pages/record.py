"""One figure down to its source record: as shown, every version, its run and raw data, its sum."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import (
    coverage_words,
    empty_words,
    moment_words,
    number,
    period_words,
    target_words,
)
from ioc.queries.desk import Desk
from ioc.queries.record_answers import Record
from ioc.web.page import Page
from layouts import (
    cards,
    heads,
    held_marks,
    notes,
    pace_coverage,
    record_origin,
    record_tables,
    revised_marks,
)
from layouts import components as parts
from layouts.links import indicator_link, unit_link
from layouts.record_links import record_href
from layouts.why_links import peers_link, why_link


def _load(desk: Desk, view: View, scope: Scope) -> Record:
    from ioc.queries.record import record
    from ioc.web.raw_record import with_raw_record

    return with_raw_record(desk, record(desk, view, scope))


def title(answer: Record, view: View) -> str:
    """What the figure is about."""
    lang = view.lang
    name = answer.indicator.short.say(lang)
    return say(lang, "record.title", indicator=name, unit=answer.unit.name)


def render(answer: Record, view: View) -> Component:
    """The page; a wall shows the same."""
    lang = view.lang
    when = period_words(answer.period, lang) if answer.period else say(lang, "screen.no_period")
    part = answer.indicator.breakdown_words(answer.breakdown) if answer.breakdown else None
    return html.Div(
        [
            heads.desk_head(
                answer.indicator.name.say(lang),
                view,
                answer.stamp,
                above=parts.crumbs(answer.crumbs, view),
                under=(
                    say(lang, "record.above"),
                    answer.indicator.code,
                    when,
                    part.say(lang) if part else None,
                ),
            ),
            html.Div(
                [
                    html.Div([_figure(answer, view), _across(answer, view)], className="stack"),
                    record_origin.panel(answer, view),
                ],
                className="row-record",
            ),
            record_tables.versions(answer, view),
            record_tables.account(answer, view),
            notes.panel(answer.notes, answer.unit, answer.indicator, view, period=answer.period),
        ],
        className="page page-record",
    )


def _figure(answer: Record, view: View) -> html.Section:
    """The figure as shown, with all that is said of it."""
    lang, cell = view.lang, answer.cell
    items: list[Component] = []
    for key, value in _facts(answer, lang):
        if value:
            items += [html.Dt(say(lang, f"record.{key}")), html.Dd(value)]
    return cards.panel(
        say(lang, "record.figure"),
        [
            html.Div(
                [
                    parts.figure_span(cell, lang, className="total-figure"),
                    parts.chip(cell.status, lang),
                    parts.change_span(cell, lang),
                    why_link(view, cell) if not answer.breakdown else None,
                    peers_link(view, cell) if not answer.breakdown else None,
                ],
                className="total-line",
            ),
            held_marks.told(cell, view),
            revised_marks.told(cell, view),
            html.Dl(items, className="record-facts"),
        ],
        parts.unit_words(answer.indicator, lang),
        parts.illustrative_mark(lang, cell.figure.illustrative),
        className="record-figure",
    )


def _facts(answer: Record, lang: str) -> list[tuple[str, Any]]:
    cell, of = answer.cell, answer.indicator
    shown = cell.figure
    ratio = of.kind is Kind.RATIO
    state = empty_words(shown.empty, lang) if shown.empty else say(lang, "record.state_value")
    summed = say(lang, "record.source_sum") if shown.value is not None else None
    return [
        ("about", period_words(answer.period, lang) if answer.period else None),
        ("numerator", _part(of, shown.numerator, lang) if ratio else None),
        ("denominator", _part(of, shown.denominator, lang) if ratio else None),
        ("bound", say(lang, f"record.bound_{shown.bound.name.lower()}")),
        ("state", state),
        ("coverage", _coverage(answer, lang)),
        ("target", target_words(of, cell.target, lang)),
        ("received", moment_words(cell.received, lang) if cell.received else None),
        ("checked", moment_words(cell.checked, lang) if cell.checked else None),
        ("source", cell.source or summed),
        ("citation", html.Cite(cell.citation) if cell.citation else None),
    ]


def _coverage(answer: Record, lang: str) -> str:
    """Who reported, and what the total may become when the others do."""
    cell = answer.cell
    reach = pace_coverage.coverage_range_words(cell, answer.reach, lang)
    words = coverage_words(cell.figure.coverage, lang)
    return ". ".join([words, " ".join(reach)]) if reach else words


def _part(of: Any, part: Any, lang: str) -> str:
    """A numerator or denominator with what it counts; a dash where it is not known."""
    if part is None:
        return say(lang, "record.unknown")
    counted = (of.counted or of.unit_of_measure).say(lang)
    return f"{number(part, lang, of.scale, trim=True)} {counted}"


def _across(answer: Record, view: View) -> html.Section:
    """To the periods before and after, the unit's other indicators, the indicator's other units."""
    lang, period = view.lang, answer.period
    code, unit = answer.indicator.code, answer.unit.key

    def to(when: Period | None, *, key: str = unit, of: str = code, part: str = "") -> str:
        return record_href(view, key, of, when, part)

    steps: list[Component] = []
    if period is not None:
        for word, when in (("previous_period", period.previous), ("next_period", period.shift(1))):
            words = f"{say(lang, f'record.{word}')}: {period_words(when, lang, short=True)}"
            steps.append(dcc.Link(words, href=to(when, part=answer.breakdown), className="pill"))
    keep = view.but(period=period, calendar=period.calendar) if period else view
    steps += [
        dcc.Link(
            say(lang, "record.unit_page"), href=unit_link(keep, answer.unit, code), className="pill"
        ),
        dcc.Link(
            say(lang, "record.indicator_page"),
            href=indicator_link(keep, code, unit),
            className="pill",
        ),
    ]
    differing = View(page="differences", unit=unit, indicator=code, lang=lang).href()
    steps.append(dcc.Link(say(lang, "quality.differences_title"), href=differing, className="pill"))
    others = [
        dcc.Link(
            one.short.say(lang),
            href=to(period if _alike(one, period) else None, of=one.code),
            title=one.name.say(lang),
        )
        for one in answer.others
        if one.code != code
    ]
    beside = [
        dcc.Link(one.short, href=to(period, key=one.key), title=one.name)
        for one in answer.siblings
        if one.key != unit
    ]
    return cards.panel(
        say(lang, "record.across"),
        [
            html.Nav(steps, className="record-steps"),
            _folded(say(lang, "record.other_indicators", unit=answer.unit.short), others),
            _folded(say(lang, "record.other_units"), beside),
        ],
        className="record-across",
    )


def _alike(one: Any, period: Period | None) -> bool:
    """Whether an indicator has figures of such periods."""
    return period is not None and (one.calendar, one.cadence) == (period.calendar, period.grain)


def _folded(words: str, links: list[dcc.Link]) -> html.Details | None:
    if not links:
        return None
    return html.Details([html.Summary(words), html.Div(links, className="record-links")])


PAGE = Page(name="record", title=title, load=_load, render=render, filters=True)
