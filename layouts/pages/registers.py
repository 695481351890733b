"""All registers of a unit: how many items each has, what is overdue and what is incomplete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import ZONE, View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import RegisterCard, RegisterHome
from ioc.web.page import Page
from layouts import components as parts
from layouts import filters, heads, register_bar, register_head
from layouts.filter_options import Choices
from layouts.register_forms import offered
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage


@dataclass(frozen=True, slots=True)
class Shown:
    """The registers with what can be chosen."""

    answer: RegisterHome
    choices: Choices
    today: date


def load(desk: Desk, view: View, scope: Scope) -> Shown:
    """Every register of the unit of the address; raises AddressError, NotAllowedError."""
    from ioc.queries.register_home import register_home

    today = desk.now().astimezone(ZONE).date()
    choices = filters.choices(desk.units, desk.catalogue, today, view)
    return Shown(register_home(desk, view, scope), choices, today)


def title(shown: Shown, view: View) -> str:
    """`Sổ theo dõi: Thanh Hóa`."""
    what = say(view.lang, "register.registers")
    return say(view.lang, "register.title", what=what, unit=shown.answer.unit.name)


def render(shown: Shown, view: View) -> Component:
    """A card a register."""
    answer, lang = shown.answer, view.lang
    ordered = sorted(answer.cards, key=lambda one: not one.totals.items)
    listed = html.Div([_card(one, view) for one in ordered], className="register-cards")
    if view.wall:
        head = wall_head(title(shown, view), view, answer.stamp)
        return stage("whole", head, [listed], view, answer.stamp)
    crumbs: list[parts.Child] = [
        dcc.Link(one.name, href=view.href(unit=one.key)) for one in answer.crumbs
    ]
    return html.Div(
        [
            register_bar.home_bar(answer, view, shown.choices, shown.today),
            register_bar.chips(answer, view),
            heads.desk_head(
                title(shown, view),
                view,
                answer.stamp,
                above=parts.trail(crumbs, lang) if len(crumbs) > 1 else None,
                under=(say(lang, "register.home_line"),),
            ),
            listed,
        ],
        className="page page-registers",
    )


def _card(one: RegisterCard, view: View) -> html.Section:
    lang, register = view.lang, one.register
    there = View(
        page="register",
        register=register.key,
        unit=view.unit,
        known_at=view.known_at,
        meeting=view.meeting,
        wall=view.wall,
        lang=lang,
    )
    name = dcc.Link(register.name.say(lang), href=there.href(), className="register-name")
    forms = [
        dcc.Link(say(lang, form.words), href=there.href(form=form.name), className="pill")
        for form in offered(register)
    ]
    links = html.Div(forms, className="pills register-forms") if forms and not view.wall else None
    mark = parts.illustrative_mark(lang, one.illustrative)
    return html.Section(
        [
            html.Header(
                [html.H2([name]), mark, html.P(register.about.say(lang))], className="register-top"
            ),
            register_head.numbers(register, one.totals, there, brief=True)
            if one.totals.items
            else html.P(say(lang, "register.none_yet"), className="hint"),
            links,
        ],
        className="card-box register-card",
    )


PAGE = Page(
    name="registers", title=title, load=load, render=render, nav="register.registers", order=25
)
