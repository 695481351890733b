"""The overview's questions, asked three ways: of the summary, of a plain dictionary that holds the
answer already, and of the raw observations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select

from bench.history import LAST, MONTHS
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.store.observations import observation
from ioc.store.summary import read_cells, read_latest

NATION, LOCALITIES, PROVINCE = 1, 2, 1038
_GRAIN = LAST.grain_key
_NEWEST = (LAST.key, LAST.previous.key)
_FIRST = LAST.shift(1 - MONTHS).key

Answer = list[tuple[Any, ...]]
"""Rows of (unit, indicator, period, numerator, denominator), sorted."""

# Where each commune belongs, so that the raw question can sum without the summary.
_place = Table(
    "bench_place",
    MetaData(),
    Column("unit_id", Integer, primary_key=True),
    Column("province_id", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the overview and its two ways to the store."""

    name: str
    summed: Callable[[Connection], Answer]
    raw: Callable[[Connection], Answer]


def place_units(connection: Connection, units: Units) -> None:
    """Tell the connection which province each commune belongs to."""
    _place.create(connection)
    communes = units.ids_by_level(Level.COMMUNE, LAST.start)
    rows = [{"unit_id": one, "province_id": units.roll_up(one)} for one in communes]
    connection.execute(insert(_place), rows)


def questions(indicators: int) -> tuple[Question, ...]:
    """The overview's questions over `indicators` indicators numbered from 1."""
    tiles = range(1, min(indicators, 10) + 1)
    matrix = range(1, min(indicators, 24) + 1)
    months = range(_FIRST, LAST.key + 1)
    return (
        Question(
            "headline tiles of the nation",
            lambda c: _latest(c, [0], tiles, [NATION]),
            lambda c: _raw(c, tiles, _NEWEST, over=NATION),
        ),
        Question(
            "map and ranking: 34 provinces, with the change",
            lambda c: _latest(c, [LOCALITIES], [1]),
            lambda c: _raw(c, [1], _NEWEST),
        ),
        Question(
            "red list and heat map: 34 provinces × indicators",
            lambda c: _latest(c, [LOCALITIES], matrix),
            lambda c: _raw(c, matrix, _NEWEST),
        ),
        Question(
            "trend of the nation, 36 months",
            lambda c: _cells(c, [0], [NATION]),
            lambda c: _raw(c, [1], months, over=NATION),
        ),
        Question(
            "34 trends of 36 months",
            lambda c: _cells(c, [LOCALITIES]),
            lambda c: _raw(c, [1], months),
        ),
        Question(
            "a province's 166 communes, with the change",
            lambda c: _latest(c, [PROVINCE], [1]),
            lambda c: _raw(c, [1], _NEWEST, communes_of=PROVINCE),
        ),
    )


def _latest(
    connection: Connection,
    parents: Iterable[int],
    indicators: Iterable[int],
    units: Iterable[int] | None = None,
) -> Answer:
    rows = read_latest(connection, parent_ids=parents, indicator_ids=indicators, unit_ids=units)
    answer: Answer = []
    for row in rows:
        answer.append((row.unit_id, row.indicator_id, row.period, row.num, row.den))
        answer.append((row.unit_id, row.indicator_id, row.prev_period, row.prev_num, row.prev_den))
    return sorted(answer)


def _cells(
    connection: Connection, parents: Iterable[int], units: Iterable[int] | None = None
) -> Answer:
    rows = read_cells(
        connection,
        parent_ids=parents,
        indicator_ids=[1],
        grain=_GRAIN,
        first=_FIRST,
        last=LAST.key,
        unit_ids=units,
    )
    return sorted((row.unit_id, row.indicator_id, row.period, row.num, row.den) for row in rows)


def _raw(
    connection: Connection,
    indicators: Iterable[int],
    periods: Iterable[int],
    *,
    over: int | None = None,
    communes_of: int | None = None,
) -> Answer:
    """Group the newest version of each observation: one statement, the database does the work."""
    table = observation.c
    age = func.row_number().over(
        partition_by=[table.indicator_id, table.period, table.unit_id],
        order_by=table.recorded_at.desc(),
    )
    newest = (
        select(
            table.indicator_id, table.period, table.unit_id, table.num, table.den, age.label("age")
        )
        .where(
            table.indicator_id.in_(list(indicators)),
            table.grain == _GRAIN,
            table.period.in_(list(periods)),
        )
        .subquery()
    ).c
    sums = (func.sum(newest.num), func.sum(newest.den))
    key: tuple[Any, ...] = (newest.indicator_id, newest.period)
    if over is not None:
        query = select(*key, *sums).where(newest.age == 1).group_by(*key)
        rows = connection.execute(query)
        return sorted((over, row[0], row[1], int(row[2]), int(row[3])) for row in rows)
    subject = _place.c.province_id if communes_of is None else newest.unit_id
    joined = select(subject, *key, *sums).join(_place, _place.c.unit_id == newest.unit_id)
    if communes_of is not None:
        joined = joined.where(_place.c.province_id == communes_of)
    rows = connection.execute(joined.where(newest.age == 1).group_by(subject, *key))
    return sorted((row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows)
