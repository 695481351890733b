"""The signs of life of a collection, as numbers that a watcher outside can read at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from ioc.store import heartbeat, migration, runs, slot_strips, source_state, versions
from ioc.store.engine import reading
from ioc.store.reference import sources as stored_sources

BEAT_LIMIT = timedelta(seconds=15)
"""A poller that has not said for so long that it lives is taken for gone, as walls do."""
MOST_SOURCES = 500
"""Sources that are told of one by one; more are counted only, so that no answer grows for ever."""
COUNTED = timedelta(hours=24)
"""How far back slots are counted by their state."""


@dataclass(frozen=True, slots=True)
class SourceVitals:
    """How one source fares; lengths of time in seconds, None where there is none yet.

    `added` and `rejected` count over all its runs, `last_*` are of its last finished run.
    `failures` are the runs that failed one after the other, `lag` how long ago the oldest slot
    was due that has not been read since. `slots` counts those of the last 24 hours by state.
    """

    name: str
    connector: str
    age: float | None
    duration: float | None
    last_read: int
    last_added: int
    last_rejected: int
    last_held: int
    added: int
    rejected: int
    held: int
    failures: int
    breaker: str
    lag: float
    slots: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the whole collection fares; `beat_age` in seconds, None when no poller ever ran.

    `pollers` is how many of them said within the limit that they live.
    """

    data_version: int
    beat_age: float | None
    sources: tuple[SourceVitals, ...]
    left_out: int = 0
    pollers: int = 0


def vitals(engine: Engine, now: datetime) -> Vitals:
    """Every active source, in a fixed number of statements that grow with the sources only."""
    with reading(engine) as connection:
        facts = [one for one in stored_sources(connection) if one.active and one.polled]
        told = facts[:MOST_SOURCES]
        ids = [one.id for one in told]
        states = source_state.states(connection, ids)
        last = runs.last_runs(connection, states.values())
        counts = slot_strips.counts(connection, ids, now - COUNTED)
        strips = slot_strips.strips(connection, ids, now)
        seen = heartbeat.poller_seen(connection)
        living = sum(now - at <= BEAT_LIMIT for at in heartbeat.pollers(connection).values())
        version = versions.data_version(connection)
    found = []
    for fact in told:
        state = states.get(fact.id, source_state.SourceState(fact.id))
        run = last.get(fact.id)
        took = run.finished - run.started if run and run.finished else None
        found.append(
            SourceVitals(
                name=fact.name,
                connector=fact.connector,
                age=_age(state.last_good, now),
                duration=took.total_seconds() if took is not None else None,
                last_read=run.read if run else 0,
                last_added=run.added if run else 0,
                last_rejected=run.rejected if run else 0,
                last_held=run.held if run else 0,
                added=state.added,
                rejected=state.rejected,
                held=state.held,
                failures=state.failures,
                breaker=state.breaker,
                lag=slot_strips.lag(strips.get(fact.id, ()), now).total_seconds(),
                slots=counts.get(fact.id, {}),
            )
        )
    return Vitals(version, _age(seen, now), tuple(found), len(facts) - len(told), living)


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so; `word` says in plain English what was found."""

    name: str
    ok: bool
    word: str


def readiness(engine: Engine, now: datetime) -> tuple[Check, ...]:
    """Whether the database answers, has this program's schema, and whether a poller lives.

    Raises SQLAlchemyError or OSError when the database does not answer.
    """
    with reading(engine) as connection:
        found = migration.revision(connection)
        wanted = migration.head()
        at_head = found == wanted
        schema = f"at head ({wanted})" if at_head else f"{found or 'empty'}, needed: {wanted}"
        seen = heartbeat.poller_seen(connection) if at_head else None
    return (
        Check("database", True, "reachable"),
        Check("migrations", at_head, schema),
        _poller(seen, now),
    )


def _poller(seen: datetime | None, now: datetime) -> Check:
    age = _age(seen, now)
    if age is None:
        return Check("poller", False, "never ran")
    limit = BEAT_LIMIT.total_seconds()
    if age > limit:
        return Check("poller", False, f"no beat for {age:.0f} s, limit {limit:.0f} s")
    return Check("poller", True, f"beat {age:.0f} s ago")
