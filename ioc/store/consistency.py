"""Where the store says two things of one figure: several sources, or a total and its parts.

Everything is counted, ordered and paged by the database, within a window of periods a grain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Float,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    union_all,
)

from ioc.domain.measure import RATE_SCALE
from ioc.store.observations import FEW, Fact, Key, Standing, standing
from ioc.store.summary import summary

TOLERANCE = 1e-6
"""Rates given without their denominator are kept in millionths: less is no difference."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which figures are compared.

    `firsts` are the first period keys by grain, `grains` say in which grain each indicator's own
    figures are; of `ratios` the bare values are rates. `unit_ids` None means all; `period` is one
    (grain, key) instead of the window; `parent_ids` are who stands above the units whose totals
    are looked at.
    """

    indicator_ids: tuple[int, ...]
    ratios: frozenset[int]
    firsts: Mapping[int, int]
    grains: Mapping[int, int]
    unit_ids: Collection[int] | None = None
    period: tuple[int, int] | None = None
    parent_ids: tuple[int, ...] = ()


class Counted(NamedTuple):
    """How many figures could be compared, and how many of them differ.

    `sources` are the first and the last source of a pair, `unit_id` the unit where it was asked.
    """

    indicator_id: int
    sources: tuple[int, int] | None
    unit_id: int | None
    made: int
    differing: int


class Total(NamedTuple):
    """A unit's own figure and the sum of those below: `parts` of them, `leaves` due to report."""

    key: Key
    own: Fact
    source_id: int | None
    illustrative: bool
    num: int
    den: int
    leaves: int
    parts: int
    recorded_at: int


def pair_counts(
    connection: Connection, window: Window, *, by_unit: bool = False
) -> tuple[Counted, ...]:
    """Figures that more than one source states, by indicator and sources, or by unit."""
    if not window.indicator_ids:
        return ()
    said = _said(window).subquery()
    of: list[ColumnElement[Any]] = [said.c.indicator_id]
    of += [said.c.unit_id] if by_unit else [said.c.first_source, said.c.last_source]
    query = select(
        *of, func.count().label("made"), func.sum(case((said.c.gap > 0, 1), else_=0)).label("other")
    ).group_by(*of)
    return tuple(
        Counted(
            row.indicator_id,
            None if by_unit else (row.first_source, row.last_source),
            row.unit_id if by_unit else None,
            int(row.made),
            int(row.other or 0),
        )
        for row in connection.execute(query)
    )


def differing_pairs(
    connection: Connection, window: Window, *, limit: int, offset: int = 0
) -> tuple[tuple[Key, tuple[Standing, ...]], ...]:
    """Figures of which the sources say different things, the biggest difference first."""
    if not window.indicator_ids:
        return ()
    said = _said(window).subquery()
    key = [said.c[name] for name in Key._fields]
    query = (
        select(*key)
        .where(said.c.gap > 0)
        .order_by(said.c.gap.desc(), *key)
        .limit(limit)
        .offset(offset)
    )
    keys = [Key(*row) for row in connection.execute(query)]
    if not keys:
        return ()
    table = standing.c
    rows = connection.execute(
        select(standing).where(
            or_(*(and_(*(table[name] == of for name, of in k._asdict().items())) for k in keys))
        )
    )
    found: dict[Key, list[Standing]] = {key: [] for key in keys}
    for row in rows:
        fact = Fact(row.num, row.den, row.val, row.bound, row.state, row.citation_id)
        at = Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
        found[at].append(Standing(fact, row.source_id, row.recorded_at))
    return tuple((key, tuple(some)) for key, some in found.items())


def count_pairs(connection: Connection, window: Window) -> int:
    """How many figures differ between sources."""
    if not window.indicator_ids:
        return 0
    said = _said(window).subquery()
    query = select(func.count()).select_from(said).where(said.c.gap > 0)
    return int(connection.execute(query).scalar_one())


def _said(window: Window) -> Select[Any]:
    """One row a figure that several sources state: who, and how far they are apart.

    The gap is a share: points for rates and, for all else, a part of the greater one; a figure
    that one withdrew and another states is one whole apart.
    """
    table = standing.c
    value = _value(table, window.ratios)
    low, high = func.min(value), func.max(value)
    ratio = table.indicator_id.in_(list(window.ratios))
    larger = case((func.abs(high) > func.abs(low), func.abs(high)), else_=func.abs(low))
    apart = case((ratio, high - low), (larger > 0, (high - low) / larger), else_=0.0)
    counts = or_(
        func.min(table.num) != func.max(table.num), func.min(table.den) != func.max(table.den)
    )
    gap = case(
        (func.min(table.state) != func.max(table.state), 1.0),
        (apart > TOLERANCE, apart),
        (counts, TOLERANCE),
        else_=0.0,
    )
    said = _stated(window).subquery()
    key = [table[name] for name in Key._fields]
    same = and_(*(table[name] == said.c[name] for name in Key._fields))
    # Named once, not in every arm: a statement has room for so many parameters only.
    many = window.unit_ids is not None and len(window.unit_ids) > FEW
    within = [said.c.unit_id.in_(list(window.unit_ids or ()))] if many else []
    return (
        select(
            *key,
            func.min(table.source_id).label("first_source"),
            func.max(table.source_id).label("last_source"),
            gap.label("gap"),
        )
        .select_from(said.join(standing, same))
        .where(*within)
        .group_by(*key)
    )


def _stated(window: Window) -> CompoundSelect[Any]:
    """The keys that more than one source states.

    An arm for each indicator runs along the key of the table, so that nothing is sorted however
    many figures there are.
    """
    arms = []
    for indicator_id in window.indicator_ids:
        table = standing.alias().c
        grain = window.grains[indicator_id]
        if window.period is not None:
            grain = window.period[0]
            when = table.period == window.period[1]
        else:
            when = table.period >= window.firsts[grain]
        fits = [table.indicator_id == indicator_id, table.grain == grain, when]
        if window.unit_ids is not None and len(window.unit_ids) <= FEW:
            fits.append(table.unit_id.in_(list(window.unit_ids)))
        key = [table[name] for name in Key._fields]
        arms.append(select(*key).where(*fits).group_by(*key).having(func.count() > 1))
    return union_all(*arms)


def _value(table: Any, ratios: Collection[int]) -> ColumnElement[Any]:
    """A figure as one number to compare by; nothing where it has none."""
    number = cast(table.num, Float)
    rate = case(
        (table.den > 0, number / cast(table.den, Float)),
        (table.val.is_not(None), cast(table.val, Float) / RATE_SCALE),
    )
    plain = func.coalesce(number, cast(table.val, Float))
    return case((table.state != 0, None), (table.indicator_id.in_(list(ratios)), rate), else_=plain)


def sum_counts(
    connection: Connection, window: Window
) -> tuple[tuple[int, int, int, int, int], ...]:
    """Totals that units gave themselves beside their parts: (indicator, unit, leaves, made,
    differing), apart by how many units due to report stand behind the sum."""
    if not window.indicator_ids:
        return ()
    table = summary.c
    of = (table.indicator_id, table.unit_id, table.child_leaves)
    query = (
        select(*of, func.count(), func.sum(case((_sum_gap(window) > 0, 1), else_=0)))
        .where(*_own_beside_parts(window))
        .group_by(*of)
    )
    return tuple(
        (row[0], row[1], int(row[2]), int(row[3]), int(row[4] or 0))
        for row in connection.execute(query)
    )


def differing_sums(
    connection: Connection, window: Window, *, limit: int, offset: int = 0
) -> tuple[Total, ...]:
    """Totals that are not the sum of their parts, the biggest difference first."""
    if not window.indicator_ids:
        return ()
    table, gap = summary.c, _sum_gap(window)
    query = (
        select(summary)
        .where(*_own_beside_parts(window), gap > 0)
        .order_by(gap.desc(), *(table[name] for name in Key._fields))
        .limit(limit)
        .offset(offset)
    )
    return tuple(_total(row) for row in connection.execute(query))


def count_sums(connection: Connection, window: Window) -> int:
    """How many totals are not the sum of their parts."""
    if not window.indicator_ids:
        return 0
    query = select(func.count()).where(*_own_beside_parts(window), _sum_gap(window) > 0)
    return int(connection.execute(query).scalar_one())


def _own_beside_parts(window: Window) -> Sequence[ColumnElement[bool]]:
    """Own figures that have the same parts as a sum, with such a sum beside them."""
    table = summary.c
    paired = or_(table.indicator_id.not_in(list(window.ratios)), table.den.is_not(None))
    return [
        table.parent_id.in_(window.parent_ids),
        table.own == 1,
        table.parts > 0,
        table.state == 0,
        table.num.is_not(None),
        paired,
        *_fits(window, table),
    ]


def _sum_gap(window: Window) -> ColumnElement[Any]:
    """How far a total is from its sum, as a share of the greater; of ratios the larger part."""
    table = summary.c
    above = _apart(table.num, table.child_num)
    below = _apart(table.den, table.child_den)
    ratio = table.indicator_id.in_(list(window.ratios))
    return case((and_(ratio, below > above), below), else_=above)


def _apart(one: Any, other: Any) -> ColumnElement[Any]:
    larger = case((func.abs(one) > func.abs(other), func.abs(one)), else_=func.abs(other))
    off = cast(func.abs(one - other), Float)
    return case((larger > 0, off / cast(larger, Float)), else_=0.0)


def _fits(window: Window, table: Any) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = [table.indicator_id.in_(list(window.indicator_ids))]
    if window.period is not None:
        fits += [table.grain == window.period[0], table.period == window.period[1]]
    else:
        spans = [
            and_(table.grain == grain, table.period >= first)
            for grain, first in window.firsts.items()
        ]
        fits.append(or_(*spans))
    if window.unit_ids is not None:
        fits.append(table.unit_id.in_(list(window.unit_ids)))
    return fits


def _total(row: Any) -> Total:
    key = Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
    own = Fact(row.num, row.den, row.val, row.bound, row.state, row.citation_id)
    return Total(
        key,
        own,
        row.source_id,
        bool(row.illustrative),
        row.child_num,
        row.child_den,
        row.child_leaves,
        row.parts,
        row.recorded_at,
    )
