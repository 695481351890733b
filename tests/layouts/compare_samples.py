"""Hand-made comparisons of every form, from the same small formula as the other samples."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import samples

from ioc.domain.measure import Empty, Figure
from ioc.domain.period import Period
from ioc.domain.ranking import Place
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Cell, Point, Series, UnitRef
from ioc.queries.compare_answers import (
    Body,
    Compare,
    Corridor,
    Form,
    Indexed,
    IndexedPoint,
    IndexedTrends,
    Multiples,
    Pace,
    Pair,
    Scatter,
    Side,
    SideRow,
    Slope,
    Slopes,
    Small,
    Start,
    Uneven,
)

YEAR_AGO = Period.month(2025, 10)


def answer(view: View, *, hostile: bool = False) -> Compare:
    """The comparison of an address; with `hostile` every unit bears a name that is an attack."""
    form = Form(view.form or Form.SIDE)
    parent = samples.key(view.unit)
    members = samples.children_of(parent)
    if hostile:
        members = tuple(samples.hostile(one) for one in members)
    chosen = members[:3]
    focus = samples.catalogue().by_code(view.indicator or "OPS-05")
    against = samples.catalogue().by_code(view.against or "OPS-01")
    return Compare(
        view=view,
        stamp=samples.stamp(),
        form=form,
        unit=parent,
        indicator=focus,
        against=against,
        period=samples.MONTH,
        before=YEAR_AGO if form is Form.SLOPE else None,
        chosen=chosen,
        by_default=not view.units,
        offered=(*members, parent),
        groups=(samples.key("vn"), samples.key("gov"), samples.key("38")),
        indicators=samples.catalogue().collected,
        body=_body(form, members, chosen, focus.code, against.code),
        left_out=members[3:4] if view.units else (),
    )


def _body(
    form: Form, members: tuple[UnitRef, ...], chosen: tuple[UnitRef, ...], x: str, y: str
) -> Body:
    of, other = samples.catalogue().by_code(x), samples.catalogue().by_code(y)
    if form is Form.SIDE:
        return Side(chosen, tuple(_row(code, chosen) for code in ("OPS-05", "OPS-06", "DOC-01")))
    if form is Form.MULTIPLES:
        cells = samples.best_first([samples.cell(of, one) for one in members])
        return Multiples(tuple(Small(_series(cell), cell) for cell in cells), 2)
    if form is Form.INDEXED:
        return IndexedTrends(samples.MONTH.shift(-11), tuple(_indexed(of.code, u) for u in chosen))
    pairs = [Pair(samples.cell(of, one), samples.cell(other, one)) for one in members]
    if form is Form.SCATTER:
        both = [p for p in pairs if p.x.figure.value is not None and p.y.figure.value is not None]
        lacking = tuple(one for one in pairs if one not in both)
        return Scatter(tuple(both), lacking, both[0].x.target, both[0].y.target)
    if form is Form.SLOPE:
        return _slopes([samples.cell(of, one) for one in members])
    cell = samples.cell(of, chosen[0])
    line = Series(chosen[0], of, samples.points(of, chosen[0], 30), (samples.merger(),))
    pace = Pace(Fraction(1, 10), Fraction(1, 50), YEAR_AGO, 4)
    return Corridor(line, cell, (), pace)


def _row(code: str, units: tuple[UnitRef, ...]) -> SideRow:
    of = samples.catalogue().by_code(code)
    cells = tuple(
        replace(samples.cell(of, one), place=Place(at + 1, ranked=len(units)))
        for at, one in enumerate(units)
    )
    return SideRow(of, cells, 34, frozenset({units[0].id}), frozenset({units[2].id}))


def _series(cell: Cell) -> Series:
    return Series(
        cell.unit,
        cell.indicator,
        samples.points(cell.indicator, cell.unit, 24),
        (samples.merger(),),
    )


def _indexed(code: str, unit: UnitRef) -> Indexed:
    of = samples.catalogue().by_code(code)
    points = samples.points(of, unit, 12)
    bare = Figure(of.kind, None, empty=Empty.MISSING)
    points = (points[0], points[1], replace(points[2], figure=bare), *points[3:])
    base = next(one.figure.value for one in points if one.figure.value)
    made = tuple(
        IndexedPoint(one, one.figure.value / base * 100 if one.figure.value is not None else None)
        for one in points
    )
    found = Series(unit, of, points, (samples.merger(),))
    return Indexed(found, samples.cell(of, unit), points[0].period, Start.COMMON, made)


def _slopes(cells: list[Cell]) -> Slopes:
    lines, uneven = [], []
    for cell in cells:
        before = samples.cell(cell.indicator, cell.unit, period=YEAR_AGO)
        then, now = before.figure.value, cell.figure.value
        if then is None or now is None:
            uneven.append(Slope(before, cell, uneven=Uneven.NO_BEFORE))
        else:
            lines.append(Slope(before, cell, now - then))
    lines.sort(key=lambda one: -(one.now.figure.value or 0))
    early = sorted(lines, key=lambda one: -(one.before.figure.value or 0))
    ranks = {one.now.unit.id: at + 1 for at, one in enumerate(early)}
    placed = tuple(
        replace(
            one,
            now=replace(one.now, place=Place(at + 1)),
            before=replace(one.before, place=Place(ranks[one.now.unit.id])),
        )
        for at, one in enumerate(lines)
    )
    return Slopes(placed, tuple(uneven))


def empty(view: View) -> Compare:
    """The same form with nothing in it."""
    full = answer(view)
    none = Figure(full.indicator.kind, None, empty=Empty.MISSING)

    def bare(cell: Cell) -> Cell:
        return replace(
            cell, figure=none, status=Status.NOT_JUDGED, place=None, change=None, gap=None
        )

    body = full.body
    if isinstance(body, Side):
        body = Side((), ())
    elif isinstance(body, Multiples):
        smalls = tuple(Small(replace(one.series, points=()), bare(one.cell)) for one in body.smalls)
        body = Multiples(smalls)
    elif isinstance(body, IndexedTrends):
        lines = tuple(replace(one, points=(), base=None, start=Start.NEVER) for one in body.lines)
        body = IndexedTrends(None, lines)
    elif isinstance(body, Scatter):
        body = Scatter((), tuple(Pair(bare(one.x), bare(one.y)) for one in body.pairs))
    elif isinstance(body, Slopes):
        rest = tuple(
            Slope(bare(one.before), bare(one.now), uneven=Uneven.NEITHER) for one in body.lines
        )
        body = Slopes((), rest)
    else:
        points: tuple[Point, ...] = ()
        body = Corridor(replace(body.line, points=points), bare(body.cell))
    return replace(full, body=body, period=None, before=None)
