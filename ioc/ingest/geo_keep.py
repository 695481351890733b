"""Points of a batch on their way into the store: whole numbers, their unit's id, plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import AddressError
from ioc.ingest.connector import Batch, Point
from ioc.ingest.intake import Intake
from ioc.ingest.source import Source
from ioc.ingest.unit_reader import UnitReader
from ioc.ingest.values import ValueProblem
from ioc.store.features import DEGREE, Kept, Placed, keep


def keep_points(
    connection: Connection,
    source: Source,
    batch: Batch,
    intake: Intake,
    ids: tuple[int, int, int],
    *,
    doubted: bool = False,
) -> Kept:
    """Keep the points of a batch, inside its run's transaction; nothing where it has none, or where
    they are items of a register.

    `ids` are those of the source and the run, and the moment it is recorded at. While figures of
    the delivery are `doubted` (held for a person) no point is taken for gone.
    """
    if batch.points is None or source.items is not None:
        return Kept()
    return keep(
        connection,
        *ids,
        placed(source, batch.points, intake.units, intake.now()),
        whole=batch.points_whole and not doubted,
        still=batch.points_still,
    )


def placed(
    source: Source, points: Iterable[Point], units: Units, now: datetime
) -> Iterator[Placed]:
    """Points as the store keeps them.

    The unit is the one that the point names, else the one that the source's mapping finds in its
    fields today; a point whose unit cannot be told is kept without one.
    """
    rule = source.mapping.unit
    reader = UnitReader(rule, units) if rule is not None else None
    day = Period.of(Calendar.CALENDAR, Grain.DAY, now.astimezone(ZONE).date())
    for point in points:
        yield Placed(
            point.key,
            round(point.lon * DEGREE),
            round(point.lat * DEGREE),
            _unit_id(point, reader, units, day),
            json.dumps(dict(point.fields), ensure_ascii=False, sort_keys=True, default=_plain),
        )


def _unit_id(point: Point, reader: UnitReader | None, units: Units, day: Period) -> int | None:
    try:
        if point.unit is not None:
            return units.by_key(point.unit).id
        return reader.read(point.fields, day).id if reader is not None else None
    except (AddressError, ValueProblem):
        return None


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return str(value)
