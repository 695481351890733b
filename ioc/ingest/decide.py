"""The word of a person about a held figure: believed or not, once, in a run of its own."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from ioc.domain.view import ZONE
from ioc.errors import DecisionError
from ioc.ingest.intake import Intake
from ioc.store import held, runs, source_state, versions
from ioc.store.engine import writing
from ioc.store.held import CONFIRMED, REFUSED, Held
from ioc.store.observations import append
from ioc.store.reference import SourceFact, citation_ids
from ioc.store.sums import apply

_log = logging.getLogger("ioc.run")
KIND = "decision"
"""The kind of the run that a decision is."""
_LONGEST = 1000


def confirm(intake: Intake, held_id: int, by: str, note: str) -> int:
    """Believe a held figure: from now on it stands, and later ones are compared with it.

    Returns the id of the run of this decision. Raises DecisionError when there is no such entry,
    when it was decided before (by whom, and how), or when nobody gives a name.
    """
    return _decide(intake, held_id, CONFIRMED, by, note)


def refuse(intake: Intake, held_id: int, by: str, note: str) -> int:
    """Do not believe a held figure: the old one stays, and the same value is rejected from now on.

    Returns the id of the run of this decision. Raises DecisionError like `confirm`.
    """
    return _decide(intake, held_id, REFUSED, by, note)


def _decide(intake: Intake, held_id: int, decision: str, by: str, note: str) -> int:
    name, words = by.strip()[:200], note.strip()[:_LONGEST]
    if not name:
        raise DecisionError("a decision needs the name of who decides", code="held_nobody")
    with writing(intake.engine) as connection:
        entry = _open(connection, held_id)
        fact = next(one for one in intake.facts.values() if one.id == entry.source_id)
        now = intake.now()
        at = versions.next_recorded_at(connection, now)
        run_id = runs.begin_run(connection, fact.id, now, kind=KIND, by=name)
        held.end(connection, held_id, decision, at=at, run_id=run_id, by=name, note=words)
        added = (
            _believe(connection, intake, fact, entry, run_id, at) if decision == CONFIRMED else 0
        )
        runs.close_decision(connection, run_id, now=now, added=added, note=words)
        changes: dict[str, object] = {"held": held.count_open(connection, fact.id)}
        if decision == REFUSED:
            # No delivery is like the last one then: its value is read and rejected once more.
            changes["payload_hash"] = ""
        source_state.change(connection, fact.id, **changes)
        versions.grow_version(connection, run_id, at)
    _log.info("source %s: held figure %d %s", fact.name, held_id, decision)
    return run_id


def _open(connection: Connection, held_id: int) -> Held:
    entry = held.one_held(connection, held_id)
    if entry is None:
        raise DecisionError(f"no held figure {held_id}", code="held_unknown", id=held_id)
    if entry.decision is not None:
        raise DecisionError(
            f"held figure {held_id} was {entry.decision} before",
            code=f"held_{entry.decision}",
            id=held_id,
            by=entry.decided_by or "–",
            day=entry.decided_at.astimezone(ZONE).strftime("%d/%m/%Y") if entry.decided_at else "–",
        )
    return entry


def _believe(
    connection: Connection, intake: Intake, source: SourceFact, entry: Held, run_id: int, at: int
) -> int:
    doubt = entry.doubt
    fact = doubt.fact
    if doubt.citation:
        words = citation_ids(connection, [doubt.citation])
        fact = fact._replace(citation_id=words[doubt.citation])
    done = append(
        connection,
        {doubt.key: fact},
        source=source,
        ranks=intake.ranks,
        run_id=run_id,
        recorded_at=at,
    )
    apply(
        connection,
        done.winners,
        tree=intake.units,
        rules=intake.rules,
        illustrative=intake.illustrative,
        recorded_at=at,
    )
    return done.added
