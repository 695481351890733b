"""Rehearsals: what a wall shows when a source is lost or a unit is late, without either being so.

The address says what is pretended (`exercise=source:dvc`, `exercise=late:38`) and every screen of
it is marked as an exercise; the store is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ioc.domain.unit import Unit
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.store.reference import SourceFact
from ioc.store.source_state import SourceState

ALLOWED = "source:NAME, late:KEY, server"
LOST_FOR = timedelta(minutes=5)
"""How long ago a source that a rehearsal pretends to be lost is said to have been lost."""
LOST = "exercise_lost"


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is pretended: a source lost, a unit late, or (for the browser alone) no server."""

    source: str | None = None
    late: Unit | None = None


def exercise_of(view: View, units: Units) -> Exercise:
    """What the address pretends; raises AddressError for anything but `ALLOWED`."""
    if view.exercise is None or view.exercise == "server":
        return Exercise()
    kind, _, what = view.exercise.partition(":")
    if kind == "source" and what:
        return Exercise(source=what)
    if kind == "late" and what:
        return Exercise(late=units.by_key(what))
    raise AddressError(part="exercise", given=view.exercise, allowed=ALLOWED)


def states_of(
    exercise: Exercise,
    facts: Iterable[SourceFact],
    states: Mapping[int, SourceState],
    now: datetime,
) -> dict[int, SourceState]:
    """Where the sources stand, with the one pretended to be lost as if it had been for a while.

    Raises AddressError when there is no source of that name.
    """
    found = dict(states)
    if exercise.source is None:
        return found
    known = {fact.name: fact.id for fact in facts}
    if exercise.source not in known:
        allowed = ", ".join(sorted(known))
        raise AddressError(part="exercise", given=f"source:{exercise.source}", allowed=allowed)
    lost = known[exercise.source]
    since = now - LOST_FOR
    state = found.get(lost, SourceState(lost))
    good = min(state.last_good or since, since)
    found[lost] = replace(
        state, broken_since=since, broken_code=LOST, broken_params={}, last_good=good
    )
    return found
