"""The comparison: units side by side, as small multiples, indexed, scattered, over two periods."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import period_words
from ioc.queries.compare_answers import Compare, Form
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts import compare_cards, compare_controls, filters, heads
from layouts import components as parts
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage


def _load(desk: Desk, view: View, scope: Scope) -> Compare:
    from ioc.queries.compare import compare

    return compare(desk, view, scope)


def title(answer: Compare, view: View) -> str:
    """`So sánh · Hồ sơ toàn trình`."""
    lang = view.lang
    name = answer.indicator.short.say(lang)
    if answer.form is Form.SIDE:
        name = answer.unit.name
    elif answer.form is Form.SCATTER:
        name = f"{name} × {answer.against.short.say(lang)}"
    return say(lang, "compare.title", indicator=name)


def render(answer: Compare, view: View) -> Component:
    """The page on the desk; a wall shows the same card without controls."""
    lang = view.lang
    card = compare_cards.card(answer, view)
    if view.wall:
        name = wall_head(title(answer, view), view, answer.stamp)
        return stage("compare", name, [card], view, answer.stamp)
    # Side by side each indicator has a period of its own, told in its row.
    beside = answer.form is Form.SIDE and view.period is None
    when = period_words(answer.period, lang) if answer.period else say(lang, "screen.no_period")
    return html.Div(
        [
            heads.desk_head(
                title(answer, view),
                view,
                answer.stamp,
                above=parts.crumbs((answer.unit,), view),
                under=() if beside else (_code(answer), when),
                tools=(filters.basis_switch(view),),
            ),
            compare_controls.bar(answer, view),
            card,
        ],
        className="page page-compare",
    )


def _code(answer: Compare) -> str | None:
    if answer.form is Form.SIDE:
        return None
    both = answer.form is Form.SCATTER
    return f"{answer.indicator.code} × {answer.against.code}" if both else answer.indicator.code


PAGE = Page(name="compare", title=title, load=_load, render=render, nav="compare.nav", order=30)
