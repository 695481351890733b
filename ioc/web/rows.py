"""From a part of an answer to columns and rows: what a table or file of a chart holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.messages import say
from ioc.domain.numbers import percent
from ioc.domain.pace import Outlook
from ioc.domain.period import Period
from ioc.domain.times import period_words
from ioc.domain.words import empty_words, status_words
from ioc.exports.extract import Column, Kind
from ioc.exports.table import Value
from ioc.queries.answers import Cell, Matrix, Point, Series, Tile, UnitPace, UnitRef
from ioc.queries.quality_answers import Subject
from ioc.queries.revision_answers import RevisionRow
from ioc.web.grid import Grid, Row, decimal, measured, named, whole
from ioc.web.quality_table import matrix_rows

CELL = (
    "unit_key", "unit", "indicator_code", "indicator", "period", "value", "measure", "from", "to",
    "part", "numerator", "denominator", "empty", "bound", "status", "target", "gap", "change",
    "rank", "range", "coverage", "received", "source", "citation", "held", "held_source",
    "illustrative",
)  # fmt: skip
"""Columns of cells. When a source was last read is no part of them: it says nothing of a figure."""
POINT = (
    "unit_key", "unit", "indicator_code", "indicator", "period", "from", "to", "value", "measure",
    "part", "numerator", "denominator", "empty", "bound", "target", "coverage", "illustrative",
)  # fmt: skip


PACE = (
    "value", "measure", "target", "deadline", "left", "workdays", "needed", "daily", "moved",
    "share", "low", "likely", "high", "earliest", "reached", "latest", "outlook", "mark",
)  # fmt: skip
"""Columns of paces after unit, indicator and period."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that stands in a table which is not one of cells: its natural keys beside it."""

    unit: UnitRef
    indicator: Indicator
    period: Period | None
    part: str
    figure: Figure


def rows_of(values: object, lang: str) -> Grid:
    """Columns, named in the language, and rows of cells, tiles, a matrix or series."""
    items = list(flat(values))
    lines = [one for one in items if isinstance(one, Series)]
    if lines:
        return points_grid(lines, lang)
    revised = [one for one in items if isinstance(one, RevisionRow)]
    if revised:
        return revision_rows(revised, lang)
    judged = [one for one in items if isinstance(one, Subject)]
    if judged:
        return matrix_rows(judged, lang)
    paced = [one for one in items if isinstance(one, UnitPace)]
    if paced:
        return pace_rows(paced, lang)
    cells = [one for one in items if isinstance(one, Cell)]
    if cells or not items:
        return cells_grid(cells, lang)
    return _plain(items)


def cells_grid(cells: Iterable[Cell], lang: str, inside: str = "") -> Grid:
    """Cells under the columns `CELL`; `inside` as in `cell_values`."""
    kept = tuple(cells)
    rows = (cell_values(one, lang, inside) for one in kept)
    return measured(named(CELL, lang), rows, [one.indicator for one in kept], lang)


def points_grid(lines: Iterable[Series], lang: str) -> Grid:
    """The points of trends under the columns `POINT`, one trend after the other."""
    kept = [(one, point) for one in lines for point in one.points]
    rows = (point_values(one, point, lang) for one, point in kept)
    return measured(named(POINT, lang), rows, [one.indicator for one, _ in kept], lang)


REVISION = (
    "at", "unit_key", "unit", "code", "indicator", "period", "part", "then", "then_numerator",
    "then_denominator", "now", "now_numerator", "now_denominator", "moved", "measure", "shown_at",
    "was_source", "source", "mark",
)  # fmt: skip


REVISED = ("then", "now", "moved")
COUNTED = ("then_numerator", "then_denominator", "now_numerator", "now_denominator")


def revision_rows(rows: Iterable[RevisionRow], lang: str) -> Grid:
    """Figures changed after they were shown, under the columns `REVISION`."""
    kept = tuple(rows)
    columns = tuple(
        replace(one, kind=Kind.WHOLE) if one.key in COUNTED else one
        for one in decimal(named(REVISION, lang, "revisions.column_"), REVISED)
    )
    made = (_revision(one, lang) for one in kept)
    return measured(columns, made, [one.indicator for one in kept], lang)


def _revision(one: RevisionRow, lang: str) -> Row:
    of, then, now = one.indicator, one.then, one.now
    unit, name, code, words = _subject(one.unit, of, lang)
    part = of.breakdown_words(one.part)
    moved = None if then.value is None or now.value is None else now.value - then.value
    return (
        one.at, unit, name, code, words, _period(one.period, lang),
        part.say(lang) if part else None,
        shown(of, then.value), whole(then.numerator), whole(then.denominator),
        shown(of, now.value), whole(now.numerator), whole(now.denominator), shown(of, moved),
        of.unit_of_measure.say(lang), one.shown_at, one.was_source, one.source,
        _mark(now, lang) or _mark(then, lang),
    )  # fmt: skip


PACED = ("value", "target", "needed", "daily", "moved", "low", "likely", "high")


MOVING = ("needed", "daily", "moved")


def pace_rows(rows: Iterable[UnitPace], lang: str) -> Grid:
    """Paces under the columns `PACE`; amounts in the unit they are shown in."""
    kept = tuple(rows)
    heads = named(("unit_key", "unit", "indicator_code", "indicator", "period"), lang)
    columns = (*heads, *decimal(named(PACE, lang, "pace.csv_"), PACED))
    whole_days = tuple(
        replace(one, kind=Kind.WHOLE) if one.key in ("left", "workdays") else one for one in columns
    )
    made = (_pace(one, lang) for one in kept)
    grid = measured(whole_days, made, [one.cell.indicator for one in kept], lang)
    return replace(grid, columns=tuple(_told(one) for one in grid.columns))


def _told(one: Column) -> Column:
    """A share of the pace needed is in percent whatever the figure is measured in, and the pace of
    a count has decimals though the count has none: a third a month is not nothing."""
    if one.key == "share":
        return replace(one, kind=Kind.DECIMAL, unit="%", places=0)
    return replace(one, places=max(one.places or 0, 2)) if one.key in MOVING else one


def _pace(one: UnitPace, lang: str) -> Row:
    of, found = one.cell.indicator, one.pace
    led, come = found.at_end, found.arrival
    steps = (come.earliest, come.likely, come.latest) if come else (None, None, None)
    when = [found.last.shift(at) if found.last and at is not None else None for at in steps]
    return (
        *_subject(one.cell.unit, of, lang),
        _period(found.last, lang),
        shown(of, found.value),
        of.unit_of_measure.say(lang),
        shown(of, found.target),
        found.deadline,
        found.left if found.deadline else None,
        found.workdays if found.deadline else None,
        shown(of, found.needed),
        shown(of, found.daily),
        shown(of, found.moved),
        None if found.share is None or found.outlook is Outlook.REACHED else found.share * 100,
        *(shown(of, value) for value in ((led.low, led.likely, led.high) if led else (None,) * 3)),
        *(_period(one, lang) for one in when),
        say(lang, f"pace.outlook_{found.outlook.value}"),
        _mark(one.cell.figure, lang),
    )


def is_illustrative(values: object) -> bool:
    """Whether any figure or row among them is illustrative."""
    if any(one.illustrative for one in flat(values) if isinstance(one, Subject)):
        return True
    return any(figure.illustrative for figure in figures_of(values))


def focus_cells(answer: object) -> tuple[Cell, ...]:
    """The cells of an answer that show the figure it is about: its total, or its own cell."""
    total = getattr(answer, "total", None)
    if isinstance(total, Cell):
        return (total, *getattr(answer, "children", ()))
    focus = getattr(answer, "focus", None)
    return tuple(one for one in getattr(answer, "cells", ()) if one.indicator == focus)


def flat(values: object) -> Iterator[object]:
    """What collections, tiles and matrices hold, one by one, in order."""
    if isinstance(values, Tile):
        yield values.cell
    elif isinstance(values, Matrix):
        yield from values.cells.values()
    elif isinstance(values, Mapping):
        for value in values.values():
            yield from flat(value)
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from flat(value)
    elif values is not None:
        yield values


def figures_of(values: object) -> Iterator[Figure]:
    """The figures of cells, series, paces and revisions, in order."""
    for one in flat(values):
        if isinstance(one, UnitPace):
            yield one.cell.figure
        elif isinstance(one, (Cell, Stated)):
            yield one.figure
        elif isinstance(one, Series):
            yield from (point.figure for point in one.points)
        elif isinstance(one, RevisionRow):
            yield from (one.then, one.now)


def _subject(unit: UnitRef, indicator: Indicator, lang: str) -> Row:
    return unit.key, unit.name, indicator.code, indicator.name.say(lang)


def cell_values(cell: Cell, lang: str, inside: str = "") -> Row:
    """A cell under the columns `CELL`; `inside` is the part under which a breakdown holds it."""
    of, period = cell.indicator, cell.period
    shown_as, measure, *exact = _figure(of, cell.figure, lang)
    return (
        *_subject(cell.unit, of, lang),
        _period(period, lang),
        shown_as,
        measure,
        period.start if period else None,
        period.end if period else None,
        _part(of, cell.part or inside, lang),
        *exact,
        status_words(cell.status, lang),
        shown(of, cell.target.value) if cell.target else None,
        shown(of, cell.gap),
        shown(of, cell.change),
        cell.rank,
        _range(cell, lang),
        _coverage(cell.figure, lang),
        cell.received,
        cell.source,
        cell.citation,
        shown(of, cell.waiting.figure.value) if cell.waiting else None,
        cell.waiting.source if cell.waiting else None,
        _mark(cell.figure, lang),
    )


def _range(cell: Cell, lang: str) -> str | None:
    """`41%–78% · ≈ hạng 9–17`: how far chance reaches, and among which ranks, where the cases are
    so few that it must be told."""
    its = cell.place.interval if cell.place else None
    if cell.place is None or its is None or not its.small:
        return None
    said = f"{percent(its.low, lang, 0)}–{percent(its.high, lang, 0)}"
    if cell.place.like is None:
        return said
    first, last = cell.place.like
    return f"{said} · {say(lang, 'pace.alike_short', first=first, last=last)}"


def point_values(series: Series, point: Point, lang: str) -> Row:
    """A point of a trend under the columns `POINT`."""
    of = series.indicator
    shown_as, measure, *exact = _figure(of, point.figure, lang)
    return (
        *_subject(series.unit, of, lang),
        _period(point.period, lang),
        point.period.start,
        point.period.end,
        shown_as,
        measure,
        _part(of, series.part, lang),
        *exact,
        shown(of, point.target),
        _coverage(point.figure, lang),
        _mark(point.figure, lang),
    )


def _figure(of: Indicator, figure: Figure, lang: str) -> Row:
    missing = figure.value is None and not figure.count_only
    return (
        shown(of, figure.value),
        of.unit_of_measure.say(lang),
        whole(figure.numerator),
        whole(figure.denominator),
        empty_words(figure.empty, lang) if missing else None,
        say(lang, f"export.bound_{figure.bound.name.lower()}"),
    )


def _part(of: Indicator, code: str, lang: str) -> str | None:
    words = of.breakdown_words(code) if code else None
    return words.say(lang) if words else code or None


def _coverage(figure: Figure, lang: str) -> str | None:
    found = figure.coverage
    if found is None:
        return None
    return say(lang, "sheets.coverage", reported=found.reported, expected=found.expected)


def shown(of: Indicator, value: Fraction | None) -> Fraction | None:
    """An exact value in the unit it is shown in: percent for a share."""
    return None if value is None else value * of.unit_factor


def _period(period: Period | None, lang: str) -> str | None:
    return period_words(period, lang) if period else None


def _mark(figure: Figure, lang: str) -> str | None:
    return say(lang, "words.illustrative") if figure.illustrative else None


def _plain(items: list[object]) -> Grid:
    """Rows of units, runs or rejections, under the names of their fields."""
    first = items[0]
    if not is_dataclass(first):
        return Grid((Column("value", "value"),), tuple((str(one),) for one in items))
    names = tuple(one.name for one in fields(first))
    rows = tuple(
        tuple(_simple(getattr(one, name)) for name in names)
        for one in items
        if type(one) is type(first)
    )
    return Grid(tuple(Column(one, one) for one in names), rows)


def _simple(value: object) -> Value:
    if value is None or isinstance(value, (str, Fraction)):
        return value
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) else str(value)
