"""Asking a source period by period: all history once, afterwards what may still change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.view import ZONE
from ioc.ingest.template import Slice, next_slice, period_values


class Periods(BaseModel):
    """Which periods a source is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grain: Grain = Field(description="Length of the periods asked for.")
    calendar: Calendar = Field(
        default=Calendar.CALENDAR,
        description="Calendar months, or administrative ones from the 15th to the 14th.",
    )
    last: int = Field(
        default=36, ge=1, le=1000, description="How many periods back the history goes."
    )
    lag: int = Field(
        default=0, ge=0, le=100, description="How many of the newest periods are left out."
    )
    again: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="How many of the newest periods are asked for again by every run.",
    )
    at_once: int = Field(
        default=12,
        ge=1,
        le=1000,
        description="Periods per run while the history is read for the first time, newest first.",
    )

    @model_validator(mode="after")
    def _within(self) -> Periods:
        if self.again > self.last:
            raise ValueError("again: no more than last")
        return self

    def due(self, now: datetime, watermark: Mapping[str, str]) -> Slice:
        """The periods to ask for now."""
        return next_slice(
            now.astimezone(ZONE).date(),
            calendar=self.calendar,
            grain=self.grain,
            last=self.last,
            lag=self.lag,
            again=self.again,
            at_once=self.at_once,
            watermark=watermark,
        )

    def between(self, first: date, last: date) -> tuple[Period, ...]:
        """The periods that lie within two days, newest first."""
        found = []
        period = Period.of(self.calendar, self.grain, last)
        while period.end >= first:
            if period.start >= first and period.end <= last:
                found.append(period)
            period = period.previous
        return tuple(found)

    def values(self, period: Period) -> dict[str, str]:
        """What the gaps about a period stand for."""
        return period_values(period)

    def named(self, code: str) -> dict[str, str]:
        """The same for the code of a period; raises AddressError when it is none."""
        return period_values(Period.parse(code, self.calendar))

    def first(self, now: datetime) -> str:
        """The first day of the history, as {since} of the first fetch."""
        newest = Period.of(self.calendar, self.grain, now.astimezone(ZONE).date()).shift(-self.lag)
        return newest.shift(1 - self.last).start.isoformat()
