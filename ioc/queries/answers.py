"""What the queries answer: frozen values, complete enough to be drawn without asking again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from ioc.domain.catalogue import Indicator
from ioc.domain.measure import Coverage, Figure
from ioc.domain.period import Period
from ioc.domain.target import Status, Target
from ioc.domain.view import View


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as a screen names it: `key` for addresses, `name` official, `short` for charts."""

    id: int
    key: str
    name: str
    short: str
    level: str
    lat: float | None = None
    lon: float | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every answer says of itself: which data it saw and when it was asked."""

    data_version: int
    asked_at: datetime
    known_at: datetime | None
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one unit in one period, judged.

    `change` is against the period just before, in the figure's own unit (a share of one for
    ratios), None when the two cannot be compared; `uneven` warns that not the same units had
    reported in both. `gap` is value minus target likewise.
    `received` is when the figure was recorded, `checked` when its source was last read well;
    `stale` when the age is beyond the indicator's limit; `failing` names a source in trouble;
    `overdue` when this is the newest figure there is and a newer one should have been given.
    """

    unit: UnitRef
    indicator: Indicator
    period: Period | None
    figure: Figure
    status: Status
    target: Target | None = None
    gap: Fraction | None = None
    change: Fraction | None = None
    uneven: bool = False
    rank: int | None = None
    received: datetime | None = None
    checked: datetime | None = None
    source: str | None = None
    citation: str | None = None
    stale: bool = False
    failing: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend; `figure.empty` says why a gap is a gap."""

    period: Period
    figure: Figure
    target: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A day on which the unit changed: drawn as a marked line with its legal basis.

    `kind` is merge, split, rename, type_change, transfer; `predecessors` are the former units.
    """

    day: date
    kind: str
    legal_basis: str
    predecessors: tuple[UnitRef, ...] = ()
    successors: tuple[UnitRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator of one unit over time, oldest first, gaps included."""

    unit: UnitRef
    indicator: Indicator
    points: tuple[Point, ...]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline: the unit's cell, twelve periods of trend, and how its children stand."""

    cell: Cell
    trend: tuple[Point, ...]
    children: Mapping[Status, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units × indicators; `cells[unit_id, indicator_code]`, absent where it does not report."""

    units: tuple[UnitRef, ...]
    indicators: tuple[Indicator, ...]
    cells: Mapping[tuple[int, str], Cell]


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page: a parent unit with its headlines and its children.

    `children` are the focus indicator's cells of the units drawn on map and ranking, best first;
    `red` are the worst of the `red_count` cells at risk over all indicators, worst first;
    `progress` counts the sources read to their end for the first time and all of them; `regions`
    fill the filter.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    tiles: tuple[Tile, ...]
    focus: Indicator
    period: Period | None
    total: Cell
    children: tuple[Cell, ...]
    series: Series
    matrix: Matrix
    red: tuple[Cell, ...]
    red_count: int = 0
    progress: tuple[int, int] | None = None
    regions: tuple[UnitRef, ...] = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """A target that `unit` set for others: for a class of units (`levels`) or for one (`only`)."""

    unit: UnitRef
    indicator: Indicator
    target: Target
    levels: tuple[str, ...] = ()
    only: UnitRef | None = None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A province, commune, ministry or department: its scorecard, children and history.

    `former` are the series of the predecessors as they reported them; `previous` the former
    units with the event that ended them. `published` are cited figures found under this unit or
    a predecessor, each under the unit that it was published for; `goals` are targets that this
    unit or a predecessor set, each under the one that set it.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    crumbs: tuple[UnitRef, ...]
    codes: tuple[tuple[str, str], ...]
    events: tuple[Break, ...]
    cells: tuple[Cell, ...]
    focus: Indicator
    series: Series
    former: tuple[Series, ...]
    children: tuple[Cell, ...]
    child_level: str | None
    published: tuple[Cell, ...] = ()
    successors: tuple[UnitRef, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator: what it means, who reports, and its figures over units and time."""

    view: View
    stamp: Stamp
    indicator: Indicator
    unit: UnitRef
    total: Cell
    coverage: Coverage
    missing: tuple[UnitRef, ...]
    children: tuple[Cell, ...]
    series: Series
    breakdown: Mapping[str, tuple[Cell, ...]]
    published: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectionRow:
    """One refused record: `place` is a row or path, `code` and `params` a sentence."""

    place: str
    code: str
    params: Mapping[str, object]
    record: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a source; `outcome` is ok, unchanged, partial, failed or running."""

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


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source on the sources page; `state` is ok, failing, never, stopped or late."""

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


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources, and one of them in detail when the address names it."""

    view: View
    stamp: Stamp
    poller_seen: datetime | None
    rows: tuple[SourceRow, ...]
    chosen: SourceRow | None = None
    runs: tuple[RunRow, ...] = ()
    rejections: tuple[RejectionRow, ...] = ()
    progress: tuple[int, int] | None = None
