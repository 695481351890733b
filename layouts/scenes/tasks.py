"""Tasks: the longest overdue by working days, by unit, by state, and how many are clear."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_scene import RegisterWall
from ioc.web.scene import Scene
from layouts import item_parts
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> RegisterWall:
    from ioc.queries.register_scene import register_wall

    return register_wall(desk, view, scope, desk.registers.by_key("task"), "state")


def title(answer: RegisterWall, view: View) -> str:
    """`Nhiệm vụ: Cả nước`."""
    return say(view.lang, "register_forms.scene_tasks", unit=answer.unit.name)


def render(answer: RegisterWall, view: View) -> Component:
    """Who is late with what, worst first."""
    lang, total = view.lang, answer.total
    late = [row for row in answer.rows if row.slip is not None and row.slip > 0]
    overdue = [
        items.row(
            row.title,
            say(lang, "register_forms.wall_late_days", count=number(row.late, lang)),
            what=item_parts.owner(row),
            look="is-at-risk",
        )
        for row in late
    ]
    none = say(lang, "register_forms.wall_none_overdue")
    counted = {part.value: part.open + part.done + part.dropped for part in answer.parts["state"]}
    most = max(counted.values(), default=0) or 1
    by_state = [
        items.row(
            state.name.say(lang),
            number(counted.get(state.code, 0), lang),
            share=Fraction(counted.get(state.code, 0), most),
            plain=True,
        )
        for state in answer.register.states
    ]
    cards = [
        items.listed(
            say(lang, "register_forms.wall_overdue"),
            say(lang, "register_forms.wall_overdue_line"),
            overdue,
            empty=none,
            named=True,
            count=number(total.overdue, lang),
            look="red" if late else "red is-clear",
        ),
        items.listed(
            say(lang, "register_forms.wall_by_unit"),
            say(lang, "register_forms.wall_by_unit_line"),
            items.unit_rows(answer.units, lang, dated=True),
            empty=none,
            tall=False,
        ),
        items.big(
            say(lang, "register_forms.wall_clear"),
            say(lang, "register_forms.wall_clear_line"),
            item_parts.share_only(total.all - total.incomplete, total.all, lang),
            [f"{number(total.all - total.incomplete, lang)}/{number(total.all, lang)}"],
        ),
        items.listed(
            say(lang, "register_forms.wall_states"),
            say(lang, "register_forms.wall_states_line"),
            by_state,
            empty="",
            tall=False,
        ),
    ]
    said = items.facts(total, lang)
    anything = bool(total.all)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="tasks", title=title, load=_load, render=render, order=70)
