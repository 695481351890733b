"""One item of a register: all that is said of it, its history, and what a person may do."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemDetail
from ioc.web.page import Page
from layouts import (
    cards,
    heads,
    register_acts,
    register_history,
    register_item,
    register_table,
    states,
)
from layouts import components as parts
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage


def load(desk: Desk, view: View, scope: Scope) -> ItemDetail | None:
    """The item of the address; nothing where it names none. Raises AddressError."""
    from ioc.queries.register_item import register_item as ask

    return None if view.item is None else ask(desk, view, scope)


def title(answer: ItemDetail | None, view: View) -> str:
    """What the item is called."""
    return answer.row.title if answer else say(view.lang, "register.item")


def render(answer: ItemDetail | None, view: View) -> Component:
    """The page; on a wall without what hands are needed for."""
    lang = view.lang
    if answer is None:
        ways = dcc.Link(
            say(lang, "register.registers"), href=View(page="registers", lang=lang).href()
        )
        blank = states.blank(say(lang, "register.no_item"), say(lang, "register.no_item_hint"))
        return html.Div(
            [html.H1(say(lang, "register.item"), className="visually-hidden"),
             cards.panel(say(lang, "register.item"), [blank, ways])],
            className="page page-item",
        )  # fmt: skip
    standing, facts = register_item.state(answer, view), register_item.facts(answer, view)
    if view.wall:
        head = wall_head(answer.row.title, view, answer.stamp, facts=[answer.row.key])
        body = html.Div([standing, facts], className="wall-item")
        return stage("whole", head, [body], view, answer.stamp)
    flags = register_table.flags(answer.register, answer.row, lang)
    left = [facts, register_item.differences(answer, view), register_item.linked(answer, view)]
    right = [
        standing,
        register_item.checklists(answer, view),
        register_acts.panel(answer, view),
        register_item.family(answer, view),
    ]
    return html.Div(
        [
            heads.desk_head(
                answer.row.title,
                view,
                answer.stamp,
                above=_crumbs(answer, view),
                under=(
                    answer.register.one.say(lang),
                    answer.row.key,
                ),
            ),
            html.Div(flags, className="item-flags") if flags else None,
            html.Div(
                [html.Div([one for one in left if one], className="stack"),
                 html.Div([one for one in right if one], className="stack")],
                className="row-item",
            ),
            register_history.panel(answer, view),
        ],
        className="page page-item",
    )  # fmt: skip


def _crumbs(answer: ItemDetail, view: View) -> Component:
    there = View(page="registers", unit=view.unit, known_at=view.known_at, lang=view.lang)
    listed = there.but(page="register", register=answer.register.key)
    links: list[parts.Child] = [
        dcc.Link(say(view.lang, "register.registers"), href=there.href()),
        dcc.Link(answer.register.name.say(view.lang), href=listed.href()),
    ]
    if answer.row.unit is not None and answer.row.unit.key != view.unit:
        unit = answer.row.unit
        links.append(dcc.Link(unit.name, href=listed.href(unit=unit.key)))
    return parts.trail(links, view.lang)


PAGE = Page(name="item", title=title, load=load, render=render)
