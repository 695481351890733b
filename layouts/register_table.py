"""The list of a register's items: a table on the desk, a card each on a phone, sheet by sheet."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.item_words import due_words, slip_words, value_words
from ioc.domain.messages import say
from ioc.domain.register import SUMMED, ItemField, ItemState, Kind, Phase, Register
from ioc.domain.view import View
from ioc.domain.words import list_words, number
from ioc.queries.register_answers import Check, ItemRow, RegisterList
from layouts import components as parts
from layouts import states
from layouts.attributes import attributes

SIGNS = {Phase.OPEN: "◔", Phase.DONE: "●", Phase.DROPPED: "–", Phase.UNKNOWN: "○"}
"""The shape of each phase, so that colour is never alone."""
_NUMBERS = (*SUMMED, Kind.PERCENT)


def item_href(view: View, register: str, key: str) -> str:
    """The address of an item's page; the list one came from stays in it, to go back to."""
    return View(
        page="item",
        item=key,
        register=register,
        unit=view.unit,
        known_at=view.known_at,
        meeting=view.meeting,
        lang=view.lang,
    ).href()


def table(answer: RegisterList, view: View) -> Component:
    """The sheet of items, or why there are none."""
    lang = view.lang
    if not answer.rows:
        if answer.filters:
            title, hint = say(lang, "register.none_left"), say(lang, "register.none_left_hint")
        else:
            title = say(lang, "register.none", what=answer.register.name.say(lang))
            hint = say(lang, "register.none_hint")
        return states.blank(title, hint)
    return listed(answer.register, answer.rows, view)


def listed(register: Register, rows: Sequence[ItemRow], view: View) -> html.Div:
    """Items under the columns that their register declares."""
    lang = view.lang
    fields = columns(register)
    heads = [html.Th(register.field(register.title).label.say(lang), scope="col")]
    heads.append(html.Th(say(lang, "register.col_unit"), scope="col"))
    heads.append(html.Th(say(lang, "register.col_state"), scope="col"))
    if register.due is not None:
        heads.append(html.Th(say(lang, "register.col_due"), scope="col"))
    heads += [
        html.Th(
            one.label.say(lang), scope="col", className="number" if one.kind in _NUMBERS else ""
        )
        for one in fields
    ]
    if register.checklists:
        heads.append(html.Th(register.checklists[0].name.say(lang), scope="col"))
    mixed = len({one.illustrative for one in rows}) > 1
    body = [_row(register, one, fields, view, mark=mixed) for one in rows]
    made = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="items")
    name = say(lang, "register.table", what=register.name.say(lang))
    label = attributes(aria_label=name)
    return html.Div(made, className="scroll-x", tabIndex=0, role="region", **label)


def columns(register: Register) -> tuple[ItemField, ...]:
    """The declared columns that have no place of their own in a row."""
    own = (register.title, register.due, register.place)
    return tuple(one for one in register.fields if one.column and one.name not in own)


def _row(
    register: Register, one: ItemRow, fields: Sequence[ItemField], view: View, *, mark: bool
) -> html.Tr:
    lang = view.lang
    title = [
        dcc.Link(one.title or one.key, href=item_href(view, register.key, one.key)),
        html.Span(one.key, className="item-key"),
        parts.illustrative_mark(lang, mark and one.illustrative),
        *flags(register, one, lang),
    ]
    cells: list[Component] = [
        html.Th([part for part in title if part is not None], scope="row", className="item-title"),
        _cell(one.unit.short if one.unit else "–", say(lang, "register.col_unit")),
        _cell(state_chip(one.state, lang), say(lang, "register.col_state")),
    ]
    if register.due is not None:
        cells.append(_cell(due(one, lang), say(lang, "register.col_due"), "item-due"))
    cells += [
        _cell(
            value_words(field, one.values.get(field.name), lang, one.names),
            field.label.say(lang),
            "figure number item-extra" if field.kind in _NUMBERS else "item-extra",
        )
        for field in fields
    ]
    if one.checks:
        name = one.checks[0].checklist.name.say(lang)
        cells.append(_cell(score(one.checks[0], lang), name, "figure"))
    return html.Tr(cells, className="is-overdue" if one.overdue else "")


def _cell(content: Component | str | list[Component], label: str, look: str = "") -> html.Td:
    return html.Td(content, className=look, **attributes(data_label=label))


def due(one: ItemRow, lang: str) -> list[Component]:
    """The due date as it is known, and how late it is or was in words."""
    said: list[Component] = [html.Span(due_words(one.due, lang), className="figure due-day")]
    words = slip_words(one.slip, one.late, lang, done=one.phase is Phase.DONE)
    if words:
        look = "due-late" if one.overdue else "due-slip"
        said.append(html.Span([_sign() if one.overdue else None, words], className=look))
    return said


def _sign() -> html.Span:
    return html.Span("▼ ", **attributes(aria_hidden="true"))


def state_chip(state: ItemState, lang: str) -> html.Span:
    """A state as shape and word; its colour is its phase's."""
    sign = html.Span(SIGNS[state.phase], className="sign", **attributes(aria_hidden="true"))
    word = html.Span(state.name.say(lang), className="word")
    return html.Span([sign, word], className=f"chip item-state is-{state.phase.value}")


def flags(register: Register, one: ItemRow, lang: str) -> list[Component]:
    """What an item lacks, and which of its totals are not the sum of their parts."""
    said: list[Component] = []
    if one.missing:
        names = list_words([field.label.say(lang) for field in one.missing], lang)
        said.append(html.Span(say(lang, "register.missing", fields=names), className="item-flag"))
    if one.differs:
        labels = [
            register.field(name).label.say(lang) for name in one.differs if register.has(name)
        ]
        names = list_words(labels, lang)
        said.append(html.Span(say(lang, "register.differs", fields=names), className="item-flag"))
    return said


def score(check: Check, lang: str) -> html.Span:
    """How many fields of a checklist are filled: `4/6`, and which are not on hover."""
    names = list_words([field.label.say(lang) for field in check.missing], lang)
    words = say(lang, "register.missing", fields=names) if names else ""
    return html.Span(
        say(lang, "register.score", have=check.have, of=check.of),
        className="score" if check.missing else "score is-full",
        title=words or None,
    )


def sheets(answer: RegisterList, view: View) -> Component | None:
    """To the sheets before and after."""
    if answer.sheets < 2:
        return None
    lang = view.lang
    key = "sheet_of_more" if answer.more else "sheet_of"
    total = number(answer.sheets, lang)
    words = say(lang, f"register.{key}", sheet=number(answer.sheet, lang), sheets=total)
    links: list[Component] = [html.Span(words, className="figure")]
    if answer.sheet > 1:
        before = say(lang, "register.sheet_before")
        links.insert(0, dcc.Link(before, href=view.href(sheet=answer.sheet - 1), className="more"))
    if answer.sheet < answer.sheets:
        after = say(lang, "register.sheet_after")
        links.append(dcc.Link(after, href=view.href(sheet=answer.sheet + 1), className="more"))
    return html.Nav(links, className="item-sheets", **attributes(aria_label=words))


def wall_rows(answer: RegisterList, view: View) -> html.Div:
    """The first items, large, as many as there is room for."""
    lang = view.lang
    rows = [
        html.Div(
            [
                state_chip(one.state, lang),
                html.Span(
                    [
                        html.B(one.title or one.key),
                        html.Span(one.unit.short if one.unit else "–", className="what"),
                    ],
                    className="who",
                ),
                html.Span(due(one, lang), className="much") if answer.register.due else None,
            ],
            className="wall-row",
        )
        for one in answer.rows
    ]
    return html.Div(html.Div(rows, className="rows is-tall"), className="fit wall-item-rows")
