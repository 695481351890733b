"""Who has how much: people with what they have open, overdue and did in time, and units below."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_people import People
from layouts import cards, item_parts, states
from layouts import components as parts
from layouts.register_forms import Form


def _load(desk: Desk, view: View, scope: Scope, register: Register) -> People:
    from ioc.queries.register_people import people

    return people(desk, view, scope, register)


def render(answer: People, view: View) -> Component:
    """People where the register names them, and the units right below."""
    lang = view.lang
    if not answer.own.all:
        return html.Section(states.empty(lang), className="card-box")
    shown = [_people(answer, view) if answer.register.person else None, _units(answer, view)]
    return html.Div(
        [
            html.P(said(answer, lang), className="form-said"),
            html.Div([one for one in shown if one is not None], className="form-two"),
        ],
        className="form-people",
    )


def said(answer: People, lang: str) -> str:
    """How much there is, and who has most overdue."""
    own = answer.own
    words = [
        say(
            lang,
            "register_forms.people_said",
            unit=answer.unit.name,
            open=number(own.open, lang),
            overdue=number(own.overdue, lang),
        )
    ]
    if answer.people and answer.people[0].overdue and answer.sheet == 1:
        first = answer.people[0]
        words.append(
            say(
                lang,
                "register_forms.people_worst",
                name=first.name,
                overdue=number(first.overdue, lang),
            )
        )
    return " ".join(words)


def _people(answer: People, view: View) -> html.Section:
    lang = view.lang
    title = say(lang, "register_forms.people")
    if not answer.people:
        blank = states.blank(
            say(lang, "register_forms.people_none"), say(lang, "register_forms.people_none_hint")
        )
        return cards.panel(title, blank)
    key = answer.register.key
    rows = [
        [
            dcc.Link(
                one.name,
                href=item_parts.register_address(view, key, person=one.name),
            ),
            number(one.open, lang),
            _late(one.overdue, lang),
            item_parts.share_words(one.in_time, one.dated, lang),
        ]
        for one in answer.people
    ]
    heads = [
        say(lang, f"register_forms.col_{one}") for one in ("person", "open", "overdue", "in_time")
    ]
    notes = []
    if not answer.whole:
        looked = number(answer.looked, lang)
        notes.append(say(lang, "register_forms.people_looked", count=looked))
    if answer.nobody:
        nobody = number(answer.nobody, lang)
        notes.append(say(lang, "register_forms.people_nobody", count=nobody))
    return cards.panel(
        title,
        [
            item_parts.table(heads, rows, title),
            item_parts.sheets(view, answer.register, answer.sheet, answer.sheets, "people"),
            html.P(" ".join(notes), className="form-note") if notes else None,
        ],
        say(lang, "register_forms.people_line"),
        parts.illustrative_mark(lang, answer.stamp.illustrative),
    )


def _late(count: int, lang: str) -> html.Span | str:
    if not count:
        return number(0, lang)
    sign = html.Span("▼", className="sign")
    return html.Span([sign, number(count, lang)], className="late-count is-at-risk")


def _units(answer: People, view: View) -> html.Section:
    lang = view.lang
    title = say(lang, "register_forms.units")
    if not answer.units:
        hint = say(lang, "register_forms.units_none_hint")
        return cards.panel(title, states.blank(say(lang, "register_forms.units_none"), hint))
    key = answer.register.key
    dated = answer.register.due is not None
    names = ("unit", "open", "overdue", "soon", "done") if dated else ("unit", "open", "done")
    heads = [say(lang, f"register_forms.col_{one}") for one in (*names, "incomplete")]
    rows = []
    for one in answer.units:
        here = item_parts.register_address(view, key, unit=one.unit.key, form="people")
        late = [_late(one.overdue, lang), number(one.soon, lang)] if dated else []
        rows.append(
            [
                dcc.Link(one.unit.name, href=here),
                number(one.open, lang),
                *late,
                number(one.done, lang),
                number(one.incomplete, lang),
            ]
        )
    return cards.panel(
        title,
        item_parts.table(heads, rows, title),
        say(lang, "register_forms.units_line", count=len(answer.units)),
        parts.illustrative_mark(lang, answer.stamp.illustrative),
    )


FORM = Form(
    name="people",
    words="register_forms.form_people",
    load=_load,
    render=render,
    fits=lambda register: True,
    order=30,
)
