"""Practices as cards by quarter: who did what, which indicator it moves, who took it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.due import Due
from ioc.domain.item_words import due_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_cards import due_of
from ioc.queries.register_sheet import Sheet, added
from layouts import cards, item_parts, item_sums
from layouts import components as parts
from layouts.links import indicator_link
from layouts.register_forms import Form

CARDS = 24
"""Cards of one quarter."""


def load(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The practices that the address chooses."""
    from ioc.queries.register_sheet import sheet

    return sheet(desk, view, scope, register)


def quarters(answer: Sheet) -> list[tuple[Due | None, list[ItemRow]]]:
    """The practices by quarter, newest first, most adopted first; those without one last."""
    by: dict[Due | None, list[ItemRow]] = defaultdict(list)
    for row in answer.rows:
        if row.phase is not Phase.DROPPED:
            by[due_of(row.values, answer.register.start)].append(row)
    known = sorted((one for one in by if one is not None), key=lambda one: one.day, reverse=True)
    order: list[Due | None] = [*known, *([None] if None in by else [])]
    return [(one, sorted(by[one], key=lambda row: (-adopters(row), row.title))) for one in order]


def adopters(row: ItemRow) -> int:
    """How many units took it up, as far as it says."""
    value = row.values.get("adopted")
    return value if isinstance(value, int) else 0


def render(answer: Sheet, view: View) -> Component:
    """A section a quarter."""
    lang = view.lang
    found = quarters(answer)
    took, said_by = added(answer.rows, "adopted")
    said = say(
        lang,
        "register_forms.practices_said",
        count=number(sum(len(rows) for _, rows in found), lang),
        quarters=number(sum(one is not None for one, _ in found), lang),
        adopted=number(took, lang),
        said=number(said_by, lang),
    )
    return item_sums.frame(
        answer, view, said, [_quarter(due, rows, answer, view) for due, rows in found]
    )


def _quarter(due: Due | None, rows: Sequence[ItemRow], answer: Sheet, view: View) -> html.Section:
    lang = view.lang
    title = due_words(due, lang) if due else say(lang, "register_forms.no_quarter")
    return cards.panel(
        title[:1].upper() + title[1:],
        html.Ul([_card(row, answer, view) for row in rows[:CARDS]], className="practice-cards"),
        say(lang, "register_forms.quarter_line", count=number(len(rows), lang)),
    )


def grade(row: ItemRow, register: Register, lang: str) -> html.Span:
    """The letter of its evidence, which its full words explain."""
    letter = str(row.values.get("grade") or "–").upper()
    words = item_parts.value_of(row, register.field("grade"), lang)
    return html.Span(
        say(lang, "register_forms.grade", letter=letter), className="practice-grade", title=words
    )


def _card(row: ItemRow, answer: Sheet, view: View) -> html.Li:
    lang, register = view.lang, answer.register
    code = row.values.get("indicator")
    took = row.values.get("adopted")
    words = say(lang, "register_forms.adopters_unknown")
    if isinstance(took, int):
        words = say(lang, "register_forms.adopters", count=number(took, lang))
    named = row.values.get("adopted_by")
    return html.Li(
        [
            item_parts.item_link(row, view),
            html.Span(item_parts.owner(row), className="board-owner"),
            html.P(str(row.values.get("what") or ""), className="practice-what"),
            html.P(str(row.values.get("result") or ""), className="practice-result")
            if row.values.get("result")
            else None,
            html.Div(
                [
                    html.Span(
                        item_parts.value_of(row, register.field("topic"), lang),
                        className="practice-topic",
                    ),
                    dcc.Link(str(code), href=indicator_link(view, str(code)), className="tree-hang")
                    if code
                    else None,
                    grade(row, register, lang),
                    html.Span(words, className="practice-took", title=str(named or "")),
                    item_parts.missing_mark(row, lang),
                    parts.illustrative_mark(lang, row.illustrative),
                ],
                className="board-marks",
            ),
        ],
        className="board-card is-not-judged",
    )


FORM = Form(
    name="quarters",
    words="register_forms.form_quarters",
    load=load,
    render=render,
    fits=lambda register: register.key == "practice",
    order=4,
)
