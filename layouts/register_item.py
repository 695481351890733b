"""One item: its fields, checklists, differences, and the items above, below and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.item_words import amount_words, degrees_words, value_words
from ioc.domain.measure import Kind as Measure
from ioc.domain.messages import say
from ioc.domain.register import ItemField, Kind, Register, filled
from ioc.domain.view import View
from ioc.domain.words import date_words, moment_words, number, period_words
from ioc.queries.answers import Cell
from ioc.queries.register_answers import Difference, ItemDetail, ItemRow
from layouts import cards, register_table
from layouts import components as parts
from layouts.attributes import attributes
from layouts.links import indicator_link, unit_link
from layouts.record_links import record_link


def facts(answer: ItemDetail, view: View) -> html.Section:
    """Every field of the item in the register's order; empty mandatory ones say so."""
    lang, row = view.lang, answer.row
    missing = {one.name for one in row.missing}
    items: list[Component] = []
    for field in answer.register.fields:
        if field.name == answer.register.title:
            continue
        value = _value(answer, field, view)
        if field.name in missing:
            value = html.Span(say(lang, "register.is_missing"), className="item-flag")
        elif value is None and view.wall:
            continue
        elif value is None:
            value = html.Span(say(lang, "words.nothing"), className="figure is-empty")
        hint = attributes(title=field.hint.say(lang)) if field.hint else {}
        items += [html.Dt(field.label.say(lang), **hint), html.Dd(value)]
    return cards.panel(
        say(lang, "register.fields"),
        html.Dl(items, className="record-facts item-facts"),
        say(lang, "register.fields_line", missing=number(len(missing), lang)) if missing else None,
        parts.illustrative_mark(lang, row.illustrative),
        className="item-fields",
    )


def _value(answer: ItemDetail, field: ItemField, view: View) -> Any:
    """A field's value: in words, as the page it points to, or nothing."""
    lang, row, register = view.lang, answer.row, answer.register
    if field.kind is Kind.PLACE:
        return _place(answer, view)
    given = row.values.get(field.name)
    if not filled(given):
        return None
    words = value_words(field, given, lang, row.names)
    if field.name == register.due:
        return register_table.due(row, lang)
    if field.kind is Kind.ITEM and field.register_key and str(given) in row.names:
        href = register_table.item_href(view, field.register_key, str(given))
        return dcc.Link(words, href=href)
    if field.kind is Kind.INDICATOR and str(given) in row.names:
        unit = row.unit.key if row.unit else None
        return dcc.Link(words, href=indicator_link(_plain(view), str(given), unit))
    if field.kind is Kind.UNIT and str(given) in row.names:
        return dcc.Link(words, href=_plain(view).href(page="unit", unit=str(given)))
    if field.kind is Kind.LONG:
        return html.Span(words, className="item-long")
    return words


def _place(answer: ItemDetail, view: View) -> Component | None:
    row = answer.row
    if row.lat is None or row.lon is None:
        return None
    href = View(
        page="register",
        register=answer.register.key,
        form="map",
        unit=row.unit.key if row.unit else "vn",
        known_at=view.known_at,
        lang=view.lang,
    ).href()
    return html.Span(
        [
            html.Span(degrees_words(row.lat, row.lon, view.lang), className="figure"),
            " ",
            dcc.Link(say(view.lang, "register.on_map"), href=href),
        ]
    )


def _plain(view: View) -> View:
    return View(known_at=view.known_at, meeting=view.meeting, lang=view.lang)


def state(answer: ItemDetail, view: View) -> html.Section:
    """Where it stands: state, due date, unit and person, and where all this is from."""
    lang, row = view.lang, answer.row
    pairs: list[tuple[str, Any]] = [("col_state", register_table.state_chip(row.state, lang))]
    if answer.register.due is not None:
        pairs.append(("col_due", register_table.due(row, lang)))
    unit: Any = "–"
    if row.unit is not None:
        unit = dcc.Link(row.unit.name, href=unit_link(_plain(view), row.unit))
    pairs.append(("col_unit", unit))
    if row.person:
        href = View(
            page="register",
            register=answer.register.key,
            person=row.person,
            known_at=view.known_at,
            lang=lang,
        ).href()
        pairs.append(("col_person", dcc.Link(row.person, href=href)))
    source: Any = row.source
    if row.source_name:
        source = dcc.Link(row.source, href=_plain(view).href(page="source", source=row.source_name))
    pairs += [
        ("valid_from", date_words(row.valid_from, lang)),
        ("learned", moment_words(row.recorded_at, lang)),
        ("source", source),
        ("citation", html.Cite(row.citation) if row.citation else None),
        ("run", _run(answer, view)),
    ]
    items: list[Component] = []
    for key, value in pairs:
        if value is not None:
            items += [html.Dt(say(lang, f"register.{key}")), html.Dd(value)]
    return cards.panel(
        say(lang, "register.standing"),
        html.Dl(items, className="record-facts item-facts"),
        className="item-standing",
    )


def _run(answer: ItemDetail, view: View) -> Component | None:
    if answer.run is None:
        return None
    words = say(
        view.lang,
        "register.run_of",
        number=answer.run.id,
        moment=moment_words(answer.run.started, view.lang),
    )
    return html.Span(words)


def checklists(answer: ItemDetail, view: View) -> html.Section | None:
    """Each checklist with every field it asks for, filled or not."""
    lang, row = view.lang, answer.row
    if not row.checks:
        return None
    body: list[Component] = []
    for one in row.checks:
        missing = {field.name for field in one.missing}
        body.append(
            html.H3([one.checklist.name.say(lang), " ", register_table.score(one, lang)],
                    className="check-name")
        )  # fmt: skip
        body.append(
            html.Ul(
                [
                    _checked(answer.register.field(name), name not in missing, lang)
                    for name in one.checklist.fields
                ],
                className="check-list",
            )
        )
    return cards.panel(say(lang, "register.checklists"), body, className="item-checks")


def _checked(field: ItemField, there: bool, lang: str) -> html.Li:
    sign = html.Span("●" if there else "□", className="sign", **attributes(aria_hidden="true"))
    words = say(lang, "register.check_has" if there else "register.check_lacks")
    return html.Li(
        [sign, html.Span(field.label.say(lang)), html.Span(words, className="visually-hidden")],
        className="is-there" if there else "is-lacking",
    )


def differences(answer: ItemDetail, view: View) -> html.Section | None:
    """Totals that are not the sum of their parts: the parts, their sum, the total, what is left."""
    lang = view.lang
    if not answer.differences:
        return None
    tables = [_difference(one, lang) for one in answer.differences]
    return cards.panel(
        say(lang, "register.difference"),
        tables,
        say(lang, "register.difference_line"),
        className="item-differs",
    )


def _difference(one: Difference, lang: str) -> html.Table:
    def line(words: str, value: Any, look: str = "") -> html.Tr:
        text = amount_words(one.total, value, lang)
        name = html.Th(words, scope="row")
        return html.Tr([name, html.Td(text, className="figure number")], className=look)

    summed = sum((value for _, value in one.parts), one.value - one.value)
    rows = [line(field.label.say(lang), value) for field, value in one.parts]
    rows += [
        line(say(lang, "register.difference_sum"), summed),
        line(one.total.label.say(lang), one.value),
        line(say(lang, "register.difference_left"), one.difference, "is-difference"),
    ]
    return html.Table(html.Tbody(rows), className="difference-rows")


def family(answer: ItemDetail, view: View) -> html.Section | None:
    """The chain above, the items below, and those of other registers that point here."""
    lang = view.lang
    body: list[Component] = []
    if answer.above:
        body.append(html.H3(say(lang, "register.above")))
        body.append(_chain(answer.above, view))
    if answer.children:
        count = number(answer.children_count, lang)
        body.append(html.H3(say(lang, "register.children", count=count)))
        body.append(_brief(answer.register, answer.children, view))
        if answer.children_count > len(answer.children):
            body.append(_all(answer, answer.register, answer.register.parent, view))
    for register, rows, items in answer.mentions:
        name = register.name.say(lang)
        words = say(lang, "register.mentions", what=name, count=number(items, lang))
        body.append(html.H3(words))
        body.append(_brief(register, rows, view))
        if items > len(rows):
            body.append(_all(answer, register, _pointing(register, answer.register), view))
    if not body:
        return None
    return cards.panel(say(lang, "register.family"), body, className="item-family")


def _pointing(register: Register, to: Register) -> str | None:
    fields = (one.name for one in register.fields if one.register_key == to.key and one.facet)
    return next(fields, None)


def _all(answer: ItemDetail, register: Register, field: str | None, view: View) -> Component:
    where = (f"{field}.{answer.row.key}",) if field else ()
    href = View(
        page="register",
        register=register.key,
        where=where,
        known_at=view.known_at,
        lang=view.lang,
    ).href()
    return dcc.Link(say(view.lang, "register.all_of_them"), href=href, className="more")


def _chain(rows: Sequence[ItemRow], view: View) -> html.Ol:
    return html.Ol(
        [html.Li(dcc.Link(one.title, href=register_table.item_href(view, one.register, one.key)))
         for one in rows],
        className="item-chain",
    )  # fmt: skip


def _brief(register: Register, rows: Sequence[ItemRow], view: View) -> html.Ul:
    lang = view.lang
    return html.Ul(
        [
            html.Li(
                [
                    dcc.Link(one.title, href=register_table.item_href(view, register.key, one.key)),
                    html.Span(one.unit.short, className="what") if one.unit else None,
                    register_table.state_chip(one.state, lang),
                    html.Span(register_table.due(one, lang)) if one.due is not None else None,
                ]
            )
            for one in rows
        ],
        className="item-brief",
    )


def linked(answer: ItemDetail, view: View) -> html.Section | None:
    """The indicators it is to move, with their newest figure; what an item cites is stated too."""
    if not answer.linked:
        return None
    lang = view.lang
    return cards.panel(
        say(lang, "register.linked"),
        html.Ul([_figure(one, view) for one in answer.linked], className="item-figures"),
        say(lang, "register.linked_line"),
        className="item-linked",
    )


def _figure(one: Cell, view: View) -> html.Li:
    lang, plain = view.lang, _plain(view)
    when = period_words(one.period, lang) if one.period else say(lang, "screen.no_period")
    name = dcc.Link(
        one.indicator.name.say(lang),
        href=indicator_link(plain, one.indicator.code, one.unit.key),
    )
    bare = one.figure.value is None or one.indicator.kind is Measure.RATIO
    measure = "" if bare else f" {parts.unit_words(one.indicator, lang)}"
    return html.Li(
        [
            name,
            html.Span(
                [record_link(plain, one, parts.figure_span(one, lang)), f"{measure} ",
                 parts.chip(one.status, lang)],
            ),
            html.Span(f"{one.unit.short} · {when}", className="what"),
            parts.illustrative_mark(lang, one.figure.illustrative),
        ]
    )  # fmt: skip
