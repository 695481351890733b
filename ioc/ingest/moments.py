"""The moment of a period that is asked about, for sources that answer for a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ioc.domain.view import ZONE


@dataclass(frozen=True, slots=True)
class Moment:
    """What is asked about: `time`, in Vietnamese time, and where its period began.

    `fields` are what a record says of it besides.
    """

    time: datetime
    first: datetime | None
    fields: Mapping[str, str]

    @property
    def seconds(self) -> int:
        """From the beginning of the period to the moment, at least 1; 0 without a period."""
        return max(int((self.time - self.first).total_seconds()), 1) if self.first else 0

    @property
    def label(self) -> str:
        """The period's code, or the moment."""
        return self.fields.get("_period") or self.time.isoformat(timespec="seconds")


def moment_of(values: Mapping[str, str], now: datetime) -> Moment:
    """The last second of the period that `values` fill gaps with, or now while it lasts."""
    now = now.astimezone(ZONE).replace(microsecond=0)
    if not values:
        return Moment(now, None, {})
    first = datetime.combine(date.fromisoformat(values["from"]), time(), ZONE)
    last = datetime.combine(date.fromisoformat(values["to"]), time(23, 59, 59), ZONE)
    fields = {f"_{name}": text for name, text in values.items()}
    return Moment(max(min(now, last), first + timedelta(seconds=1)), first, fields)
