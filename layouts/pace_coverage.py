"""What a total lacks, in words: how much is there by weight, and its best and worst."""

from __future__ import annotations

from ioc.domain.coverage_range import CoverageRange
from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.words import value_words


def coverage_range_words(of: Indicator, found: CoverageRange | None, lang: str) -> list[str]:
    """The sentences that follow `30/34 đơn vị đã báo cáo`; none where nothing is missing."""
    if found is None:
        return []
    said = []
    missing = number(found.missing, lang)
    if found.weight is not None:
        said.append(say(lang, "pace.weight", weight=percent(found.weight, lang, 1)))
    if found.low is None:
        return [*said, say(lang, "pace.reach_none", missing=missing)]
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
