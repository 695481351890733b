"""DQ-01, counted by the centre itself: how many of its sources are within their cadence."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ioc.domain.period import Period
from ioc.domain.view import ZONE
from ioc.errors import AddressError
from ioc.ingest.intake import Intake
from ioc.store import runs, slot_strips, source_state, versions
from ioc.store.engine import writing
from ioc.store.observations import Fact, Key, append
from ioc.store.own_source import OWN
from ioc.store.sums import apply

CODE = "DQ-01"
LATE = timedelta(minutes=5)
"""A slot is read within moments of being due; only one that waits longer is late."""
_ROOT = "vn"


def alive(connection: Connection, intake: Intake, now: datetime) -> tuple[int, int]:
    """(sources within their cadence, sources): nothing is due that was not read, none is broken.

    A source that was never read is not within it.
    """
    polled = [one.id for one in intake.facts.values() if one.active and one.polled]
    states = source_state.states(connection, polled)
    past = slot_strips.strips(connection, polled, now)
    live = 0
    for source_id in polled:
        state = states.get(source_id)
        if state is None or state.last_good is None or state.broken_since is not None:
            continue
        live += slot_strips.lag(past.get(source_id, ()), now) < LATE
    return live, len(polled)


def tell_alive(intake: Intake) -> int:
    """Write today's figure where it is other than before; gives how many were written.

    Nothing before the centre itself is known as a source, or without the indicator.
    """
    source, now = intake.facts.get(OWN), intake.now()
    try:
        indicator = intake.catalogue.by_code(CODE)
    except AddressError:
        return 0
    if source is None:
        return 0
    today = Period.of(indicator.calendar, indicator.cadence, now.astimezone(ZONE).date())
    unit = intake.units.by_key(_ROOT)
    with writing(intake.engine) as connection:
        live, everyone = alive(connection, intake, now)
        if not everyone:
            return 0
        run_id = runs.begin_run(connection, source.id, now, kind="count")
        recorded_at = versions.next_recorded_at(connection, now)
        done = append(
            connection,
            {Key(indicator.id, today.grain_key, today.key, unit.id): Fact(live, everyone)},
            source=source,
            ranks=intake.ranks,
            run_id=run_id,
            recorded_at=recorded_at,
        )
        source_state.ensure(connection, source.id)
        source_state.change(connection, source.id, last_good=now)
        if not done.added:
            runs.forget(connection, run_id)
            return 0
        apply(
            connection,
            done.winners,
            tree=intake.units,
            rules=intake.rules,
            illustrative=intake.illustrative,
            recorded_at=recorded_at,
        )
        versions.grow_version(connection, run_id, recorded_at)
        runs.close_decision(connection, run_id, now=now, added=done.added, note="")
    return done.added
