"""Notes: what people wrote about figures, as published by the moment asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.queries.answers import Note
from ioc.queries.ask import Ask
from ioc.store import annotations as kept
from ioc.store.engine import moment


def notes_about(
    ask: Ask,
    units: Iterable[Unit],
    indicators: Iterable[Indicator],
    period: Period | None = None,
) -> tuple[Note, ...]:
    """The notes published about these units and indicators, numbered; one statement.

    With `period` only those about it or about no period in particular.
    """
    by_unit = {unit.id: unit for unit in units if ask.sees(unit)}
    by_id = {one.id: one for one in indicators}
    if not by_unit or not by_id:
        return ()
    rows = kept.published(
        ask.connection, unit_ids=by_unit, indicator_ids=by_id, known_at=ask.known_at
    )
    found = [
        Note(
            row.id,
            0,
            ask.ref(by_unit[row.unit_id]),
            by_id[row.indicator_id].code,
            Period.from_keys(row.grain, row.period)
            if row.grain is not None and row.period is not None
            else None,
            row.words,
            row.author,
            moment(row.published_at or row.created_at),
        )
        for row in rows
    ]
    return _numbered([one for one in found if period is None or one.period in (None, period)])


def _numbered(found: Sequence[Note]) -> tuple[Note, ...]:
    def order(one: Note) -> tuple[str, datetime]:
        return one.period.start.isoformat() if one.period else "9999", one.published_at

    ordered = sorted(found, key=order)
    return tuple(replace(one, number=at) for at, one in enumerate(ordered, 1))
