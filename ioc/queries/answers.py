"""What the queries answer: frozen values, complete enough to be drawn without asking again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from ioc.domain.catalogue import Indicator
from ioc.domain.coverage_range import CoverageRange
from ioc.domain.measure import Coverage, Figure
from ioc.domain.pace import Pace
from ioc.domain.period import Period
from ioc.domain.ranking import Place
from ioc.domain.register import Register
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
class Trouble:
    """A source that cannot be read: its title, since when, and the sentence that says why."""

    name: str
    title: str
    since: datetime
    code: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A published note about a figure; without `period` it is about the indicator of the unit.

    `number` counts the notes of an answer, oldest period first, and stands on charts.
    """

    id: int
    number: int
    unit: UnitRef
    code: str
    period: Period | None
    words: str
    author: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Revised:
    """What became of a figure since the past moment an answer is asked about.

    `kind` is new (there was none), withdrawn (there is none now), revised, or restated: the same
    value from another source, with other units behind it. `since` is when `now` was learned
    (None where a sum lost a part), from `source` (None for a sum).
    """

    kind: str
    then: Figure
    now: Figure
    since: datetime | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The last change of a figure after it was shown: `then` stood since `shown_at`, at `at` it
    became `now`, by the source of this title (None for a sum)."""

    then: Figure
    now: Figure
    shown_at: datetime
    at: datetime
    source: str | None = None

    def lately(self, now: datetime) -> bool:
        """Whether that was in the 24 hours before `now`."""
        return now - self.at <= timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Altered:
    """A figure that is other now than the answer shows it: one line of what changed since."""

    unit: UnitRef
    indicator: Indicator
    period: Period
    revised: Revised
    breakdown: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A figure that a source gave and that waits for a person, while another one is shown.

    `code` and `params` say why in a sentence; `since` is when it was given by `source`, whose
    `name` leads to its page.
    """

    figure: Figure
    source: str
    name: str
    since: datetime
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """The times of what is counted from a register's items: the `day` of the count, when the
    newest item was `received`, and the last good read of the source `checked` longest ago."""

    day: date
    received: datetime | None
    checked: datetime | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every answer says of itself: which data it saw and when it was asked.

    `troubles` are the sources that cannot be read now, longest first, of `sources` in all;
    questions about the past name none. `meeting` is the title of the freeze that is shown,
    `pretended` the source or unit that a rehearsal is about. `altered` are the figures of an
    answer about the past that are other now, newest change first. `held_at` is the moment of the
    data in an answer for a file, which says one moment everywhere. `heard` are the times of a
    register, for its wall form.
    """

    data_version: int
    asked_at: datetime
    known_at: datetime | None
    illustrative: bool
    held_at: datetime | None = None
    troubles: tuple[Trouble, ...] = ()
    sources: int = 0
    meeting: str | None = None
    pretended: str | None = None
    altered: tuple[Altered, ...] | None = None
    heard: Heard | None = None

    @property
    def told_at(self) -> datetime:
        """The moment up to which the figures are told: as known then, held, or asked now."""
        return self.known_at or self.held_at or self.asked_at


@dataclass(frozen=True, slots=True)
class Applied:
    """One part of the address that the query ran with: what a chip is made of.

    `kept` of `of` units (or indicators, for a group of them) passed it; None where it chooses
    among nothing. `units` are those it names, `words` what else a screen cannot name by itself.
    """

    part: str
    kept: int | None = None
    of: int | None = None
    units: tuple[UnitRef, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """One part of the address that the query could not run with; `why` is a message key.

    `words` are what a screen cannot name by itself.
    """

    part: str
    why: str
    units: tuple[UnitRef, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one unit in one period, judged.

    `change` is against the period just before, in the figure's own unit (a share of one for
    ratios), None when the two cannot be compared; `uneven` warns that not the same units had
    reported in both. `gap` is value minus target likewise.
    `received` is when the figure was recorded, `checked` when its source was last read well;
    `stale` when the age is beyond the indicator's limit; `failing` names a source in trouble;
    `overdue` when this is the newest figure there is and a newer one should have been given.
    `revised` says what became of the figure since the past moment asked about.
    `place` is where it stands among units of its own class.
    `part` is the breakdown that the figure is of, "" for the whole. `waiting` is what was given
    instead and waits for a person to confirm or refuse it. `corrected` is the last time the
    figure was changed after it had been shown, where that is not long ago.
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
    place: Place | None = None
    received: datetime | None = None
    checked: datetime | None = None
    source: str | None = None
    citation: str | None = None
    stale: bool = False
    failing: bool = False
    overdue: bool = False
    revised: Revised | None = None
    part: str = ""
    waiting: Waiting | None = None
    corrected: Corrected | None = None

    @property
    def rank(self) -> int | None:
        """The unit's rank among those it is ranked with; None where it is not ranked."""
        return None if self.place is None else self.place.rank


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
    """One indicator of one unit over time, oldest first, gaps included; `part` as in Cell."""

    unit: UnitRef
    indicator: Indicator
    points: tuple[Point, ...]
    breaks: tuple[Break, ...] = ()
    part: str = ""


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
class RegisterStand:
    """How one register stands under a unit: items open, done, overdue, those that lack a mandatory
    field, and those of which nobody said how they stand."""

    register: Register
    open: int
    done: int
    overdue: int
    incomplete: int
    unknown: int = 0

    @property
    def all(self) -> int:
        """Items that were not given up."""
        return self.open + self.done + self.unknown


@dataclass(frozen=True, slots=True)
class LateItem:
    """An open item past its due date: `slip` days, `late` working days of them."""

    register: Register
    key: str
    title: str
    unit: UnitRef | None
    person: str | None
    slip: int
    late: int
    illustrative: bool


@dataclass(frozen=True, slots=True)
class LateItems:
    """The longest overdue items of some registers, and how these registers stand."""

    stands: tuple[RegisterStand, ...]
    items: tuple[LateItem, ...]

    @property
    def overdue(self) -> int:
        """Overdue items of all these registers."""
        return sum(one.overdue for one in self.stands)


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page: a parent unit with its headlines and its children.

    `children` are the focus indicator's cells of the units drawn on map and ranking, best first;
    `red` are the worst of the `red_count` cells at risk over all indicators, worst first;
    `progress` counts the sources read to their end for the first time and all of them; `regions`
    fill the filter. `applied` and `ignored` say which parts of the address the query ran with;
    `chosen` are the units among the children that totals and trend are pooled over, `singles`
    their own series where they are few; `part` names the part of the focus indicator shown.
    `reach` is what the total may become when those missing report.
    `late` are the overdue tasks and milestones.
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
    applied: tuple[Applied, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    chosen: tuple[UnitRef, ...] = ()
    singles: tuple[Series, ...] = ()
    part: str | None = None
    notes: tuple[Note, ...] = ()
    late: LateItems | None = None
    reach: CoverageRange | None = None


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
    unit or a predecessor set, each under the one that set it. `registers` tell how every register
    stands under the unit.
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
    own: Cell | None = None
    applied: tuple[Applied, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    chosen: tuple[UnitRef, ...] = ()
    singles: tuple[Series, ...] = ()
    part: str | None = None
    notes: tuple[Note, ...] = ()
    registers: tuple[RegisterStand, ...] = ()
    pace: Pace | None = None
    reach: CoverageRange | None = None


@dataclass(frozen=True, slots=True)
class UnitPace:
    """A unit's figure and its pace to its target."""

    cell: Cell
    pace: Pace


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator: what it means, who reports, and its figures over units and time.

    Coverage and `missing` are those of the chosen units, where some are; the rest as in Overview.
    `pace` is that of the total, `paces` those of the children, who must speed up most first;
    `reach` is what the total may become when those missing report.
    """

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
    applied: tuple[Applied, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    chosen: tuple[UnitRef, ...] = ()
    singles: tuple[Series, ...] = ()
    part: str | None = None
    notes: tuple[Note, ...] = ()
    pace: Pace | None = None
    paces: tuple[UnitPace, ...] = ()
    reach: CoverageRange | None = None
