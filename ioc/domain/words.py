"""Figures in words: indicator values, changes, targets, coverage, each kind of empty."""

from __future__ import annotations

from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Coverage, Empty, Figure, Kind
from ioc.domain.messages import say
from ioc.domain.numbers import Number, money, number, percent, points
from ioc.domain.target import Status, Target
from ioc.domain.times import (
    age_words,
    date_words,
    duration_words,
    moment_words,
    period_words,
    range_words,
)

__all__ = [
    "Number",
    "age_words",
    "change_words",
    "counts_words",
    "coverage_words",
    "date_words",
    "duration_words",
    "empty_words",
    "figure_words",
    "gap_words",
    "list_words",
    "moment_words",
    "money",
    "number",
    "percent",
    "period_words",
    "points",
    "range_words",
    "status_sign",
    "status_words",
    "target_words",
    "value_words",
]

_BOUNDS = {Bound.AT_LEAST: "words.at_least", Bound.ESTIMATE: "words.estimate"}


def value_words(
    indicator: Indicator,
    value: Fraction | None,
    lang: str,
    *,
    decimals: int | None = None,
    with_unit: bool = False,
) -> str:
    """A value of the indicator: `90,15%` for a ratio, otherwise a number; `–` for none.

    `with_unit` adds the unit of measure to counts, amounts and scores; a percent sign is
    always there.
    """
    if value is None:
        return say(lang, "words.nothing")
    places = indicator.decimals if decimals is None else decimals
    if indicator.kind is Kind.RATIO:
        return percent(value, lang, places)
    text = number(value, lang, places)
    return f"{text} {indicator.unit_of_measure.say(lang)}" if with_unit else text


def figure_words(
    indicator: Indicator,
    figure: Figure,
    lang: str,
    *,
    decimals: int | None = None,
    with_unit: bool = False,
) -> str:
    """A figure as text: its value with its bound, a lone count, or why there is none."""
    if figure.value is not None:
        text = value_words(indicator, figure.value, lang, decimals=decimals, with_unit=with_unit)
        return _bounded(text, figure.bound, lang)
    if figure.empty is Empty.UNDEFINED or (
        figure.empty is not None and figure.numerator is None and figure.denominator is None
    ):
        return empty_words(figure.empty, lang)
    return counts_words(indicator, figure, lang)


def counts_words(indicator: Indicator, figure: Figure, lang: str) -> str:
    """What a ratio was made of: `1.758/1.950 thủ tục`, or the one part that is known.

    A numerator alone reads `216.450 tài liệu`, a denominator alone names itself
    (`Vốn được giao: 412,383 tỷ đồng`); without either the answer is why, or `–`.
    """
    unit = (indicator.counted or indicator.unit_of_measure).say(lang)
    parts = {
        name: number(part, lang, indicator.scale, trim=True)
        for name, part in (("upper", figure.numerator), ("lower", figure.denominator))
        if part is not None
    }
    if len(parts) == 2:
        return say(lang, "words.counts", unit=unit, **parts)
    if "upper" in parts:
        return _bounded(f"{parts['upper']} {unit}", figure.bound, lang)
    if "lower" in parts and indicator.denominator is not None:
        named = indicator.denominator.say(lang)
        return say(lang, "words.only_lower", name=named, unit=unit, **parts)
    return empty_words(figure.empty, lang)


def empty_words(empty: Empty | None, lang: str) -> str:
    """Why there is no figure; `–` when nobody said."""
    return say(lang, f"words.empty_{empty.value}" if empty else "words.nothing")


def change_words(indicator: Indicator, change: Fraction | None, lang: str) -> str:
    """A change against the period before: `+1,25 điểm %`, `−37`, `không đổi`, or `–`."""
    if change is None:
        return say(lang, "words.nothing")
    if change == 0:
        return say(lang, "words.unchanged")
    return _difference(indicator, change, lang)


def gap_words(indicator: Indicator, gap: Fraction | None, lang: str) -> str:
    """Value minus target, as `−5,00 điểm %`; `–` without target or value."""
    return say(lang, "words.nothing") if gap is None else _difference(indicator, gap, lang)


def target_words(indicator: Indicator, target: Target | None, lang: str) -> str:
    """The target as `85%`; a carried one says its year: `85% (chỉ tiêu năm 2025)`."""
    if target is None:
        return say(lang, "words.no_target")
    places = max(indicator.decimals, 2)
    if indicator.kind is Kind.RATIO:
        text = percent(target.value, lang, places, trim=True)
    else:
        text = number(target.value, lang, places, trim=True)
    if target.carried_year is None:
        return text
    return say(lang, "words.carried_target", target=text, year=target.carried_year)


def coverage_words(coverage: Coverage | None, lang: str) -> str:
    """How many units have reported: `30/34 đơn vị đã báo cáo`; empty text when not known."""
    if coverage is None:
        return ""
    return say(
        lang,
        "words.coverage",
        reported=number(coverage.reported, lang),
        expected=number(coverage.expected, lang),
    )


def status_words(status: Status, lang: str) -> str:
    """The status as a word: đạt, đang phấn đấu, nguy cơ, chưa đánh giá."""
    return say(lang, f"status.{status.value}")


def status_sign(status: Status) -> str:
    """The status as a shape, so that colour is never alone."""
    return say("vi", f"status.{status.value}_sign")


def list_words(items: list[str] | tuple[str, ...], lang: str) -> str:
    """Items as a sentence lists them: `A, B và C`."""
    if len(items) < 2:
        return "".join(items)
    return say(lang, "words.list", most=", ".join(items[:-1]), last=items[-1])


def _bounded(text: str, bound: Bound, lang: str) -> str:
    return say(lang, _BOUNDS[bound], value=text) if bound in _BOUNDS else text


def _difference(indicator: Indicator, difference: Fraction, lang: str) -> str:
    if indicator.kind is Kind.RATIO:
        return points(difference, lang, indicator.decimals)
    return number(difference, lang, indicator.decimals, sign=True)
