"""The tree: what implements what, how many days later, and what hangs on each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.times import date_words
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_cards import date_of
from ioc.queries.register_tree import Branch, Hanging, Tree
from layouts import cards, item_parts, states
from layouts import components as parts
from layouts.links import indicator_link
from layouts.register_forms import Form


def _load(desk: Desk, view: View, scope: Scope, register: Register) -> Tree:
    from ioc.queries.register_tree import tree

    return tree(desk, view, scope, register)


def render(answer: Tree, view: View) -> Component:
    """Every root with its branches as lists within lists."""
    lang = view.lang
    if not answer.branches:
        return html.Section(states.empty(lang), className="card-box")
    return html.Div(
        [
            html.P(said(answer, lang), className="form-said"),
            cards.panel(
                say(lang, "register_forms.tree"),
                [
                    _list(answer.branches, answer, view),
                    item_parts.sheets(view, answer.register, answer.sheet, answer.sheets, "tree"),
                ],
                say(lang, "register_forms.tree_line"),
                item_parts.marked([one.row for one in answer.branches], lang),
                className="tree-card",
            ),
        ],
        className="form-tree",
    )


def counted(answer: Tree, lang: str) -> str:
    """How many are shown, and of how many where a sheet shows only some: `60/176`."""
    shown = number(len(answer.branches), lang)
    if answer.sheets < 2:
        return shown
    more = "+" if answer.more else ""
    return f"{shown}/{number(answer.count, lang)}{more}"


def said(answer: Tree, lang: str) -> str:
    """How many there are, how deep, and how long it takes from one to the next."""
    depth = max(one.depth for one in answer.branches) + 1
    words = [
        say(
            lang,
            "register_forms.tree_said",
            count=counted(answer, lang),
            roots=number(sum(one.depth == 0 for one in answer.branches), lang),
            depth=number(depth, lang),
        )
    ]
    if answer.mean_days is not None:
        total, pairs = answer.mean_days
        words.append(
            say(
                lang,
                "register_forms.tree_days",
                days=number(Fraction(total, pairs), lang, 1, trim=True),
                pairs=number(pairs, lang),
            )
        )
    return " ".join(words)


def _list(branches: Sequence[Branch], answer: Tree, view: View) -> html.Ul:
    """The branches of the least depth, each with those that follow it and are deeper."""
    top = branches[0].depth
    starts = [at for at, one in enumerate(branches) if one.depth == top]
    items = []
    for at, first in enumerate(starts):
        last = starts[at + 1] if at + 1 < len(starts) else len(branches)
        below = branches[first + 1 : last]
        items.append(
            html.Li(
                [
                    _branch(branches[first], answer, view),
                    _list(below, answer, view) if below else None,
                ]
            )
        )
    return html.Ul(items, className="tree-list")


def _branch(one: Branch, answer: Tree, view: View) -> html.Div:
    lang, row = view.lang, one.row
    issued = date_of(row.values, answer.register.start)
    number_of = str(row.values.get("number") or "")
    issuer = str(row.values.get("issuer") or (row.unit.name if row.unit else ""))
    days = None
    if one.days is not None:
        days = html.Span(
            say(lang, "register_forms.days_after", count=number(one.days, lang)),
            className="tree-days",
        )
    facts = [number_of, issuer, date_words(issued, lang) if issued else ""]
    return html.Div(
        [
            html.Div(
                [
                    item_parts.item_link(row, view),
                    html.Span(" · ".join(one for one in facts if one), className="tree-facts"),
                ],
                className="tree-what",
            ),
            html.Div(
                [
                    days,
                    *(_hanging(some, row.key, view) for some in one.hanging),
                    *(
                        dcc.Link(code, href=indicator_link(view, code), className="tree-hang")
                        for code in one.indicators
                    ),
                    item_parts.missing_mark(row, lang),
                    parts.illustrative_mark(lang, row.illustrative),
                ],
                className="tree-marks",
            ),
        ],
        className="tree-branch" if one.asked else "tree-branch is-above",
    )


def _hanging(some: Hanging, key: str, view: View) -> dcc.Link:
    lang = view.lang
    words = say(
        lang,
        "register_forms.hanging",
        done=number(some.done, lang),
        all=number(some.open + some.done, lang),
        things=some.register.name.say(lang).lower(),
    )
    href = item_parts.register_address(view, some.register.key, where=(f"{some.field}.{key}",))
    return dcc.Link(words, href=href, className="tree-hang")


def _nested(register: Register) -> bool:
    """Whether items name items of the same register as their parents."""
    parent = register.parent
    return parent is not None and register.field(parent).register_key == register.key


FORM = Form(
    name="tree",
    words="register_forms.form_tree",
    load=_load,
    render=render,
    fits=_nested,
    order=5,
)
