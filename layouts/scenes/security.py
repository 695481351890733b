"""The security posture: the weakest systems, what is covered, and the systems of each level."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.item_words import choice_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_sheet import Sheet, pooled
from ioc.web.scene import Scene
from layouts import forms_security, item_parts, item_sums
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> Sheet:
    return forms_security.load(desk, view, scope, desk.registers.by_key("security"))


def title(answer: Sheet, view: View) -> str:
    """`An toàn thông tin: Cả nước`."""
    return say(view.lang, "register_forms.scene_security", unit=answer.unit.name)


def render(answer: Sheet, view: View) -> Component:
    """Systems with their four marks, the share of each mark, drills, levels."""
    lang, register = view.lang, answer.register
    rows = forms_security.running(answer)
    weakest = [
        items.row(
            row.title,
            " ".join(_sign(row.values.get(one)) for one in forms_security.FLAGS),
            what=item_parts.owner(row),
            under=item_parts.value_of(row, register.field("level"), lang),
            look="is-reached"
            if all(row.values.get(one) is True for one in forms_security.FLAGS)
            else "is-near",
        )
        for row in rows
    ]
    covered = [
        items.share_row(
            register.field(one).label.say(lang), *forms_security.flagged(rows, one), lang
        )
        for one in forms_security.FLAGS
    ]
    levels = Counter(str(row.values.get("level") or "") for row in rows)
    most = max(levels.values(), default=0) or 1
    by_level = [
        items.row(
            choice_words(register.field("level"), code, lang)
            if code
            else say(lang, "register_forms.no_value"),
            number(count, lang),
            share=Fraction(count, most),
            plain=True,
        )
        for code, count in sorted(levels.items(), reverse=True)
    ]
    drills = pooled(rows, "drills_held", "drills_planned")
    counted = f"{number(drills.num, lang)}/{number(drills.den, lang)}"
    cards = [
        items.listed(
            say(lang, "register_forms.wall_systems"),
            say(lang, "register_forms.wall_systems_line"),
            weakest,
            empty=say(lang, "register_forms.wall_empty"),
            named=True,
        ),
        items.listed(
            say(lang, "register_forms.wall_covered"),
            say(lang, "register_forms.wall_covered_line"),
            covered,
            empty="",
        ),
        items.big(
            say(lang, "register_forms.drills_share"),
            say(lang, "register_forms.wall_drills_line"),
            item_sums.rate(drills, lang),
            [counted] if drills.den else [],
        ),
        items.listed(
            say(lang, "register_forms.wall_levels"),
            say(lang, "register_forms.wall_levels_line"),
            by_level,
            empty="",
            tall=False,
        ),
    ]
    said = items.sheet_facts(answer, lang)
    anything = bool(answer.rows)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


def _sign(value: object) -> str:
    """Yes, no, not said."""
    return "●" if value is True else "▼" if value is False else "–"


SCENE = Scene(name="security", title=title, load=_load, render=render, order=78)
