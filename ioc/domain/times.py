"""Days, moments, ages and periods in words, in Vietnamese time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ioc.domain.messages import say
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.view import ZONE

_NAMED = (Grain.MONTH, Grain.QUARTER)
_STEPS = (
    (timedelta(minutes=1), timedelta(hours=1), "minutes"),
    (timedelta(hours=1), timedelta(days=1), "hours"),
    (timedelta(days=1), timedelta(days=60), "days"),
    (timedelta(days=30), timedelta(days=730), "months"),
    (timedelta(days=365), timedelta.max, "years"),
)


def date_words(day: date, lang: str) -> str:
    """A day: `01/07/2025`, in English `1 Jul 2025`."""
    if lang == "en":
        return f"{day.day} {say(lang, f'words.month_{day.month}')} {day.year}"
    return f"{day:%d/%m/%Y}"


def moment_words(moment: datetime, lang: str, *, near: datetime | None = None) -> str:
    """A moment on the Vietnamese clock: `14:05 22/11/2026`; no year where `near` has the same."""
    local = moment.astimezone(ZONE)
    if near is not None and near.astimezone(ZONE).year == local.year:
        return f"{local:%H:%M} {_in_year(local.date(), lang)}"
    return f"{local:%H:%M} {date_words(local.date(), lang)}"


def range_words(first: date, last: date, lang: str) -> str:
    """From the first to the last day, both included: `15/09–14/10/2026`."""
    short = _in_year(first, lang) if first.year == last.year else date_words(first, lang)
    return f"{short}–{date_words(last, lang)}"


def _in_year(day: date, lang: str) -> str:
    return date_words(day, lang)[:-5]


def duration_words(length: timedelta, lang: str) -> str:
    """A length of time in its largest full unit: `3 phút`; below a minute `dưới 1 phút`."""
    for size, below, unit in _STEPS:
        if size <= length < below:
            return say(lang, f"words.{unit}", number=length // size)
    return say(lang, "words.under_a_minute")


def age_words(age: timedelta, lang: str) -> str:
    """How long ago: `vừa xong`, `3 phút trước`; a clock running ahead is `vừa xong` too."""
    if age < timedelta(minutes=1):
        return say(lang, "words.just_now")
    return say(lang, "words.ago", duration=duration_words(age, lang))


def age_steps(lang: str) -> dict[str, object]:
    """`age_words` as data for the script that lets ages grow on the screen.

    `now` is said below a minute, `ago` holds a length of time, `steps` are its sizes in seconds
    (from, below or null, length of one) with their words; the first that fits is used.
    """
    steps = [
        [
            int(size.total_seconds()),
            None if below == timedelta.max else int(below.total_seconds()),
            say(lang, f"words.{unit}", number="{number}"),
        ]
        for size, below, unit in _STEPS
    ]
    ago = say(lang, "words.ago", duration="{duration}")
    return {"now": say(lang, "words.just_now"), "ago": ago, "steps": steps}


def period_words(period: Period, lang: str, *, short: bool = False) -> str:
    """A period: `tháng 10/2026`, `quý III/2026`, `6 tháng đầu năm 2026`, `năm 2026`.

    An administrative period says which days it covers, since its name alone would mean others:
    `tháng 7/2025 (kỳ báo cáo 15/06–14/07/2025)`. `short` is for axes: `T10/2026`, without days.
    """
    name = _name(period, lang, "short" if short else "long")
    plain = period.calendar is Calendar.CALENDAR or period.grain in (Grain.DAY, Grain.WEEK)
    if short or plain:
        return name
    days = range_words(period.start, period.end, lang)
    return say(lang, "words.administrative", period=name, days=days)


def _name(period: Period, lang: str, length: str) -> str:
    if period.grain is Grain.DAY:
        return date_words(period.start, lang) if length == "long" else _in_year(period.start, lang)
    key = f"words.{length}_{period.grain.value}"
    if period.grain is Grain.HALF:
        key += f"_{period.number}"
    named = (
        say(lang, f"words.{period.grain}_name_{period.number}") if period.grain in _NAMED else ""
    )
    return say(
        lang,
        key,
        number=period.number,
        name=named,
        year=period.name_year,
        days=range_words(period.start, period.end, lang),
    )
