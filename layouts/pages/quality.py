"""Data quality: a matrix of sources, indicators or units by criteria, down to what fails."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.quality import Score
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import number
from ioc.queries.desk import Desk
from ioc.queries.quality_answers import Quality, Subject
from ioc.web.page import Page
from layouts import cards, heads, quality_cells, quality_sections, sheets, states
from layouts import components as parts
from layouts.attributes import attributes
from layouts.scenes import quality as scene

SHEET = 20
"""Rows of the matrix on one sheet: the weakest stand first, and a phone has a card for each."""


def load(desk: Desk, view: View, scope: Scope) -> Quality:
    """The matrix, and the failing rows of the cell that the address names."""
    from ioc.queries.quality import quality

    return quality(desk, view, scope)


def title(answer: Quality, view: View) -> str:
    """The page's name, or the cell's."""
    lang = view.lang
    if answer.chosen is not None and answer.criterion is not None:
        criterion = say(lang, f"quality.criterion_{answer.criterion.value}")
        return say(lang, "quality.of", name=answer.chosen.title, criterion=criterion)
    if answer.chosen is not None and answer.by != "unit":
        return say(lang, "quality.of_row", name=answer.chosen.title)
    return say(lang, "quality.four_title" if answer.four else "quality.title")


def render(answer: Quality, view: View) -> Component:
    """The matrix; or one cell of it with the rows that fail."""
    if view.wall:
        return scene.render(answer, view)
    lang = view.lang
    chosen = answer.chosen
    inside = chosen is not None and (answer.criterion is not None or answer.by != "unit")
    back = None
    if inside:
        home = view.href(criterion=None, source=None, register=None, indicator=None, sheet=1)
        back = html.Nav(
            [dcc.Link(say(lang, "quality.back"), href=home)],
            className="crumbs",
            **attributes(aria_label=say(lang, "screen.crumbs")),
        )
    head = heads.desk_head(
        title(answer, view),
        view,
        answer.stamp,
        above=back,
        under=(answer.unit.name, quality_cells.past_words(answer.past, lang)),
        tools=_ways(view),
    )
    if inside and chosen is not None:
        return html.Div([head, *_cell(answer, chosen, view)], className="page page-quality")
    return html.Div(
        [
            head,
            _switch(answer, view),
            quality_cells.totals(answer.total, answer.criteria, lang),
            _matrix(answer, view),
        ],
        className="page page-quality",
    )


def _ways(view: View) -> list[Component]:
    lang = view.lang
    return [
        dcc.Link(
            say(lang, f"quality.to_{name}"),
            href=View(page=name, unit=view.unit, known_at=view.known_at, lang=lang).href(),
            className="pill",
        )
        for name in ("differences", "revisions")
    ]


def _switch(answer: Quality, view: View) -> html.Nav:
    lang = view.lang
    now = "four" if answer.four else answer.by
    options = [
        (
            say(lang, f"quality.by_{name}"),
            view.href(
                form=None if name == "source" else name,
                source=None,
                register=None,
                indicator=None,
                criterion=None,
                sheet=1,
            ),
            name == now,
        )
        for name in ("source", "indicator", "unit", "four")
    ]
    return parts.pills(options, say(lang, "quality.switch"))


def _matrix(answer: Quality, view: View) -> html.Section:
    lang = view.lang
    looked = answer.looked
    line = say(
        lang,
        "quality.looked",
        runs=number(looked.runs, lang),
        days=number(looked.days, lang),
        slot_days=number(looked.slot_days, lang),
        periods=number(looked.periods, lang),
    )
    if not answer.rows:
        nothing = states.blank(
            say(lang, "quality.matrix_none"), say(lang, "quality.matrix_none_hint")
        )
        return cards.panel(say(lang, f"quality.by_{answer.by}"), nothing, line)
    sheets_of = -(-len(answer.rows) // SHEET)
    sheet = min(view.sheet, sheets_of)
    names = [html.Th(say(lang, f"quality.col_{answer.by}"), scope="col")]
    names += [
        html.Th(
            say(lang, f"quality.criterion_{one.value}"),
            scope="col",
            title=say(lang, f"quality.rule_{one.value}"),
        )
        for one in answer.criteria
    ]
    body = [
        html.Tr(
            [_name(row, view), *(quality_cells.cell(row, one, view) for one in answer.criteria)]
        )
        for row in answer.rows[SHEET * (sheet - 1) : SHEET * sheet]
    ]
    table = html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="quality-matrix")
    body_of = (
        html.P(say(lang, "quality.line"), className="hint"),
        html.Div(table, className="scroll-x", tabIndex=0),
        sheets.turner(sheet, sheets_of, view),
        quality_cells.limits(answer.criteria, lang),
    )
    return cards.panel(
        say(lang, f"quality.by_{answer.by}"),
        [one for one in body_of if one is not None],
        line,
        html.A(
            say(lang, "revisions.csv"), href=cards.csv_href(view, "rows"), className="refused-csv"
        ),
        className="quality-card",
    )


def _name(row: Subject, view: View) -> html.Th:
    lang = view.lang
    code = say(lang, "quality.kind_register") if row.kind == "register" else row.key
    said: list[Component | None] = [
        dcc.Link(row.title, href=quality_cells.row_href(view, row, None)),
        html.Span(code, className="hint"),
        parts.illustrative_mark(lang, row.illustrative),
    ]
    return html.Th([one for one in said if one is not None], scope="row", className="quality-row")


def _cell(answer: Quality, chosen: Subject, view: View) -> list[Component | None]:
    """The scores of one row, and the failing rows of the criterion that is asked for."""
    lang = view.lang
    cells = []
    for one in answer.criteria:
        score = chosen.scores.get(one, Score())
        status = quality_cells.status_of(one, score)
        lines = [
            html.Span(quality_cells.checked_words(checked, lang), className="quality-counts")
            for checked in score.tested
            if checked.made
        ]
        here = " is-on" if one is answer.criterion else ""
        cells.append(
            dcc.Link(
                [
                    html.Span(
                        say(lang, f"quality.criterion_{one.value}"), className="quality-name"
                    ),
                    html.Span(
                        quality_cells.share_words(score, lang), className="figure quality-figure"
                    ),
                    parts.chip(status, lang),
                    *lines,
                ],
                href=quality_cells.row_href(view, chosen, one),
                className=f"quality-total card-box {parts.css(status)}{here}",
            )
        )
    told: list[Component | None] = [html.Div(cells, className="quality-totals")]
    if answer.criterion is None:
        return told
    told.append(html.P(say(lang, f"quality.rule_{answer.criterion.value}"), className="hint"))
    if chosen.kind == "source":
        way = quality_sections.source_link(chosen.key, say(lang, "quality.to_source"), view)
        told.append(html.P(way))
    told += [quality_sections.panel(one, view) for one in answer.sections]
    if not answer.sections:
        told.append(
            html.Section(
                states.blank(
                    say(lang, "quality.nothing_tested"), say(lang, "quality.nothing_tested_hint")
                ),
                className="card-box",
            )
        )
    told.append(sheets.turner(answer.sheet, answer.sheets, view))
    return told


PAGE = Page(
    name="quality",
    title=title,
    load=load,
    render=render,
    nav="quality.nav",
    order=35,
    filters=True,
)
