"""What follows from a failure: another try of the slot, a pause, or leaving the source alone.

closed ── failures in a row ──► open ── pause over ──► half_open: one try ──► closed
                                 ▲                          │
                                 └──── longer pause ◄───────┘
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ioc.errors import IocError, PermanentSourceError, TransientSourceError
from ioc.ingest.schedule import BreakerRule
from ioc.store.source_state import SourceState

FIRST_PAUSE = 15.0
LONGEST_PAUSE = 900.0
NEEDS_PERSON = frozenset(
    {
        "http_refused",
        "token_refused",
        "xroad_denied",
        "sql_login",
        "sql_rights",
        "sftp_login",
        "sftp_host_key",
        "moodle_token",
        "moodle_functions",
    }
)
"""Failures that no later try mends: a person must give a right or a password first, and asking on
could even lock the account."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is written beside a failure: the breaker, when the source is asked next at the
    earliest, and whether the slot stays open for another `retry`."""

    breaker: str
    until: datetime | None
    trips: int
    next_try: datetime | None
    retry: bool


def after_failure(
    state: SourceState,
    rule: BreakerRule,
    error: IocError,
    now: datetime,
    next_slot: datetime,
    chance: float,
) -> Verdict:
    """What follows from one more failure of a source that stood as `state` says.

    Retries end before `next_slot`, when the source is asked anyway. `chance` in [0, 1) spreads
    pauses, so that sources that broke together do not come back together.
    """
    asked = getattr(error, "retry_after", None) if isinstance(error, TransientSourceError) else None
    wanted = now + timedelta(seconds=asked) if asked else None
    failures = state.failures + 1
    person = isinstance(error, PermanentSourceError) and error.code in NEEDS_PERSON
    if person or failures >= rule.failures or state.breaker != "closed":
        trips = state.breaker_trips + 1
        until = now + timedelta(seconds=rule.longest if person else _pause(rule, trips, chance))
        until = max(until, wanted or until)
        return Verdict("open", until, trips, wanted, until < next_slot)
    if not isinstance(error, TransientSourceError):
        return Verdict("closed", None, 0, None, retry=False)
    pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE) * (0.5 + chance)
    again = max(now + timedelta(seconds=pause), wanted or now)
    if again < next_slot:
        return Verdict("closed", None, 0, again, retry=True)
    return Verdict("closed", None, 0, wanted, retry=False)


def _pause(rule: BreakerRule, trips: int, chance: float) -> float:
    """Seconds, growing with each trip; a little more or less than planned, never over longest."""
    grown = rule.pause * 2.0 ** min(trips - 1, 40)
    return min(grown * (0.9 + 0.2 * chance), rule.longest)
