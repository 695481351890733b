"""When a source is due, what becomes of moments that were missed, and when it is left alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from ioc.ingest import timetable
from ioc.ingest.timetable import Moments

_EVERY = re.compile(r"^([1-9][0-9]{0,4})(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_CRON_FIELD = re.compile(r"^[0-9a-z*/,\-]+$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def seconds(text: str) -> float:
    """A duration as files write it, such as 90s or 5m; raises ValueError."""
    found = _EVERY.match(text)
    if not found:
        raise ValueError("a number and s, m, h or d, such as 60s, 5m, 1h")
    return float(int(found[1]) * _SECONDS[found[2]])


def _duration(given: object) -> object:
    return seconds(given) if isinstance(given, str) and not given.isdigit() else given


Duration = Annotated[
    float, BeforeValidator(_duration), Field(ge=0, le=366 * 86400, allow_inf_nan=False)
]
"""Seconds; in a file also 90s, 5m, 1h, 1d."""


class Schedule(_Strict):
    """How often: `every` 60s, 5m, 1h, 1d, or `cron` with five fields, by the clock of `zone`."""

    every: str | None = None
    cron: str | None = None
    zone: str = "Asia/Ho_Chi_Minh"

    @field_validator("every")
    @classmethod
    def _interval(cls, text: str | None) -> str | None:
        if text is not None and seconds(text) < 5:
            raise ValueError("5s or more")
        return text

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, text: str | None) -> str | None:
        if text is None:
            return None
        parts = text.lower().split()
        if len(parts) != 5 or not all(_CRON_FIELD.match(part) for part in parts):
            raise ValueError(
                'five fields: minute hour day month weekday, such as "30 6 * * mon-fri"'
            )
        return " ".join(parts)

    @field_validator("zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone by its name, such as Asia/Ho_Chi_Minh") from None
        return name

    @model_validator(mode="after")
    def _one_of(self) -> Schedule:
        if (self.every is None) == (self.cron is None):
            raise ValueError("exactly one of every, cron")
        if self.cron is not None:
            timetable.check_cron(self.cron, self.zone)
        return self

    @property
    def interval(self) -> timedelta | None:
        """The time between two runs; None for a cron schedule."""
        return timedelta(seconds=seconds(self.every)) if self.every else None

    def next_after(self, after: datetime) -> datetime:
        """The first slot later than `after`."""
        return timetable.next_after(self.interval, self.cron, self.zone, after)

    def between(self, after: datetime, until: datetime, most: int) -> Moments:
        """The slots in (after, until]: the newest `most` one by one, the others as a count."""
        return timetable.between(self.interval, self.cron, self.zone, after, until, most)


class Misfire(_Strict):
    """What becomes of slots whose moment passed without a run.

    `latest`: the newest is run, the older ones are missed. `each`: the newest `at_most` are run,
    newest first, one at a time. `skip`: what is later than `grace` is missed. What arrives later
    than `grace` after its slot is late.
    """

    policy: Literal["latest", "each", "skip"] = "latest"
    grace: Duration = 300.0
    at_most: int = Field(default=10, ge=1, le=500)

    def split(
        self, dues: Iterable[datetime], now: datetime
    ) -> tuple[list[datetime], list[datetime]]:
        """Of slots that are due: those still to be run, and those given up; each oldest first."""
        ordered = sorted(dues)
        if self.policy == "skip":
            grace = timedelta(seconds=self.grace)
            fresh = [due for due in ordered if now - due <= grace][-1:]
            return fresh, [due for due in ordered if due not in fresh]
        kept = self.at_most if self.policy == "each" else 1
        return ordered[-kept:], ordered[:-kept]


class BreakerRule(_Strict):
    """When a source that keeps failing is left alone, and for how long.

    After `failures` failed runs in a row it is not asked for `pause`; each further failure
    doubles the pause, up to `longest`.
    """

    failures: int = Field(default=5, ge=1, le=1000)
    pause: Annotated[Duration, Field(ge=1)] = 300.0
    longest: Annotated[Duration, Field(ge=1, le=86400)] = 6 * 3600.0

    @model_validator(mode="after")
    def _in_order(self) -> BreakerRule:
        if self.pause > self.longest:
            raise ValueError("a pause that is not longer than longest")
        return self


def delay(name: str, due: datetime, jitter: float) -> timedelta:
    """How much later than its slot a source starts, up to `jitter` seconds.

    The same for every poller, so that none of them is early; the slot keeps its own moment.
    """
    if jitter <= 0:
        return timedelta()
    digest = hashlib.blake2b(f"{name} {due.timestamp()}".encode(), digest_size=4).digest()
    return timedelta(seconds=jitter * int.from_bytes(digest) / 2**32)
