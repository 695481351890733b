"""The overview's list of overdue tasks and milestones, and the unit page's panel of registers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.item_words import slip_words
from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.view import View
from ioc.queries.answers import LateItem, LateItems, RegisterStand, UnitRef
from layouts import cards, item_parts, states
from layouts import components as parts


def red(answer: LateItems, view: View, chosen: Sequence[UnitRef] = ()) -> html.Section:
    """The longest overdue, with how many there are in each register and the way to all of them.

    Of several `chosen` units there is no list of their own that could be led to.
    """
    lang = view.lang
    anything = any(one.all for one in answer.stands)
    body: Any = states.blank(
        say(lang, "register_forms.red_empty"), say(lang, "register_forms.red_empty_hint")
    )
    if anything:
        body = states.blank(
            say(lang, "register_forms.red_none"),
            say(lang, "register_forms.red_none_hint"),
            sign="●",
        )
    if answer.items:
        body = html.Ol([_row(one, view) for one in answer.items], className="red-rows")
    counts = [_all_of(one, view, chosen) for one in answer.stands if one.overdue]
    return cards.panel(
        say(lang, "register_forms.red"),
        [body, html.Div(counts, className="late-counts") if counts else None],
        say(lang, "register_forms.red_line"),
        parts.illustrative_mark(lang, any(one.illustrative for one in answer.items)),
        html.Span(number(answer.overdue, lang) if anything else "–", className="red-count"),
        className=f"{parts.red_look(answer.overdue, judged=anything)} late-items",
    )


def _all_of(one: RegisterStand, view: View, chosen: Sequence[UnitRef]) -> Component:
    words = say(
        view.lang,
        "register_forms.red_of",
        count=number(one.overdue, view.lang),
        things=one.register.name.say(view.lang).lower(),
    )
    if len(chosen) > 1:
        return html.Span(words, className="hint")
    unit = {"unit": chosen[0].key} if chosen else {}
    href = item_parts.register_address(view, one.register.key, due="overdue", units=(), **unit)
    return dcc.Link(words, href=href, className="more")


def _row(one: LateItem, view: View) -> html.Li:
    lang = view.lang
    owner = " · ".join(name for name in (one.unit.short if one.unit else "", one.person) if name)
    link = html.A(
        [
            html.Span(one.title, className="red-unit", title=one.title),
            html.Span(slip_words(one.slip, one.late, lang), className="red-much"),
            html.Span(owner, className="red-what"),
        ],
        href=item_parts.item_address(view, one.register.key, one.key),
        className="red-row",
    )
    return html.Li(link)


def registers(stands: Sequence[RegisterStand], view: View, unit: str) -> html.Section | None:
    """Every register in which the unit has items: counts that lead to the lists."""
    lang = view.lang
    title = say(lang, "register_forms.unit_panel")
    shown = [one for one in stands if one.all]
    if not shown:
        return None
    unknown = any(one.unknown for one in shown)
    names = ["register", "all", "open", "overdue", "done", "incomplete"]
    if unknown:
        names.insert(-1, "unknown")
    heads = [say(lang, f"register_forms.col_{one}") for one in names]
    rows = [_stand(one, view, unit, unknown=unknown) for one in shown]
    return cards.panel(
        title,
        item_parts.table(heads, rows, title),
        say(lang, "register_forms.unit_panel_line"),
        className="unit-registers",
    )


def _stand(one: RegisterStand, view: View, unit: str, *, unknown: bool) -> list[Any]:
    lang, key = view.lang, one.register.key

    def link(count: int, **narrow: Any) -> Any:
        if not count:
            return number(0, lang)
        href = item_parts.register_address(view, key, unit=unit, **narrow)
        return dcc.Link(number(count, lang), href=href)

    overdue: Any = "–"
    if one.register.due is not None:
        overdue = link(one.overdue, due="overdue")
        if one.overdue:
            word = say(lang, "register_forms.week_overdue")
            said = html.Span(f" {word}", className="visually-hidden")
            overdue = html.Span(["▼ ", overdue, said], className="late-count is-at-risk")
    name = dcc.Link(
        one.register.name.say(lang), href=item_parts.register_address(view, key, unit=unit)
    )
    return [
        name,
        number(one.all, lang),
        link(one.open, state="all-open"),
        overdue,
        link(one.done, state="all-done"),
        *([link(one.unknown, state="all-unknown")] if unknown else []),
        link(one.incomplete, where=("missing.any",)),
    ]
