"""Money: what is disbursed of what was allocated, by source of funds, and who lags behind."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_sheet import Sheet, pooled
from ioc.web.scene import Scene
from layouts import forms_budget, item_parts, item_sums
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> Sheet:
    return forms_budget.load(desk, view, scope, desk.registers.by_key("budget"))


def title(answer: Sheet, view: View) -> str:
    """`Kinh phí, giải ngân: Cả nước`."""
    return say(view.lang, "register_forms.scene_budget", unit=answer.unit.name)


def render(answer: Sheet, view: View) -> Component:
    """Projects disbursed least, sources of funds, the pooled rate, the check of parts."""
    lang, register = view.lang, answer.register
    disbursed, allocated = register.field("disbursed"), register.field("allocated")

    def _of(num: int, den: int) -> str:
        return f"{item_sums.plain(disbursed, num, lang)}/{item_sums.plain(allocated, den, lang)}"

    rated = []
    for one in answer.kept:
        num, den = one.values.get("disbursed"), one.values.get("allocated")
        if isinstance(num, int) and isinstance(den, int) and den:
            rated.append((Fraction(num, den), num, den, one))
    rated.sort(key=lambda one: (one[0], one[3].key))
    projects = [
        items.row(
            one.title,
            item_parts.share_only(num, den, lang),
            what=item_parts.owner(one),
            under=_of(num, den),
            share=share,
            plain=True,
        )
        for share, num, den, one in rated
    ]
    funds = [
        items.row(
            one.name,
            item_sums.rate(one.money, lang),
            under=_of(one.money.num, one.money.den),
            share=Fraction(one.money.num, one.money.den) if one.money.den else None,
            plain=True,
        )
        for one in forms_budget.funds(answer, lang)
    ]
    whole = pooled(answer.kept, "disbursed", "allocated")
    checks = [
        items.row(
            row.title,
            item_sums.plain(register.field("total"), difference, lang),
            what=item_parts.owner(row),
            look="is-at-risk" if difference else "is-reached",
        )
        for row, difference in forms_budget.checked(answer.rows, register.parts[0])
    ]
    made = item_sums.amount(disbursed, whole.num, lang)
    of = item_sums.amount(allocated, whole.den, lang)
    cards = [
        items.listed(
            say(lang, "register_forms.wall_projects"),
            say(lang, "register_forms.wall_funds_line"),
            projects,
            empty=say(lang, "register_forms.not_said"),
            named=True,
        ),
        items.listed(
            say(lang, "register_forms.checks"),
            say(lang, "register_forms.wall_checks_line"),
            checks,
            empty=say(lang, "register_forms.not_said"),
            named=True,
        ),
        items.big(
            say(lang, "register_forms.wall_money"),
            say(lang, "register_forms.wall_money_line"),
            item_sums.rate(whole, lang),
            [say(lang, "register_forms.made_of", num=made, den=of)] if whole.den else [],
        ),
        items.listed(
            say(lang, "register_forms.funds"),
            say(lang, "register_forms.wall_funds_line"),
            funds,
            empty=say(lang, "register_forms.not_said"),
            named=True,
        ),
    ]
    said = items.sheet_facts(answer, lang)
    anything = bool(answer.rows)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="budget", title=title, load=_load, render=render, order=74)
