"""Training: sessions held of those planned, month by month, and people who came and finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.times import period_words
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_cards import date_of
from ioc.queries.register_sheet import Sheet, pooled
from layouts import cards, item_parts, item_sums, states
from layouts.register_forms import Form

MONTHS, BOXES, SERIES = 12, 24, 30


def load(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The courses that the address chooses."""
    from ioc.queries.register_sheet import sheet

    return sheet(desk, view, scope, register)


def months(answer: Sheet) -> list[tuple[Period, int, int]]:
    """Per month up to the present one: courses that began in it, held or running, and planned."""
    found = []
    day = answer.today.replace(day=1)
    for _ in range(MONTHS):
        found.append(Period.of(Calendar.CALENDAR, Grain.MONTH, day))
        day = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)
    listed = []
    for period in reversed(found):
        ones = [row for row in answer.kept if _began_in(answer.register, row, period)]
        open_ = sum(row.state.code == "planned" for row in ones)
        listed.append((period, len(ones) - open_, open_))
    return listed


def _began_in(register: Register, row: ItemRow, period: Period) -> bool:
    began = date_of(row.values, register.start)
    dropped = row.phase is Phase.DROPPED
    return began is not None and not dropped and period.start <= began <= period.end


def tiles(answer: Sheet, lang: str) -> list[html.Div]:
    """Sessions, participation, completion and certificates, each of its own denominator."""
    register, kept = answer.register, answer.kept
    wanted = (
        ("sessions_share", "sessions_held", "sessions_planned"),
        ("enrolled_share", "enrolled", "scope"),
        ("completed_share", "completed", "enrolled"),
        ("certified_share", "certified", "enrolled"),
    )
    return [
        item_sums.share_tile(
            say(lang, f"register_forms.{name}"),
            pooled(kept, num, den),
            register.field(num),
            register.field(den),
            lang,
        )
        for name, num, den in wanted
    ]


def render(answer: Sheet, view: View) -> Component:
    """Four shares, the months, every series with its sessions, what was published."""
    lang, register = view.lang, answer.register
    held = pooled(answer.kept, "sessions_held", "sessions_planned")
    said = say(
        lang,
        "register_forms.training_said",
        count=number(len(answer.kept), lang),
        held=number(held.num, lang),
        planned=number(held.den, lang),
    )
    names = ("sessions_held", "enrolled", "completed", "certified")
    return item_sums.frame(
        answer,
        view,
        said,
        [
            html.Div(tiles(answer, lang), className="sum-tiles"),
            _months(answer, view),
            _sessions(answer, view),
            item_sums.published(answer, view, [register.field(one) for one in names]),
        ],
    )


def _months(answer: Sheet, view: View) -> html.Section:
    lang = view.lang
    boxes = []
    for period, held, planned in months(answer):
        words = say(lang, "register_forms.month_said", held=held, planned=planned)
        boxes.append(
            html.Li(
                [
                    html.Span(period_words(period, lang, short=True), className="month-name"),
                    html.B(number(held + planned, lang), className="figure"),
                    html.Span(words, className="month-words"),
                ],
                className="month is-held" if held else "month",
            )
        )
    return cards.panel(
        say(lang, "register_forms.months"),
        html.Ol(boxes, className="month-strip"),
        say(lang, "register_forms.months_line"),
        item_parts.marked(answer.kept, lang),
    )


def series(rows: Sequence[ItemRow]) -> list[tuple[ItemRow, int, int]]:
    """The courses that say how many sessions they planned and held, furthest behind first."""
    found = []
    for row in rows:
        held, planned = row.values.get("sessions_held"), row.values.get("sessions_planned")
        if isinstance(held, int) and isinstance(planned, int):
            found.append((row, held, planned))
    return sorted(found, key=lambda one: (one[1] - one[2], one[0].title))


def _sessions(answer: Sheet, view: View) -> html.Section:
    lang = view.lang
    title = say(lang, "register_forms.sessions")
    found = series(answer.kept)[:SERIES]
    if not found:
        hint = say(lang, "register_forms.sessions_none_hint")
        return cards.panel(title, states.blank(say(lang, "register_forms.sessions_none"), hint))
    heads = [
        say(lang, "register_forms.col_item"),
        say(lang, "register_forms.col_unit"),
        answer.register.field("schedule").label.say(lang),
        say(lang, "register_forms.col_sessions"),
        say(lang, "register_forms.sessions_share"),
    ]
    rows = [
        [
            item_parts.item_link(row, view),
            row.unit.short if row.unit else "–",
            str(row.values.get("schedule") or "–"),
            _boxes(held, planned),
            item_parts.share_words(held, planned, lang),
        ]
        for row, held, planned in found
    ]
    return cards.panel(
        title,
        item_parts.table(heads, rows, title, className="has-unit"),
        say(lang, "register_forms.sessions_line"),
        item_parts.marked([one[0] for one in found], lang),
    )


def _boxes(held: int, planned: int) -> Component:
    """A box a session, filled when it was held; many sessions are a bar."""
    if max(held, planned) > BOXES:
        return item_sums.bar(held, planned)
    boxes = [
        html.Span(className="session is-held" if at < held else "session")
        for at in range(max(held, planned))
    ]
    return html.Span(boxes, className="sessions")


FORM = Form(
    name="sessions",
    words="register_forms.form_sessions",
    load=load,
    render=render,
    fits=lambda register: register.key == "training",
    order=4,
)
