"""The rows of a comparison's file: exactly what its chart shows, in the order it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.times import period_words
from ioc.errors import AddressError
from ioc.exports.table import Value
from ioc.queries.answers import Cell
from ioc.queries.compare_answers import (
    Body,
    Compare,
    Indexed,
    IndexedTrends,
    Multiples,
    Scatter,
    Side,
    SideRow,
    Slope,
    Slopes,
)
from ioc.web.rows import CELL, POINT, Rows, cell_values, names_of, point_values, shown


def compare_rows(answer: Compare, part: str, lang: str) -> Rows:
    """Columns and rows of the chart `part`, which is named after the form of the comparison.

    Raises AddressError for any other part.
    """
    if part != answer.form.value:
        raise AddressError(part="part", given=part, allowed=answer.form.value)
    keys, columns, rows = _rows(answer.body, lang)
    named = tuple(say(lang, f"compare.col_{key}") for key in columns)
    return (*names_of(keys, lang), *named), tuple(rows)


def about_lines(answer: Compare, lang: str) -> tuple[tuple[str, str], ...]:
    """What stands above the rows beside what every file says: the second indicator and period."""
    lines = []
    if isinstance(answer.body, Scatter):
        of = answer.against
        lines.append((say(lang, "compare.about_against"), f"{of.code} {of.name.say(lang)}"))
    if answer.before is not None and isinstance(answer.body, Slopes | IndexedTrends):
        lines.append((say(lang, "compare.about_before"), period_words(answer.before, lang)))
    return tuple(lines)


Named = tuple[Sequence[str], Sequence[str], list[tuple[Value, ...]]]
"""Columns that every file has, columns of the comparison, and the rows under both."""


def _rows(body: Body, lang: str) -> Named:
    if isinstance(body, Side):
        rows = [_beside(cell, row, lang) for row in body.rows for cell in row.cells]
        return CELL, ("gap", "ranked", "mark"), rows
    if isinstance(body, Multiples):
        points = [point_values(one, point, lang) for one in body.series for point in one.points]
        return POINT, (), points
    if isinstance(body, IndexedTrends):
        return POINT, ("base", "index"), [row for one in body.lines for row in _indexed(one, lang)]
    if isinstance(body, Scatter):
        pairs = (*body.pairs, *body.lacking)
        return CELL, (), [cell_values(c, lang) for one in pairs for c in (one.x, one.y)]
    if isinstance(body, Slopes):
        columns = ("before", "before_value", "rank_before", "change", "rank_change", "uneven")
        return CELL, columns, [_slope(one, lang) for one in (*body.lines, *body.uneven)]
    rows = [
        (*point_values(one, point, lang), _edge(one.indicator, point.target))
        for one in body.series
        for point in one.points
    ]
    return POINT, ("near",), rows


def _beside(cell: Cell, row: SideRow, lang: str) -> tuple[Value, ...]:
    mark = "best" if cell.unit.id in row.best else "worst" if cell.unit.id in row.worst else None
    words = say(lang, f"compare.{mark}") if mark else None
    return *cell_values(cell, lang), shown(cell.indicator, cell.gap), row.ranked, words


def _indexed(line: Indexed, lang: str) -> list[tuple[Value, ...]]:
    base = _period(line.base, lang)
    return [(*point_values(line.series, one.point, lang), base, one.index) for one in line.points]


def _slope(one: Slope, lang: str) -> tuple[Value, ...]:
    of = one.now.indicator
    ranks = (one.before.rank, one.now.rank)
    moved = ranks[0] - ranks[1] if ranks[0] is not None and ranks[1] is not None else None
    return (
        *cell_values(one.now, lang),
        _period(one.before.period, lang),
        shown(of, one.before.figure.value),
        one.before.rank,
        shown(of, one.change),
        moved,
        _why(one, lang),
    )


def _why(one: Slope, lang: str) -> str | None:
    if one.uneven is None:
        return None
    cell = one.before if one.uneven == "no_before" else one.now
    when = _period(cell.period, lang) or ""
    return say(lang, f"compare.uneven_{one.uneven.value}", period=when)


def _edge(of: Indicator, target: Fraction | None) -> Fraction | None:
    """The farther edge of the band near the target, as shown."""
    if target is None or of.direction is Direction.NEUTRAL:
        return None
    near = Fraction(of.near_gap)
    aim = target * of.unit_factor
    return aim + near if of.direction is Direction.DOWN else aim - near


def _period(period: Period | None, lang: str) -> str | None:
    return period_words(period, lang) if period else None
