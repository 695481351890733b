"""What the store really has to tell the quality of data by, counted by the database.

Looked at are the newest runs of each source that read anything, within a number of days; what is
kept for ever is never added up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, case, func, or_, select, union_all

from ioc.store.held import REFUSED, held
from ioc.store.rejections import rejection
from ioc.store.runs import run
from ioc.store.slots import ARRIVED, EXPECTED, HELD, RUNNING, slot
from ioc.store.summary import latest

RUNS = 50
"""Newest runs of a source that read anything, which are looked through."""
_AT_ONCE = 100
"""Sources per statement: databases limit how many parts one may have."""
_PIECE = 900
"""Runs that one statement names."""


class Ran(NamedTuple):
    """What one run read: `read` counts all records, `absent` of them had no figure."""

    source_id: int
    run_id: int
    read: int
    rejected: int
    absent: int


class Newest(NamedTuple):
    """Figures of one source and period that are the newest of their units."""

    parent_id: int
    unit_id: int | None
    indicator_id: int
    grain: int
    source_id: int
    period: int
    figures: int


def reading_runs(
    connection: Connection,
    source_ids: Sequence[int],
    *,
    since: int,
    until: int | None = None,
    limit: int = RUNS,
) -> tuple[Ran, ...]:
    """The newest runs of each source that read anything since a moment (microseconds)."""
    found: list[Ran] = []
    table = run.c
    for start in range(0, len(source_ids), _AT_ONCE):
        parts = []
        for one in source_ids[start : start + _AT_ONCE]:
            fits = [table.source_id == one, table.read > 0, table.started_at >= since]
            if until is not None:
                fits.append(table.finished_at <= until)
            newest = select(
                table.source_id,
                table.run_id,
                table.read,
                table.rejected,
                (table.read - table.added - table.unchanged - table.rejected - table.held).label(
                    "absent"
                ),
            )
            newest = newest.where(*fits).order_by(table.run_id.desc()).limit(limit)
            parts.append(select(newest.subquery()))
        found += [Ran(*row) for row in connection.execute(union_all(*parts))]
    return tuple(found)


def refused_for(connection: Connection, run_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """How many kept records of these runs were refused, by run and code."""
    found: dict[tuple[int, str], int] = {}
    for start in range(0, len(run_ids), _PIECE):
        query = (
            select(rejection.c.run_id, rejection.c.code, func.count())
            .where(rejection.c.run_id.in_(run_ids[start : start + _PIECE]))
            .group_by(rejection.c.run_id, rejection.c.code)
        )
        found.update({(row[0], row[1]): int(row[2]) for row in connection.execute(query)})
    return found


def doubted(
    connection: Connection, *, since: int, until: int | None = None
) -> tuple[tuple[int, int, int, int], ...]:
    """Figures held since a moment that are open or were refused: (source, indicator, unit, how
    many). `until` asks which were so then."""
    table = held.c
    query = select(table.source_id, table.indicator_id, table.unit_id, func.count()).where(
        table.held_at >= since
    )
    if until is None:
        query = query.where(or_(table.decision.is_(None), table.decision == REFUSED))
    else:
        stood = or_(table.decision.is_(None), table.decided_at > until, table.decision == REFUSED)
        query = query.where(table.held_at <= until, stood)
    query = query.group_by(table.source_id, table.indicator_id, table.unit_id)
    return tuple((row[0], row[1], row[2], int(row[3])) for row in connection.execute(query))


def slots_kept(
    connection: Connection, source_ids: Collection[int], *, since: int, until: int
) -> dict[int, tuple[int, int]]:
    """Slots of these sources due between two moments: (kept, due).

    One that simply waits for its turn, or is being read, is not counted yet.
    """
    table = slot.c
    in_time = table.state.in_((ARRIVED, HELD)) & (table.arrived_at <= until)
    query = (
        select(table.source_id, func.sum(case((in_time, 1), else_=0)), func.count())
        .where(
            table.source_id.in_(list(source_ids)),
            table.due_at >= since,
            table.due_at <= until,
            table.state.not_in((EXPECTED, RUNNING)),
        )
        .group_by(table.source_id)
    )
    return {row[0]: (int(row[1] or 0), int(row[2])) for row in connection.execute(query)}


def newest_figures(
    connection: Connection,
    indicator_ids: Collection[int],
    *,
    parent_ids: Collection[int] | None = None,
    unit_ids: Collection[int] | None = None,
    without: Collection[int] = (),
) -> tuple[Newest, ...]:
    """How many figures that units gave themselves are of which source and period, by indicator.

    With `unit_ids` by unit too, else `unit_id` is None. Those of the units `without`, which are
    no more, are left out.
    """
    table = latest.c
    of = [table.parent_id, table.indicator_id, table.grain, table.source_id, table.period]
    query = select(*of, func.count().label("figures"))
    if unit_ids is not None:
        query = select(*of, func.count().label("figures"), table.unit_id)
        query = query.where(table.unit_id.in_(list(unit_ids)))
        of.append(table.unit_id)
    query = query.where(
        table.own == 1,
        table.source_id.is_not(None),
        # What was published once is not expected every period.
        table.citation_id.is_(None),
        table.indicator_id.in_(list(indicator_ids)),
    )
    if parent_ids is not None:
        query = query.where(table.parent_id.in_(list(parent_ids)))
    if without:
        query = query.where(table.unit_id.not_in(list(without)))
    return tuple(
        Newest(
            row.parent_id,
            row.unit_id if unit_ids is not None else None,
            row.indicator_id,
            row.grain,
            row.source_id,
            row.period,
            int(row.figures),
        )
        for row in connection.execute(query.group_by(*of))
    )


def overdue_figures(
    connection: Connection,
    source_id: int,
    due: Mapping[tuple[int, int], int],
    *,
    parent_ids: Collection[int],
    without: Collection[int],
    limit: int,
    offset: int = 0,
) -> tuple[tuple[int, int, int, int], ...]:
    """Figures of a source that are older than the period due: (indicator, unit, grain, period).

    `due` are the period keys by indicator and grain; a period given is the newest there is.
    """
    table = latest.c
    late = [
        (table.indicator_id == indicator) & (table.grain == grain) & (table.period < key)
        for (indicator, grain), key in due.items()
    ]
    if not late:
        return ()
    query = (
        select(table.indicator_id, table.unit_id, table.grain, table.period)
        .where(
            table.own == 1,
            table.citation_id.is_(None),
            table.source_id == source_id,
            table.parent_id.in_(list(parent_ids)),
            table.unit_id.not_in(list(without)),
            or_(*late),
        )
        .order_by(table.indicator_id, table.period, table.unit_id)
        .limit(limit)
        .offset(offset)
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in connection.execute(query))


def refusals(
    connection: Connection,
    run_ids: Sequence[int],
    codes: Iterable[str],
    *,
    limit: int,
    offset: int = 0,
    other_than: bool = False,
) -> tuple[tuple[int, int], ...]:
    """The (run, place in it) of kept records refused for these codes, the newest run first.

    `other_than` turns the codes round: those refused for any other.
    """
    table = rejection.c
    listed = list(codes)
    fits = table.code.not_in(listed) if other_than else table.code.in_(listed)
    query = (
        select(table.run_id, table.seq)
        .where(table.run_id.in_(list(run_ids)), fits)
        .order_by(table.run_id.desc(), table.seq)
        .limit(limit)
        .offset(offset)
    )
    return tuple((row[0], row[1]) for row in connection.execute(query))
