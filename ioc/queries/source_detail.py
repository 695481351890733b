"""One source in detail: its runs, what they refused, what is held, what people asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.desk import Desk
from ioc.queries.held import held_rows
from ioc.queries.source_answers import (
    Refused,
    RejectionRow,
    RequestRow,
    RunRow,
    SourceRow,
    Sources,
)
from ioc.store import held, refused, run_requests, runs
from ioc.store.reference import SourceFact

RUNS_SHOWN = 40
SHEET = 20
"""Refused records on one sheet."""
HELD_SHOWN, DECIDED_SHOWN, REQUESTS_SHOWN = 100, 20, 10


def with_detail(
    desk: Desk,
    answer: Sources,
    scope: Scope,
    facts: Mapping[str, SourceFact],
    rows: Mapping[str, SourceRow],
    connection: Connection,
) -> Sources:
    """The answer with all about the source that its address names.

    `facts` and `rows` also hold those that nobody polls: a register's own, of what was counted.
    Raises AddressError for a source or run that does not exist.
    """
    view = answer.view
    name = view.source or ""
    chosen = rows.get(name)
    if chosen is None:
        raise AddressError(part="source", given=name, allowed=", ".join(sorted(facts)))
    fact = facts[name]
    recent = runs.recent_runs(connection, fact.id, RUNS_SHOWN)
    waiting = held.open_held(connection, fact.id, HELD_SHOWN)
    decided = held.decided_held(connection, fact.id, DECIDED_SHOWN)
    lang, made_up = view.lang, fact.illustrative
    return replace(
        answer,
        chosen=chosen,
        runs=tuple(run_row(one) for one in recent),
        rejections=refused_of(desk, view, scope, fact.id, connection),
        held=held_rows(desk, waiting, scope, lang, illustrative=made_up),
        decided=held_rows(desk, decided, scope, lang, illustrative=made_up),
        requests=tuple(
            request_row(one) for one in run_requests.recent(connection, fact.id, REQUESTS_SHOWN)
        ),
    )


def refused_of(
    desk: Desk,
    view: View,
    scope: Scope,
    source_id: int,
    connection: Connection,
    *,
    limit: int = SHEET,
) -> Refused | None:
    """Refused records by the run, reason and sheet of the address.

    None for who may not see all units: a raw record may speak of any. Raises AddressError for a
    run that refused nothing or is not of this source.
    """
    if not may_browse(desk, scope):
        return None
    many = refused.refusing_runs(connection, source_id)
    if view.run is not None and view.run not in many:
        raise AddressError(part="run", given=str(view.run), allowed=", ".join(map(str, many)))
    chosen = [view.run] if view.run is not None else list(many)
    reasons = refused.reasons(connection, chosen)
    count = refused.count(connection, chosen, view.reason)
    sheets = max(1, -(-count // limit))
    sheet = min(view.sheet, sheets)
    rows = refused.browse(connection, chosen, view.reason, limit=limit, offset=(sheet - 1) * limit)
    known = runs.runs_by_id(connection, many)
    return Refused(
        rows=tuple(
            RejectionRow(
                one.refusal.place,
                one.refusal.code,
                one.refusal.params,
                one.refusal.record,
                one.run_id,
            )
            for one in rows
        ),
        count=count,
        more=max(0, sum(many[one] for one in chosen) - sum(reasons.values())),
        sheet=sheet,
        sheets=sheets,
        run=view.run,
        reason=view.reason,
        runs=tuple((run_row(known[one]), many[one]) for one in many if one in known),
        reasons=tuple(reasons.items()),
    )


def may_browse(desk: Desk, scope: Scope) -> bool:
    """Whether a viewer may read raw records, which speak of units all over the country."""
    return desk.units.visible(desk.units.by_key("vn").id, scope)


def request_row(one: run_requests.Request) -> RequestRow:
    """A stored request as the screens show it."""
    state = "done" if one.done else "running" if one.taken else "waiting"
    return RequestRow(
        one.id, one.kind, state, one.asked, one.by, one.done, one.run_id, one.result or {}
    )


def run_row(fact: runs.RunFact) -> RunRow:
    """A stored run as the screens show it."""
    return RunRow(
        fact.id,
        fact.started,
        fact.finished,
        fact.outcome,
        fact.read,
        fact.added,
        fact.unchanged,
        fact.rejected,
        fact.code,
        fact.params,
        fact.kind,
        fact.by,
        fact.attempt,
        fact.held,
        fact.due,
    )
