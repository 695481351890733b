"""Hand-overs of made briefings: what is pending, who tries it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ioc.store.engine import micros, moment_or_none
from ioc.store.export_tables import briefing_delivery


@dataclass(frozen=True, slots=True)
class Delivery:
    """One hand-over of a run's files; `key` is the same at every try."""

    id: int
    run_id: int
    channel: str
    target: str
    key: str
    state: str
    attempts: int
    next_at: datetime | None
    reason: str
    finished_at: datetime | None


def order(
    connection: Connection, run_id: int, channel: str, target: str, key: str, now: datetime
) -> bool:
    """Ask for a hand-over; False when it was asked for already."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    done = connection.execute(
        kind.insert(briefing_delivery)
        .values(
            run_id=run_id,
            channel=channel,
            target=target,
            key=key,
            state="pending",
            attempts=0,
            next_at=micros(now),
            reason="",
        )
        .on_conflict_do_nothing()
        .returning(briefing_delivery.c.delivery_id)
    )
    return done.first() is not None


def due(connection: Connection, now: datetime, limit: int = 20) -> tuple[Delivery, ...]:
    """Pending ones whose time has come, those that were asked for first at the front."""
    query = (
        select(briefing_delivery)
        .where(briefing_delivery.c.state == "pending", briefing_delivery.c.next_at <= micros(now))
        .order_by(briefing_delivery.c.delivery_id)
        .limit(limit)
    )
    return tuple(_delivery(row) for row in connection.execute(query))


def pending(connection: Connection, limit: int = 500) -> tuple[Delivery, ...]:
    """All that are not handed over, whether their time has come or not, in their order."""
    query = (
        select(briefing_delivery)
        .where(briefing_delivery.c.state == "pending")
        .order_by(briefing_delivery.c.delivery_id)
        .limit(limit)
    )
    return tuple(_delivery(row) for row in connection.execute(query))


def claim(connection: Connection, one: Delivery, until: datetime) -> bool:
    """Count a try and keep others away until then; False when another has it."""
    done = connection.execute(
        update(briefing_delivery)
        .where(briefing_delivery.c.delivery_id == one.id)
        .where(briefing_delivery.c.state == "pending")
        .where(briefing_delivery.c.attempts == one.attempts)
        .values(attempts=one.attempts + 1, next_at=micros(until))
    )
    return done.rowcount == 1


def end(
    connection: Connection,
    delivery_id: int,
    *,
    state: str,
    now: datetime,
    reason: str = "",
    next_at: datetime | None = None,
) -> None:
    """Say how a try ended; a pending one is tried again at `next_at`."""
    connection.execute(
        update(briefing_delivery)
        .where(briefing_delivery.c.delivery_id == delivery_id)
        .where(briefing_delivery.c.state == "pending")
        .values(
            state=state,
            reason=reason,
            next_at=None if next_at is None else micros(next_at),
            finished_at=None if state == "pending" else micros(now),
        )
    )


def of_runs(connection: Connection, run_ids: list[int]) -> dict[int, tuple[Delivery, ...]]:
    """The hand-overs of some runs."""
    query = (
        select(briefing_delivery)
        .where(briefing_delivery.c.run_id.in_(run_ids))
        .order_by(briefing_delivery.c.delivery_id)
    )
    grouped: dict[int, tuple[Delivery, ...]] = {}
    for row in connection.execute(query):
        grouped[row.run_id] = (*grouped.get(row.run_id, ()), _delivery(row))
    return grouped


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        run_id=row.run_id,
        channel=row.channel,
        target=row.target,
        key=row.key,
        state=row.state,
        attempts=row.attempts,
        next_at=moment_or_none(row.next_at),
        reason=row.reason,
        finished_at=moment_or_none(row.finished_at),
    )
