"""What the record page answers: a figure, all that was ever said of it, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ioc.domain.coverage_range import CoverageRange
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Cell, Note, Stamp, UnitRef
from ioc.queries.source_answers import RunRow


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a figure that a version changed: `part` is value, numerator, denominator,
    bound or state; both texts of it are made where it is drawn."""

    part: str
    before: Figure
    after: Figure


@dataclass(frozen=True, slots=True)
class Learned:
    """One version of a figure as one source gave it.

    `standing` is the one version that is shown; `why` says what decided: only, rank or newest for
    the one that stands, replaced (by the same source), outranked or older for the others.
    `changes` are against what the same source said before, None for its first word.
    """

    figure: Figure
    recorded_at: datetime
    source: str
    title: str
    rank: int
    run: RunRow | None
    run_id: int
    citation: str | None
    standing: bool
    why: str
    changes: tuple[Change, ...] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sum was from a moment on; `reported` units stood behind it."""

    figure: Figure
    recorded_at: datetime
    reported: int


@dataclass(frozen=True, slots=True)
class Part:
    """One row of an account: a unit, or a month, with what it gives to the sum.

    `counts` is True where it enters; where it does not, `why` says so: silent, bare (a rate
    without its parts), stated (not applicable or suppressed) or earlier (only the last month of
    a period counts). A former unit counts in the one that it went into. `unit` is None for all
    those together that the viewer may not see.
    """

    unit: UnitRef | None
    period: Period
    figure: Figure
    counts: bool
    own: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A total and what it is made of, numerator and denominator apart, unscaled.

    `by` is units, members (of a region) or months. `sum_of` is the sum of the parts that count
    (for counts and amounts its numerator alone); `whole` the total itself. `difference` is whole
    minus sum, None where the whole has no such parts (a bare rate). It is other than zero only
    where the unit gave a figure of its own (`own`), which stands over the sum.
    """

    by: str
    parts: tuple[Part, ...]
    whole: Figure
    sum_of: tuple[Fraction, Fraction | None]
    difference: tuple[Fraction, Fraction | None] | None
    own: bool

    @property
    def balanced(self) -> bool:
        """Whether nothing is left to be explained."""
        return self.difference is not None and not any(self.difference)

    def left_out(self, why: str) -> tuple[Part, ...]:
        """The parts that do not count for this reason."""
        return tuple(one for one in self.parts if one.why == why)


@dataclass(frozen=True, slots=True)
class RawFile:
    """A payload of the run: `intact` says whether its content still has its hash, None where it
    was not read again."""

    seq: int
    label: str
    sha256: str
    media: str
    size: int
    intact: bool | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The raw record itself: where it stands in which payload, and its fields as JSON text."""

    seq: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One figure down to its source.

    `files` are the first of the run's `file_count` payloads; `raw` says what came of looking for
    the record in them: found, unread, no_source, changed, cannot, too_large or not_found;
    or counted, where it is no record but the number of items of the register `register`.
    `may_open` is whether the viewer may fetch whole payloads, which speak of other units too.
    """

    view: View
    stamp: Stamp
    unit: UnitRef
    indicator: Indicator
    period: Period | None
    breakdown: str
    crumbs: tuple[UnitRef, ...]
    cell: Cell
    learned: tuple[Learned, ...] = ()
    shown: tuple[Shown, ...] = ()
    shown_count: int = 0
    account: Account | None = None
    run: RunRow | None = None
    source: str | None = None
    source_title: str = ""
    delivery: str | None = None
    files: tuple[RawFile, ...] = ()
    file_count: int = 0
    may_open: bool = False
    raw: str = "unread"
    register: str | None = None
    excerpt: Excerpt | None = None
    others: tuple[Indicator, ...] = ()
    siblings: tuple[UnitRef, ...] = ()
    notes: tuple[Note, ...] = ()
    reach: CoverageRange | None = None

    @property
    def standing(self) -> Learned | None:
        """The version that is shown, where the unit reported the figure itself."""
        return next((one for one in self.learned if one.standing), None)
