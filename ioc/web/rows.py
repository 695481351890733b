"""From a part of an answer to columns and rows: what a table or file of a chart holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.messages import say
from ioc.domain.pace import Pace
from ioc.domain.period import Period
from ioc.domain.times import period_words
from ioc.domain.words import empty_words, status_words
from ioc.errors import AddressError
from ioc.exports.table import Value
from ioc.queries.answers import Cell, Matrix, Point, Series, Tile, UnitPace, UnitRef
from ioc.queries.quality_answers import Subject
from ioc.queries.revision_answers import RevisionRow
from ioc.web.quality_table import matrix_rows

PARTS = {
    "map": "children",
    "ranking": "children",
    "points": "children",
    "table": "children",
    "trend": "series",
    "heat": "matrix",
    "heatmap": "matrix",
    "scorecard": "cells",
}
"""Charts whose figures stand in a field of another name."""
CELL = (
    "unit_key", "unit", "indicator_code", "indicator", "period", "value", "measure", "numerator",
    "denominator", "empty", "bound", "status", "target", "change", "rank", "received", "checked",
    "source", "citation", "held", "held_source", "illustrative",
)  # fmt: skip
POINT = (
    "unit_key", "unit", "indicator_code", "indicator", "period", "from", "to", "value", "measure",
    "numerator", "denominator", "empty", "bound", "target", "illustrative",
)  # fmt: skip

Rows = tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]


PACE = (
    "value", "measure", "target", "deadline", "left", "workdays", "needed", "daily", "moved",
    "low", "likely", "high", "earliest", "reached", "latest", "outlook", "mark",
)  # fmt: skip
"""Columns of paces after unit, indicator and period."""


def find_part(answer: object, part: str) -> object:
    """The field of an answer that a chart named `part` draws (`trend`, `ranking`, `tiles`, …).

    A name after a dot chooses one entry of a mapping: `breakdown.channel`. Raises AddressError
    when the answer has no such part.
    """
    name, _, entry = part.partition(".")
    known = {one.name for one in fields(answer)} if is_dataclass(answer) else set()
    tables = known - {"view", "stamp", "unit", "focus", "period", "indicator"}
    for field in (name, PARTS.get(name)):
        if field in tables:
            value = getattr(answer, field)
            if entry and isinstance(value, Mapping) and entry in value:
                return value[entry]
            if name == "paces":
                return _paces(answer)
            if not entry:
                return [value, *_more(answer)] if name == "trend" else value
    raise AddressError(part="part", given=part, allowed=", ".join(sorted(tables)))


def _paces(answer: object) -> list[UnitPace]:
    """The pace of the total, as the chart draws it, and those of the units."""
    total, its = getattr(answer, "total", None), getattr(answer, "pace", None)
    own = [UnitPace(total, its)] if isinstance(total, Cell) and isinstance(its, Pace) else []
    return [*own, *getattr(answer, "paces", ())]


def _more(answer: object) -> Iterable[Series]:
    return getattr(answer, "former", ())


def rows_of(values: object, lang: str) -> Rows:
    """Columns, named in the language, and rows of cells, tiles, a matrix or series."""
    items = list(_flat(values))
    if any(isinstance(one, Series) for one in items):
        rows = tuple(
            point_values(one, point, lang)
            for one in items
            if isinstance(one, Series)
            for point in one.points
        )
        return names_of(POINT, lang), rows
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
        return names_of(CELL, lang), tuple(cell_values(one, lang) for one in cells)
    return _plain(items)


REVISION = (
    "at", "unit_key", "unit", "code", "indicator", "period", "part", "then", "then_numerator",
    "then_denominator", "now", "now_numerator", "now_denominator", "measure", "shown_at",
    "was_source", "source", "mark",
)  # fmt: skip


def revision_rows(rows: Iterable[RevisionRow], lang: str) -> Rows:
    """Figures changed after they were shown, under the columns `REVISION`."""
    names = tuple(say(lang, f"revisions.column_{key}") for key in REVISION)
    return names, tuple(_revision(one, lang) for one in rows)


def _revision(one: RevisionRow, lang: str) -> tuple[Value, ...]:
    of, then, now = one.indicator, one.then, one.now
    unit, name, code, words = _subject(one.unit, of, lang)
    part = of.breakdown_words(one.part)
    return (
        one.at, unit, name, code, words, _period(one.period, lang),
        part.say(lang) if part else None,
        shown(of, then.value), then.numerator, then.denominator,
        shown(of, now.value), now.numerator, now.denominator,
        of.unit_of_measure.say(lang), one.shown_at, one.was_source, one.source,
        _mark(now, lang) or _mark(then, lang),
    )  # fmt: skip


def pace_rows(rows: Iterable[UnitPace], lang: str) -> Rows:
    """Paces under the columns `PACE`; amounts in the unit they are shown in."""
    heads = names_of(("unit_key", "unit", "indicator_code", "indicator", "period"), lang)
    names = tuple(say(lang, f"pace.csv_{key}") for key in PACE)
    return (*heads, *names), tuple(_pace(one, lang) for one in rows)


def _pace(one: UnitPace, lang: str) -> tuple[Value, ...]:
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
        *(shown(of, value) for value in ((led.low, led.likely, led.high) if led else (None,) * 3)),
        *(_period(one, lang) for one in when),
        say(lang, f"pace.outlook_{found.outlook.value}"),
        _mark(one.cell.figure, lang),
    )


def is_illustrative(values: object) -> bool:
    """Whether any figure or row among them is illustrative."""
    if any(one.illustrative for one in _flat(values) if isinstance(one, Subject)):
        return True
    return any(figure.illustrative for figure in _figures(values))


def sources_of(values: object) -> tuple[str, ...]:
    """The names of the sources of cells, in order."""
    named = {one.source for one in _flat(values) if isinstance(one, Cell) and one.source}
    return tuple(sorted(named))


def focus_cells(answer: object) -> tuple[Cell, ...]:
    """The cells of an answer that show the figure it is about: its total, or its own cell."""
    total = getattr(answer, "total", None)
    if isinstance(total, Cell):
        return (total, *getattr(answer, "children", ()))
    focus = getattr(answer, "focus", None)
    return tuple(one for one in getattr(answer, "cells", ()) if one.indicator == focus)


def _flat(values: object) -> Iterator[object]:
    if isinstance(values, Tile):
        yield values.cell
    elif isinstance(values, Matrix):
        yield from values.cells.values()
    elif isinstance(values, Mapping):
        for value in values.values():
            yield from _flat(value)
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from _flat(value)
    elif values is not None:
        yield values


def _figures(values: object) -> Iterator[Figure]:
    for one in _flat(values):
        if isinstance(one, UnitPace):
            yield one.cell.figure
        elif isinstance(one, Cell):
            yield one.figure
        elif isinstance(one, Series):
            yield from (point.figure for point in one.points)
        elif isinstance(one, RevisionRow):
            yield from (one.then, one.now)


def names_of(keys: Iterable[str], lang: str) -> tuple[str, ...]:
    """The names of columns in the language."""
    return tuple(say(lang, f"export.column_{key}") for key in keys)


def _subject(unit: UnitRef, indicator: Indicator, lang: str) -> tuple[Value, ...]:
    return unit.key, unit.name, indicator.code, indicator.name.say(lang)


def cell_values(cell: Cell, lang: str) -> tuple[Value, ...]:
    """A cell under the columns `CELL`."""
    of = cell.indicator
    return (
        *_subject(cell.unit, of, lang),
        _period(cell.period, lang),
        *_figure(of, cell.figure, lang),
        status_words(cell.status, lang),
        shown(of, cell.target.value) if cell.target else None,
        shown(of, cell.change),
        cell.rank,
        cell.received,
        cell.checked,
        cell.source,
        cell.citation,
        shown(of, cell.waiting.figure.value) if cell.waiting else None,
        cell.waiting.source if cell.waiting else None,
        _mark(cell.figure, lang),
    )


def point_values(series: Series, point: Point, lang: str) -> tuple[Value, ...]:
    """A point of a trend under the columns `POINT`."""
    of = series.indicator
    return (
        *_subject(series.unit, of, lang),
        _period(point.period, lang),
        point.period.start,
        point.period.end,
        *_figure(of, point.figure, lang),
        shown(of, point.target),
        _mark(point.figure, lang),
    )


def _figure(of: Indicator, figure: Figure, lang: str) -> tuple[Value, ...]:
    missing = figure.value is None and not figure.count_only
    return (
        shown(of, figure.value),
        of.unit_of_measure.say(lang),
        figure.numerator,
        figure.denominator,
        empty_words(figure.empty, lang) if missing else None,
        say(lang, f"export.bound_{figure.bound.name.lower()}"),
    )


def shown(of: Indicator, value: Fraction | None) -> Fraction | None:
    """An exact value in the unit it is shown in: percent for a share."""
    return None if value is None else value * of.unit_factor


def _period(period: Period | None, lang: str) -> str | None:
    return period_words(period, lang) if period else None


def _mark(figure: Figure, lang: str) -> str | None:
    return say(lang, "words.illustrative") if figure.illustrative else None


def _plain(items: list[object]) -> Rows:
    """Rows of units, runs or rejections, under the names of their fields."""
    first = items[0]
    if not is_dataclass(first):
        return ("value",), tuple((str(one),) for one in items)
    names = tuple(one.name for one in fields(first))
    rows = tuple(
        tuple(_simple(getattr(one, name)) for name in names)
        for one in items
        if type(one) is type(first)
    )
    return names, rows


def _simple(value: object) -> Value:
    if value is None or isinstance(value, (str, Fraction)):
        return value
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) else str(value)
