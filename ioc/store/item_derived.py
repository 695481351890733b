"""Bringing lists and counts of items up to date with the versions that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select

from ioc.domain.item_facets import FOUND_ONLY, MADE_UP, found_by, sums
from ioc.domain.register import Register
from ioc.domain.units import Units
from ioc.store.bulk import remove, tell_planner, write
from ioc.store.item_choice import NATION
from ioc.store.item_rows import Now, SourceRank, as_now, pieces, standing
from ioc.store.register_tables import item_index, item_now, item_tally, item_version

INDEX = ("register_id", "facet", "value", "phase", "due_day", "item_id")
_CELL = ("register_id", "unit_id", "facet", "value", "phase")
_FIGURES = ("items", "sum1", "sum2", "sum3", "sum4")
_MANY_CELLS = 200_000
MANY_ITEMS = 5_000
"""Items changed at once, from which on the planner is told."""

Cell = tuple[int | None, str, str, int]
"""A unit (None for none), facet, value and phase."""


class Moved(NamedTuple):
    """An item that stands in another state than before."""

    item_id: int
    from_state: str
    to_state: str


class Map:
    """The units that an item counts under on today's map."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._above: dict[int | None, tuple[int, ...]] = {None: (NATION,)}

    def above(self, unit_id: int | None) -> tuple[int, ...]:
        """The unit, its region and all above it; the root alone for none and an unknown unit."""
        found = self._above.get(unit_id)
        if found is None:
            assert unit_id is not None
            found = self._above[unit_id] = self._find(unit_id)
        return found

    def _find(self, unit_id: int) -> tuple[int, ...]:
        try:
            chain = self._units.chain(unit_id)
        except KeyError:
            return (NATION,)
        region = self._units.region(unit_id)
        around = (unit_id, *chain, *(() if region is None else (region,)), NATION)
        return tuple(dict.fromkeys(around))


class Counts:
    """Changes of tallies, gathered per unit of the items and passed up when they are written."""

    def __init__(self, register: Register, places: Map) -> None:
        self._register = register
        self._places = places
        self._cells: defaultdict[Cell, list[int]] = defaultdict(lambda: [0] * len(_FIGURES))

    @property
    def many(self) -> bool:
        """Whether it is time to write what was gathered."""
        return len(self._cells) > _MANY_CELLS

    def add(
        self, now: Now, body: dict[str, Any], facets: Iterable[tuple[str, str]], by: int
    ) -> None:
        """Count an item in (`by` 1) or out (-1)."""
        figures = (by, *(by * one for one in sums(self._register, body)))
        for facet, value in (*facets, *dated(now)):
            if facet not in FOUND_ONLY:
                _increase(self._cells[now.unit_id, facet, value, now.phase], figures)

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """The rows of changes, passed up to all units above; nothing where nothing changes."""
        whole: defaultdict[tuple[int, str, str, int], list[int]] = defaultdict(
            lambda: [0] * len(_FIGURES)
        )
        for (own, *rest), figures in self._cells.items():
            if any(figures):
                for unit_id in self._places.above(own):
                    # The starred rest is (facet, value, phase), which mypy does not follow.
                    _increase(whole[unit_id, *rest], figures)  # type: ignore[index]
        for key in sorted(whole):
            if any(whole[key]):
                yield (self._register.id, *key, *whole[key])

    def write(self, connection: Connection) -> None:
        """Add the changes to the tallies; a cell without items is no more."""
        for rows in pieces(self.cells(), 50_000):
            write(connection, item_tally, (*_CELL, *_FIGURES), rows, keys=_CELL, adding=_FIGURES)
            place = len(_CELL)
            left = [row[:place] for row in rows if row[place] < 0]
            remove(connection, item_tally, _CELL, left, only="items = 0")
        self._cells.clear()


def _increase(cell: list[int], figures: Sequence[int]) -> None:
    # Written out: this is done some ten million times for a large delivery.
    cell[0] += figures[0]
    if figures[1] or figures[2] or figures[3] or figures[4]:
        cell[1] += figures[1]
        cell[2] += figures[2]
        cell[3] += figures[3]
        cell[4] += figures[4]


def dated(now: Now) -> tuple[tuple[str, str], ...]:
    """The facets that only tallies have: "all", day and month it is due, month it was done, and
    whether it is illustrative."""
    done = "" if now.done_day is None else str(now.done_day // 100)
    due, month = str(now.due_day), str(now.due_day // 100)
    found = ("all", ""), ("due", due), ("due_month", month), ("done", done)
    return (*found, (MADE_UP, "true")) if now.illustrative else found


def facets_of(
    register: Register, now: Now, body: dict[str, Any], only: Collection[str] | None = None
) -> tuple[tuple[str, str], ...]:
    """Every (facet, value) of an item but its units; of the facets `only`, if given."""
    return found_by(
        register, key=now.key, state=now.state, body=body, unit_id=now.unit_id, point=now.point,
        only=only,
    )  # fmt: skip


def index_rows(
    register: Register, now: Now, facets: Iterable[tuple[str, str]], places: Map
) -> list[tuple[Any, ...]]:
    """The rows of `item_index` of one item."""
    units = (("unit", str(unit_id)) for unit_id in places.above(now.unit_id))
    end = (now.phase, now.due_day, now.item_id)
    return [(register.id, facet, value, *end) for facet, value in (*facets, *units)]


def settle(connection: Connection, items: int) -> None:
    """Tell the database's planner when so many items are other than before."""
    if items >= MANY_ITEMS:
        tell_planner(connection, (item_version, item_now, item_index, item_tally))


def derive(
    connection: Connection,
    register: Register,
    places: Map,
    ranks: Mapping[int, SourceRank],
    item_ids: Collection[int],
    counts: Counts,
) -> list[Moved]:
    """Let lists follow what now stands of items (at most PIECE); `counts` gathers the rest.

    Returns the items that were there before and stand in another state.
    """
    before = _now(connection, item_ids)
    after = {
        row.item_id: as_now(row, register, ranks)
        for row in standing(connection, ranks, register_id=register.id, item_ids=item_ids)
    }
    taken: list[tuple[Any, ...]] = []
    put: list[tuple[Any, ...]] = []
    moved: list[Moved] = []
    changed: list[Now] = []
    for item_id in item_ids:
        old, new = before.get(item_id), after.get(item_id)
        if old == new:
            continue
        was = _count(register, old, counts, places, -1)
        now = _count(register, new, counts, places, 1)
        held = set(was)
        taken += held.difference(now)
        put += [row for row in now if row not in held]
        if new is not None:
            changed.append(new)
            if old is not None and old.state != new.state:
                moved.append(Moved(item_id, old.state, new.state))
    remove(connection, item_index, INDEX, taken)
    write(connection, item_index, INDEX, sorted(put))
    left = before.keys() - after.keys()
    if left:
        connection.execute(delete(item_now).where(item_now.c.item_id.in_(left)))
    write(connection, item_now, Now._fields, changed, keys=("item_id",))
    return moved


def _count(
    register: Register, now: Now | None, counts: Counts, places: Map, by: int
) -> list[tuple[Any, ...]]:
    if now is None:
        return []
    body = now.fields
    facets = facets_of(register, now, body)
    counts.add(now, body, facets, by)
    return index_rows(register, now, facets, places)


def _now(connection: Connection, item_ids: Collection[int]) -> dict[int, Now]:
    query = select(item_now).where(item_now.c.item_id.in_(item_ids))
    return {row.item_id: Now(*row) for row in connection.execute(query)}
