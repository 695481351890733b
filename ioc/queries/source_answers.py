"""What is answered about sources: how each fares, its slots, runs, refusals and held figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef


@dataclass(frozen=True, slots=True)
class RejectionRow:
    """One refused record: `place` is a row or path, `code` and `params` a sentence."""

    place: str
    code: str
    params: Mapping[str, object]
    record: str
    run: int = 0


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a source; `outcome` is ok, unchanged, partial, failed, missed or running.

    `kind` says what asked for it (poll, retry, backfill, delivery, confirm, …), `by` who did where
    a person did, `attempt` which try for its slot it was.
    """

    id: int
    started: datetime
    finished: datetime | None
    outcome: str
    read: int
    added: int
    unchanged: int
    rejected: int
    code: str | None
    params: Mapping[str, object]
    kind: str = "poll"
    by: str | None = None
    attempt: int = 1
    held: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlotMark:
    """One slot: when data were due, what became of it, when they came, after how many tries.

    `state` is expected, running, arrived, late, held, failed or missed.
    """

    due: datetime
    state: str
    arrived: datetime | None = None
    attempts: int = 0
    code: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source on the sources page; `state` is ok, failing, never, stopped or late.

    `strip` are its newest slots, oldest first, `lag` is how long ago the oldest slot was due that
    nothing was read for since. `breaker` is closed, open until `breaker_until`, or half_open;
    `trips` counts how often it opened since the source last worked. `held` figures wait for a
    person; `failures` runs failed one after the other, for the reason `broken_code`.
    """

    name: str
    title: str
    connector: str
    illustrative: bool
    schedule: str
    state: str
    last: RunRow | None
    last_good: datetime | None
    broken_since: datetime | None
    recovered_at: datetime | None
    next_run: datetime | None
    observations: int
    rejections: int
    breaker: str = "closed"
    breaker_until: datetime | None = None
    trips: int = 0
    failures: int = 0
    broken_code: str | None = None
    broken_params: Mapping[str, object] = field(default_factory=dict)
    lag: timedelta = timedelta(0)
    held: int = 0
    strip: tuple[SlotMark, ...] = ()

    @property
    def missed(self) -> int:
        """How many of the slots shown nobody asked the source for."""
        return sum(one.state == "missed" for one in self.strip)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A figure that was given and is not believed yet, beside the one that stands.

    `code` and `params` say why it is held. `decision` is None while it is open, else confirmed,
    refused or superseded (the source gave another one), by whom, when and with which note.
    """

    id: int
    unit: UnitRef
    indicator: Indicator
    period: Period
    part: str
    given: Figure
    standing: Figure
    code: str
    params: Mapping[str, object]
    place: str
    record: str
    run: int
    since: datetime
    decision: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What a person asked the pollers to do: retry, try or backfill; `result` is what came of it.

    `state` is waiting, running or done.
    """

    id: int
    kind: str
    state: str
    asked_at: datetime
    asked_by: str
    done_at: datetime | None = None
    run: int | None = None
    result: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused records of a source, one sheet of `sheets`; of one run or reason where one is chosen.

    `runs` are the newest runs that refused any, with how many; `reasons` the codes with how many
    of the records kept. `count` is how many are kept that fit, `more` how many were not kept.
    """

    rows: tuple[RejectionRow, ...] = ()
    count: int = 0
    more: int = 0
    sheet: int = 1
    sheets: int = 1
    run: int | None = None
    reason: str | None = None
    runs: tuple[tuple[RunRow, int], ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources, and one of them in detail when the address names it."""

    view: View
    stamp: Stamp
    poller_seen: datetime | None
    rows: tuple[SourceRow, ...]
    chosen: SourceRow | None = None
    runs: tuple[RunRow, ...] = ()
    rejections: Refused | None = None
    progress: tuple[int, int] | None = None
    held: tuple[HeldRow, ...] = ()
    decided: tuple[HeldRow, ...] = ()
    requests: tuple[RequestRow, ...] = ()
