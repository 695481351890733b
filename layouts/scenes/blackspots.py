"""Places without signal: the map, households by unit, by class, and what tenders still lack."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.item_words import choice_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_map import Places
from ioc.web.scene import Scene
from layouts import forms_map
from layouts.figures import item_map
from layouts.wall import charts, items


def _load(desk: Desk, view: View, scope: Scope) -> Places:
    from ioc.queries.register_map import places

    return places(desk, view, scope, desk.registers.by_key("blackspot"))


def title(answer: Places, view: View) -> str:
    """`Điểm trắng sóng, lõm sóng: Cả nước`."""
    return say(view.lang, "register_forms.scene_blackspots", unit=answer.unit.name)


def render(answer: Places, view: View) -> Component:
    """The map beside the units, the classes and the lacks."""
    lang = view.lang
    line = "wall_map_line" if answer.clusters else "map_points"
    country = charts.chart(
        "places",
        answer.register.name.say(lang),
        say(lang, f"register_forms.{line}"),
        item_map.figure(answer, view),
        view,
        summary=forms_map.said(answer, lang),
    )
    most = max((one.open_sums[0] for one in answer.units if one.open_sums), default=0) or 1
    units = [
        items.row(
            one.unit.short,
            number(one.open_sums[0], lang),
            what=say(lang, "register_forms.map_items", count=number(one.open, lang)),
            share=Fraction(one.open_sums[0], most),
            plain=True,
        )
        for one in answer.units
        if one.open_sums
    ]
    kind = answer.register.field("class")
    classes = [
        items.share_row(
            choice_words(kind, part.value, lang)
            if part.value
            else say(lang, "register_forms.no_value"),
            part.open,
            answer.total.open,
            lang,
        )
        for part in answer.classes
        if part.open
    ]
    lacks = [
        items.share_row(one.field.label.say(lang), one.items, answer.total.open, lang)
        for one in sorted(answer.lacks, key=lambda one: -one.items)
    ]
    cards = [
        country,
        items.listed(
            say(lang, "register_forms.wall_households"),
            say(lang, "register_forms.wall_households_line"),
            units,
            empty=say(lang, "register_forms.none_open"),
            count=number(forms_map.open_sum(answer), lang),
        ),
        items.listed(
            say(lang, "register_forms.wall_classes"),
            say(lang, "register_forms.wall_classes_line"),
            classes,
            empty=say(lang, "register_forms.none_open"),
        ),
        items.listed(
            say(lang, "register_forms.wall_lacks"),
            say(lang, "register_forms.wall_lacks_line"),
            lacks,
            empty=say(lang, "register_forms.lacking_none"),
        ),
    ]
    said = items.facts(answer.total, lang, dated=False)
    return items.scene(title(answer, view), cards, view, answer.stamp, said,
                       name="places", anything=bool(answer.total.all))  # fmt: skip


SCENE = Scene(name="blackspots", title=title, load=_load, render=render, order=73)
