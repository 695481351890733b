"""What the page "Submit figures" shows: frozen values, complete enough to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.queries.answers import Stamp, UnitRef
from ioc.store.deliveries import Counts, Delivery

VERDICTS = ("rejected", "held", "missing", "accepted", "unchanged")
"""What can become of a figure of a file, what needs a person first."""
DUE = ("sent", "sent_late", "waiting", "late")
"""How a unit stands with a period."""
HISTORY = 200
"""Deliveries that the page lists; the file of the history holds all."""
SHOWN_ROWS = 500
"""Rows of a checked file that the page draws; the list as a file holds all."""


@dataclass(frozen=True, slots=True)
class FormRef:
    """A form as the page names it; `name` is the source's."""

    name: str
    title: str
    hint: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure of a file and what would become of it.

    `row` counts as a spreadsheet does (None where the file lacks the row), `column` is the name
    of the cell that is wrong; `code` and `params` say why.
    """

    verdict: str
    row: int | None
    column: str = ""
    unit: UnitRef | None = None
    unit_given: str = ""
    indicator: Indicator | None = None
    indicator_given: str = ""
    cells: str = ""
    given: Figure | None = None
    standing: Figure | None = None
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery with what it is about; `state` as of the moment that was asked about."""

    delivery: Delivery
    state: str
    unit: UnitRef | None
    period: Period | None
    run_source: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """One delivery row by row; `seen` is the digest of its verdicts, sent back to confirm them.

    `rows` are those of the verdict asked for (all without one), `row_count` how many there are.
    `until` is when it expires, `wrong` why nothing of it can be checked any more.
    """

    sent: Sent
    counts: Counts
    rows: tuple[Checked, ...]
    row_count: int
    verdict: str | None
    seen: str
    until: datetime
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class DueRow:
    """One unit that is asked and how it stands with each open period; "" where it was not yet."""

    unit: UnitRef
    states: tuple[str, ...]
    moments: tuple[datetime | None, ...]


@dataclass(frozen=True, slots=True)
class SubmitPage:
    """The page: what may be chosen, what is chosen, what came and what is still due."""

    stamp: Stamp
    forms: tuple[FormRef, ...]
    form: FormRef | None = None
    units: tuple[UnitRef, ...] = ()
    unit: UnitRef | None = None
    periods: tuple[Period, ...] = ()
    period: Period | None = None
    due_days: tuple[date, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    about: int = 0
    due: tuple[DueRow, ...] = ()
    history: tuple[Sent, ...] = ()
    history_count: int = 0
    opened: Opened | None = None
    megabytes: float = 5
