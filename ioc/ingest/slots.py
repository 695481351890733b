"""What is due: slots planned from the schedules, those that were missed given up, the rest named.

Any number of pollers may plan and look; what is written is decided again under the lease.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ioc.domain.view import ZONE
from ioc.ingest.intake import Intake
from ioc.ingest.run import Work, lease_seconds
from ioc.ingest.schedule import delay
from ioc.ingest.source import Source
from ioc.store import leases, runs, slots, source_state
from ioc.store.engine import reading, writing
from ioc.store.slots import EXPECTED, MISSED, RUNNING, Slot
from ioc.store.source_state import SourceState

_log = logging.getLogger("ioc.poll")
MOST = 1000
"""Slots written one by one after an outage; the older ones are one run with their count."""
_AHEAD = timedelta(seconds=2)
_Open = Mapping[int, list[Slot]]


def plan(intake: Intake, now: datetime) -> None:
    """Write the slots that fell due, and give up those that will not be run any more."""
    states, open_ = _look(intake)
    wanted = [
        source
        for name, source in intake.sources.items()
        if _needs(source, states[intake.facts[name].id], open_[intake.facts[name].id], now)
    ]
    if not wanted:
        return
    ids = [intake.facts[source.name].id for source in wanted]
    with writing(intake.engine) as connection:
        for one in ids:
            source_state.ensure(connection, one)
        states, open_ = _read(connection, ids)
        for source in wanted:
            state = states[intake.facts[source.name].id]
            _plan(connection, source, state, open_[state.source_id], now)


def due(intake: Intake, now: datetime, busy: Collection[str] = ()) -> list[Work]:
    """What can be run now, without the `busy` sources: slots first, then rests of histories.

    At most one piece of work a source, so that a long history queues behind the others.
    """
    states, open_ = _look(intake)
    fresh, rest = [], []
    ordered = sorted(intake.sources.values(), key=lambda one: (one.rank, one.name))
    for source in ordered:
        state = states[intake.facts[source.name].id]
        free = leases.free(state, now, lease_seconds(source)) or state.source_id in intake.left
        if source.name in busy or not free or leases.waits(state, now):
            continue
        found = [
            slot
            for slot in open_[state.source_id]
            if slot.state == EXPECTED and _starts(source, slot) <= now
        ]
        if found:
            newest = max(found, key=lambda one: one.due)
            fresh.append(Work(source, due=newest.due))
        elif state.more:
            rest.append(Work(source, rest=True))
    return fresh + rest


def newest_open(intake: Intake, source: Source, now: datetime) -> datetime | None:
    """The newest slot of a source that is due and waits, whatever keeps it waiting."""
    with reading(intake.engine) as connection:
        found = slots.open_slots(connection, [intake.facts[source.name].id])
    moments = [one.due for one in found if one.state == EXPECTED and one.due <= now]
    return max(moments, default=None)


def _starts(source: Source, slot: Slot) -> datetime:
    return slot.due + delay(source.name, slot.due, source.jitter)


def _look(intake: Intake) -> tuple[dict[int, SourceState], _Open]:
    with reading(intake.engine) as connection:
        return _read(connection, [intake.facts[name].id for name in intake.sources])


def _read(connection: Connection, ids: Iterable[int]) -> tuple[dict[int, SourceState], _Open]:
    wanted = list(ids)
    known = source_state.states(connection, wanted)
    states = {one: known.get(one, SourceState(one)) for one in wanted}
    open_: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots.open_slots(connection, wanted):
        open_[slot.source_id].append(slot)
    return states, open_


def _needs(source: Source, state: SourceState, open_: list[Slot], now: datetime) -> bool:
    """Whether planning would write anything; most looks find nothing to write."""
    until = state.planned_until
    if until is None or until > now + _AHEAD:
        return True
    if _first_waits(source, state, open_, now):
        return False
    if source.schedule.next_after(until) <= now:
        return True
    if source.file_hash and source.file_hash != state.file_hash:
        return True
    if any(one.state == RUNNING for one in open_):
        return leases.free(state, now, lease_seconds(source))
    expected = [one.due for one in open_ if one.state == EXPECTED and not one.attempts]
    return bool(source.misfire.split(expected, now)[1])


def _first_waits(source: Source, state: SourceState, open_: list[Slot], now: datetime) -> bool:
    """Whether a new source queues for its first run: not yet a reason to call that one missed."""
    grace = timedelta(seconds=source.misfire.grace)
    return state.last_run_id is None and any(
        one.state == EXPECTED and not one.attempts and now - one.due <= grace for one in open_
    )


def _plan(
    connection: Connection, source: Source, state: SourceState, open_: list[Slot], now: datetime
) -> None:
    source_id = state.source_id
    if source.file_hash and source.file_hash != state.file_hash:
        # Somebody changed the file, perhaps to mend it: what failed before says nothing now.
        if state.file_hash is not None:
            source_state.close_breaker(connection, source_id)
        source_state.change(connection, source_id, file_hash=source.file_hash)
    if any(one.state == RUNNING for one in open_) and leases.free(
        state, now, lease_seconds(source)
    ):
        runs.abandon(connection, source_id, now)
        slots.reopen(connection, source_id)
        open_ = slots.open_slots(connection, [source_id])
    until = state.planned_until
    if until is None:
        first = now.replace(microsecond=0)
        slots.expect(connection, source_id, [first])
        return _planned(connection, source, source_id, first, now)
    if until > now + _AHEAD:
        _log.warning("source %s: the clock stepped back; its slots are planned again", source.name)
        state = replace(state, planned_until=_before_newest(source, now))
        slots.take_back(connection, source_id, state.planned_until or now)
        open_ = slots.open_slots(connection, [source_id])
    _fall_due(connection, source, state, open_, now)


def _fall_due(
    connection: Connection, source: Source, state: SourceState, open_: list[Slot], now: datetime
) -> None:
    source_id = state.source_id
    assert state.planned_until is not None, "the first slot was planned"
    moments = source.schedule.between(state.planned_until, now, MOST)
    if moments.older:
        first = moments.first or now
        runs.record_missed(
            connection, source_id, now, "outage",
            slots=moments.older, first=_words(first), until=_words(moments.newest[0]),
        )  # fmt: skip
    waiting = [one.due for one in open_ if one.state == EXPECTED and one.due <= now]
    kept, given_up = source.misfire.split([*waiting, *moments.newest], now)
    fresh = set(moments.newest)
    reasons: dict[str, list[datetime]] = defaultdict(list)
    for one in given_up:
        reasons[_reason(source, state, open_, one)].append(one)
    for reason, some in reasons.items():
        slots.coalesce(connection, source_id, [one for one in some if one not in fresh], reason)
        slots.expect(connection, source_id, [one for one in some if one in fresh], MISSED, reason)
    slots.expect(connection, source_id, [one for one in kept if one in fresh])
    until = moments.newest[-1] if fresh else state.planned_until
    _planned(connection, source, source_id, until, now)


def _words(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%d/%m/%Y %H:%M")


def _before_newest(source: Source, now: datetime) -> datetime:
    """Just before the newest slot that is due, so that it is planned again."""
    newest = source.schedule.between(now - timedelta(days=1), now, 1).newest
    return newest[-1] - timedelta(microseconds=1) if newest else now


def _planned(
    connection: Connection, source: Source, source_id: int, until: datetime, now: datetime
) -> None:
    source_state.change(
        connection,
        source_id,
        planned_until=until,
        next_run=source.schedule.next_after(max(until, now)),
    )


def _reason(source: Source, state: SourceState, open_: list[Slot], due: datetime) -> str:
    """Why a slot that is given up was not run."""
    if state.breaker == "open" and state.breaker_until and due <= state.breaker_until:
        return "breaker_open"
    if state.next_try is not None and due <= state.next_try:
        return "asked_to_wait"
    if any(one.state == RUNNING for one in open_):
        return "still_running"
    return "skipped" if source.misfire.policy == "skip" else "coalesced"
