"""The inventory of data: who is late with updates, what is digital and shared, how it grows."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_sheet import Sheet, added, pooled
from ioc.web.scene import Scene
from layouts import forms_inventory, item_parts, item_sums
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> Sheet:
    return forms_inventory.load(desk, view, scope, desk.registers.by_key("dataset"))


def title(answer: Sheet, view: View) -> str:
    """`Danh mục dữ liệu: Cả nước`."""
    return say(view.lang, "register_forms.scene_inventory", unit=answer.unit.name)


def render(answer: Sheet, view: View) -> Component:
    """Late datasets, owners, the digitised share, shares of sharing."""
    lang, register, kept = view.lang, answer.register, answer.kept
    late = [one for one in answer.rows if one.phase is Phase.OPEN and (one.slip or 0) > 0]
    listed = [
        items.row(
            one.title,
            say(lang, "register_forms.wall_late_days", count=number(one.slip or 0, lang)),
            what=str(one.values.get("owner") or item_parts.owner(one)),
            look="is-at-risk",
        )
        for one in late
    ]
    owners = [
        items.row(
            owner,
            f"{number(count, lang)}/{number(dated, lang)}",
            share=Fraction(count, dated) if dated else None,
            look="is-at-risk" if count else "is-reached",
        )
        for owner, count, dated, _ in forms_inventory.late_by_owner(kept)
    ]
    digital = pooled(kept, "digitised", "to_digitise")
    num = item_sums.amount(register.field("digitised"), digital.num, lang)
    den = item_sums.amount(register.field("to_digitise"), digital.den, lang)
    growth, grown = added(kept, "growth")
    measure = register.field("growth").unit_of_measure
    opened = [one.values.get("open_data") for one in kept if "open_data" in one.values]
    shares = [
        items.share_row(
            say(lang, "register_forms.shared_share"), *forms_inventory.shared(kept), lang
        ),
        items.share_row(
            say(lang, "register_forms.open_share"),
            sum(one is True for one in opened),
            len(opened),
            lang,
        ),
        items.row(
            say(lang, "register_forms.growth"),
            item_sums.plain(register.field("growth"), growth, lang) if grown else "–",
            under=measure.say(lang) if grown and measure else "",
            plain=True,
        ),
    ]
    none = say(lang, "register_forms.wall_none_overdue")
    cards = [
        items.listed(
            say(lang, "register_forms.wall_owners"),
            say(lang, "register_forms.wall_late_line"),
            listed,
            empty=none,
            named=True,
            count=number(len(late), lang),
            look="red" if late else "red is-clear",
        ),
        items.listed(
            say(lang, "register_forms.owners"),
            say(lang, "register_forms.wall_owners_line"),
            owners,
            empty=say(lang, "register_forms.owners_none"),
            tall=False,
        ),
        items.big(
            say(lang, "register_forms.digitised_share"),
            say(lang, "register_forms.wall_digitised_line"),
            item_sums.rate(digital, lang),
            [say(lang, "register_forms.made_of", num=num, den=den)] if digital.den else [],
        ),
        items.listed(
            say(lang, "register_forms.wall_shares"),
            say(lang, "register_forms.wall_shares_line"),
            shares,
            empty="",
        ),
    ]
    said = items.sheet_facts(answer, lang)
    anything = bool(answer.rows)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="inventory", title=title, load=_load, render=render, order=75)
