"""The parts of answers about figures: which tables a page of indicators and units is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from ioc.domain.indicator import Indicator
from ioc.domain.messages import knows, say
from ioc.domain.pace import Pace
from ioc.domain.times import date_words, period_words
from ioc.domain.view import View
from ioc.exports.extract import Shape
from ioc.queries.answers import (
    Cell,
    IndicatorPage,
    LateItems,
    Matrix,
    Overview,
    RegisterStand,
    Series,
    UnitPace,
    UnitPage,
)
from ioc.queries.register_answers import ItemRow
from ioc.web.grid import Grid
from ioc.web.rows import cells_grid, flat, focus_cells, pace_rows, points_grid, rows_of

MAPPED = ("nation", "localities", "region")
"""Levels whose units below are drawn on the country's map."""
WITHOUT_TABLE = frozenset({"view", "stamp", "unit", "focus", "period", "indicator"})


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a page: `name` as its card is called, `figures` what its rows were made of.

    `figures` are cells, series, paces or revisions; `inside` is the part of the indicator that
    cells belong to which do not say so themselves; `made_up` marks tables whose rows have a mark
    and no figure. `names` are others that the table is asked for by, `caveats` what only this
    table needs to have said. A table of items is of the sources of these `items`, one of what was
    counted in `registers` (ids) of theirs.
    """

    name: str
    title: str
    grid: Grid
    shape: Shape = Shape.TABLE
    subtitle: str = ""
    figures: tuple[object, ...] = ()
    inside: str = ""
    made_up: bool = False
    names: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    items: tuple[ItemRow, ...] = ()
    registers: tuple[int, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether it is meant by the name of a card."""
        return name == self.name or name in self.names


def figure_parts(answer: object, view: View) -> Iterator[Part]:
    """The tables of an answer; of one that is not known here, a table of each of its fields."""
    if isinstance(answer, Overview):
        yield from _overview(answer, view)
    elif isinstance(answer, UnitPage):
        yield from _unit(answer, view)
    elif isinstance(answer, IndicatorPage):
        yield from _indicator(answer, view)
    elif is_dataclass(answer) and not isinstance(answer, type):
        yield from _fields(answer, view)


def cells_part(
    name: str,
    title: str,
    cells: tuple[Cell, ...],
    view: View,
    shape: Shape = Shape.TABLE,
    *names: str,
) -> Part:
    """A table of cells, whose second line is their unit of measure and period where they share
    one."""
    line = shared_line(cells, view.lang)
    return Part(name, title, cells_grid(cells, view.lang), shape, line, cells, names=names)


def shared_line(cells: tuple[Cell, ...], lang: str) -> str:
    """Unit of measure and period that all cells share: `%, tháng 10/2026`."""
    units = {one.indicator.unit_of_measure.say(lang) for one in cells}
    periods = {one.period for one in cells if one.period}
    words = [next(iter(units))] if len(units) == 1 else []
    if len(periods) == 1:
        words.append(period_words(next(iter(periods)), lang))
    return " · ".join(words)


def _focus(of: Indicator, part: str | None, lang: str) -> str:
    name = of.short.say(lang)
    return say(lang, "filters.part_title", indicator=name, part=part) if part else name


def _overview(answer: Overview, view: View) -> Iterator[Part]:
    lang, name = view.lang, _focus(answer.focus, answer.part, view.lang)
    heads = tuple(one.cell for one in answer.tiles)
    yield cells_part("tiles", say(lang, "sheets.tiles"), heads, view)
    yield cells_part("total", say(lang, "sheets.total"), (answer.total,), view)
    drawn = "" if answer.unit.key == "gov" else "map"
    yield from _children(answer.children, name, view, drawn)
    lines = (answer.series, *answer.singles)
    yield trend_part(lines, say(lang, "overview.trend", unit=answer.series.unit.short), view)
    yield _matrix(answer.matrix, view)
    yield cells_part("red", say(lang, "overview.red"), answer.red, view)
    if answer.late is not None:
        yield from _late(answer.late, view)


def _unit(answer: UnitPage, view: View) -> Iterator[Part]:
    lang, name = view.lang, _focus(answer.focus, answer.part, view.lang)
    yield cells_part("scorecard", say(lang, "sheets.scorecard"), answer.cells, view,
                     Shape.TABLE, "cells")  # fmt: skip
    lines = (answer.series, *answer.singles, *answer.former)
    yield trend_part(lines, say(lang, "unit_page.trend", indicator=name), view)
    if answer.children:
        drawn = "points" if answer.child_level == "commune" else ""
        yield from _children(answer.children, name, view, drawn)
    if isinstance(answer.pace, Pace) and answer.own is not None:
        yield _paces((UnitPace(answer.own, answer.pace),), view)
    if answer.published:
        yield cells_part("published", say(lang, "unit_page.published"), answer.published, view)
    if answer.registers:
        yield _stands(answer.registers, lang)


def _indicator(answer: IndicatorPage, view: View) -> Iterator[Part]:
    lang, name = view.lang, _focus(answer.indicator, answer.part, view.lang)
    yield cells_part("total", say(lang, "sheets.total"), (answer.total,), view)
    drawn = "map" if answer.unit.level in MAPPED else ""
    yield from _children(answer.children, name, view, drawn)
    lines = (answer.series, *answer.singles)
    title = say(lang, "overview.trend", unit=answer.series.unit.short)
    yield trend_part(lines, title, view)
    for code, cells in answer.breakdown.items():
        words = answer.indicator.breakdown_words(code)
        part = words.say(lang) if words else code
        title = say(lang, "filters.part_title", indicator=name, part=part)
        grid = cells_grid(cells, lang, code)
        line = shared_line(cells, lang)
        yield Part(f"breakdown.{code}", title, grid, Shape.BARS, line, cells, inside=code)
    own = () if answer.pace is None else (UnitPace(answer.total, answer.pace),)
    if own or answer.paces:
        yield _paces((*own, *answer.paces), view)
    if answer.published:
        yield cells_part("published", say(lang, "unit_page.published"), answer.published, view)
    if answer.missing:
        columns = rows_of((), lang).columns[:2]
        rows = tuple((one.key, one.name) for one in answer.missing)
        yield Part("missing", say(lang, "sheets.missing_units"), Grid(columns, rows))


def _children(cells: tuple[Cell, ...], name: str, view: View, drawn: str) -> Iterator[Part]:
    """One figure a unit: as a map, which is called `drawn` where the page has one, and ranked."""
    title = say(view.lang, "sheets.by_unit", indicator=name)
    if drawn:
        yield cells_part(drawn, title, cells, view, Shape.MAP)
    names = ("points", "table", "children") if drawn == "map" else ("map", "table", "children")
    yield cells_part("ranking", title, cells, view, Shape.BARS, *names)


def trend_part(lines: tuple[Series, ...], title: str, view: View) -> Part:
    """The points of trends, one after the other."""
    said = lines[0].indicator.unit_of_measure.say(view.lang) if lines else ""
    told = " · ".join([one for one in (said, *breaks_of(lines, view.lang)) if one])
    grid = points_grid(lines, view.lang)
    return Part("trend", title, grid, Shape.SERIES, told, lines, names=("series",))


def breaks_of(lines: tuple[Series, ...], lang: str) -> tuple[str, ...]:
    """The days on which what trends are of changed, once each: `Sáp nhập 01/07/2025`."""
    found: dict[str, None] = {}
    for one in lines:
        if not one.points:
            continue
        first, last = one.points[0].period.start, one.points[-1].period.end
        days = [(event.day, f"screen.event_{event.kind}_on") for event in one.breaks]
        days += [(again.day, "screen.event_redefined_on") for again in one.indicator.redefined]
        for day, key in sorted(days):
            if first <= day <= last and knows(lang, key):
                found.setdefault(say(lang, key, day=date_words(day, lang)))
    return tuple(found)


def _matrix(matrix: Matrix, view: View) -> Part:
    cells = tuple(flat(matrix))
    kept = tuple(one for one in cells if isinstance(one, Cell))
    grid, title = cells_grid(kept, view.lang), say(view.lang, "sheets.heat")
    return Part("heat", title, grid, Shape.MATRIX, "", kept, names=("heatmap", "matrix"))


def _paces(paces: tuple[UnitPace, ...], view: View) -> Part:
    title = say(view.lang, "sheets.paces")
    return Part("paces", title, pace_rows(paces, view.lang), figures=paces)


def _late(late: LateItems, view: View) -> Iterator[Part]:
    from ioc.web.extracting_items import late_grid

    lang = view.lang
    made_up = any(one.illustrative for one in late.items)
    title = say(lang, "sheets.late")
    counted = tuple(one.register.id for one in late.stands)
    grid = late_grid(late.items, lang)
    yield Part("late", title, grid, made_up=made_up, registers=counted)
    yield _stands(late.stands, lang)


def _stands(stands: tuple[RegisterStand, ...], lang: str) -> Part:
    from ioc.web.extracting_items import stands_grid

    counted = tuple(one.register.id for one in stands)
    title = say(lang, "sheets.registers")
    return Part("registers", title, stands_grid(stands, lang), registers=counted)


def _fields(answer: object, view: View) -> Iterator[Part]:
    """An add-on's page: its cells, trends and rows under the names of its fields."""
    assert is_dataclass(answer)
    for one in fields(answer):
        value = getattr(answer, one.name)
        if one.name in WITHOUT_TABLE or not isinstance(value, (tuple, list, Mapping, Matrix)):
            continue
        items = tuple(flat(value))
        if items:
            shape = Shape.SERIES if isinstance(items[0], Series) else Shape.TABLE
            yield Part(one.name, one.name, rows_of(value, view.lang), shape, figures=items)
    about = focus_cells(answer)
    if about:
        yield cells_part("total", say(view.lang, "sheets.total"), about, view)
