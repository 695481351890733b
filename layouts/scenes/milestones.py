"""Milestones: each on a line of time with its slip, by kind, and the units that are late."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.item_words import choice_words, due_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_scene import RegisterWall
from ioc.web.scene import Scene
from layouts import item_parts, time_rows
from layouts.attributes import attributes
from layouts.cards import panel
from layouts.wall import items

SILENT = attributes(aria_hidden="true")
"""A shape is there for the eyes; the words beside it say the same."""


def _load(desk: Desk, view: View, scope: Scope) -> RegisterWall:
    from ioc.queries.register_scene import register_wall

    return register_wall(desk, view, scope, desk.registers.by_key("milestone"), "class")


def title(answer: RegisterWall, view: View) -> str:
    """`Mốc hoàn thành: Cả nước`."""
    return say(view.lang, "register_forms.scene_milestones", unit=answer.unit.name)


def render(answer: RegisterWall, view: View) -> Component:
    """The timeline over two columns beside kinds and units."""
    lang, total = view.lang, answer.total
    kind = answer.register.field("class")
    kinds = [
        items.share_row(
            choice_words(kind, part.value, lang)
            if part.value
            else say(lang, "register_forms.no_value"),
            part.done,
            part.all,
            lang,
        )
        for part in answer.parts["class"]
    ]
    cards = [
        _timeline(answer, view),
        items.listed(
            say(lang, "register_forms.wall_by_unit"),
            say(lang, "register_forms.wall_by_unit_line"),
            items.unit_rows(answer.units, lang, dated=True),
            empty=say(lang, "register_forms.wall_none_overdue"),
            count=number(total.overdue, lang),
            look="red" if total.overdue else "red is-clear",
            tall=False,
        ),
        items.listed(
            say(lang, "register_forms.wall_kinds"),
            say(lang, "register_forms.wall_kinds_line"),
            kinds,
            empty="",
            tall=True,
        ),
    ]
    said = items.facts(total, lang)
    return items.scene(title(answer, view), cards, view, answer.stamp, said,
                       name="timeline", anything=bool(total.all))  # fmt: skip


def _timeline(answer: RegisterWall, view: View) -> html.Section:
    lang = view.lang
    rows = [row for row in answer.rows if row.due is not None]
    if not rows:
        words = html.P(say(lang, "register_forms.none_open"), className="wall-silent")
        return panel(say(lang, "register_forms.wall_milestones"), words, className="wall-forms")
    span = time_rows.span_of(answer.register, rows, answer.today)
    shown = [_row(row, span, answer, lang) for row in rows]
    above, below = shown[: items.ABOVE], shown[items.ABOVE :]
    seam = [html.Div(className="seam")] if below else []
    listed = html.Div([*above, *seam, *below], className="rows is-tall is-named is-tl")
    return panel(
        say(lang, "register_forms.wall_milestones"),
        [time_rows.axis(span, answer.today, lang), html.Div(listed, className="fit")],
        say(lang, "register_forms.wall_milestones_line"),
        className="wall-forms wall-tl",
    )


def _row(row: ItemRow, span: time_rows.Span, answer: RegisterWall, lang: str) -> html.Div:
    facts = " · ".join(
        one
        for one in (
            row.unit.short if row.unit else "",
            due_words(row.due, lang),
            row.state.name.say(lang),
        )
        if one
    )
    look = item_parts.look(row)
    return html.Div(
        [
            html.Span([html.B(row.title), html.Span(facts, className="what")], className="who"),
            time_rows.line(answer.register, row, span, answer.today),
            html.B(
                [
                    html.Span(item_parts.SIGNS[look], className="sign", **SILENT),
                    f" {time_rows.slip_days(row, lang)}",
                ],
                className=f"tlw-much {look}",
            ),
        ],
        className="wall-row tlw-row",
    )


SCENE = Scene(name="milestones", title=title, load=_load, render=render, order=72)
