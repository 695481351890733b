"""The security posture: systems by what is watched, backed up, restored and drilled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.times import date_words
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_cards import date_of
from ioc.queries.register_sheet import Sheet, pooled
from layouts import cards, item_parts, item_sums
from layouts.attributes import attributes
from layouts.register_forms import Form

YEAR = 365
SYSTEMS = 60
"""Rows of the matrix: the weakest; the list has all of them."""
FLAGS = ("monitored", "backup", "restore_passed", "response")


def load(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The systems that the address chooses."""
    from ioc.queries.register_sheet import sheet

    return sheet(desk, view, scope, register)


def running(answer: Sheet) -> list[ItemRow]:
    """The units' own systems that are in use, the least covered first, then by level."""
    rows = [row for row in answer.kept if row.phase is not Phase.DROPPED]
    return sorted(
        rows,
        key=lambda row: (
            sum(row.values.get(one) is True for one in FLAGS),
            -_level(row),
            row.title,
        ),
    )


def _level(row: ItemRow) -> int:
    text = str(row.values.get("level") or "")
    return int(text) if text.isdigit() else 0


def flagged(rows: Sequence[ItemRow], name: str) -> tuple[int, int]:
    """Of how many systems a flag holds, and how many say whether it does."""
    said = [row.values[name] for row in rows if isinstance(row.values.get(name), bool)]
    return sum(one is True for one in said), len(said)


def tiles(answer: Sheet, lang: str) -> list[html.Div]:
    """Each flag as a share of the systems that say it, and drills held of those planned."""
    register, rows = answer.register, running(answer)
    shown = [
        item_sums.count_tile(register.field(one).label.say(lang), *flagged(rows, one), lang)
        for one in FLAGS
    ]
    drills = item_sums.share_tile(
        say(lang, "register_forms.drills_share"),
        pooled(rows, "drills_held", "drills_planned"),
        register.field("drills_held"),
        register.field("drills_planned"),
        lang,
    )
    return [*shown, drills]


def render(answer: Sheet, view: View) -> Component:
    """The shares, and a row a system."""
    lang, register = view.lang, answer.register
    rows = running(answer)
    full = sum(all(row.values.get(one) is True for one in FLAGS) for row in rows)
    said = say(
        lang,
        "register_forms.security_said",
        count=number(len(rows), lang),
        full=number(full, lang),
    )
    return item_sums.frame(
        answer,
        view,
        said,
        [
            html.Div(tiles(answer, lang), className="sum-tiles"),
            _matrix(answer, rows, view),
            item_sums.published(
                answer, view, [register.field(one) for one in ("level", "monitored", "backup")]
            ),
        ],
    )


def _matrix(answer: Sheet, rows: Sequence[ItemRow], view: View) -> html.Section:
    lang, register = view.lang, answer.register
    title = say(lang, "register_forms.matrix")
    names = ("monitored", "backup", "restored", "restore_passed", "response")
    heads = [
        say(lang, "register_forms.col_system"),
        register.field("level").label.say(lang),
        *(register.field(one).label.say(lang) for one in names),
        say(lang, "register_forms.drills_share"),
        register.field("due").label.say(lang),
    ]
    listed = [
        [
            html.Span([item_parts.item_link(row, view), html.Small(item_parts.owner(row))]),
            item_parts.value_of(row, register.field("level"), lang),
            *(
                restored(register, row, answer.today, lang)
                if one == "restored"
                else yes_no(row.values.get(one), lang)
                for one in names
            ),
            _drills(row, lang),
            item_parts.slip_chip(row, lang),
        ]
        for row in rows[:SYSTEMS]
    ]
    line = say(lang, "register_forms.matrix_line")
    if len(rows) > SYSTEMS:
        shown, count = number(SYSTEMS, lang), number(len(rows), lang)
        line += " · " + say(lang, "register_forms.matrix_first", shown=shown, count=count)
    return cards.panel(
        title,
        item_parts.table(heads, listed, title, className="is-matrix"),
        line,
        item_parts.marked(rows, lang),
    )


def yes_no(value: object, lang: str) -> html.Span:
    """Yes, no, or not said: a shape and a word each."""
    look, sign, key = "is-not-judged", "–", "unknown"
    if isinstance(value, bool):
        look, sign, key = ("is-reached", "●", "yes") if value else ("is-near", "▼", "no")
    return html.Span(
        [
            html.Span(sign, className="sign", **attributes(aria_hidden="true")),
            say(lang, f"register_forms.{key}"),
        ],
        className=f"matrix-mark {look}",
    )


def restored(register: Register, row: ItemRow, today: date, lang: str) -> html.Span:
    """When a restore was tried last; one of more than a year ago is due again."""
    day = date_of(row.values, "restored")
    if day is None:
        return yes_no(None, lang)
    old = (today - day).days > YEAR
    return html.Span(
        [
            html.Span("◆ " if old else "● ", className="sign", **attributes(aria_hidden="true")),
            date_words(day, lang),
        ],
        className=f"matrix-mark {'is-near' if old else 'is-reached'}",
    )


def _drills(row: ItemRow, lang: str) -> str:
    held, planned = row.values.get("drills_held"), row.values.get("drills_planned")
    if isinstance(held, int) and isinstance(planned, int):
        return f"{number(held, lang)}/{number(planned, lang)}"
    return number(held, lang) if isinstance(held, int) else "–"


FORM = Form(
    name="matrix",
    words="register_forms.form_matrix",
    load=load,
    render=render,
    fits=lambda register: register.key == "security",
    order=4,
)
