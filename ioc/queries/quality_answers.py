"""What is answered about the quality of data: the matrix of scores, and the rows that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.quality import Check, Criterion, Score
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.difference_answers import ItemRow, PairRow, SumRow


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of the matrix: `kind` is source, register, indicator or unit, `key` its word in
    addresses, `title` what it is called."""

    kind: str
    key: str
    title: str
    scores: Mapping[Criterion, Score]
    illustrative: bool = False
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked through: the newest `runs` that read anything within `days`, the slots of
    `slot_days`, and `periods` of figures."""

    runs: int
    days: int
    slot_days: int
    periods: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A record refused for the criterion: its place, why, and in which run of which source."""

    source: str
    title: str
    run: int
    place: str
    code: str
    params: Mapping[str, object]
    record: str


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A moment at which a source was expected and did not come in time."""

    source: str
    title: str
    due: datetime
    state: str
    arrived: datetime | None
    code: str | None


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A source that was not read within the limit of an indicator; `figures` of it stand."""

    source: str
    title: str
    indicator: Indicator
    last_good: datetime | None
    hours: int
    figures: int


@dataclass(frozen=True, slots=True)
class SilentRow:
    """A figure that is due and not there; `last` is the newest period given, where one was."""

    unit: UnitRef
    indicator: Indicator
    period: Period
    last: Period | None = None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A source with figures that wait for a person, or were refused by one."""

    source: str
    title: str
    indicator: Indicator
    unit: UnitRef
    figures: int


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run some of whose records had no figure."""

    source: str
    title: str
    run: int
    read: int
    absent: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a register that fails; `fields` are the labels of what is missing."""

    register: str
    name: str
    key: str
    title: str
    unit: UnitRef | None
    fields: tuple[str, ...] = ()


FailingRow = (
    RefusedRow | SlotRow | StaleRow | SilentRow | HeldLine | RunLine | ItemLine | PairRow
    | SumRow | ItemRow
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """The failing rows of one kind of check, one sheet; `failed` of `made` in all.

    `untold` of them cannot be shown: only the first records of a run are kept.
    """

    check: Check
    failed: int
    made: int
    rows: tuple[FailingRow, ...] = ()
    untold: int = 0
    browse: bool = True


@dataclass(frozen=True, slots=True)
class Quality:
    """The matrix: rows by `by` (source, indicator or unit), worst first, criteria as columns.

    `chosen` is the row that the address names with the `criterion` whose failing rows are told in
    `sections`; `past` are the checks that cannot be asked of a past moment. `total` pools rows.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    by: str
    criteria: tuple[Criterion, ...]
    rows: tuple[Subject, ...]
    total: Mapping[Criterion, Score]
    looked: Looked
    chosen: Subject | None = None
    criterion: Criterion | None = None
    sections: tuple[Section, ...] = ()
    past: tuple[Check, ...] = ()
    sheet: int = 1
    sheets: int = 1
    four: bool = False
    known: tuple[UnitRef, ...] = field(default=())
