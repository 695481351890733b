"""What several charts say the same way: a cell's value as a number and its hover."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure as Measured
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.domain.words import (
    counts_words,
    coverage_words,
    figure_words,
    period_words,
    status_sign,
    status_words,
)
from ioc.queries.answers import Cell
from layouts import held_marks, rank_words, revised_marks
from layouts.changed import hint
from layouts.goals import target_says
from layouts.theme import escape


def height(indicator: Indicator, value: Fraction | None) -> float | None:
    """A value as an axis shows it: percent for a share."""
    return None if value is None else float(value * indicator.unit_factor)


def suffix(indicator: Indicator) -> str:
    """What follows the numbers of an axis."""
    return "%" if indicator.unit_factor == 100 else ""


def hover(cell: Cell, view: View) -> str:
    """What a mark says when pointed at: unit, figure, counts, target, status, coverage, period."""
    lang = view.lang
    lines = [
        f"<b>{escape(cell.unit.name)}</b>",
        f"<b>{escape(measured(cell.indicator, cell.figure, lang))}</b>",
        f"{status_sign(cell.status)} {escape(status_words(cell.status, lang))}",
    ]
    if cell.figure.numerator is not None and cell.figure.denominator is not None:
        lines.append(escape(counts_words(cell.indicator, cell.figure, lang)))
    if cell.target is not None:
        lines.append(escape(target_says(cell.indicator, cell.target, lang)))
    lines += [escape(words) for words in rank_words.told(cell, lang)]
    if cell.figure.coverage is not None:
        lines.append(escape(coverage_words(cell.figure.coverage, lang)))
    if cell.period is not None:
        lines.append(_when(cell.period, lang))
    changed = hint(cell, lang)
    if changed is not None:
        lines.append(f"<b>{escape(changed)}</b>")
    held = held_marks.hint(cell, lang)
    if held is not None:
        lines.append(f"<b>{held_marks.SIGN} {escape(held)}</b>")
    corrected = revised_marks.hint(cell, lang)
    if corrected is not None:
        lines.append(f"{revised_marks.SIGN} {escape(corrected)}")
    if cell.figure.illustrative:
        lines.append(f"<i>{escape(say(lang, 'words.illustrative'))}</i>")
    return "<br>".join(lines)


@lru_cache(maxsize=512)
def _when(period: Period, lang: str) -> str:
    """All units of a chart share a few periods."""
    return escape(period_words(period, lang))


def measured(indicator: Indicator, figure: Measured, lang: str) -> str:
    """A figure in words with its unit."""
    return figure_words(indicator, figure, lang, with_unit=True)
