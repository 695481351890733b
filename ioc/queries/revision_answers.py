"""What is answered about figures that changed after they were shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision: `then` stood since `shown_at`, at `at` it became `now`.

    `source` and `was_source` are titles, None for sums; `name` leads to the source's page.
    """

    unit: UnitRef
    indicator: Indicator
    period: Period
    part: str
    then: Figure
    now: Figure
    shown_at: datetime
    at: datetime
    source: str | None
    name: str | None
    was_source: str | None


@dataclass(frozen=True, slots=True)
class Revisions:
    """The last revisions of the address's unit and those below, newest first, one sheet.

    `count` of them fit, `more` when there are more than are counted; `chosen` is the indicator
    that the address names.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    rows: tuple[RevisionRow, ...]
    count: int
    more: bool
    sheet: int
    sheets: int
    chosen: Indicator | None = None
