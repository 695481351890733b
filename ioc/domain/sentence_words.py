"""What is known of a figure, in words: each part of a sentence in Vietnamese or English."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.measure import Bound, Empty, Figure, Kind
from ioc.domain.messages import knows, say
from ioc.domain.numbers import number, percent
from ioc.domain.period import Period
from ioc.domain.ranking import Place
from ioc.domain.register import Register
from ioc.domain.target import Status, Target
from ioc.domain.words import (
    counts_words,
    period_words,
    range_words,
    status_words,
    value_words,
)


@dataclass(frozen=True, slots=True)
class Below:
    """How the units below stand: the best and the worst with their figures, and how many."""

    best: tuple[str, Figure] | None = None
    worst: tuple[str, Figure] | None = None
    statuses: tuple[tuple[Status, int], ...] = ()
    silent: int = 0

    def count(self, status: Status) -> int:
        """How many units have this status."""
        return dict(self.statuses).get(status, 0)


@dataclass(frozen=True, slots=True)
class Stand:
    """What is known of an indicator of a unit in a period, as its page shows it.

    `change` is in the figure's own unit against the period before, whose figure is `before`;
    `uneven` warns that not the same units reported in both. `below` is None where nobody below
    reports. `other_days` says that the indicator's own calendar has other days than the period
    that the text is about.
    """

    indicator: Indicator
    unit: str
    unit_short: str
    period: Period | None
    figure: Figure
    status: Status = Status.NOT_JUDGED
    target: Target | None = None
    change: Fraction | None = None
    uneven: bool = False
    before: Figure | None = None
    place: Place | None = None
    below: Below | None = None
    other_days: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How many items of a register stand how under a unit, by the fields of a gap."""

    register: Register
    unit: str
    counts: tuple[tuple[str, int], ...]
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A part in words; `missing` when it says that there is no figure.

    `asides` follow in brackets unless the sentence has them itself: (field, words). `lacking`
    says which data are not there, naming indicator and unit.
    `figure` tells a figure apart from a mere name. `brief` says what is missing without naming
    the `period`, for a sentence that has named it.
    """

    words: str
    missing: bool = False
    figure: bool = True
    illustrative: bool = False
    asides: tuple[tuple[str, str], ...] = ()
    lacking: str = ""
    period: str = ""
    brief: str = ""


def stand_words(stand: Stand, part: str, lang: str) -> Said:
    """One field of an indicator in words."""
    plain = _plain(stand, part, lang)
    if plain is not None:
        return Said(plain, figure=False)
    words = _FIELDS[part](stand, lang)
    if words is None:
        return _missing(stand, part, lang)
    asides = _asides(stand, lang) if part in ("value", "counts") else ()
    return Said(words, illustrative=stand.figure.illustrative, asides=asides)


def counted_words(counted: Counted, part: str, lang: str) -> Said:
    """One field of a register in words."""
    if part == "name":
        return Said(counted.register.name.say(lang), figure=False)
    amount = dict(counted.counts)[part]
    return Said(number(amount, lang), illustrative=counted.illustrative)


def unit_words(key: str, name: str, lang: str) -> str:
    """A unit's name within a sentence: `thành phố Hà Nội`, `cả nước`, but `Bộ Nội vụ`.

    Common nouns of places begin small, "Thành phố Hồ Chí Minh" never does (Decree 30/2020/NĐ-CP,
    Appendix II).
    """
    if knows(lang, f"telling.unit_{key}"):
        return say(lang, f"telling.unit_{key}")
    kept, lowered = say(lang, "telling.kept"), say(lang, "telling.lowered").split("|")
    if name.startswith(kept) or not name.startswith(tuple(f"{one} " for one in lowered)):
        return name
    return name[:1].lower() + name[1:]


def period_of(period: Period | None, lang: str, *, otherwise: str) -> str:
    """A period in words, or the message `otherwise` where there is none."""
    return say(lang, f"telling.{otherwise}") if period is None else period_words(period, lang)


def _plain(stand: Stand, part: str, lang: str) -> str | None:
    """Fields that are names: they are always there."""
    if part == "name":
        return stand.indicator.name.say(lang)
    if part == "short":
        return stand.indicator.short.say(lang)
    if part == "unit":
        return stand.unit
    if part == "period":
        return period_of(stand.period, lang, otherwise="no_period")
    if part == "before":
        earlier = stand.period.previous if stand.period else None
        return period_of(earlier, lang, otherwise="period_before")
    return None


def _missing(stand: Stand, part: str, lang: str) -> Said:
    period = period_of(stand.period, lang, otherwise="no_period")
    if part == "value":
        empty = (stand.figure.empty or Empty.MISSING).value
        words = say(lang, f"telling.missing_{empty}", period=period)
        brief = say(lang, f"telling.brief_{empty}")
        due = stand.figure.empty in (None, Empty.MISSING, Empty.LATE)
        given = {"name": stand.indicator.name.say(lang), "unit": stand.unit, "words": words}
        lacking = say(lang, "telling.lacking", **given) if due else ""
        return Said(words, missing=True, lacking=lacking, period=period, brief=brief)
    if part in ("best", "worst") or part.startswith("units_"):
        return Said(say(lang, "telling.missing_units", period=period), missing=True)
    before = _plain(stand, "before", lang)
    words = say(lang, f"telling.missing_{part}", period=period, before=before)
    return Said(words, missing=True)


def _value(stand: Stand, lang: str) -> str | None:
    figure = stand.figure
    if figure.value is None:
        return counts_words(stand.indicator, figure, lang) if figure.count_only else None
    return _figure(stand.indicator, figure, lang)


def _figure(indicator: Indicator, figure: Figure, lang: str) -> str | None:
    if figure.value is None:
        return None
    words = value_words(indicator, figure.value, lang, with_unit=True)
    if figure.bound is Bound.EXACT:
        return words
    key = "at_least" if figure.bound is Bound.AT_LEAST else "estimate"
    return say(lang, f"telling.{key}", value=words)


def _counts(stand: Stand, lang: str) -> str | None:
    figure = stand.figure
    if figure.numerator is None and figure.denominator is None:
        return None
    return counts_words(stand.indicator, figure, lang)


def _before_value(stand: Stand, lang: str) -> str | None:
    return None if stand.before is None else _figure(stand.indicator, stand.before, lang)


def _change(stand: Stand, lang: str) -> str | None:
    change = stand.change
    if change is None:
        return None
    amount = _amount(stand.indicator, abs(change), lang)
    if change == 0:
        words = say(lang, "telling.same")
    elif not any(letter in "123456789" for letter in amount):
        words = say(lang, "telling.nearly_same")
    else:
        share = _share(stand, change, lang)
        if share:
            amount = say(lang, "telling.amount_share", amount=amount, share=share)
        words = say(lang, "telling.rises" if change > 0 else "telling.falls", amount=amount)
    return say(lang, "telling.uneven", change=words) if stand.uneven else words


def _share(stand: Stand, change: Fraction, lang: str) -> str:
    """A change of a count or an amount also as a share of what it was before."""
    before = stand.before.value if stand.before is not None else None
    if stand.indicator.kind not in (Kind.COUNT, Kind.AMOUNT) or not before or before < 0:
        return ""
    return percent(abs(change) / before, lang, 1)


def _amount(indicator: Indicator, amount: Fraction, lang: str) -> str:
    """A distance between two values: points of a rate, otherwise the unit of measure."""
    if indicator.kind is Kind.RATIO:
        return say(lang, "telling.points", value=number(amount * 100, lang, indicator.decimals))
    return value_words(indicator, amount, lang, with_unit=True)


def _rank(stand: Stand, lang: str) -> str | None:
    place = stand.place
    if place is None or not place.ranked:
        return None
    key = "telling.rank" + ("_tied" if place.tied else "") + ("_silent" if place.silent else "")
    ranks = {"rank": number(place.rank, lang), "ranked": number(place.ranked, lang)}
    return say(lang, key, silent=number(place.silent, lang), **ranks)


def _target(stand: Stand, lang: str) -> str | None:
    target = stand.target
    return None if target is None else _target_value(stand.indicator, target, lang)


def _target_value(indicator: Indicator, target: Target, lang: str) -> str:
    places = max(indicator.decimals, 2)
    if indicator.kind is Kind.RATIO:
        return percent(target.value, lang, places, trim=True)
    text = number(target.value, lang, places, trim=True)
    return f"{text} {indicator.unit_of_measure.say(lang)}"


def _against_target(stand: Stand, lang: str) -> str | None:
    target, value, of = stand.target, stand.figure.value, stand.indicator
    if target is None or value is None:
        return None
    way = "down" if of.direction is Direction.DOWN else "up"
    limit = "down" if way == "down" and target.value else "up"
    goal = say(lang, f"telling.goal_{limit}", target=_target_value(of, target, lang))
    if target.carried_year is not None:
        goal = say(lang, "telling.goal_of_year", goal=goal, year=target.carried_year)
    if stand.status is Status.NOT_JUDGED:
        return say(lang, "telling.not_judged", goal=goal)
    distance = value - target.value
    if distance == 0:
        return say(lang, "telling.reaches", goal=goal)
    kind = "beats" if stand.status is Status.REACHED else "misses"
    amount = _amount(of, abs(distance), lang)
    return say(lang, f"telling.{kind}_{way}", goal=goal, amount=amount)


def _status(stand: Stand, lang: str) -> str | None:
    return None if stand.status is Status.NOT_JUDGED else status_words(stand.status, lang)


def _asides(stand: Stand, lang: str) -> tuple[tuple[str, str], ...]:
    """What has to be said beside a value: other days than asked about, and who is missing."""
    told = []
    if stand.other_days and stand.period is not None:
        days = range_words(stand.period.start, stand.period.end, lang)
        told.append(("period", say(lang, "telling.other_days", days=days)))
    its, reported = stand.figure.coverage, _reported(stand, lang)
    if reported and its is not None and not its.complete:
        told.append(("coverage", reported))
    return tuple(told)


def _reported(stand: Stand, lang: str) -> str | None:
    its = stand.figure.coverage
    if its is None:
        return None
    reported, expected = number(its.reported, lang), number(its.expected, lang)
    return say(lang, "telling.coverage", reported=reported, expected=expected)


def _end(stand: Stand, which: tuple[str, Figure] | None, lang: str) -> str | None:
    if which is None:
        return None
    value = _figure(stand.indicator, which[1], lang)
    return say(lang, "telling.of_unit", unit=which[0], value=value)


def _best(stand: Stand, lang: str) -> str | None:
    return _end(stand, stand.below.best if stand.below else None, lang)


def _worst(stand: Stand, lang: str) -> str | None:
    return _end(stand, stand.below.worst if stand.below else None, lang)


def _reached(stand: Stand, lang: str) -> str | None:
    return number(stand.below.count(Status.REACHED), lang) if stand.below else None


def _at_risk(stand: Stand, lang: str) -> str | None:
    return number(stand.below.count(Status.AT_RISK), lang) if stand.below else None


def _silent(stand: Stand, lang: str) -> str | None:
    return number(stand.below.silent, lang) if stand.below else None


_FIELDS = {
    "value": _value,
    "counts": _counts,
    "change": _change,
    "before_value": _before_value,
    "rank": _rank,
    "target": _target,
    "against_target": _against_target,
    "status": _status,
    "coverage": _reported,
    "best": _best,
    "worst": _worst,
    "units_reached": _reached,
    "units_at_risk": _at_risk,
    "units_silent": _silent,
}
