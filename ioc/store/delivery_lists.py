"""Lists of deliveries: who sent what, and which periods were confirmed when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from ioc.store.deliveries import Delivery, delivery, fact_of
from ioc.store.engine import micros, moment


def listed(
    connection: Connection,
    source_id: int,
    *,
    unit_ids: Iterable[int] | None = None,
    until: datetime | None = None,
    limit: int,
) -> tuple[tuple[Delivery, ...], int]:
    """The newest deliveries of a source, newest first, and how many there are.

    `unit_ids` keeps those of these units, `until` leaves out what came later.
    """
    of = delivery.c
    kept = [of.source_id == source_id]
    if unit_ids is not None:
        kept.append(of.unit_id.in_(list(unit_ids)))
    if until is not None:
        kept.append(of.uploaded_at <= micros(until))
    count = connection.execute(select(func.count()).select_from(delivery).where(*kept)).scalar()
    newest = (of.uploaded_at.desc(), of.delivery_id.desc())
    rows = connection.execute(select(delivery).where(*kept).order_by(*newest).limit(limit))
    return tuple(fact_of(row) for row in rows), int(count or 0)


def first_confirmed(
    connection: Connection, source_id: int, periods: Iterable[str], until: datetime
) -> dict[tuple[int, str], datetime]:
    """When each (unit, period) of a source was first confirmed, until a moment."""
    of = delivery.c
    query = (
        select(of.unit_id, of.period, func.min(of.confirmed_at).label("first"))
        .where(
            of.source_id == source_id,
            of.state == "confirmed",
            of.period.in_(list(periods)),
            of.confirmed_at <= micros(until),
        )
        .group_by(of.unit_id, of.period)
    )
    return {(row.unit_id, row.period): moment(row.first) for row in connection.execute(query)}
