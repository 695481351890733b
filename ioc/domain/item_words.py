"""What a register's items say, in words: values of fields, due dates, how late something is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from ioc.domain.due import Due
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.period import Grain
from ioc.domain.register import ItemField, Kind, filled
from ioc.domain.times import date_words, period_words
from ioc.domain.words import list_words

PERCENT_SCALE = 100_000
"""A body's percents are thousandths of a percent point: 95,5 % is 95500 of 100000."""


def value_words(
    field: ItemField, value: object, lang: str, names: Mapping[str, str] | None = None
) -> str:
    """A value of a body in words, with its unit of measure; `–` for none, which is no zero.

    `names` gives words for the keys of units, indicators and items; a key without one, and a
    choice that is no longer declared, stands as it is.
    """
    if not filled(value):
        return say(lang, "words.nothing")
    match field.kind:
        case Kind.COUNT | Kind.AMOUNT if isinstance(value, int):
            return amount_words(field, Fraction(value, 10**field.decimals), lang)
        case Kind.PERCENT if isinstance(value, int):
            return percent(Fraction(value, PERCENT_SCALE), lang, 3, trim=True)
        case Kind.DATE:
            return date_words(date.fromisoformat(str(value)), lang)
        case Kind.DUE:
            return due_words(Due.parse(str(value)), lang)
        case Kind.FLAG:
            return say(lang, "register.yes" if value is True else "register.no")
        case Kind.CHOICE:
            return choice_words(field, str(value), lang)
        case Kind.CHOICES if isinstance(value, list):
            return list_words([choice_words(field, str(one), lang) for one in value], lang)
        case Kind.UNIT | Kind.INDICATOR | Kind.ITEM:
            return (names or {}).get(str(value), str(value))
        case _:
            return str(value)


def amount_words(field: ItemField, value: Fraction, lang: str) -> str:
    """A number of a field, already unscaled, with its unit of measure: `412,383 tỷ đồng`."""
    text = number(value, lang, field.decimals, trim=True)
    unit = field.unit_of_measure
    return f"{text} {unit.say(lang)}" if unit else text


def choice_words(field: ItemField, code: str, lang: str) -> str:
    """The name of a declared choice, else its code."""
    choice = field.choice(code)
    return choice.name.say(lang) if choice else code


def facet_words(
    field: ItemField, value: str, lang: str, names: Mapping[str, str] | None = None
) -> str:
    """A facet's value, which is always a text, in words; an empty one says that there is none."""
    if value == "":
        return say(lang, "register.facet_none")
    if field.kind is Kind.FLAG:
        return say(lang, "register.yes" if value == "true" else "register.no")
    if field.kind is Kind.CHOICES:
        return choice_words(field, value, lang)
    return value_words(field, value, lang, names)


def due_words(due: Due | None, lang: str) -> str:
    """A due date as exactly as it is known: `30/10/2025`, `tháng 9/2026`, `quý III/2026`."""
    if due is None:
        return say(lang, "words.nothing")
    if due.precision is Grain.DAY:
        return date_words(due.day, lang)
    return period_words(due.period, lang)


def slip_words(slip: int | None, late: int, lang: str, *, done: bool = False) -> str:
    """How late something is or was: `quá hạn 23 ngày làm việc`, `còn 5 ngày`, `đúng hạn`.

    `slip` are days after the last day in time (below zero while there is time left), `late`
    working days of them. A date that passed over a weekend only is not a working day late.
    """
    if slip is None:
        return ""
    if slip > 0:
        key = "done_late" if done else "late"
        if late == 0:
            return say(lang, f"register.{key}_days", count=number(slip, lang))
        return say(lang, f"register.{key}", count=number(late, lang))
    if done:
        return say(lang, "register.done_in_time")
    if slip == 0:
        return say(lang, "register.due_today")
    return say(lang, "register.days_left", count=number(-slip, lang))


def degrees_words(lat: float, lon: float, lang: str) -> str:
    """A point in degrees: `19,80750° vĩ bắc, 105,77640° kinh đông`."""
    places = 5
    words = {
        "lat": number(Fraction(round(abs(lat) * 10**places), 10**places), lang, places),
        "lon": number(Fraction(round(abs(lon) * 10**places), 10**places), lang, places),
        "ns": say(lang, "register.north" if lat >= 0 else "register.south"),
        "ew": say(lang, "register.east" if lon >= 0 else "register.west"),
    }
    return say(lang, "register.degrees", **words)
