"""Items on a line of time: due dates as wide as they are exact, baseline, slip and today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dash import html
from dash.development.base_component import Component

from ioc.domain.due import Due
from ioc.domain.item_words import due_words
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.register import Phase, Register
from ioc.domain.times import date_words, period_words
from ioc.domain.view import View
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_cards import due_of
from layouts import item_parts
from layouts.attributes import attributes

MARKS = 7
"""So many months, quarters or years are written above the line at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a line shows, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return max((self.last - self.first).days, 1)

    def at(self, day: date) -> float:
        """Where a day lies, from 0 at the beginning to 100 at the end."""
        return max(0.0, min(100.0, 100 * (day - self.first).days / self.days))

    def box(self, first: date, last: date) -> dict[str, str]:
        """The place of a span of days; never too narrow to be seen."""
        left = self.at(first)
        return {"left": f"{left:.2f}%", "width": f"{max(self.at(last) - left, 0.6):.2f}%"}


def span_of(register: Register, rows: Sequence[ItemRow], today: date) -> Span:
    """From the earliest to the latest day of any of them, today included, with some air."""
    days = [today]
    for row in rows:
        for due in (row.due, _baseline(register, row)):
            if due is not None:
                days += [due.period.start, due.day]
        if row.done is not None:
            days.append(row.done)
    air = timedelta(days=max(10, (max(days) - min(days)).days // 30))
    return Span(min(days) - air, max(days) + air)


def marks(span: Span, lang: str) -> list[tuple[float, str]]:
    """Where months, quarters or years begin: as many as can be written beside each other."""
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        found = []
        day = span.first
        while day <= span.last:
            period = Period.of(Calendar.CALENDAR, grain, day)
            if period.start >= span.first:
                found.append((span.at(period.start), period_words(period, lang, short=True)))
            day = period.end + timedelta(days=1)
        if len(found) <= MARKS or grain is Grain.YEAR:
            return found[:: -(-len(found) // MARKS) or 1]
    return []


def line(register: Register, row: ItemRow, span: Span, today: date) -> html.Div:
    """One item: its due date, its baseline hollow, and from its due date how far it slipped."""
    drawn: list[Component] = []
    base = _baseline(register, row)
    if base is not None and base != row.due:
        drawn.append(html.Span(className="tl-base", style=span.box(base.period.start, base.day)))
    until = row.done if row.phase is Phase.DONE else today
    if row.due is not None:
        if row.slip and row.slip > 0 and until is not None:
            drawn.append(
                html.Span(
                    className=f"tl-slip {item_parts.look(row)}",
                    style=span.box(row.due.day, until),
                )
            )
        due = row.due
        exact = "is-day" if due.precision is Grain.DAY else "is-span"
        drawn.append(
            html.Span(className=f"tl-due {exact}", style=span.box(due.period.start, due.day))
        )
    if row.done is not None:
        drawn.append(html.Span(className="tl-done", style={"left": f"{span.at(row.done):.2f}%"}))
    drawn.append(html.Span(className="tl-today", style={"left": f"{span.at(today):.2f}%"}))
    return html.Div(drawn, className="tl-line", **attributes(aria_hidden="true"))


def axis(span: Span, today: date, lang: str) -> html.Div:
    """What the line's places mean: months or years, and today."""
    ticks = [
        html.Span(words, className="tl-tick", style={"left": f"{at:.2f}%"})
        for at, words in marks(span, lang)
    ]
    return html.Div(ticks, className="tl-axis", **attributes(aria_hidden="true"))


def dates_said(register: Register, row: ItemRow, lang: str) -> str:
    """Due date, baseline and the day it was done, in words."""
    base = _baseline(register, row)
    said = [say(lang, "register_forms.due", due=due_words(row.due, lang))]
    if base is not None and base != row.due:
        said.append(say(lang, "register_forms.baseline", due=due_words(base, lang)))
        if row.due is not None:
            moved = (row.due.day - base.day).days
            if moved:
                key = "moved_later" if moved > 0 else "moved_earlier"
                said.append(say(lang, f"register_forms.{key}", count=abs(moved)))
    if row.done is not None:
        said.append(say(lang, "register_forms.done_on", day=date_words(row.done, lang)))
    return " · ".join(said)


def slip_days(row: ItemRow, lang: str) -> str:
    """The slip in days of the calendar, as papers count it: `trễ 62 ngày`."""
    if row.slip is None or row.slip <= 0:
        return item_parts.slip_said(row, lang)
    return say(lang, "register_forms.slipped", count=row.slip)


def _baseline(register: Register, row: ItemRow) -> Due | None:
    return due_of(row.values, register.baseline)


def legend(lang: str, view: View) -> html.P:
    """What the shapes of the line mean."""
    shapes = ("due", "base", "slip", "done", "today")
    return html.P(
        [
            html.Span(
                [
                    html.Span(className=f"tl-key tl-key-{one}"),
                    say(lang, f"register_forms.key_{one}"),
                ],
                className="tl-legend-item",
            )
            for one in shapes
        ],
        className="tl-legend",
    )
