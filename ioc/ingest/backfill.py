"""Filling gaps: only periods of which a source said nothing are asked for and taken in.

What is filled in is about then and learned now: `recorded_at` is the moment of the filling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import httpx

from ioc.domain.period import Period, grain_key
from ioc.errors import AddressError, IocError, SourceConfigError
from ioc.ingest.client import masks_of
from ioc.ingest.connector import Batch
from ioc.ingest.failing import guarded
from ioc.ingest.http_errors import masked
from ioc.ingest.intake import Intake
from ioc.ingest.language import Value
from ioc.ingest.preview import preview
from ioc.ingest.run import Work, tools_of, wait_for_lease
from ioc.ingest.source import Source
from ioc.ingest.taking import Report, take
from ioc.store import runs, spoken
from ioc.store.engine import reading
from ioc.store.leases import Ticket
from ioc.store.observations import Key
from ioc.store.source_state import SourceState

KIND = "backfill"
_MOST_SLICES = 200
Span = tuple[date, date]


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A period of which a source said nothing about an indicator."""

    code: str
    indicator_id: int
    period: Period

    def __str__(self) -> str:
        return f"{self.code} {self.period.code}"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a filling came to: how many figures, which gaps are closed and which are left.

    `outcome` is that of its last run, nothing where there was no gap to ask for.
    """

    added: int = 0
    rejected: int = 0
    held: int = 0
    filled: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outcome: str = "nothing"
    code: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


def span_of(first: str, last: str) -> Span:
    """The days from the first of one period to the last of another, as `2025-01` or `2025`.

    Raises SourceConfigError for what is no period, and for an end before the beginning.
    """
    try:
        span = Period.parse(first).start, Period.parse(last or first).end
    except AddressError as error:
        raise SourceConfigError(
            file="backfill", field="from, to", given=error.params.get("given"),
            allowed="2025-01, 2025-Q1, 2025-H1 or 2025",
        ) from None  # fmt: skip
    if span[0] > span[1]:
        raise SourceConfigError(
            file="backfill", field="to", given=last, allowed=f"a period not before {first}"
        )
    return span


def gaps(intake: Intake, source: Source, span: Span) -> tuple[Gap, ...]:
    """The periods within the span, up to today, of which the source said nothing yet."""
    source_id = intake.facts[source.name].id
    today = intake.now().date()
    with reading(intake.engine) as connection:
        lines = _declared(intake, source) | spoken.lines(connection, source_id)
        wanted = {line: _periods(line[1], span, today) for line in lines}
        ranges = [(*line, some[0].key, some[-1].key) for line, some in wanted.items() if some]
        known = {key[:3] for key in spoken.keys(connection, source_id, ranges)}
    return tuple(
        sorted(
            (
                Gap(intake.catalogue.by_id(line[0]).code, line[0], period)
                for line, some in wanted.items()
                for period in some
                if (*line, period.key) not in known
            ),
            key=lambda one: (one.code, one.period.start, one.period.grain_key),
        )
    )


def fill(intake: Intake, source: Source, span: Span, *, by: str, dry: bool = False) -> Filled:
    """Ask the source for its gaps within a span and take in what was not known.

    With `dry` nothing is written: `added` is how many figures would be. Raises SourceError when
    the source stays busy, or, when dry, cannot be read.
    """
    missing = gaps(intake, source, span)
    if not missing:
        return Filled()
    narrow = min(one.period.start for one in missing), max(one.period.end for one in missing)
    keep = _Keep(intake, source, narrow)
    if dry:
        return _tried(intake, source, narrow, keep, missing)
    added = rejected = held = 0
    mark: str | None = None
    for _ in range(_MOST_SLICES):
        ticket = wait_for_lease(intake, Work(source, kind=KIND, force=True, by=by))
        slice_ = _Slice(intake, source, ticket, narrow, keep, mark)
        report = guarded(intake, source, ticket, slice_.take)
        added, rejected, held = (
            added + report.added, rejected + report.rejected, held + report.held
        )  # fmt: skip
        if not report.more or slice_.mark is None or slice_.mark == mark:
            # A source that cannot be asked for the next part would be asked for the same again.
            break
        mark = slice_.mark
    left = gaps(intake, source, span)
    closed = sorted(set(map(str, missing)) - set(map(str, left)))
    with reading(intake.engine) as connection:
        last = runs.runs_by_id(connection, [ticket.run_id])[ticket.run_id]
    ended = (last.outcome, last.code, last.params)
    return Filled(added, rejected, held, tuple(closed), tuple(map(str, left)), *ended)


class _Keep:
    """Whether a figure is wanted: within the span, and not said by this source before."""

    def __init__(self, intake: Intake, source: Source, span: Span) -> None:
        self._span = span
        self._known: dict[tuple[int, int, int], frozenset[tuple[int, str]]] = {}
        self._intake = intake
        self._source_id = intake.facts[source.name].id

    def __call__(self, key: Key) -> bool:
        period = Period.from_keys(key.grain, key.period)
        if period.start < self._span[0] or period.end > self._span[1]:
            return False
        about = key[:3]
        if about not in self._known:
            with reading(self._intake.engine) as connection:
                found = spoken.keys(connection, self._source_id, [(*about, key.period)])
            self._known[about] = frozenset((one.unit_id, one.breakdown) for one in found)
        return (key.unit_id, key.breakdown) not in self._known[about]


@dataclass
class _Slice:
    intake: Intake
    source: Source
    ticket: Ticket
    span: Span
    keep: _Keep
    mark: str | None

    def take(self, client: httpx.Client) -> Report:
        """Fetch one slice and take in what is wanted of it; the connector clears up nothing."""
        batch = _fetch(self.intake, self.source, self.span, self.mark, client)
        self.mark = batch.watermark
        report, _, _ = take(self.intake, self.source, self.ticket, batch, None, self.keep)
        return report


def _fetch(
    intake: Intake, source: Source, span: Span, mark: str | None, client: httpx.Client
) -> Batch:
    state = SourceState(intake.facts[source.name].id, watermark=mark)
    tools = tools_of(intake, source, state, client, span)
    return intake.connectors[source.connector].fetch(source.config, tools)


def _tried(
    intake: Intake, source: Source, span: Span, keep: _Keep, missing: tuple[Gap, ...]
) -> Filled:
    with intake.client(source) as client:
        try:
            found = preview(intake, source, _fetch(intake, source, span, None, client))
        except IocError as error:
            raise masked(error, masks_of(client)) from None
    wanted = [
        one
        for one in found.rows
        if one.verdict == "accepted"
        and one.period is not None
        and one.indicator_id is not None
        and one.unit_id is not None
        and keep(
            Key(one.indicator_id, one.period.grain_key, one.period.key, one.unit_id, one.breakdown)
        )
    ]
    given = {(one.indicator_id, one.period) for one in wanted}
    closed = [str(one) for one in missing if (one.indicator_id, one.period) in given]
    left = [str(one) for one in missing if (one.indicator_id, one.period) not in given]
    return Filled(len(wanted), found.rejected, found.held, tuple(closed), tuple(left), "dry")


def _declared(intake: Intake, source: Source) -> frozenset[tuple[int, int]]:
    """The indicators and grains that a source's mapping speaks of by name."""
    found = set()
    for rule in source.mapping.values:
        for code in _codes(rule.indicator):
            if code not in intake.catalogue:
                continue
            indicator = intake.catalogue.by_code(code)
            about = rule.period or source.mapping.period
            calendar = (about and about.calendar) or indicator.calendar
            grains = (about and about.grains) or (indicator.cadence,)
            found |= {(indicator.id, grain_key(calendar, one)) for one in grains}
    return frozenset(found)


def _codes(rule: Value) -> set[str]:
    if rule.constant is not None:
        return {str(rule.constant)}
    return {str(one) for one in (rule.table or {}).values()}


def _periods(grain: int, span: Span, today: date) -> list[Period]:
    """The periods of a grain that lie whole in the span and have begun."""
    period = Period.from_keys(grain, 2000001)
    period = Period.of(period.calendar, period.grain, span[0])
    found = []
    while period.end <= span[1] and period.start <= today:
        if period.start >= span[0]:
            found.append(period)
        period = period.shift(1)
    return found
