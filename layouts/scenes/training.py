"""Training: sessions held of those planned, people who came, finished and were certified."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.scope import Scope
from ioc.domain.times import period_words
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_sheet import Sheet, pooled
from ioc.web.scene import Scene
from layouts import forms_training, item_parts, item_sums
from layouts.wall import items

_SHARES = (
    ("enrolled_share", "enrolled", "scope"),
    ("completed_share", "completed", "enrolled"),
    ("certified_share", "certified", "enrolled"),
)


def _load(desk: Desk, view: View, scope: Scope) -> Sheet:
    return forms_training.load(desk, view, scope, desk.registers.by_key("training"))


def title(answer: Sheet, view: View) -> str:
    """`Đào tạo, bồi dưỡng: Cả nước`."""
    return say(view.lang, "register_forms.scene_training", unit=answer.unit.name)


def render(answer: Sheet, view: View) -> Component:
    """Series furthest behind, the months, the share of sessions, people."""
    lang, kept = view.lang, answer.kept
    courses = [
        items.row(
            row.title,
            f"{number(held, lang)}/{number(planned, lang)}",
            what=item_parts.owner(row),
            share=Fraction(held, planned) if planned else None,
            plain=True,
        )
        for row, held, planned in forms_training.series(kept)
    ]
    months = forms_training.months(answer)
    most = max((held + planned for _, held, planned in months), default=0) or 1
    by_month = [
        items.row(
            period_words(period, lang),
            number(held + planned, lang),
            share=Fraction(held + planned, most),
            plain=True,
        )
        for period, held, planned in reversed(months)
    ]
    sessions = pooled(kept, "sessions_held", "sessions_planned")
    counted = f"{number(sessions.num, lang)}/{number(sessions.den, lang)}"
    ratios = [
        (say(lang, f"register_forms.{name}"), pooled(kept, num, den)) for name, num, den in _SHARES
    ]
    people = [items.share_row(name, one.num, one.den, lang) for name, one in ratios]
    cards = [
        items.listed(
            say(lang, "register_forms.wall_courses"),
            say(lang, "register_forms.wall_courses_line"),
            courses,
            empty=say(lang, "register_forms.sessions_none"),
            named=True,
        ),
        items.listed(
            say(lang, "register_forms.wall_months"),
            say(lang, "register_forms.wall_months_line"),
            by_month,
            empty="",
            tall=False,
        ),
        items.big(
            say(lang, "register_forms.sessions_share"),
            say(lang, "register_forms.wall_sessions_line"),
            item_sums.rate(sessions, lang),
            [counted] if sessions.den else [],
        ),
        items.listed(
            say(lang, "register_forms.wall_people"),
            say(lang, "register_forms.wall_people_line"),
            people,
            empty="",
        ),
    ]
    said = items.sheet_facts(answer, lang)
    anything = bool(answer.rows)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="training", title=title, load=_load, render=render, order=76)
