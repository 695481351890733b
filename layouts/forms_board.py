"""The board: a column a state with its count, its first cards by due date, and the rest linked."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.item_words import due_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import list_words
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_board import Board, Column
from layouts import components as parts
from layouts import item_parts
from layouts.register_forms import Form


def _load(desk: Desk, view: View, scope: Scope, register: Register) -> Board:
    from ioc.queries.register_board import board

    return board(desk, view, scope, register)


def render(answer: Board, view: View) -> Component:
    """The columns in the order of the states; a sentence says what they hold."""
    lang = view.lang
    counts = [f"{one.state.name.say(lang)} {_count(one, lang)}" for one in answer.columns]
    return html.Div(
        [
            html.P(
                say(lang, "register_forms.board_said", counts=list_words(counts, lang)),
                className="form-said",
            ),
            html.Div([_column(one, answer, view) for one in answer.columns], className="board"),
        ],
        className="form-board",
    )


def _count(column: Column, lang: str) -> str:
    words = number(column.count, lang)
    return say(lang, "register_forms.more_than", count=words) if column.more else words


def _column(column: Column, answer: Board, view: View) -> html.Section:
    lang = view.lang
    rest = column.count - len(column.rows)
    more = None
    if rest > 0 and column.rows:
        href = view.href(form=None, state=column.state.code, sheet=1)
        words = say(lang, "register_forms.rest", count=number(rest, lang))
        more = dcc.Link(words, href=href, className="more board-more")
    body: Component = html.P(say(lang, "register_forms.column_empty"), className="board-empty")
    if column.rows:
        body = html.Ol([_card(row, view) for row in column.rows], className="board-cards")
    return html.Section(
        [
            html.Header(
                [
                    html.H2(column.state.name.say(lang)),
                    html.B(_count(column, lang), className="figure"),
                ]
            ),
            body,
            more,
        ],
        className=f"board-column card-box phase-{column.state.phase.value}",
    )


def _card(row: ItemRow, view: View) -> html.Li:
    lang = view.lang
    due = say(lang, "register_forms.due", due=due_words(row.due, lang)) if row.due else None
    return html.Li(
        [
            item_parts.item_link(row, view),
            html.Span(item_parts.owner(row), className="board-owner"),
            html.Span(due, className="board-due") if due else None,
            html.Div(
                [
                    item_parts.slip_chip(row, lang) if row.due or row.phase != "dropped" else None,
                    item_parts.missing_mark(row, lang),
                    parts.illustrative_mark(lang, row.illustrative),
                ],
                className="board-marks",
            ),
        ],
        className=f"board-card {item_parts.look(row)}",
    )


FORM = Form(
    name="board",
    words="register_forms.form_board",
    load=_load,
    render=render,
    fits=lambda register: len(register.states) > 1,
    order=10,
)
