"""What questions about registers answer: frozen values, complete enough to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from ioc.domain.due import Due
from ioc.domain.indicator import Indicator
from ioc.domain.item_words import (
    amount_words,
    due_words,
    facet_words,
    slip_words,
    value_words,
)
from ioc.domain.register import Checklist, ItemField, ItemState, Phase, Register
from ioc.domain.view import View
from ioc.queries.answers import Cell, Stamp, UnitRef
from ioc.queries.source_answers import RunRow

__all__ = [
    "ActRow",
    "Check",
    "Difference",
    "FacetCount",
    "FacetOption",
    "FieldChange",
    "Filter",
    "ItemDetail",
    "ItemRow",
    "ItemVersion",
    "RegisterCard",
    "RegisterHome",
    "RegisterList",
    "SumOf",
    "Totals",
    "amount_words",
    "due_words",
    "facet_words",
    "slip_words",
    "value_words",
]


@dataclass(frozen=True, slots=True)
class SumOf:
    """A summed field over the items: `value` is unscaled, in the field's unit of measure."""

    field: ItemField
    value: Fraction


@dataclass(frozen=True, slots=True)
class Totals:
    """How a register stands, from its tallies, whatever the list is filtered by but its unit.

    `phases` and `states` count items (every declared state, zero included, in their order). Of
    the open ones `overdue` were due before today, `soon` are due within 14 days from today on.
    `incomplete` lack a mandatory field, `differing` have a total that is not its parts' sum.
    """

    items: int = 0
    phases: Mapping[Phase, int] = field(default_factory=dict)
    states: tuple[tuple[ItemState, int], ...] = ()
    overdue: int = 0
    soon: int = 0
    incomplete: int = 0
    differing: int = 0
    sums: tuple[SumOf, ...] = ()

    @property
    def open(self) -> int:
        """Items still to be done."""
        return self.phases.get(Phase.OPEN, 0)

    @property
    def unknown(self) -> int:
        """Items of which nobody said how they stand."""
        return self.phases.get(Phase.UNKNOWN, 0)


@dataclass(frozen=True, slots=True)
class RegisterCard:
    """One register with its totals; `illustrative` when any of its items is made up."""

    register: Register
    totals: Totals
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class RegisterHome:
    """All registers of a unit (the whole country for the root)."""

    view: View
    stamp: Stamp
    unit: UnitRef
    crumbs: tuple[UnitRef, ...]
    cards: tuple[RegisterCard, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A checklist of an item: how many of its fields are filled, and which are not."""

    checklist: Checklist
    have: int
    missing: tuple[ItemField, ...]

    @property
    def of(self) -> int:
        """How many fields it asks for."""
        return len(self.checklist.fields)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as lists show it.

    `slip` are days from the last day in time to the day it was done, or to today while it is
    open (below zero: time left); None without a due date and for dropped ones. `late` are the
    working days of it, 0 where it is in time. `values` are the body's values by field, typed as
    `register.Kind` says. `names` are words for the keys of units, indicators and items in them.
    `missing` are the empty mandatory fields, `differs` the names of totals that are not the sum
    of their parts. `lat` and `lon` are degrees.
    """

    item_id: int
    register: str
    key: str
    title: str
    unit: UnitRef | None
    state: ItemState
    phase: Phase
    due: Due | None
    done: date | None
    slip: int | None
    late: int
    person: str | None
    parent: str | None
    missing: tuple[ItemField, ...]
    differs: tuple[str, ...]
    checks: tuple[Check, ...]
    values: Mapping[str, object]
    names: Mapping[str, str]
    illustrative: bool
    source: str
    source_name: str
    valid_from: date
    recorded_at: datetime
    citation: str | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def overdue(self) -> bool:
        """Whether it is open and its last day in time has passed."""
        return self.phase is Phase.OPEN and self.slip is not None and self.slip > 0


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value of a facet with how many items have it; `words` is its name on the screen."""

    value: str
    words: str
    items: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A field that the list can be narrowed by, its commonest values first.

    `more` counts the values that are not listed.
    """

    field: ItemField
    options: tuple[FacetOption, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """One part of the address that the list was narrowed by: `part` of the View, its value, and
    what that means in words."""

    part: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class RegisterList:
    """One register: its totals, and a sheet of the items that pass the filters.

    `totals` are those of the unit, without the other filters. `count` items pass all of them;
    `more` says that there are more than that. `sheets` is how many sheets can be asked for.
    `facets` are counted over the unit's items whatever else is chosen.
    """

    view: View
    stamp: Stamp
    register: Register
    registers: tuple[Register, ...]
    unit: UnitRef
    crumbs: tuple[UnitRef, ...]
    filters: tuple[Filter, ...]
    totals: Totals
    facets: tuple[FacetCount, ...]
    rows: tuple[ItemRow, ...]
    count: int
    more: bool = False
    sheet: int = 1
    sheets: int = 1


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a version changed: a field (or "state", "unit", "place"), before and after in words."""

    name: str
    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ActRow:
    """What a person, or a source, did: `kind` is import, state, edit or note."""

    id: int
    kind: str
    at: datetime
    by: str
    why: str
    evidence: str = ""
    from_state: ItemState | None = None
    to_state: ItemState | None = None
    run_id: int = 0


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """What was said of an item since `valid_from`, learned at `recorded_at`.

    `source` is its title ("" for a person's act, which `act` then tells of), `source_name` leads
    to its page, `run` is the run that brought it. `changes` are against the version learned
    before it, None for the first. `standing` is the one that is shown; `gone`: it was taken out.
    """

    valid_from: date
    recorded_at: datetime
    source: str
    source_name: str
    run: RunRow | None
    citation: str | None
    changes: tuple[FieldChange, ...] | None
    act: ActRow | None = None
    standing: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A total and its parts: `difference` is total minus the sum of parts, unscaled."""

    total: ItemField
    parts: tuple[tuple[ItemField, Fraction], ...]
    value: Fraction
    difference: Fraction


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """Everything of one item, as it stands or as it was known at the moment of the address.

    `above` are its parents, highest first; `children` the items that name it as theirs, of
    `children_count` in all, by register. `linked` are the newest figures, of the item's unit, of
    the indicators it names. `mentions` are items of other registers that point to it.
    """

    view: View
    stamp: Stamp
    register: Register
    row: ItemRow
    crumbs: tuple[UnitRef, ...]
    above: tuple[ItemRow, ...] = ()
    children: tuple[ItemRow, ...] = ()
    children_count: int = 0
    mentions: tuple[tuple[Register, tuple[ItemRow, ...], int], ...] = ()
    differences: tuple[Difference, ...] = ()
    versions: tuple[ItemVersion, ...] = ()
    acts: tuple[ActRow, ...] = ()
    run: RunRow | None = None
    linked: tuple[Cell, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    moves: tuple[ItemState, ...] = ()
