"""What a source has spoken about: the figures of a span of days that it stands behind."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ioc.store.observations import Key, standing


def lines(connection: Connection, source_id: int) -> frozenset[tuple[int, int]]:
    """The indicators and grains of a source."""
    table = standing.c
    query = select(table.indicator_id, table.grain).where(table.source_id == source_id).distinct()
    return frozenset((row.indicator_id, row.grain) for row in connection.execute(query))


def keys(
    connection: Connection, source_id: int, wanted: Iterable[tuple[int, int, int, int]]
) -> frozenset[Key]:
    """What a source said of (indicator, grain, first period, last period), key by key."""
    table, found = standing.c, set()
    for indicator_id, grain, first, last in wanted:
        query = select(table.period, table.unit_id, table.breakdown).where(
            table.indicator_id == indicator_id,
            table.grain == grain,
            table.period.between(first, last),
            table.source_id == source_id,
        )
        found |= {
            Key(indicator_id, grain, row.period, row.unit_id, row.breakdown)
            for row in connection.execute(query)
        }
    return frozenset(found)
