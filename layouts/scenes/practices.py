"""Practices: those that most units took up, with their evidence, by quarter and by topic."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.item_words import choice_words, due_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_sheet import Sheet, added
from ioc.web.scene import Scene
from layouts import forms_practices, item_parts
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> Sheet:
    return forms_practices.load(desk, view, scope, desk.registers.by_key("practice"))


def title(answer: Sheet, view: View) -> str:
    """`Cách làm hay: Cả nước`."""
    return say(view.lang, "register_forms.scene_practices", unit=answer.unit.name)


def render(answer: Sheet, view: View) -> Component:
    """Most adopted first, quarters, adopters in all, topics."""
    lang = view.lang
    shown = [row for row in answer.rows if row.phase is not Phase.DROPPED]
    ordered = sorted(shown, key=lambda row: (-forms_practices.adopters(row), row.title))
    best = [
        items.row(
            row.title,
            number(forms_practices.adopters(row), lang) if "adopted" in row.values else "–",
            what=item_parts.owner(row),
            under=say(
                lang,
                "register_forms.grade",
                letter=str(row.values.get("grade") or "–").upper(),
            ),
            plain=True,
        )
        for row in ordered
    ]
    found = forms_practices.quarters(answer)
    many = max((len(rows) for _, rows in found), default=0) or 1
    quarters = [
        items.row(
            due_words(due, lang) if due else say(lang, "register_forms.no_quarter"),
            number(len(rows), lang),
            share=Fraction(len(rows), many),
            plain=True,
        )
        for due, rows in found
    ]
    topics = Counter(str(row.values.get("topic") or "") for row in shown)
    field = answer.register.field("topic")
    top = max(topics.values(), default=0) or 1
    by_topic = [
        items.row(
            choice_words(field, code, lang) if code else say(lang, "register_forms.no_value"),
            number(count, lang),
            share=Fraction(count, top),
            plain=True,
        )
        for code, count in topics.most_common()
    ]
    took, said_by = added(shown, "adopted")
    cards = [
        items.listed(
            say(lang, "register_forms.wall_practices"),
            say(lang, "register_forms.wall_practices_line"),
            best,
            empty=say(lang, "register_forms.wall_empty"),
            named=True,
        ),
        items.listed(
            say(lang, "register_forms.wall_topics"),
            say(lang, "register_forms.wall_topics_line"),
            by_topic,
            empty="",
            tall=False,
        ),
        items.big(
            say(lang, "register_forms.wall_adopted"),
            say(lang, "register_forms.over_items", count=number(said_by, lang)),
            number(took, lang) if said_by else "–",
            [],
        ),
        items.listed(
            say(lang, "register_forms.wall_quarters"),
            say(lang, "register_forms.wall_quarters_line"),
            quarters,
            empty="",
            tall=False,
        ),
    ]
    said = items.sheet_facts(answer, lang, dated=False)
    anything = bool(answer.rows)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="practices", title=title, load=_load, render=render, order=77)
