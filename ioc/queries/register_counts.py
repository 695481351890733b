"""How many items of a register stand how, per unit: from the tallies, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ioc.domain.item_facets import MADE_UP
from ioc.domain.register import Phase, Register
from ioc.domain.unit import Level, Unit
from ioc.queries.answers import UnitRef
from ioc.queries.ask import Ask
from ioc.queries.register_cards import day_number
from ioc.queries.register_list_choice import SOON, unit_ids
from ioc.store import item_tallies

OPEN, DONE, _DROPPED, _UNKNOWN = (phase.number for phase in Phase)
_KEPT = (OPEN, DONE, _UNKNOWN)
_FIRST = "00000000"


@dataclass(frozen=True, slots=True)
class Load:
    """Items of one unit and all below it; `overdue` and `soon` are open ones by their due day.

    Of `unknown` ones nobody said how they stand. `incomplete` are items that were not given up and
    lack a mandatory field. `sums` are those of the
    register's summed fields over items that were not given up.
    """

    unit: UnitRef
    open: int = 0
    done: int = 0
    dropped: int = 0
    overdue: int = 0
    soon: int = 0
    incomplete: int = 0
    sums: tuple[int, ...] = ()
    open_sums: tuple[int, ...] = ()
    unknown: int = 0

    @property
    def all(self) -> int:
        """Items that were not given up."""
        return self.open + self.done + self.unknown


@dataclass(frozen=True, slots=True)
class Part:
    """The items with one value of a facet; `sums` as in Load."""

    value: str
    open: int
    done: int
    dropped: int = 0
    sums: tuple[int, ...] = ()
    open_sums: tuple[int, ...] = ()
    unknown: int = 0

    @property
    def all(self) -> int:
        """Items that were not given up."""
        return self.open + self.done + self.unknown


@dataclass(slots=True)
class _Sum:
    items: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    sums: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))

    def add(self, tally: item_tallies.Tally | item_tallies.Total) -> None:
        self.items[tally.phase] += tally.items
        for at, amount in enumerate(tally.sums):
            self.sums[tally.phase][at] += amount or 0


def members(ask: Ask, unit: Unit) -> tuple[Unit, ...]:
    """The units right below that the viewer may see; provinces and ministries for the nation."""
    day = ask.map_day
    if unit.level is Level.REGION:
        found: Sequence[Unit] = ask.units.in_region(unit.id, day)
    else:
        found = ask.units.children(unit.id, day)
        if unit.level is Level.NATION:
            found = [below for one in found for below in ask.units.children(one.id, day)]
    return tuple(one for one in found if one.alive(day) and ask.sees(one))


def loads(ask: Ask, register: Register, units: Sequence[Unit]) -> tuple[Load, ...]:
    """The counts of each unit, in the order given."""
    made_of = {one.id: unit_ids(ask, one) for one in units}
    ids = [one for ids in made_of.values() for one in ids]
    if not ids:
        return ()
    whole = _totals(ask, register, ids, "all", "", "")
    complete = _totals(ask, register, ids, "missing", "", "")
    overdue: dict[int, _Sum] = {}
    soon: dict[int, _Sum] = {}
    if register.due is not None:
        today = ask.today
        yesterday = str(day_number(today - timedelta(days=1)))
        overdue = _totals(ask, register, ids, "due", _FIRST, yesterday)
        last = str(day_number(today + SOON))
        soon = _totals(ask, register, ids, "due", str(day_number(today)), last)
    found = (whole, complete, overdue, soon)
    width = len(register.sums)
    return tuple(
        _load(ask.ref(one), [_merged(kind, made_of[one.id]) for kind in found], width)
        for one in units
    )


def _merged(found: dict[int, _Sum], ids: Sequence[int]) -> _Sum:
    merged = _Sum()
    for one in (found[unit_id] for unit_id in ids if unit_id in found):
        for phase, items in one.items.items():
            merged.items[phase] += items
            for at, amount in enumerate(one.sums[phase]):
                merged.sums[phase][at] += amount
    return merged


def _load(unit: UnitRef, found: Sequence[_Sum], width: int) -> Load:
    whole, complete, overdue, soon = found
    kept = sum(whole.items.get(phase, 0) for phase in _KEPT)
    full = sum(complete.items.get(phase, 0) for phase in _KEPT)
    return Load(
        unit=unit,
        open=whole.items.get(OPEN, 0),
        done=whole.items.get(DONE, 0),
        dropped=sum(whole.items.values()) - kept,
        overdue=overdue.items.get(OPEN, 0),
        soon=soon.items.get(OPEN, 0),
        incomplete=kept - full,
        sums=_added(whole, _KEPT, width),
        open_sums=_added(whole, (OPEN,), width),
        unknown=whole.items.get(_UNKNOWN, 0),
    )


def parts(ask: Ask, register: Register, unit: Unit, facet: str) -> tuple[Part, ...]:
    """The unit's items by the values of a facet, most first."""
    found: dict[str, _Sum] = defaultdict(_Sum)
    for tally in _tallies(ask, register, unit_ids(ask, unit), (facet,)):
        found[tally.value].add(tally)
    width = len(register.sums)
    listed = [
        Part(
            value,
            one.items.get(OPEN, 0),
            one.items.get(DONE, 0),
            one.items.get(_DROPPED, 0),
            _added(one, _KEPT, width),
            _added(one, (OPEN,), width),
            one.items.get(_UNKNOWN, 0),
        )
        for value, one in found.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-one.all, one.value)))


def made_up(ask: Ask, register: Register, unit: Unit) -> bool:
    """Whether any of the unit's items is illustrative."""
    return any(one.items for one in _tallies(ask, register, unit_ids(ask, unit), (MADE_UP,)))


def by_due(
    ask: Ask, register: Register, unit: Unit, first: date, last: date
) -> dict[date, tuple[int, int]]:
    """Per due day in a range: how many of the unit's items are open and how many done."""
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    low, high = str(day_number(first)), str(day_number(last))
    for tally in _tallies(ask, register, unit_ids(ask, unit), ("due",), low, high):
        if tally.phase in (OPEN, DONE):
            text = tally.value
            day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
            found[day][tally.phase] += tally.items
    return {day: (counts[0], counts[1]) for day, counts in found.items()}


def _tallies(
    ask: Ask,
    register: Register,
    ids: Sequence[int],
    facets: tuple[str, ...],
    low: str | None = None,
    high: str | None = None,
) -> Iterable[item_tallies.Tally]:
    return item_tallies.tallies(
        ask.connection,
        register.id,
        list(ids),
        facets,
        values_from=low,
        values_to=high,
        known_at=ask.known_at,
    )


def _totals(
    ask: Ask, register: Register, ids: Sequence[int], facet: str, low: str, high: str
) -> dict[int, _Sum]:
    found: dict[int, _Sum] = defaultdict(_Sum)
    for total in item_tallies.totals(
        ask.connection,
        register.id,
        list(ids),
        facet,
        values_from=low,
        values_to=high,
        known_at=ask.known_at,
    ):
        found[total.unit_id].add(total)
    return dict(found)


def _added(one: _Sum, phases: Sequence[int], width: int) -> tuple[int, ...]:
    return tuple(sum(one.sums[phase][at] for phase in phases if phase in one.sums)
                 for at in range(width))  # fmt: skip
