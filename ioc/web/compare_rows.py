"""The rows of a comparison's file: exactly what its chart shows, in the order it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.times import period_words
from ioc.errors import AddressError
from ioc.exports.extract import Column, Kind
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
from ioc.web.grid import Grid, Row, measured, named
from ioc.web.rows import CELL, POINT, cell_values, point_values, shown


def compare_rows(answer: Compare, part: str, lang: str) -> Grid:
    """Columns and rows of the chart `part`, which is named after the form of the comparison.

    Raises AddressError for any other part.
    """
    if part != answer.form.value:
        raise AddressError(part="part", given=part, allowed=answer.form.value)
    keys, more, rows, of = _rows(answer.body, lang)
    columns = (
        Column(key, say(lang, f"compare.col_{NAMES.get(key, key)}"), KINDS.get(key, Kind.TEXT))
        for key in more
    )
    grid = measured((*named(keys, lang), *columns), rows, of, lang)
    return replace(grid, columns=tuple(_index(one) for one in grid.columns))


def _index(column: Column) -> Column:
    """An index has no unit of measure: the base is 100."""
    return replace(column, unit="", places=1) if column.key == "index" else column


def about_lines(answer: Compare, lang: str) -> tuple[tuple[str, str], ...]:
    """What stands above the rows beside what every file says: the second indicator and period."""
    lines = []
    if isinstance(answer.body, Scatter):
        of = answer.against
        lines.append((say(lang, "compare.about_against"), f"{of.code} {of.name.say(lang)}"))
    if answer.before is not None and isinstance(answer.body, Slopes | IndexedTrends):
        lines.append((say(lang, "compare.about_before"), period_words(answer.before, lang)))
    return tuple(lines)


Named = tuple[Sequence[str], Sequence[str], list[Row], list[Indicator]]
"""Columns that every file has, columns of the comparison, the rows under both, and of which
indicator each row is."""
KINDS = {
    "ranked": Kind.WHOLE,
    "index": Kind.DECIMAL,
    "before_value": Kind.DECIMAL,
    "moved": Kind.DECIMAL,
    "rank_before": Kind.WHOLE,
    "rank_change": Kind.WHOLE,
    "near": Kind.DECIMAL,
}
NAMES = {"moved": "change"}
"""Columns that are not named by their key: every cell has a change already."""


def _rows(body: Body, lang: str) -> Named:
    if isinstance(body, Side):
        rows = [_beside(cell, row, lang) for row in body.rows for cell in row.cells]
        return CELL, ("ranked", "mark"), rows, [one.indicator for one in body.cells]
    if isinstance(body, Scatter):
        cells = [cell for one in (*body.pairs, *body.lacking) for cell in (one.x, one.y)]
        kept = [cell_values(one, lang) for one in cells]
        return CELL, (), kept, [one.indicator for one in cells]
    if isinstance(body, Slopes):
        columns = ("before", "before_value", "rank_before", "moved", "rank_change", "uneven")
        lines = (*body.lines, *body.uneven)
        of = [one.now.indicator for one in lines]
        return CELL, columns, [_slope(one, lang) for one in lines], of
    drawn = [(one, point) for one in body.series for point in one.points]
    of = [one.indicator for one, _ in drawn]
    if isinstance(body, IndexedTrends):
        indexed = [row for one in body.lines for row in _indexed(one, lang)]
        return POINT, ("base", "index"), indexed, of
    points = [point_values(one, point, lang) for one, point in drawn]
    if isinstance(body, Multiples):
        return POINT, (), points, of
    near = [_edge(one.indicator, point.target) for one, point in drawn]
    return POINT, ("near",), [(*row, edge) for row, edge in zip(points, near, strict=True)], of


def _beside(cell: Cell, row: SideRow, lang: str) -> Row:
    mark = "best" if cell.unit.id in row.best else "worst" if cell.unit.id in row.worst else None
    words = say(lang, f"compare.{mark}") if mark else None
    return *cell_values(cell, lang), row.ranked, words


def _indexed(line: Indexed, lang: str) -> list[Row]:
    base = _period(line.base, lang)
    return [(*point_values(line.series, one.point, lang), base, one.index) for one in line.points]


def _slope(one: Slope, lang: str) -> Row:
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
