"""The map: clusters that open by a click, points, and beside it who is without signal."""

from __future__ import annotations

from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.item_words import choice_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import list_words
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_map import Places, lacking
from layouts import cards, item_parts, states
from layouts import components as parts
from layouts.figures import item_map
from layouts.register_forms import Form

HEIGHT = 620


def _load(desk: Desk, view: View, scope: Scope, register: Register) -> Places:
    from ioc.queries.register_map import places

    return places(desk, view, scope, register)


def render(answer: Places, view: View) -> Component:
    """The map beside the units, and below what is missing."""
    lang = view.lang
    if not answer.total.all:
        return html.Section(states.empty(lang), className="card-box")
    return html.Div(
        [
            html.P(said(answer, lang), className="form-said"),
            html.Div(
                [
                    _map(answer, view),
                    html.Div([_units(answer, view), _classes(answer, view)], className="stack"),
                ],
                className="form-map-row",
            ),
            _incomplete(answer, view),
        ],
        className="form-map",
    )


def summed(answer: Places, scaled: int, lang: str) -> str:
    """A sum of the register's first summed field; a dash where there is none."""
    if not answer.register.sums:
        return "–"
    field = answer.register.sums[0]
    return number(Fraction(scaled, 10**field.decimals), lang, field.decimals, trim=True)


def open_sum(answer: Places) -> int:
    """The first summed field over the open items of the unit."""
    return answer.total.open_sums[0] if answer.total.open_sums else 0


def said(answer: Places, lang: str) -> str:
    """What is open, what it sums up to, what has no place, where most is."""
    field = answer.register.sums[0].label.say(lang).lower() if answer.register.sums else ""
    words = [
        say(
            lang,
            "register_forms.map_said",
            unit=answer.unit.name,
            open=number(answer.total.open, lang),
            what=field,
            sum=summed(answer, open_sum(answer), lang),
        )
    ]
    if answer.units:
        first = answer.units[0]
        words.append(
            say(
                lang,
                "register_forms.map_most",
                unit=first.unit.name,
                open=number(first.open, lang),
                sum=summed(answer, first.open_sums[0] if first.open_sums else 0, lang),
                what=field,
            )
        )
    if answer.unplaced:
        count = number(answer.unplaced, lang)
        words.append(say(lang, "register_forms.map_unplaced", count=count))
    return " ".join(words)


def _map(answer: Places, view: View) -> html.Section:
    lang = view.lang
    line = say(
        lang, "register_forms.map_clusters" if answer.clusters else "register_forms.map_points"
    )
    closer = None
    if answer.clusters and not view.wall:
        closer = html.P(say(lang, "register_forms.map_closer"), className="hint only-screen")
    back = None
    if answer.cell is not None:
        words = say(lang, "register_forms.map_back")
        back = dcc.Link(words, href=view.href(reason=None, sheet=1), className="more")
    return cards.chart_card(
        "register-map",
        answer.register.name.say(lang),
        line,
        item_map.figure(answer, view),
        view,
        strip=cards.strip(
            view,
            answer.stamp,
            unit=answer.unit,
            period=None,
            illustrative=answer.stamp.illustrative,
        ),
        summary=said(answer, lang),
        illustrative=answer.stamp.illustrative,
        height=HEIGHT,
        note=closer,
        tools=back,
        className="map-card",
    )


def _units(answer: Places, view: View) -> html.Section:
    lang = view.lang
    field = answer.register.sums[0].label.say(lang) if answer.register.sums else ""
    title = say(lang, "register_forms.map_units")
    if not answer.units:
        hint = say(lang, "register_forms.units_none_hint")
        return cards.panel(title, states.blank(say(lang, "register_forms.units_none"), hint))
    heads = [
        say(lang, "register_forms.col_unit"),
        say(lang, "register_forms.col_open"),
        field,
        say(lang, "register_forms.col_incomplete"),
    ]
    rows = []
    for one in answer.units:
        href = item_parts.register_address(view, answer.register.key, unit=one.unit.key, form="map")
        rows.append(
            [
                dcc.Link(one.unit.name, href=href),
                number(one.open, lang),
                summed(answer, one.open_sums[0] if one.open_sums else 0, lang),
                number(one.incomplete, lang),
            ]
        )
    return cards.panel(
        title,
        item_parts.table(heads, rows, title, className="is-tall"),
        say(lang, "register_forms.map_units_line", count=number(len(answer.units), lang)),
        parts.illustrative_mark(lang, answer.stamp.illustrative),
        className="map-units",
    )


def _classes(answer: Places, view: View) -> html.Section | None:
    lang, register = view.lang, answer.register
    if not answer.classes:
        return None
    field = register.field("class")
    title = field.label.say(lang)
    sums = register.sums[0].label.say(lang) if register.sums else ""
    heads = [title, say(lang, "register_forms.col_open"), sums]
    rows = [
        [
            choice_words(field, one.value, lang)
            if one.value
            else say(lang, "register_forms.no_value"),
            number(one.open, lang),
            summed(answer, one.open_sums[0] if one.open_sums else 0, lang),
        ]
        for one in answer.classes
        if one.open
    ]
    return cards.panel(title, item_parts.table(heads, rows, title))


def _incomplete(answer: Places, view: View) -> html.Section | None:
    lang, listed = view.lang, answer.checklist
    if listed is None:
        return None
    name = listed.name.say(lang)
    title = say(lang, "register_forms.lacking", what=name)
    if not answer.incomplete:
        blank = states.blank(
            say(lang, "register_forms.lacking_none"),
            say(lang, "register_forms.lacking_none_hint"),
            sign="●",
        )
        return cards.panel(title, blank)
    counts = [
        f"{one.field.label.say(lang)} {number(one.items, lang)}"
        for one in sorted(answer.lacks, key=lambda one: -one.items)
    ]
    heads = [
        say(lang, "register_forms.col_item"),
        say(lang, "register_forms.col_unit"),
        say(lang, "register_forms.col_missing"),
    ]
    rows = [
        [item_parts.item_link(row, view), item_parts.owner(row), _lacks(answer, row, lang)]
        for row in answer.incomplete
    ]
    return cards.panel(
        title,
        item_parts.table(heads, rows, title, className="is-words"),
        say(lang, "register_forms.lacking_line", counts=list_words(counts, lang)),
        item_parts.marked(answer.incomplete, lang),
    )


def _lacks(answer: Places, row: ItemRow, lang: str) -> str:
    assert answer.checklist is not None
    return list_words([one.label.say(lang) for one in lacking(row, answer.checklist)], lang)


FORM = Form(
    name="map",
    words="register_forms.form_map",
    load=_load,
    render=render,
    fits=lambda register: register.place is not None,
    order=4,
)
