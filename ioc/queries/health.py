"""The health of collection: every source with its last run, next run, age and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Stamp
from ioc.queries.desk import Desk
from ioc.queries.exercise import exercise_of, states_of
from ioc.queries.source_answers import SlotMark, SourceRow, Sources
from ioc.queries.source_detail import run_row, with_detail
from ioc.queries.stamping import meeting_title, pretended, troubles
from ioc.store import heartbeat, runs, slot_strips, source_state, versions
from ioc.store.engine import reading
from ioc.store.reference import SourceFact
from ioc.store.reference import sources as stored_sources
from ioc.store.slots import Slot

_STOPPED_AFTER = timedelta(seconds=15)
_LATE_AFTER = timedelta(minutes=5)


def sources(desk: Desk, view: View, scope: Scope) -> Sources:
    """All sources, and one of them in detail when the address names it.

    Sources belong to the installation, not to a unit: a viewer who may see nothing sees none.
    Raises AddressError for a source that does not exist.
    """
    with reading(desk.engine) as connection:
        return _answer(desk, view, scope, connection)


def _answer(desk: Desk, view: View, scope: Scope, connection: Connection) -> Sources:
    now = desk.now()
    visible = scope.everything or bool(scope.roots)
    known = [one for one in stored_sources(connection) if one.active and visible]
    facts = [one for one in known if one.polled]
    seen = heartbeat.poller_seen(connection)
    stand = source_state.states(connection, [one.id for one in known])
    exercise = exercise_of(view, desk.units)
    states = states_of(exercise, facts, stand, now)
    last = runs.last_runs(connection, states.values())
    past = slot_strips.strips(connection, [one.id for one in facts], now)
    rows = {
        fact.name: _row(
            fact,
            view,
            states.get(fact.id, source_state.SourceState(fact.id)),
            last.get(fact.id),
            past.get(fact.id, ()),
            now=now,
            stopped=seen is None or now - seen > _STOPPED_AFTER,
        )
        for fact in known
    }
    version = versions.data_version(connection)
    stamp = Stamp(
        version,
        now,
        view.known_at,
        any(one.illustrative for one in facts),
        troubles=troubles(facts, states, view.lang),
        sources=len(facts),
        meeting=meeting_title(connection, view),
        pretended=pretended(exercise, facts, view.lang),
    )
    polled = [states[one.id] for one in facts if one.id in states]
    read = source_state.progress(polled, len(facts))
    shown = tuple(rows[one.name] for one in facts)
    answer = Sources(view, stamp, seen, shown, progress=read)
    if view.source is None:
        return answer
    ids = {one.name: one for one in known}
    return with_detail(desk, answer, scope, ids, rows, connection)


def _row(
    fact: SourceFact,
    view: View,
    state: source_state.SourceState,
    last: runs.RunFact | None,
    past: Sequence[Slot],
    *,
    now: datetime,
    stopped: bool,
) -> SourceRow:
    return SourceRow(
        name=fact.name,
        title=fact.title[view.lang],
        connector=fact.connector,
        illustrative=fact.illustrative,
        schedule=fact.schedule,
        state=_state(state, last, now, stopped=stopped) if fact.polled else _counted(state),
        last=run_row(last) if last else None,
        last_good=state.last_good,
        broken_since=state.broken_since,
        recovered_at=state.recovered_at,
        next_run=state.next_run,
        observations=state.added,
        rejections=state.rejected,
        breaker=state.breaker,
        breaker_until=state.breaker_until,
        trips=state.breaker_trips,
        failures=state.failures,
        broken_code=state.broken_code if state.broken_since else None,
        broken_params=state.broken_params,
        lag=slot_strips.lag(past, now),
        held=state.held,
        strip=tuple(
            SlotMark(one.due, one.state, one.arrived, one.attempts, one.code) for one in past
        ),
    )


def _counted(state: source_state.SourceState) -> str:
    """The word for a source that nobody asks: a register's items were counted, or not yet."""
    return "never" if state.last_good is None else "ok"


def _state(
    state: source_state.SourceState, last: runs.RunFact | None, now: datetime, *, stopped: bool
) -> str:
    """One word: a broken source is failing even while nobody polls; the rest is the poller's."""
    if state.broken_since is not None:
        return "failing"
    if last is None:
        return "never"
    if stopped:
        return "stopped"
    overdue = state.next_run is not None and now - state.next_run > _LATE_AFTER
    return "late" if overdue else "ok"
