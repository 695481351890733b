"""One register: how it stands, its filters, and its items as a list or in another form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import ZONE, View
from ioc.domain.words import number
from ioc.errors import AddressError
from ioc.queries.desk import Desk
from ioc.queries.register_answers import RegisterList
from ioc.web.page import Page
from layouts import cards, filters, heads, register_bar, register_head, register_table, states
from layouts import components as parts
from layouts.filter_options import Choices
from layouts.register_forms import LIST, Form, offered
from layouts.wall.head import head as wall_head
from layouts.wall.stage import stage


@dataclass(frozen=True, slots=True)
class Shown:
    """The register's answer, what can be chosen, and what another form than the list draws."""

    answer: RegisterList
    choices: Choices
    today: date
    form: Form | None = None
    drawn: Any = None


def load(desk: Desk, view: View, scope: Scope) -> Shown:
    """The register of the address, the first one without; raises AddressError, NotAllowedError."""
    from ioc.queries.register_list import register_list

    answer = register_list(desk, view, scope)
    today = desk.now().astimezone(ZONE).date()
    choices = filters.choices(desk.units, desk.catalogue, today, view)
    form = _form(answer, view)
    if form is None:
        return Shown(answer, choices, today)
    asked = view.but(register=answer.register.key)
    return Shown(answer, choices, today, form, form.load(desk, asked, scope, answer.register))


def _form(answer: RegisterList, view: View) -> Form | None:
    if view.form in (None, LIST):
        return None
    fitting = {one.name: one for one in offered(answer.register)}
    if view.form not in fitting:
        raise AddressError(part="form", given=view.form, allowed=", ".join([LIST, *fitting]))
    return fitting[view.form]


def title(shown: Shown, view: View) -> str:
    """`Nhiệm vụ: Thanh Hóa`."""
    answer = shown.answer
    name = answer.register.name.say(view.lang)
    return say(view.lang, "register.title", what=name, unit=answer.unit.name)


def render(shown: Shown, view: View) -> Component:
    """Filters, head, counts and items; on a wall the counts and as many items as there is room."""
    answer = shown.answer
    view = view.but(register=answer.register.key)
    if view.wall:
        return _wall(shown, view)
    lang = view.lang
    body: Component | None
    if shown.form is not None:
        form = shown.form
        body = states.part(lambda: form.render(shown.drawn, view), lang)
    else:
        body = _list(answer, view)
    return html.Div(
        [
            register_bar.bar(answer, view, shown.choices, shown.today),
            register_bar.chips(answer, view),
            heads.desk_head(
                title(shown, view),
                view,
                answer.stamp,
                above=_crumbs(answer, view),
                tools=(forms_switch(answer, view), _tools(answer, view)),
            ),
            html.P(answer.register.about.say(lang), className="register-about"),
            register_head.numbers(answer.register, answer.totals, view),
            body,
        ],
        className="page page-register",
    )


def _crumbs(answer: RegisterList, view: View) -> Component:
    links: list[parts.Child] = [
        dcc.Link(
            say(view.lang, "register.registers"),
            href=View(
                page="registers", unit=view.unit, known_at=view.known_at, lang=view.lang
            ).href(),
        )
    ]
    links += [dcc.Link(one.name, href=view.href(unit=one.key, sheet=1)) for one in answer.crumbs]
    return parts.trail(links, view.lang)


def forms_switch(answer: RegisterList, view: View) -> html.Nav | None:
    """The list and the other forms of this register, with the same filters."""
    fitting = offered(answer.register)
    if not fitting:
        return None
    lang = view.lang
    here = view.form or LIST
    pairs = [
        (say(lang, "register.form_list"), view.href(form=None, sheet=1), here == LIST),
        *(
            (say(lang, one.words), view.href(form=one.name, sheet=1), here == one.name)
            for one in fitting
        ),
    ]
    return parts.pills(pairs, say(lang, "register.forms"))


def _tools(answer: RegisterList, view: View) -> html.Details:
    """Files of what is shown, the template to fill in, and this page on a wall."""
    lang = view.lang
    key = answer.register.key
    links = [
        html.A(say(lang, "register.csv"), href=csv_href(view)),
        html.A(say(lang, "register.json"), href=json_href(view)),
        html.A(say(lang, "register.template"), href=f"/register/{key}/template.xlsx?lang={lang}"),
        html.A(say(lang, "register.template_source"), href=f"/register/{key}/template.yaml"),
        html.A(say(lang, "screen.wall_this"), href=view.href(wall=True), target="_blank"),
    ]
    return html.Details(
        [
            html.Summary(say(lang, "register.tools"), className="filter-button"),
            html.Div(links, className="menu-panel register-tools"),
        ],
        className="filter-menu is-end",
    )


def csv_href(view: View) -> str:
    """Where the items that pass the filters of the address are fetched as a file."""
    return f"/register/{view.register}.csv?" + urlencode({"address": view.href(sheet=1)})


def json_href(view: View) -> str:
    """Where they are read by programs: the same parts of the address, under the API."""
    _, mark, parts = view.href(sheet=1, form=None).partition("?")
    return f"/api/v1/registers/{view.register}.json{mark}{parts}"


def _list(answer: RegisterList, view: View) -> Component:
    lang = view.lang
    count = number(answer.count, lang)
    key = "found_more" if answer.more else "found"
    line = say(lang, f"register.{key}", count=count, one=answer.register.one.say(lang))
    all_made_up = bool(answer.rows) and all(one.illustrative for one in answer.rows)
    body = [register_table.table(answer, view), register_table.sheets(answer, view)]
    return cards.panel(
        answer.register.name.say(lang),
        [one for one in body if one is not None],
        line,
        parts.illustrative_mark(lang, all_made_up),
        className="items-card",
    )


def _wall(shown: Shown, view: View) -> Component:
    answer, lang = shown.answer, view.lang
    head = wall_head(
        title(shown, view), view, answer.stamp, facts=[answer.register.about.say(lang)]
    )
    body = [
        register_head.numbers(answer.register, answer.totals, view),
        register_table.wall_rows(answer, view),
    ]
    card = html.Section(body, className="card-box wall-items")
    return stage("whole", head, [card], view, answer.stamp)


PAGE = Page(name="register", title=title, load=load, render=render)
