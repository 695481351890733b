"""What a person asked the pollers to do: run a source again, try it without writing, fill gaps."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from ioc.domain.period import Period
from ioc.errors import IocError
from ioc.ingest.backfill import Filled, fill, span_of
from ioc.ingest.client import masks_of
from ioc.ingest.connector import Batch
from ioc.ingest.http_errors import masked
from ioc.ingest.intake import Intake
from ioc.ingest.preview import Preview, Verdict, preview
from ioc.ingest.run import BUSY, Started, Work, begin, carry_out, lease_seconds, tools_of
from ioc.ingest.secrets import Masks
from ioc.ingest.slots import newest_open
from ioc.store import leases, run_requests, runs, source_state
from ioc.store.engine import reading

_log = logging.getLogger("ioc.poll")
EXAMPLES = 12
REJECTIONS = 50


def taken(
    intake: Intake, now: datetime, busy: Collection[str] = (), most: int = 1000
) -> list[Work]:
    """The requests that this poller takes now, as work; at most one a source."""
    names = {intake.facts[name].id: name for name in intake.sources if name not in busy}
    return [
        Work(
            intake.sources[names[one.source_id]],
            kind=one.kind,
            force=True,
            by=one.by,
            request=one.id,
            params=one.params,
        )
        for one in run_requests.take(intake.engine, names, intake.owner, now, most)
    ]


def answer(intake: Intake, work: Work, started: Started | None = None) -> None:
    """Do what was asked and keep what came of it; a source that is busy is asked later."""
    assert work.request is not None, "only requests are answered"
    run_id: int | None = None
    result: dict[str, Any] | None = None
    try:
        if work.kind == "dry":
            result = _dry(intake, work)
        elif work.kind == "backfill":
            result = _fill(intake, work)
        else:
            run_id, result = _again(intake, work, started)
    except IocError as error:
        if error.code != BUSY:
            result = {"outcome": "failed", "code": error.code, "params": _plain(error.params)}
    except Exception as error:
        _log.exception("source %s: a request failed", work.source.name)
        result = {
            "outcome": "failed", "code": "unexpected", "params": {"kind": type(error).__name__}
        }  # fmt: skip
    if result is None:
        run_requests.put_back(intake.engine, work.request)
        return
    shown = _masked(result, Masks(work.source.secrets))
    run_requests.finish(intake.engine, work.request, intake.now(), shown, run_id)


def _again(
    intake: Intake, work: Work, started: Started | None
) -> tuple[int | None, dict[str, Any] | None]:
    """Run the source now, whatever its breaker says, for the slot that waits if there is one."""
    due = newest_open(intake, work.source, intake.now())
    ticket = begin(intake, Work(work.source, "retry", due, force=True, by=work.by))
    if ticket is None:
        return None, None
    if started is not None:
        started(ticket)
    report = carry_out(intake, work.source, ticket)
    with reading(intake.engine) as connection:
        run = runs.runs_by_id(connection, [ticket.run_id])[ticket.run_id]
    found = {"outcome": report.outcome, "code": run.code, "params": _plain(run.params)}
    counts = {"added": report.added, "rejected": report.rejected, "held": report.held}
    return ticket.run_id, found | counts


def _dry(intake: Intake, work: Work) -> dict[str, Any] | None:
    """Fetch and read as a run would, and say what would become of it; nothing is written."""
    source, fact = work.source, intake.facts[work.source.name]
    fence = leases.take_lease(
        intake.engine, fact.id, intake.owner, intake.now(), lease_seconds(source)
    )
    if fence is None:
        return None
    try:
        with reading(intake.engine) as connection:
            state = source_state.state(connection, fact.id)
        with intake.client(source) as client:
            tools = tools_of(intake, source, state, client)
            try:
                batch = intake.connectors[source.connector].fetch(source.config, tools)
                result = _shown(intake, batch, preview(intake, source, batch))
            except IocError as error:
                raise masked(error, masks_of(client)) from None
            hidden: dict[str, Any] = _masked(result, masks_of(client))
            return hidden
    finally:
        leases.give_back(intake.engine, fact.id, intake.owner, fence)


def _shown(intake: Intake, batch: Batch, found: Preview) -> dict[str, Any]:
    """A preview as the sources page reads it."""
    good = [one for one in found.rows if one.verdict in ("accepted", "unchanged")]
    bad = [one for one in found.rows if one.verdict in ("rejected", "held")]
    return {
        "outcome": "refused" if found.refused else "ok",
        "code": found.refused.code if found.refused else None,
        "params": _plain(found.refused.params) if found.refused else {},
        "payloads": [{"label": one.label, "size": len(one.content)} for one in batch.payloads],
        "accepted": found.accepted,
        "unchanged": found.unchanged,
        "rejected": found.rejected,
        "held": found.held,
        "missing": found.missing,
        "more": batch.more,
        "examples": [_row(intake, one) for one in good[:EXAMPLES]],
        "rejections": [_row(intake, one) for one in bad[:REJECTIONS]],
    }


def _fill(intake: Intake, work: Work) -> dict[str, Any]:
    span = span_of(str(work.params.get("from", "")), str(work.params.get("to", "")))
    filled: Filled = fill(intake, work.source, span, by=work.by or "–")
    return {
        "outcome": filled.outcome,
        "code": filled.code,
        "params": _plain(filled.params),
        "added": filled.added,
        "rejected": filled.rejected,
        "held": filled.held,
        "filled": list(filled.filled),
        "missing": list(filled.missing),
    }


def _row(intake: Intake, one: Verdict) -> dict[str, Any]:
    indicator = intake.catalogue.by_id(one.indicator_id).code if one.indicator_id else None
    unit = intake.units.by_id(one.unit_id).key if one.unit_id else None
    period: Period | None = one.period
    return {
        "place": one.place,
        "verdict": one.verdict,
        "code": one.code,
        "params": _plain(one.params),
        "indicator": indicator,
        "unit": unit,
        "period": period.code if period else None,
        "breakdown": one.breakdown,
        "given": one.given,
        "standing": one.standing,
        "record": one.record_text,
    }


def _plain(params: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value)[:300] for name, value in params.items()}


def _masked(given: Any, masks: Masks) -> Any:
    """A result without what must not show; only texts are touched, figures stay figures."""
    if isinstance(given, str):
        return masks.hide(given)
    if isinstance(given, Mapping):
        return {name: _masked(one, masks) for name, one in given.items()}
    if isinstance(given, list | tuple):
        return [_masked(one, masks) for one in given]
    return given
