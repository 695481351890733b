"""One indicator: what it means, who reports it, and its figures over units and time."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import knows, say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import coverage_words, list_words, period_words
from ioc.queries.answers import IndicatorPage
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import (
    cards,
    filter_chips,
    grids,
    heads,
    held_marks,
    notes,
    pace_card,
    pace_coverage,
    pace_rule,
    revised_marks,
    states,
    summaries,
)
from layouts import components as parts
from layouts.figures import breakdown, national_map, ranking, trend, trend_words
from layouts.goals import alone
from layouts.links import unit_link
from layouts.pages.unit import published_item
from layouts.record_links import record_mark
from layouts.scenes import map as map_scene
from layouts.why_links import peers_link, why_link

CHART_HEIGHT = 600


def _load(desk: Desk, view: View, scope: Scope) -> IndicatorPage:
    from ioc.queries.indicator_page import indicator_page

    return indicator_page(desk, view, scope)


def title(answer: IndicatorPage, view: View) -> str:
    """Code and name."""
    return f"{answer.indicator.code} {answer.indicator.name.say(view.lang)}"


def render(answer: IndicatorPage, view: View) -> Component:
    """The page on the desk, or its wall form."""
    if view.wall:
        return map_scene.render(answer, view)
    lang = view.lang
    # What was published is all there is of an indicator that nobody has to report: it comes first.
    first, last = _published(answer, view), None
    if answer.indicator.collected:
        first, last = last, first
    places = _places(answer, view)
    return html.Div(
        [
            filter_chips.row(view, answer.applied, answer.ignored, now=answer.stamp.asked_at),
            heads.desk_head(
                answer.indicator.name.say(lang),
                view,
                answer.stamp,
                above=parts.crumbs((answer.unit,), view),
                under=(answer.indicator.code, answer.part, parts.period_line(answer.total, lang)),
            ),
            first,
            html.Div(
                [
                    html.Div([_total(answer, view), _coverage(answer, view)], className="stack"),
                    states.part(lambda: _trend(answer, view), view.lang),
                    _meaning(answer, view),
                ],
                className="row-indicator",
            ),
            _pace(answer, view) if answer.indicator.collected else None,
            html.Div(places, className="row-places") if places else None,
            *_breakdowns(answer, view),
            _table(answer, view),
            last,
            notes.panel(answer.notes, answer.unit, answer.indicator, view),
        ],
        className="page page-indicator",
    )


def _total(answer: IndicatorPage, view: View) -> html.Section:
    lang, cell = view.lang, answer.total
    facts = (parts.counts_line(cell, lang), parts.target_line(cell, lang))
    return cards.panel(
        filter_chips.with_part(cell.unit.name, answer.part, lang),
        [
            html.Div(
                [
                    parts.figure_span(cell, lang, className="total-figure is-large"),
                    record_mark(view, cell),
                ]
            ),
            html.Div(
                [
                    pace_rule.chip(cell, view),
                    parts.change_span(cell, lang),
                    why_link(view, cell),
                    peers_link(view, cell),
                ],
                className="total-line",
            ),
            html.P(" · ".join(fact for fact in facts if fact), className="total-facts"),
            held_marks.told(cell, view),
            revised_marks.told(cell, view),
            html.P(say(lang, "screen.not_added"), className="hint")
            if cell.figure.value is None and alone(cell.indicator, cell.unit.level)
            else None,
        ],
        parts.unit_words(cell.indicator, lang),
        parts.illustrative_mark(lang, cell.figure.illustrative),
        className="total",
    )


def _coverage(answer: IndicatorPage, view: View) -> html.Section:
    """How many have reported, as a bar and in words, and every one who has not, by name."""
    lang, coverage = view.lang, answer.coverage
    if not answer.indicator.collected:
        told = html.P(say(lang, "collected.nobody_reports"), className="hint")
        return cards.panel(say(lang, "indicator_page.coverage"), [told], className="coverage-card")
    if not coverage.expected:
        # Of a figure that only this unit has, nobody below is asked.
        told = html.P(say(lang, "collected.nobody_below"), className="hint")
        return cards.panel(say(lang, "indicator_page.coverage"), [told], className="coverage-card")
    share = 100 * coverage.reported / coverage.expected
    missing: Any = html.P(say(lang, "indicator_page.nobody_missing"), className="hint")
    if answer.missing:
        missing = html.Div(
            [
                html.P(say(lang, "indicator_page.missing"), className="hint"),
                html.Ul(
                    [
                        html.Li(dcc.Link(unit.short, href=unit_link(view, unit), title=unit.name))
                        for unit in answer.missing
                    ],
                    className="missing",
                ),
            ]
        )
    bar = html.Div(html.Div(style={"width": f"{share:.1f}%"}), className="coverage-track")
    words = html.P(coverage_words(coverage, lang), className="coverage-words figure")
    reach = pace_coverage.told(answer.total, answer.reach, lang)
    return cards.panel(
        say(lang, "indicator_page.coverage"),
        [words, bar, reach, missing],
        className="coverage-card",
    )


def _pace(answer: IndicatorPage, view: View) -> html.Div | None:
    """The way to the target, and the units that must speed up most."""
    found = answer.pace
    if found is None:
        return None
    common = _common(answer, view)
    common["illustrative"] = answer.total.figure.illustrative
    shown = [
        states.part(
            lambda: pace_card.card(answer.total, found, answer.series, view, **common), view.lang
        ),
        states.part(lambda: pace_card.hurry(answer.paces, view), view.lang),
    ]
    return html.Div([one for one in shown if one is not None], className="row-pace")


def _meaning(answer: IndicatorPage, view: View) -> html.Section:
    """The indicator as it is declared: everything needed to dispute a figure."""
    lang, of = view.lang, answer.indicator

    def coded(field: str, value: object) -> str:
        key = f"indicator.{field}_{value}"
        return say(lang, key) if knows(lang, key) else str(value)

    levels = list_words([say(lang, f"words.level_{level.value}") for level in of.reports], lang)
    legal = [words.say(lang) for words in of.legal_basis]
    said: list[tuple[str, Any]] = [
        ("definition", of.definition.say(lang)),
        ("formula", html.Code(of.formula.say(lang))),
        ("numerator", of.numerator.say(lang) if of.numerator else None),
        ("denominator", of.denominator.say(lang) if of.denominator else None),
        ("unit_of_measure", of.unit_of_measure.say(lang)),
        ("direction", coded("direction", of.direction.value)),
        ("reports", levels or say(lang, "collected.nobody")),
        ("cadence", coded("cadence", of.cadence.value)),
        ("over_units", coded("over_units", of.over_units.value)),
        ("over_time", coded("over_time", of.over_time.value)),
        ("legal_basis", html.Ul([html.Li(text) for text in legal]) if legal else None),
        ("owner", of.owner.say(lang)),
    ]
    items: list[Component] = []
    for field, value in said:
        if value is not None:
            items += [html.Dt(say(lang, f"indicator.field_{field}")), html.Dd(value)]
    return cards.panel(
        say(lang, "indicator_page.meaning"),
        html.Dl(items, className="meaning"),
        className="meaning-card",
    )


def _common(answer: IndicatorPage, view: View) -> dict[str, Any]:
    made_up = any(cell.figure.illustrative for cell in (answer.total, *answer.children))
    cell = answer.total
    strip = cards.strip(
        view,
        answer.stamp,
        unit=answer.unit,
        period=period_words(cell.period, view.lang) if cell.period else None,
        sources=(one.source for one in answer.children),
        illustrative=made_up,
    )
    return {"strip": strip, "illustrative": made_up}


def _trend(answer: IndicatorPage, view: View) -> html.Section:
    lang = view.lang
    return cards.chart_card(
        "trend",
        filter_chips.with_part(
            say(lang, "overview.trend", unit=answer.series.unit.short), answer.part, lang
        ),
        parts.unit_words(answer.indicator, lang),
        notes.with_marks(
            trend.figure(answer.series, view, former=answer.singles),
            answer.notes,
            answer.series,
            view,
        ),
        view,
        summary=summaries.trend(answer.series, lang, former=answer.singles),
        height="100%",
        note=notes.beneath(
            answer.notes, answer.series, view, trend_words.coverage_note(answer.series, lang)
        ),
        className="trend-card grow",
        **_common(answer, view),
    )


def _asked_below(answer: IndicatorPage) -> bool:
    """Whether the units below have figures, or are to have them."""
    if any(one.figure.value is not None for one in answer.children):
        return True
    return answer.indicator.collected and bool(answer.children or answer.coverage.expected)


def _places(answer: IndicatorPage, view: View) -> list[Component]:
    lang = view.lang
    common = _common(answer, view)
    line = parts.focus_line(answer.total, view)
    shown: list[Component] = []
    if not _asked_below(answer) and not view.status:
        return []
    if not answer.children:
        blank = filter_chips.none_left(lang) if view.status else states.empty(lang)
        return [cards.panel(say(lang, "indicator_page.by_unit"), blank)]
    if answer.unit.level in ("nation", "localities", "region"):
        shown.append(
            cards.chart_card(
                "map",
                say(lang, "screen.by_province"),
                line,
                national_map.figure(answer.children, view),
                view,
                summary=summaries.places(answer.children, lang),
                height=CHART_HEIGHT,
                note=parts.map_legend(answer.children, view),
                className="map-card",
                **common,
            )
        )
    tall = max(len(answer.children) * ranking.ROW + 40, CHART_HEIGHT if shown else 140)
    shown.append(
        cards.chart_card(
            "ranking",
            say(lang, "indicator_page.by_unit"),
            say(lang, "screen.of_units", line=line, count=len(answer.children)),
            ranking.figure(answer.children, view, room=tall),
            view,
            summary=summaries.places(answer.children, lang),
            height=tall,
            className="ranking-card",
            **common,
        )
    )
    return shown


def _breakdowns(answer: IndicatorPage, view: View) -> list[Component]:
    lang = view.lang
    shown: list[Component] = []
    for dimension in answer.indicator.breakdown:
        found = {
            code: cells
            for code, cells in answer.breakdown.items()
            if code == dimension.code or code.startswith(dimension.code + ".")
        }
        rows = breakdown.rows(answer.indicator, dimension, found, lang)
        if not rows:
            continue
        shown.append(
            cards.chart_card(
                f"breakdown.{next(iter(found))}",
                say(lang, "indicator_page.breakdown", dimension=dimension.name.say(lang)),
                parts.focus_line(answer.total, view),
                breakdown.figure(rows, view),
                view,
                summary=summaries.parts(rows, lang),
                height=len(rows) * 30 + 40,
                className="breakdown-card",
                **_common(answer, view),
            )
        )
    return [html.Div(shown, className="row-breakdowns")] if shown else []


def _table(answer: IndicatorPage, view: View) -> html.Section | None:
    if not answer.children or not _asked_below(answer):
        return None
    lang = view.lang
    return cards.panel(
        say(lang, "indicator_page.table"),
        grids.grid("children", answer.children, view),
        parts.focus_line(answer.total, view),
        parts.illustrative_mark(lang, bool(_common(answer, view)["illustrative"])),
        className="grid-card",
    )


def _published(answer: IndicatorPage, view: View) -> html.Section | None:
    if not answer.published:
        return None
    lang = view.lang
    return cards.panel(
        say(lang, "unit_page.published"),
        html.Ul([published_item(cell, view) for cell in answer.published], className="published"),
        say(lang, "unit_page.published_line"),
    )


PAGE = Page(name="indicator", title=title, load=_load, render=render, filters=True)
