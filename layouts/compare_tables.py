"""The tables of a comparison: units side by side, and under each chart all that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.domain.words import (
    change_words,
    figure_words,
    gap_words,
    period_words,
    status_sign,
    status_words,
)
from ioc.queries.answers import Cell, Series, UnitRef
from ioc.queries.compare_answers import (
    Compare,
    Corridor,
    IndexedTrends,
    Multiples,
    Scatter,
    Side,
    SideRow,
    Slope,
    Slopes,
)
from layouts import cards, rank_words
from layouts import components as parts
from layouts.compare_words import gap_told, uneven_words
from layouts.figures.indexed import index_words
from layouts.figures.slope import steps_words
from layouts.goals import goal_words, target_short
from layouts.links import unit_links
from layouts.times import period_short

Row = Sequence[str | Component]


def side(body: Side, view: View) -> html.Table:
    """Indicators down, units across: value, rank, change and what lacks to the target."""
    lang = view.lang
    link = unit_links(view)
    heads = [html.Th(say(lang, "screen.col_indicator"), scope="col", className="side-corner")]
    heads += [
        html.Th(dcc.Link(unit.short, href=link(unit), title=unit.name), scope="col")
        for unit in body.units
    ]
    rows: list[Component] = []
    for group, members in groupby(body.rows, key=lambda row: row.indicator.group):
        title = say(lang, f"indicator.group_{group.value}")
        wide = len(body.units) + 1
        rows.append(html.Tr(html.Th(title, colSpan=wide, scope="rowgroup"), className="group"))
        rows += [_side_row(row, view) for row in members]
    return html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody(rows)],
        className="side",
        style={"--units": len(body.units)},
    )


def _side_row(row: SideRow, view: View) -> html.Tr:
    lang, of = view.lang, row.indicator
    dated = next((cell for cell in row.cells if cell.period), None)
    shared = {cell.target for cell in row.cells if cell.target is not None}
    said = [
        period_short(dated, lang) if dated else None,
        of.unit_of_measure.say(lang) if of.unit_factor != 100 else None,
        f"{say(lang, 'screen.col_target')} {target_short(of, next(iter(shared)), lang)}"
        if len(shared) == 1
        else None,
    ]
    head = [
        dcc.Link(
            of.short.say(lang),
            href=view.href(page="indicator", indicator=of.code, units=(), form=None),
            title=of.name.say(lang),
        ),
        html.Span(" · ".join(one for one in said if one), className="side-facts"),
    ]
    own = len(shared) > 1
    cells = [_side_cell(cell, row, lang, own=own) for cell in row.cells]
    return html.Tr([html.Th(head, scope="row"), *cells])


def _side_cell(cell: Cell, row: SideRow, lang: str, *, own: bool) -> html.Td:
    mark = "best" if cell.unit.id in row.best else "worst" if cell.unit.id in row.worst else None
    top: list[parts.Child] = [parts.figure_span(cell, lang)]
    if cell.status != "not_judged":
        top.append(parts.chip(cell.status, lang, short=True))
    if mark:
        words = f"{say(lang, f'compare.{mark}_sign')} {say(lang, f'compare.{mark}')}"
        top.append(html.Span(words, className=f"side-mark is-{mark}"))
    facts: list[parts.Child] = []
    if cell.rank is not None:
        words = say(lang, "compare.rank", rank=rank_words.short(cell.place), count=row.ranked)
        told = ". ".join(rank_words.told(cell, lang))
        title = told or say(lang, "compare.rank_title", count=row.ranked)
        facts.append(html.Span(words, title=title))
        its = rank_words.few(cell)
        if its is not None:
            facts.append(html.Span(rank_words.span(its, lang), title=title))
    gap = gap_told(cell, lang)
    if gap:
        goal = f" ({target_short(cell.indicator, cell.target, lang)})" if own else ""
        facts.append(html.Span(gap + goal))
    if cell.change is not None:
        facts.append(parts.change_span(cell, lang))
    return html.Td(
        [html.Div(top, className="side-value"), html.Div(facts, className="side-facts")],
        className=f"is-{mark}" if mark else "",
    )


def below(answer: Compare, view: View) -> html.Details | None:
    """Under a chart, folded: every row it shows, and the file of the same rows."""
    lang, body = view.lang, answer.body
    if isinstance(body, Side):
        return None
    if isinstance(body, Multiples | Corridor):
        table = _periods(body, view)
    elif isinstance(body, IndexedTrends):
        table = _indexed(body, view)
    elif isinstance(body, Scatter):
        table = _pairs(body, answer, view)
    else:
        table = _slopes(body, view)
    file = html.A(
        say(lang, "compare.csv"), href=cards.csv_href(view, answer.form.value), className="more"
    )
    return html.Details(
        [
            html.Summary(say(lang, "compare.table")),
            html.Div(table, className="scroll-x", tabIndex=0),
            html.P(file),
        ],
        className="figures-below",
    )


def _table(heads: Iterable[str], rows: Iterable[Row]) -> html.Table:
    """Plain rows; the first cell of each names it."""
    names = [html.Th(head, scope="col") for head in heads]
    body = [
        html.Tr([html.Th(row[0], scope="row"), *(html.Td(one) for one in row[1:])]) for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="compared")


def _name(unit: UnitRef, view: View, code: str) -> Component:
    return dcc.Link(unit.name, href=unit_links(view, code)(unit))


def _periods(body: Multiples | Corridor, view: View) -> html.Table:
    """Units down, periods across, the newest first."""
    lang = view.lang
    periods = sorted({p.period for one in body.series for p in one.points}, reverse=True)
    heads = [say(lang, "screen.col_name")]
    heads += [period_words(one, lang, short=True) for one in periods]
    rows: list[Row] = []
    for one in body.series:
        said = {p.period: figure_words(one.indicator, p.figure, lang) for p in one.points}
        name = _name(one.unit, view, one.indicator.code)
        rows.append([name, *(said.get(period, "") for period in periods)])
    if isinstance(body, Corridor):
        rows.append(_aims(body.line, view, periods))
    return _table(heads, rows)


def _aims(line: Series, view: View, periods: Sequence[Period]) -> list[str | Component]:
    aims = {point.period: point.target for point in line.points}
    return [say(view.lang, "screen.col_target"), *(_aim(line, aims.get(p), view) for p in periods)]


def _aim(line: Series, target: Fraction | None, view: View) -> str:
    return goal_words(line.indicator, target, view.lang) if target is not None else ""


def _indexed(body: IndexedTrends, view: View) -> html.Table:
    """Periods across; each unit's index with the value under it."""
    lang = view.lang
    periods = sorted({p.point.period for one in body.lines for p in one.points}, reverse=True)
    heads = [say(lang, "screen.col_name"), say(lang, "compare.col_base")]
    heads += [period_words(one, lang, short=True) for one in periods]
    rows: list[Row] = []
    for line in body.lines:
        of = line.series.indicator
        said = {p.point.period: p for p in line.points}
        cells: list[str | Component] = []
        for period in periods:
            one = said.get(period)
            if one is None:
                cells.append("")
                continue
            value = figure_words(of, one.point.figure, lang)
            index = html.Strong(index_words(one.index, lang))
            cells.append(html.Span([index, html.Span(value, className="counts-line")]))
        base = period_words(line.base, lang, short=True) if line.base else ""
        rows.append([_name(line.series.unit, view, of.code), base, *cells])
    return _table(heads, rows)


def _pairs(body: Scatter, answer: Compare, view: View) -> html.Table:
    lang = view.lang
    names = [one.short.say(lang) for one in (answer.indicator, answer.against)]
    status = say(lang, "compare.col_status")
    heads = [say(lang, "screen.col_name"), names[0], status, names[1], status]
    rows: list[Row] = [
        [
            _name(pair.x.unit, view, answer.indicator.code),
            figure_words(pair.x.indicator, pair.x.figure, lang),
            _status(pair.x, lang),
            figure_words(pair.y.indicator, pair.y.figure, lang),
            _status(pair.y, lang),
        ]
        for pair in (*body.pairs, *body.lacking)
    ]
    return _table(heads, rows)


def _status(cell: Cell, lang: str) -> str:
    return f"{status_sign(cell.status)} {status_words(cell.status, lang)}"


def _slopes(body: Slopes, view: View) -> html.Table:
    lang = view.lang
    shown = (*body.lines, *body.uneven)
    then, now = (
        next((period_words(cell.period, lang) for cell in cells if cell.period), "")
        for cells in ([one.before for one in shown], [one.now for one in shown])
    )
    keys = ("col_rank_before", "col_rank", "col_rank_change", "col_change")
    heads = [say(lang, "screen.col_name"), then, now]
    heads += [say(lang, f"compare.{key}") for key in keys]
    heads.append(say(lang, "screen.col_gap"))
    rows: list[Row] = [_slope_row(one, view) for one in body.lines]
    rows += [
        [*_both(one, view), "", "", "", uneven_words(body, at, lang), _gap(one.now, lang)]
        for at, one in enumerate(body.uneven)
    ]
    return _table(heads, rows)


def _both(one: Slope, view: View) -> list[str | Component]:
    of, lang = one.now.indicator, view.lang
    return [
        _name(one.now.unit, view, of.code),
        figure_words(of, one.before.figure, lang),
        figure_words(of, one.now.figure, lang),
    ]


def _slope_row(one: Slope, view: View) -> list[str | Component]:
    lang = view.lang
    return [
        *_both(one, view),
        rank_words.short(one.before.place),
        rank_words.short(one.now.place),
        steps_words(one, lang),
        change_words(one.now.indicator, one.change, lang),
        _gap(one.now, lang),
    ]


def _gap(cell: Cell, lang: str) -> str:
    return gap_words(cell.indicator, cell.gap, lang) if cell.gap is not None else ""
