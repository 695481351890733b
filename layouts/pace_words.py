"""The pace to a target in words: what is needed, what was done, when it is reached, how sure."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent, points
from ioc.domain.pace import Outlook, Pace
from ioc.domain.pace_steps import LEAST, MOST
from ioc.domain.period import Grain
from ioc.domain.target import Target
from ioc.domain.words import date_words, period_words, value_words
from layouts.goals import goal_words

PLACES = 1
"""Decimals of what is foretold and of paces: more would be a precision that nobody has."""
_GRAINS = {
    Grain.DAY: "day",
    Grain.WEEK: "week",
    Grain.MONTH: "month",
    Grain.QUARTER: "quarter",
    Grain.HALF: "half",
    Grain.YEAR: "year",
}


def amount(of: Indicator, value: Fraction, lang: str, *, places: int = PLACES) -> str:
    """A signed movement: `+1,9 điểm %`, `−12`; what rounds to nought gets one more decimal."""
    while places < 4 and value and not round(value * of.unit_factor * 10**places):
        places += 1
    if of.kind is Kind.RATIO:
        return points(value, lang, places)
    return number(value, lang, places, sign=True, trim=True)


def per_period(of: Indicator, value: Fraction, lang: str) -> str:
    """`+1,9 điểm % mỗi tháng`, by the indicator's own cadence."""
    return say(lang, f"pace.per_{_GRAINS[of.cadence]}", amount=amount(of, value, lang))


def about(of: Indicator, value: Fraction, lang: str) -> str:
    """A value that is foretold: one decimal for a share, whole for a count."""
    places = PLACES if of.kind is Kind.RATIO else 0
    return value_words(of, value, lang, decimals=min(places, max(of.decimals, places)))


def outlook(found: Pace, lang: str) -> str:
    """The outlook in a few words; where the range says otherwise than the middle, it says so."""
    known = (Outlook.ON_TIME, Outlook.LATE, Outlook.NEVER)
    unsure = "_unsure" if found.outlook in known and not found.sure else ""
    return say(lang, f"pace.outlook_{found.outlook.value}{unsure}")


def needed(of: Indicator, found: Pace, lang: str) -> str:
    """What each period left must bring."""
    if found.outlook is Outlook.REACHED:
        return say(lang, "pace.needed_zero")
    if found.needed is None:
        return say(lang, "pace.needed_none")
    return per_period(of, found.needed, lang)


def moved(of: Indicator, found: Pace, lang: str) -> str:
    """What the last three periods brought, each."""
    if found.moved is None:
        return say(lang, "pace.moved_unknown")
    return per_period(of, found.moved, lang)


def left(found: Pace, lang: str) -> str:
    """How many periods and working days are left."""
    days = number(found.workdays, lang)
    if not found.left:
        return say(lang, "pace.left_none", days=days)
    return say(lang, "pace.left", left=number(found.left, lang), days=days)


def arrival(found: Pace, lang: str) -> str:
    """When the target is reached at today's pace: likely, earliest and latest; or why not told."""
    if found.outlook is Outlook.REACHED:
        return say(lang, "pace.already")
    if found.arrival is None and found.steps >= LEAST:
        return say(lang, "pace.moved_unknown")
    if found.arrival is None:
        return say(lang, "pace.unknown", least=LEAST, count=number(found.steps, lang))
    one = found.arrival
    when = {
        name: _when(found, periods, lang)
        for name, periods in (
            ("earliest", one.earliest),
            ("likely", one.likely),
            ("latest", one.latest),
        )
    }
    if found.outlook is Outlook.NEVER:
        if one.earliest is None:
            return say(lang, "pace.never_likely")
        return say(lang, "pace.never", earliest=when["earliest"])
    return say(lang, "pace.arrival", **when)


def _when(found: Pace, periods: int | None, lang: str) -> str:
    if periods is None or periods > MOST or found.last is None:
        return say(lang, "pace.not_in_sight")
    return period_words(found.last.shift(periods), lang)


def at_deadline(of: Indicator, found: Pace, lang: str) -> str | None:
    """Where today's pace leads by the deadline, as a range."""
    if found.at_end is None:
        return None
    low, likely, high = (
        about(of, one, lang) for one in (found.at_end.low, found.at_end.likely, found.at_end.high)
    )
    if low == high:
        return say(lang, "pace.led_same", likely=likely)
    return say(lang, "pace.led", low=low, high=high, likely=likely)


def last_year(of: Indicator, found: Pace, lang: str) -> str | None:
    """What last year brought over the same periods, and what it would make this year."""
    one = found.season
    if one is None:
        return None
    key = "pace.season" if one.scale is not None else "pace.season_unscaled"
    limit = Fraction(1) if of.kind is Kind.RATIO and not of.may_exceed else None
    expected = max(one.expected, Fraction(0))
    expected = expected if limit is None else min(expected, limit)
    then = amount(of, one.then, lang)
    return say(lang, key, then=then, expected=about(of, expected, lang))


def whole_year(of: Indicator, found: Pace, lang: str) -> list[str]:
    """The pooled year so far, and what the periods left must be."""
    one = found.year
    if one is None or found.last is None or found.target is None:
        return []
    target = goal_words(of, found.target, lang)
    rate = percent(one.rate, lang, of.decimals)
    year = str(found.last.name_year)
    said = [say(lang, "pace.year", year=year, months=number(one.months, lang), rate=rate)]
    how = say(lang, "pace.year_shape" if one.shaped else "pace.year_mean")
    if one.needed is None or one.most is None:
        return said
    if one.needed <= 0:
        return [*said, say(lang, "pace.year_sure", target=target)]
    if one.needed > 1 and not of.may_exceed:
        most = percent(one.most, lang, PLACES)
        return [*said, say(lang, "pace.year_out", target=target, most=most, how=how)]
    need = percent(one.needed, lang, PLACES)
    return [*said, say(lang, "pace.year_needed", target=target, needed=need, how=how)]


def why_this_day(target: Target, until: date, lang: str) -> str | None:
    """Why the deadline is that day, where the target does not say it."""
    if target.carried_year is not None:
        given = {"carried": str(target.carried_year), "year": str(until.year)}
        return say(lang, "pace.deadline_carried", **given)
    if target.valid_to is None:
        return say(lang, "pace.deadline_year", year=str(until.year))
    return None


def sentence(of: Indicator, found: Pace, lang: str) -> str | None:
    """`Cần +1,9 điểm % mỗi tháng đến 31/12/2026 (…); ba kỳ qua +0,7 điểm % mỗi tháng.`"""
    if found.deadline is None:
        return None
    return say(
        lang,
        "pace.sentence",
        needed=needed(of, found, lang),
        day=date_words(found.deadline, lang),
        left=left(found, lang),
        moved=moved(of, found, lang),
    )
