"""Refused records of a source to be browsed: by run, by reason, sheet by sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from ioc.store.rejections import Refusal, rejection
from ioc.store.runs import run

RUNS = 40
"""So many of the newest runs that refused anything are looked through."""


@dataclass(frozen=True, slots=True)
class KeptRefusal:
    """A refused record and the run that refused it."""

    run_id: int
    refusal: Refusal


def refusing_runs(connection: Connection, source_id: int, limit: int = RUNS) -> dict[int, int]:
    """The newest runs of a source that refused records, newest first, with how many."""
    query = (
        select(run.c.run_id, run.c.rejected)
        .where(run.c.source_id == source_id, run.c.rejected > 0)
        .order_by(run.c.run_id.desc())
        .limit(limit)
    )
    return {row.run_id: row.rejected for row in connection.execute(query)}


def reasons(connection: Connection, run_ids: Sequence[int]) -> dict[str, int]:
    """How many of the records kept of these runs were refused for which code, most first."""
    many = func.count()
    query = (
        select(rejection.c.code, many.label("many"))
        .where(rejection.c.run_id.in_(run_ids))
        .group_by(rejection.c.code)
        .order_by(many.desc(), rejection.c.code)
    )
    return {row.code: row.many for row in connection.execute(query)}


def count(connection: Connection, run_ids: Sequence[int], reason: str | None = None) -> int:
    """How many records of these runs are kept, of one reason if one is given."""
    query = select(func.count()).select_from(rejection).where(*_fits(run_ids, reason))
    return int(connection.execute(query).scalar_one())


def browse(
    connection: Connection,
    run_ids: Sequence[int],
    reason: str | None = None,
    *,
    limit: int,
    offset: int = 0,
) -> tuple[KeptRefusal, ...]:
    """Records kept of these runs: of the newest run first, in the order of the delivery."""
    query = (
        select(rejection)
        .where(*_fits(run_ids, reason))
        .order_by(rejection.c.run_id.desc(), rejection.c.seq)
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        KeptRefusal(row.run_id, Refusal(row.place, row.code, json.loads(row.params), row.record))
        for row in connection.execute(query)
    )


def by_places(
    connection: Connection, places: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], Refusal]:
    """Kept records by (run, place in it)."""
    if not places:
        return {}
    table = rejection.c
    at = or_(*(and_(table.run_id == run_id, table.seq == seq) for run_id, seq in places))
    return {
        (row.run_id, row.seq): Refusal(row.place, row.code, json.loads(row.params), row.record)
        for row in connection.execute(select(rejection).where(at))
    }


def _fits(run_ids: Sequence[int], reason: str | None) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = [rejection.c.run_id.in_(run_ids)]
    return fits if reason is None else [*fits, rejection.c.code == reason]
