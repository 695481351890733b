"""The press: requests waiting longest, answers in time by unit, and who speaks."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_sheet import Sheet
from ioc.web.scene import Scene
from layouts import forms_press, item_parts
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> Sheet:
    return forms_press.load(desk, view, scope, desk.registers.by_key("press"))


def title(answer: Sheet, view: View) -> str:
    """`Báo chí: Cả nước`."""
    return say(view.lang, "register_forms.scene_press", unit=answer.unit.name)


def render(answer: Sheet, view: View) -> Component:
    """Who waits, units, the share answered in time, spokespersons."""
    lang = view.lang
    rows, loads = forms_press.requests(answer), forms_press.unit_loads(answer)
    opened = [row for row in rows if row.phase is Phase.OPEN]
    opened.sort(key=lambda row: (-(row.slip if row.slip is not None else -9999), row.key))
    waiting = [
        items.row(
            row.title,
            item_parts.slip_said(row, lang),
            what=item_parts.owner(row),
            look=item_parts.look(row),
        )
        for row in opened
    ]
    units = [
        items.row(
            one.unit.short if one.unit else say(lang, "register_forms.no_unit"),
            f"{number(one.in_time, lang)}/{number(one.judged, lang)}",
            what=one.speaker or say(lang, "register_forms.no_speaker"),
            under=say(lang, "register_forms.wall_press_asked", count=number(one.asked, lang)),
            share=Fraction(one.in_time, one.judged) if one.judged else None,
            plain=True,
        )
        for one in loads
        if one.asked
    ]
    answered, judged = forms_press.in_time(rows)
    asked = [one for one in loads if one.asked]
    named = sum(one.speaker is not None for one in asked)
    shares = [
        items.share_row(say(lang, "register_forms.speakers"), named, len(asked), lang),
        items.row(say(lang, "register_forms.asked"), number(len(rows), lang), plain=True),
        items.row(say(lang, "register_forms.waiting"), number(len(opened), lang), plain=True),
    ]
    late = sum((row.slip or 0) > 0 for row in opened)
    cards = [
        items.listed(
            say(lang, "register_forms.wall_waiting"),
            say(lang, "register_forms.wall_waiting_line"),
            waiting,
            empty=say(lang, "register_forms.none_open"),
            named=True,
            count=number(late, lang),
            look="red" if late else "red is-clear",
        ),
        items.listed(
            say(lang, "register_forms.wall_press"),
            say(lang, "register_forms.wall_press_line"),
            units,
            empty=say(lang, "register_forms.press_none"),
        ),
        items.big(
            say(lang, "register_forms.answered_share"),
            say(lang, "register_forms.wall_answered_line"),
            item_parts.share_only(answered, judged, lang),
            [f"{number(answered, lang)}/{number(judged, lang)}"] if judged else [],
        ),
        items.listed(
            say(lang, "register_forms.wall_answers"),
            say(lang, "register_forms.wall_answers_line"),
            shares,
            empty="",
        ),
    ]
    said = items.sheet_facts(answer, lang)
    anything = bool(answer.rows)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="press", title=title, load=_load, render=render, order=79)
