"""What each form of comparison says in words: the summary of its chart, and its rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.times import date_words
from ioc.domain.words import (
    gap_words,
    list_words,
    number,
    percent,
    period_words,
    status_words,
)
from ioc.queries.answers import Cell
from ioc.queries.compare_answers import (
    Compare,
    IndexedTrends,
    Multiples,
    Pair,
    Scatter,
    Side,
    Slopes,
    Start,
)
from layouts.compare_pace import measured, pace
from layouts.figures import indexed, slope
from layouts.figures.multiples import Scale
from layouts.figures.trend_words import coverage_note, hollow

_NAMED = 3
"""Units named in a summary."""


def summary(answer: Compare, lang: str) -> list[str]:
    """What the chart shows, in sentences: what is read where nothing can be seen."""
    body = answer.body
    if isinstance(body, Side):
        return _side(body, lang)
    if isinstance(body, Multiples):
        return _multiples(body, lang)
    if isinstance(body, IndexedTrends):
        return _indexed(body, lang)
    if isinstance(body, Scatter):
        return _scatter(body, answer, lang)
    if isinstance(body, Slopes):
        return _slopes(body, answer.indicator, lang)
    return pace(body, lang)


def _side(body: Side, lang: str) -> list[str]:
    names = {unit.id: unit.short for unit in body.units}
    counted = Counter(unit for row in body.rows for unit in row.best)
    best = [
        say(lang, "compare.side_best_of", unit=names[unit], count=count)
        for unit, count in counted.most_common()
    ]
    if not best:
        return []
    units = ", ".join(names.values())
    return [
        say(
            lang,
            "compare.side_summary",
            units=units,
            rows=len(body.rows),
            best=list_words(best, lang),
        )
    ]


def statuses(cells: Iterable[Cell], lang: str) -> str:
    """How many units stand how: `12 đạt, 20 nguy cơ, 2 chưa có số liệu`."""
    found = list(cells)
    valued = [cell for cell in found if cell.figure.value is not None]
    counted = Counter(cell.status for cell in valued)
    said = [
        say(lang, "compare.status_count", count=counted[one], status=status_words(one, lang))
        for one in Status
        if counted[one]
    ]
    if len(valued) < len(found):
        said.append(say(lang, "compare.no_value_count", count=len(found) - len(valued)))
    return ", ".join(said)


def _multiples(body: Multiples, lang: str) -> list[str]:
    valued = [one.cell for one in body.smalls if one.cell.figure.value is not None]
    if not valued:
        return []
    best, worst = valued[0], valued[-1]
    said = [
        say(
            lang,
            "compare.multiples_summary",
            count=len(body.smalls),
            best=f"{best.unit.short} {measured(best, lang)}",
            worst=f"{worst.unit.short} {measured(worst, lang)}",
            statuses=statuses((one.cell for one in body.smalls), lang),
        )
    ]
    if body.left_out:
        count = len(body.smalls)
        said.append(say(lang, "compare.multiples_left_out", count=count, left=body.left_out))
    return said


def scale_words(body: Multiples, scale: Scale, indicator: Indicator, lang: str) -> list[str]:
    """How to read the small trends: their one scale, and what lines and dots mean."""
    shown = [point for one in body.series for point in one.points]
    periods = sorted({point.period for point in shown})
    said = [
        say(
            lang,
            "compare.scale",
            low=scale_end(indicator, scale.low, lang),
            high=scale_end(indicator, scale.high, lang),
            first=period_words(periods[0], lang),
            last=period_words(periods[-1], lang),
        )
    ]
    if any(point.target is not None for point in shown):
        said.append(say(lang, "compare.scale_target"))
    if any(one.breaks for one in body.series):
        said.append(say(lang, "compare.scale_break"))
    if any(point.figure.value is None for point in shown):
        said.append(say(lang, "compare.scale_gap"))
    if any(hollow(point) and point.figure.value is not None for point in shown):
        said.append(say(lang, "compare.scale_partial"))
    return said


def scale_end(indicator: Indicator, value: Fraction, lang: str) -> str:
    """The end of a scale, short: one decimal at most."""
    if indicator.unit_factor == 100:
        return percent(value, lang, 1, trim=True)
    return number(value, lang, 1, trim=True)


def _indexed(body: IndexedTrends, lang: str) -> list[str]:
    ends = [(line, last) for line in body.lines if (last := indexed.newest(line)) is not None]
    if not ends:
        return []
    period = max(last.point.period for _, last in ends)
    ordered = sorted(ends, key=lambda one: -(one[1].index or Fraction(0)))
    values = [
        say(
            lang,
            "compare.indexed_value",
            unit=line.series.unit.short,
            value=indexed.index_words(last.index, lang),
        )
        for line, last in ordered
    ]
    when = period_words(period, lang)
    words = say(lang, "compare.indexed_summary", period=when, values="; ".join(values))
    return [words[:1].upper() + words[1:]]


def index_rules(answer: Compare, body: IndexedTrends, lang: str) -> list[str]:
    """The index rule, and every line that starts elsewhere, stops or is not drawn."""
    said = [say(lang, "compare.index_rule")]
    if body.base is not None:
        own = any(line.start is not Start.COMMON for line in body.lines)
        kind = "asked" if answer.view.before else "most" if own else "common"
        when = period_words(body.base, lang)
        said.insert(0, say(lang, f"compare.index_{kind}", period=when))
    for line in body.lines:
        name = line.series.unit.short
        if line.start is Start.NEVER:
            said.append(say(lang, "compare.index_never", unit=name))
            continue
        if line.start is Start.OWN and line.base is not None:
            when = period_words(line.base, lang)
            said.append(say(lang, "compare.index_own", unit=name, period=when))
        if line.after is not None:
            day = date_words(line.after, lang)
            said.append(say(lang, "compare.index_after", unit=name, day=day))
        drawn = replace(line.series, points=tuple(one.point for one in line.points))
        partly = coverage_note(drawn, lang)
        if partly:
            said.append(say(lang, "compare.index_of_unit", unit=name, words=partly))
    for event, names in indexed.events(body.lines):
        words = f"{indexed.event_words(event, lang)}: {list_words(names, lang)}."
        said.append(words)
    return said


def _scatter(body: Scatter, answer: Compare, lang: str) -> list[str]:
    total = len(body.pairs) + len(body.lacking)
    said = [say(lang, "compare.scatter_coverage", count=len(body.pairs), total=total)]
    if body.x_target is not None and body.y_target is not None:
        x = [one.x.status is Status.REACHED for one in body.pairs]
        y = [one.y.status is Status.REACHED for one in body.pairs]
        both = list(zip(x, y, strict=True))
        said.append(
            say(
                lang,
                "compare.scatter_both",
                count=both.count((True, True)),
                x=both.count((True, False)),
                y=both.count((False, True)),
                none=both.count((False, False)),
                x_name=answer.indicator.code,
                y_name=answer.against.code,
            )
        )
    if answer.indicator == answer.against:
        said.append(say(lang, "compare.scatter_same"))
    return said


def lacks(pair: Pair, lang: str) -> str:
    """Which of the two figures a unit lacks, and why."""
    x, y = pair.x.figure.value is None, pair.y.figure.value is None
    key = "both" if x and y else "x" if x else "y"
    return say(lang, f"compare.lacks_{key}", x=pair.x.indicator.code, y=pair.y.indicator.code)


def _slopes(body: Slopes, indicator: Indicator, lang: str) -> list[str]:
    if not body.lines:
        return []
    moved = Counter(slope.better(one) for one in body.lines)
    neutral = indicator.direction is Direction.NEUTRAL
    names = ("up", "down") if neutral else ("better", "worse")
    counts = {names[0]: moved[True], names[1]: moved[False], "same": moved[None]}
    said = [say(lang, f"compare.slope_summary{'_neutral' if neutral else ''}", **counts)]
    order = sorted(body.lines, key=slope.steps)
    for key, some in (("up", order[::-1]), ("down", order)):
        most = [one for one in some[:_NAMED] if (slope.steps(one) > 0) is (key == "up")]
        most = [one for one in most if slope.steps(one)]
        units = [f"{one.now.unit.short} ({slope.steps_words(one, lang)})" for one in most]
        if units:
            words = list_words(units, lang)
            said.append(say(lang, f"compare.slope_most_{key}", units=words))
    return said


def uneven_words(body: Slopes, at: int, lang: str) -> str:
    """Why a unit has no line between the two periods."""
    one = body.uneven[at]
    assert one.uneven is not None
    cell = one.before if one.uneven == "no_before" else one.now
    when = period_words(cell.period, lang) if cell.period else ""
    return say(lang, f"compare.uneven_{one.uneven.value}", period=when)


def gap_told(cell: Cell, lang: str) -> str:
    """How far a figure is from its target, so that better and worse need no sign: `còn thiếu …`."""
    if cell.gap is None:
        return ""
    if cell.gap == 0:
        return say(lang, "compare.exactly")
    low = cell.indicator.direction is Direction.DOWN
    key = ("over" if cell.gap > 0 else "under") if low else "above" if cell.gap > 0 else "below"
    words = gap_words(cell.indicator, abs(cell.gap), lang).lstrip("+")
    return say(lang, f"compare.{key}", gap=words)
