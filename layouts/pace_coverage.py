"""What a total lacks, in words: how much is there by weight, and its best and worst."""

from __future__ import annotations

from dash import html

from ioc.domain.coverage_range import CoverageRange
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.words import value_words
from ioc.queries.answers import Cell


def coverage_range_words(cell: Cell, found: CoverageRange | None, lang: str) -> list[str]:
    """What follows a total's `30/34 đơn vị đã báo cáo`; nothing where nobody is missing."""
    if found is None:
        return []
    of, unit = cell.indicator, cell.unit.short
    said = []
    missing = number(found.missing, lang)
    if found.weight is not None:
        said.append(say(lang, "pace.weight", unit=unit, weight=percent(found.weight, lang, 1)))
    if found.low is None:
        return [*said, say(lang, "pace.reach_none", unit=unit, missing=missing)]
    low = value_words(of, found.low, lang, with_unit=True)
    if found.high is None:
        said.append(say(lang, "pace.reach_open", missing=missing, low=low))
    else:
        high = value_words(of, found.high, lang, with_unit=True)
        said.append(say(lang, "pace.reach", missing=missing, low=low, high=high))
    if found.as_last is not None:
        value = value_words(of, found.as_last, lang, with_unit=True)
        said.append(say(lang, "pace.as_last", value=value))
    if found.unweighed:
        said.append(say(lang, "pace.unweighed", count=number(found.unweighed, lang)))
    return said


def told(cell: Cell, found: CoverageRange | None, lang: str) -> html.P | None:
    """The same as one paragraph; None where there is nothing to say."""
    said = coverage_range_words(cell, found, lang)
    return html.P(" ".join(said), className="coverage-range") if said else None
