"""The three times of a figure: its period, when it was received, when its source was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from dash import html

from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.view import ZONE
from ioc.domain.words import date_words, duration_words, moment_words, period_words
from ioc.queries.answers import Cell, Heard
from layouts import components as parts
from layouts import held_marks, revised_marks

PERIODS = 2
"""As many different periods of a list are named; of more only the most common one is."""


def three_times(cell: Cell, now: datetime, lang: str) -> html.Div:
    """`T10/2026 · nhận 08:12 22/11 · kiểm tra 2 phút trước`, in whole words on hover.

    A figure older than its indicator allows says so instead of when it was checked (`cũ 3 ngày`),
    one whose source cannot be read says that; one of a past moment has not been checked since.
    """
    said = [
        html.Span(
            period_short(cell, lang),
            className="when-period is-overdue" if cell.overdue else "when-period",
        ),
        _received(cell, now, lang),
        _checked(cell, now, lang),
        _held(cell, lang),
        _corrected(cell, now, lang),
    ]
    return html.Div(
        [one for one in said if one is not None], className="when", title=told(cell, lang)
    )


def told(cell: Cell, lang: str) -> str:
    """The three times in whole words: `Kỳ: tháng 10/2026 · Nhận: … · Kiểm tra: …`."""
    nothing = say(lang, "words.nothing")
    return say(
        lang,
        "scenes.times_told",
        period=parts.period_line(cell, lang),
        received=moment_words(cell.received, lang) if cell.received else nothing,
        checked=moment_words(cell.checked, lang) if cell.checked else nothing,
    )


def times_of(cells: Sequence[Cell], now: datetime, lang: str) -> html.Div | None:
    """The three times of a list: its commonest period, first to last receipt, the oldest check."""
    counted = Counter(one.period for one in cells if one.period is not None)
    periods = [period for period, _ in counted.most_common()]
    received = [one.received for one in cells if one.received is not None]
    checked = [one.checked for one in cells if one.checked is not None]
    if not periods:
        return None
    said = [html.Span(_periods(periods, lang), className="when-period")]
    if received:
        span = _span(min(received), max(received), now, lang)
        said.append(html.Span(say(lang, "scenes.received", moment=span), className="when-received"))
    if checked:
        age = parts.age_span(min(checked), now, lang)
        said.append(html.Span([say(lang, "scenes.checked"), " ", age], className="when-checked"))
    return html.Div(said, className="when")


def times_heard(heard: Heard, now: datetime, lang: str) -> html.Div:
    """The three times of a register: the day of the count, its newest item, the oldest check."""
    day = date_words(heard.day, lang)
    said = [html.Span(say(lang, "scenes.counted", day=day), className="when-period")]
    if heard.received is not None:
        moment = moment_words(heard.received, lang, near=now)
        words = say(lang, "scenes.received", moment=moment)
        said.append(html.Span(words, className="when-received"))
    if heard.checked is not None:
        age = parts.age_span(heard.checked, now, lang)
        said.append(html.Span([say(lang, "scenes.checked"), " ", age], className="when-checked"))
    return html.Div(said, className="when")


def period_short(cell: Cell, lang: str) -> str:
    """The period in few letters; one of the administrative calendar says so."""
    if cell.period is None:
        return say(lang, "screen.no_period")
    words = _short(cell.period, lang)
    return say(lang, "scenes.overdue", period=words) if cell.overdue else words


def _short(period: Period, lang: str) -> str:
    words = period_words(period, lang, short=True)
    if period.calendar is Calendar.ADMINISTRATIVE:
        return say(lang, "screen.administrative_short", period=words)
    return words


def _periods(periods: Sequence[Period], lang: str) -> str:
    if len(periods) > PERIODS:
        return say(lang, "scenes.periods", period=_short(periods[0], lang), count=len(periods) - 1)
    return ", ".join(_short(one, lang) for one in periods)


def _received(cell: Cell, now: datetime, lang: str) -> html.Span | None:
    if cell.received is None:
        return None
    moment = moment_words(cell.received, lang, near=now)
    return html.Span(say(lang, "scenes.received", moment=moment), className="when-received")


def _checked(cell: Cell, now: datetime, lang: str) -> html.Span | None:
    known = [one for one in (cell.received, cell.checked) if one is not None]
    if cell.stale and known:
        age = duration_words(now - max(known), lang)
        return html.Span(say(lang, "scenes.old", age=age), className="when-checked is-old")
    if cell.checked is None:
        return None
    key, look = "scenes.checked", "when-checked"
    if cell.failing:
        key, look = "scenes.failing", "when-checked is-failing"
    age_of = parts.age_span(cell.checked, now, lang)
    return html.Span([say(lang, key), " ", age_of], className=look)


def _held(cell: Cell, lang: str) -> html.Span | None:
    """That another figure was given and waits for a person; what it is on hover."""
    told = held_marks.hint(cell, lang)
    if told is None:
        return None
    words = f"{held_marks.SIGN} {say(lang, 'held.mark')}"
    return html.Span(words, className="when-held", title=told)


def _corrected(cell: Cell, now: datetime, lang: str) -> html.Span | None:
    """That the figure changed in the last 24 hours after it was shown; from what on hover."""
    if cell.corrected is None or not cell.corrected.lately(now):
        return None
    return revised_marks.mark(cell, now, lang, look="when-corrected")


def _span(first: datetime, last: datetime, now: datetime, lang: str) -> str:
    """From the first to the last moment, with the hours where both fall on one day."""
    one, other = first.astimezone(ZONE), last.astimezone(ZONE)
    if one.date() != other.date():
        days = (date_words(one.date(), lang), date_words(other.date(), lang))
        return "–".join(day[:-5] if one.year == other.year == now.year else day for day in days)
    moment = moment_words(last, lang, near=now)
    return moment if f"{one:%H:%M}" == f"{other:%H:%M}" else f"{one:%H:%M}–{moment}"
