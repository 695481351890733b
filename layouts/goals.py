"""Targets and totals in words, as tiles, charts and tables say them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ioc.domain.indicator import Indicator, OverUnits
from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.target import Target
from ioc.domain.words import number, percent, target_words


def alone(indicator: Indicator, level: str) -> bool:
    """Whether this level can have no figure of its own, because the indicator does not add up."""
    totals = ("nation", "localities", "government", "region")
    return indicator.over_units is OverUnits.NONE and level in totals


def goal_words(indicator: Indicator, value: Fraction, lang: str) -> str:
    """The target's value alone, without zeros at its end: `85%`."""
    if indicator.kind is Kind.RATIO:
        return percent(value, lang, 2, trim=True)
    return number(value, lang, max(indicator.decimals, 2), trim=True)


def target_says(indicator: Indicator, target: Target | None, lang: str) -> str:
    """`Chỉ tiêu 85%`; a target carried on after its year says the year; or that there is none."""
    if target is None or target.carried_year is None:
        words = target_words(indicator, target, lang)
        return say(lang, "screen.target", value=words) if target else words
    value = target_words(indicator, replace(target, carried_year=None), lang)
    return say(lang, "screen.target_of_year", year=target.carried_year, value=value)


def target_short(indicator: Indicator, target: Target | None, lang: str) -> str:
    """`85%`, `85% (2025)` for one carried on, nothing without one: for the cells of tables."""
    if target is None:
        return ""
    value = goal_words(indicator, target.value, lang)
    return value if target.carried_year is None else f"{value} ({target.carried_year})"
