"""What every answer says of itself besides its figures: sources in trouble, meeting, rehearsal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from ioc.domain.view import View
from ioc.queries.answers import Trouble
from ioc.queries.exercise import Exercise
from ioc.store.freezes import freeze_by_code
from ioc.store.reference import SourceFact
from ioc.store.source_state import SourceState


def troubles(
    facts: Iterable[SourceFact], states: Mapping[int, SourceState], lang: str
) -> tuple[Trouble, ...]:
    """The active sources that cannot be read now, those broken longest first."""
    found = []
    for fact in facts:
        state = states.get(fact.id)
        if fact.active and state is not None and state.broken_since is not None:
            why = state.broken_params
            found.append(
                Trouble(fact.name, fact.title[lang], state.broken_since, state.broken_code, why)
            )
    return tuple(sorted(found, key=lambda one: one.since))


def meeting_title(connection: Connection, view: View) -> str | None:
    """The title of the meeting whose freeze the view shows; None once that was released."""
    if view.meeting is None:
        return None
    found = freeze_by_code(connection, view.meeting)
    return found.title if found is not None and found.active else None


def pretended(exercise: Exercise, facts: Iterable[SourceFact], lang: str) -> str | None:
    """The name of the source or unit that a rehearsal is about."""
    if exercise.late is not None:
        return exercise.late.name_in(lang)
    titles = {fact.name: fact.title[lang] for fact in facts}
    return titles.get(exercise.source, exercise.source) if exercise.source else None
