"""What a store must say after anything at all: whole deliveries, once each, and right sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, func, select

from bench.faults import PROVINCES
from ioc.store.engine import reading
from ioc.store.observations import observation, standing
from ioc.store.runs import run
from ioc.store.slots import slot
from ioc.store.summary import summary

WHOLE = len(PROVINCES)
"""Figures of one delivery; each delivery carries a number of its own in all of them."""


@dataclass
class Found:
    """Runs that committed figures, runs that were cut off, and counts of what must not be."""

    committed: int = 0
    cut: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


def look(engine: Engine, acknowledged: Iterable[int] = ()) -> Found:
    """Count everything that is lost, doubled, half there or wrongly summed."""
    found = Found()
    with reading(engine) as connection:
        rows = _rows_by_run(connection)
        runs = {
            one.run_id: one
            for one in connection.execute(select(run.c.run_id, run.c.outcome, run.c.added))
        }
        found.committed = sum(one.added > 0 for one in runs.values())
        found.cut = sum(one.outcome in ("running", "abandoned") for one in runs.values())
        wrong = found.wrong
        wrong["acknowledged runs lost"] = sum(
            one not in runs or runs[one].outcome not in ("ok", "unchanged") for one in acknowledged
        )
        wrong["runs whose figures are not those they added"] = sum(
            rows.get(one.run_id, 0) != one.added for one in runs.values()
        )
        wrong["half periods"] = sum(count != WHOLE for count in rows.values())
        wrong["deliveries written twice"] = _doubled(connection)
        wrong["slots with two effective runs"] = _slots_twice(connection)
        wrong["slots whose run is not there"] = _slots_without(connection)
        wrong["wrong sums"] = _wrong_sums(connection)
    return found


def _rows_by_run(connection: Connection) -> dict[int, int]:
    counted = select(observation.c.run_id, func.count()).group_by(observation.c.run_id)
    return {int(run_id): int(count) for run_id, count in connection.execute(counted)}


def _doubled(connection: Connection) -> int:
    """Deliveries (each with its own number) whose figures stand in more than one run."""
    counted = (
        select(observation.c.source_id, observation.c.num)
        .group_by(observation.c.source_id, observation.c.num)
        .having(func.count(observation.c.run_id.distinct()) > 1)
    )
    return len(connection.execute(counted).all())


def _slots_twice(connection: Connection) -> int:
    counted = (
        select(run.c.source_id, run.c.due_at)
        .where(run.c.due_at.is_not(None), run.c.outcome.in_(("ok", "partial", "unchanged")))
        .group_by(run.c.source_id, run.c.due_at)
        .having(func.count() > 1)
    )
    return len(connection.execute(counted).all())


def _slots_without(connection: Connection) -> int:
    """Slots said to have arrived whose run did not commit."""
    query = (
        select(func.count())
        .select_from(slot.outerjoin(run, run.c.run_id == slot.c.run_id))
        .where(
            slot.c.state.in_(("arrived", "late")),
            run.c.outcome.is_(None) | run.c.outcome.not_in(("ok", "partial", "unchanged")),
        )
    )
    return int(connection.execute(query).scalar_one())


def _wrong_sums(connection: Connection) -> int:
    """Periods whose sum over the provinces is not the sum of what stands."""
    kept = standing.c
    truth = {
        (row.indicator_id, row.period): int(row[2])
        for row in connection.execute(
            select(kept.indicator_id, kept.period, func.sum(kept.num)).group_by(
                kept.indicator_id, kept.period
            )
        )
    }
    # The former provinces' figures add up to the localities' total, the only unit with 34 leaves.
    sums = connection.execute(
        select(summary.c.indicator_id, summary.c.period, summary.c.num, summary.c.leaves).where(
            summary.c.leaves >= WHOLE
        )
    )
    return sum(int(row.num) != truth[row.indicator_id, row.period] for row in sums)
