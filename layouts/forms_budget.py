"""Money by source of funds: allocated and disbursed, and whether totals are their parts' sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from ioc.domain.item_words import choice_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import PartsRule, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_sheet import Pooled, Sheet, added, pooled
from layouts import cards, item_parts, item_sums
from layouts.register_forms import Form

CHECKED = 40


@dataclass(frozen=True, slots=True)
class Fund:
    """The projects of one source of funds."""

    name: str
    items: int
    registered: int
    money: Pooled


def load(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The projects that the address chooses."""
    from ioc.queries.register_sheet import sheet

    return sheet(desk, view, scope, register)


def funds(answer: Sheet, lang: str) -> list[Fund]:
    """The units' own projects by source of funds, most allocated first."""
    field = answer.register.field("source")
    by: dict[str, list[ItemRow]] = defaultdict(list)
    for row in answer.kept:
        by[str(row.values.get("source") or "")].append(row)
    found = [
        Fund(
            choice_words(field, code, lang) if code else say(lang, "register_forms.no_value"),
            len(rows),
            added(rows, "total")[0],
            pooled(rows, "disbursed", "allocated"),
        )
        for code, rows in by.items()
    ]
    return sorted(found, key=lambda one: (-one.money.den, -one.registered, one.name))


def render(answer: Sheet, view: View) -> Component:
    """Three figures, sources of funds, the check of parts, what was published."""
    lang, register = view.lang, answer.register
    whole = pooled(answer.kept, "disbursed", "allocated")
    total, said_by = added(answer.kept, "total")
    tiles = [
        item_sums.tile(
            register.field("total").label.say(lang),
            item_sums.amount(register.field("total"), total, lang) if said_by else "–",
            [say(lang, "register_forms.over_items", count=number(said_by, lang))],
        ),
        item_sums.share_tile(
            say(lang, "register_forms.disbursed_share"),
            whole,
            register.field("disbursed"),
            register.field("allocated"),
            lang,
        ),
    ]
    columns = [register.field(one) for one in ("total", "investment", "regular")]
    return item_sums.frame(
        answer,
        view,
        said(answer, view),
        [
            html.Div(tiles, className="sum-tiles"),
            _funds(answer, view),
            _checks(answer, view),
            item_sums.published(answer, view, columns),
        ],
    )


def said(answer: Sheet, view: View) -> str:
    """How much of what was allocated is disbursed, and how many totals are not their parts."""
    lang, register = view.lang, answer.register
    whole = pooled(answer.kept, "disbursed", "allocated")
    wrong = sum(bool(row.differs) for row in answer.rows)
    parts = [
        say(
            lang,
            "register_forms.budget_said",
            share=item_sums.rate(whole, lang),
            num=item_sums.amount(register.field("disbursed"), whole.num, lang),
            den=item_sums.amount(register.field("allocated"), whole.den, lang),
        ),
        say(lang, "register_forms.parts_wrong" if wrong else "register_forms.parts_right",
            count=number(wrong, lang)),
    ]  # fmt: skip
    return " ".join(parts)


def _funds(answer: Sheet, view: View) -> html.Section:
    lang, register = view.lang, answer.register
    title = say(lang, "register_forms.funds")
    heads = [
        register.field("source").label.say(lang),
        say(lang, "register_forms.col_items"),
        *(register.field(one).label.say(lang) for one in ("total", "allocated", "disbursed")),
        say(lang, "register_forms.disbursed_share"),
    ]
    rows = [
        [
            one.name,
            number(one.items, lang),
            item_sums.amount(register.field("total"), one.registered, lang),
            item_sums.amount(register.field("allocated"), one.money.den, lang),
            item_sums.amount(register.field("disbursed"), one.money.num, lang),
            html.Span(
                [item_sums.bar(one.money.num, one.money.den), item_sums.rate(one.money, lang)],
                className="sum-cell",
            ),
        ]
        for one in funds(answer, lang)
    ]
    return cards.panel(
        title,
        item_parts.table(heads, rows, title),
        say(lang, "register_forms.funds_line"),
        item_parts.marked(answer.kept, lang),
    )


def _checks(answer: Sheet, view: View) -> html.Section | None:
    """Every item that says a total and all its parts, those that do not add up first."""
    lang, register = view.lang, answer.register
    if not register.parts:
        return None
    rule = register.parts[0]
    rows = checked(answer.rows, rule)
    title = say(lang, "register_forms.checks")
    total = register.field(rule.total)
    heads = [
        say(lang, "register_forms.col_item"),
        say(lang, "register_forms.col_unit"),
        total.label.say(lang),
        *(register.field(one).label.say(lang) for one in rule.of),
        say(lang, "register_forms.col_difference"),
    ]
    listed = []
    for row, difference in rows[:CHECKED]:
        words = item_sums.amount(total, difference, lang)
        mark = html.Span(["▼ ", words], className="late-count is-at-risk") if difference else "0"
        amounts = [item_parts.value_of(row, register.field(one), lang) for one in rule.of]
        listed.append(
            [
                item_parts.item_link(row, view),
                row.unit.short if row.unit else "–",
                item_parts.value_of(row, total, lang),
                *amounts,
                mark,
            ]
        )
    return cards.panel(
        title,
        item_parts.table(heads, listed, title, className="has-unit"),
        say(lang, "register_forms.checks_line", count=number(len(rows), lang)),
    )


def checked(rows: Sequence[ItemRow], rule: PartsRule) -> list[tuple[ItemRow, int]]:
    """The items that say a total and all parts, with total minus parts, largest misses first."""
    found = []
    for row in rows:
        figures = [row.values.get(one) for one in (rule.total, *rule.of)]
        numbers = [one for one in figures if isinstance(one, int)]
        if len(numbers) == len(figures):
            found.append((row, numbers[0] - sum(numbers[1:])))
    return sorted(found, key=lambda pair: -abs(pair[1]))


FORM = Form(
    name="money",
    words="register_forms.form_money",
    load=load,
    render=render,
    fits=lambda register: register.key == "budget",
    order=4,
)
