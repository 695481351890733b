"""How far a unit is from its target and what is left, in words."""

from __future__ import annotations

from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.messages import say
from ioc.domain.words import (
    change_words,
    coverage_words,
    figure_words,
    number,
    period_words,
    points,
    target_words,
)
from ioc.queries.answers import Cell
from ioc.queries.compare_answers import Corridor


def measured(cell: Cell, lang: str) -> str:
    """A figure with its unit of measure."""
    return figure_words(cell.indicator, cell.figure, lang, with_unit=True)


def pace(body: Corridor, lang: str) -> list[str]:
    """Where the unit stands against its target and what is left, from what the target declares."""
    cell = body.cell
    if cell.figure.value is None or cell.period is None:
        return [say(lang, "compare.pace_empty", unit=cell.unit.name)]
    when = period_words(cell.period, lang)
    value = measured(cell, lang)
    if cell.target is None or body.pace is None:
        return [say(lang, "compare.pace_none")]
    target = target_words(cell.indicator, cell.target, lang)
    key = "missing" if body.pace.missing else "reached"
    missing = amount(cell.indicator, body.pace.missing, lang)
    said = [
        say(lang, f"compare.pace_{key}", period=when, value=value, target=target, missing=missing)
    ]
    if body.pace.moved is not None and body.pace.since is not None:
        since = period_words(body.pace.since, lang)
        moved = change_words(cell.indicator, body.pace.moved, lang)
        said.append(say(lang, "compare.pace_moved", since=since, moved=moved))
    if body.pace.missing:
        said.append(_needed(body, cell, lang))
    if cell.figure.coverage is not None and not cell.figure.coverage.complete:
        said.append(coverage_words(cell.figure.coverage, lang) + ".")
    return said


def _needed(body: Corridor, cell: Cell, lang: str) -> str:
    assert body.pace is not None
    assert cell.target is not None
    assert cell.period is not None
    if cell.target.carried_year is not None:
        return say(lang, "compare.pace_carried", year=cell.target.carried_year)
    if body.pace.left is None:
        return say(lang, "compare.pace_open")
    if body.pace.left == 0:
        return say(lang, "compare.pace_now")
    step = body.pace.missing / body.pace.left
    low = cell.indicator.direction is Direction.DOWN
    last = period_words(cell.period.shift(body.pace.left), lang)
    return say(
        lang,
        "compare.pace_needed",
        last=last,
        left=body.pace.left,
        step=change_words(cell.indicator, -step if low else step, lang),
    )


def amount(indicator: Indicator, of: Fraction, lang: str) -> str:
    """A distance in the figure's own unit: `5,00 điểm %`, `200 vùng`."""
    if indicator.unit_factor == 100:
        return points(of, lang, indicator.decimals).lstrip("+")
    return f"{number(of, lang, indicator.decimals)} {indicator.unit_of_measure.say(lang)}"
