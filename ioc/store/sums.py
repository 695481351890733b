"""Keeping the sums: what a run changed is passed up on today's map, in the run's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select

from ioc.store import revisions
from ioc.store.bulk import write
from ioc.store.observations import FEW, Key, Standing
from ioc.store.summary import CHILDREN, FIGURE, KEY, PLACE, latest, summary, summary_version


class Tree(Protocol):
    """What the sums need of the units: who stands above whom on today's map, and at what level."""

    def roll_up(self, unit_id: int) -> int | None:
        """The unit above; None at the root."""
        ...

    def chain(self, unit_id: int) -> tuple[int, ...]:
        """All units above, nearest first."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """How one indicator's figures combine over units.

    `adds` is False for scores and indices: they never make a total. `paired` is True for ratios:
    only parts with numerator and denominator enter the sum. `counted` are the units whose level
    is due to report; coverage is counted in them.
    """

    adds: bool
    paired: bool
    counted: frozenset[int]


_LOOSE = (0, 1, 1_000_000)
"""What a part counts for by its bound: exact, at least, estimate. One estimate makes the sum an
estimate; without any, one "at least" makes it "at least"."""


def _bound(loose: int) -> int:
    return 2 if loose >= _LOOSE[2] else int(loose > 0)


class Cell:
    """One summary cell while a run works on it: its own figure, if any, and its children's sum."""

    __slots__ = (
        "child_den", "child_illustrative", "child_leaves", "child_loose", "child_num",
        "citation_id", "counted", "own", "own_bound", "own_den", "own_illustrative", "own_num",
        "own_state", "own_val", "paired", "parts", "recorded_at", "source_id", "stood",
    )  # fmt: skip

    def __init__(self, rule: Rule, unit_id: int) -> None:
        self.paired = rule.paired
        self.counted = unit_id in rule.counted
        self.own = False
        self.own_num: int | None = None
        self.own_den: int | None = None
        self.own_val: int | None = None
        self.own_bound = 0
        self.own_state = 0
        self.own_illustrative = 0
        self.source_id: int | None = None
        self.citation_id: int | None = None
        self.parts = 0
        self.child_num = 0
        self.child_den = 0
        self.child_leaves = 0
        self.child_illustrative = 0
        self.child_loose = 0
        self.recorded_at = 0
        self.stood: tuple[Any, ...] | None = None
        """What was shown before, as in `FIGURE`; None where nothing was."""

    def take(self, standing: Standing, illustrative: bool) -> None:
        """Set the unit's own figure: what it reported wins over its children's sum."""
        self.own = True
        fact = standing.fact
        self.own_num, self.own_den, self.own_val = fact.num, fact.den, fact.val
        self.own_bound, self.own_state = fact.bound, fact.state
        self.own_illustrative = int(illustrative)
        self.source_id, self.citation_id = standing.source_id, fact.citation_id

    @property
    def leaves(self) -> int:
        """Units due to report that stand behind this figure."""
        if self.counted and (self.own or self.parts) and not self.child_leaves:
            return 1 if self.own_state == 0 else 0
        return 1 if self.counted and self.own else self.child_leaves

    def contribution(self) -> tuple[int, ...]:
        """What this cell adds to its parent: num, den, leaves, illustrative, loose, parts."""
        if self.own:
            lacks = self.own_num is None or (self.paired and self.own_den is None)
            if lacks or self.own_state:
                return (0, 0, 0, 0, 0, 0)
            loose = _LOOSE[self.own_bound]
            return (
                self.own_num or 0,
                self.own_den or 0,
                self.leaves,
                self.own_illustrative,
                loose,
                1,
            )
        if not self.parts:
            return (0, 0, 0, 0, 0, 0)
        return (
            self.child_num,
            self.child_den,
            self.leaves,
            int(self.child_illustrative > 0),
            _LOOSE[_bound(self.child_loose)],
            1,
        )

    def add(self, before: Sequence[int], after: Sequence[int]) -> None:
        """Let a child's contribution change from `before` to `after`."""
        self.child_num += after[0] - before[0]
        self.child_den += after[1] - before[1]
        self.child_leaves += after[2] - before[2]
        self.child_illustrative += after[3] - before[3]
        self.child_loose += after[4] - before[4]
        self.parts += after[5] - before[5]

    def figure(self) -> tuple[Any, ...]:
        """The columns that screens read, in the order of `FIGURE`: the own figure, else the
        children's sum."""
        counts = (int(self.own), self.leaves, self.parts, self.recorded_at)
        if self.own:
            return (
                self.own_num, self.own_den, self.own_val, self.own_bound, self.own_state,
                self.source_id, self.citation_id, self.own_illustrative, *counts,
            )  # fmt: skip
        filled = self.parts > 0
        return (
            self.child_num if filled else None,
            self.child_den if filled and self.paired else None,
            None, _bound(self.child_loose), 0, None, None, int(self.child_illustrative > 0),
            *counts,
        )  # fmt: skip

    def children(self) -> tuple[int, ...]:
        """The columns that keep the children's sum beside an own figure, as in `CHILDREN`."""
        return (
            self.child_num, self.child_den, self.child_leaves, self.child_illustrative,
            self.child_loose,
        )  # fmt: skip


def apply(
    connection: Connection,
    winners: Mapping[Key, Standing],
    *,
    tree: Tree,
    rules: Mapping[int, Rule],
    illustrative: frozenset[int],
    recorded_at: int,
    again: bool = False,
) -> int:
    """Bring the sums up to date with the figures that now stand; returns the cells written.

    Works from the deepest units up: a cell whose figure changed passes the difference of its
    contribution to the cell above it on today's map. Call inside `writing`. `again`: sums of this
    very moment were written before, for another piece of a long delivery, and are replaced.
    """
    pending: defaultdict[int, dict[Key, Standing | None]] = defaultdict(dict)
    for key, standing in winners.items():
        pending[len(tree.chain(key.unit_id))][key] = standing
    passed: defaultdict[Key, list[tuple[Sequence[int], Sequence[int]]]] = defaultdict(list)
    written = 0
    for depth in range(max(pending, default=-1), -1, -1):
        level = pending.pop(depth, {})
        if not level:
            continue
        cells = _load(connection, level, tree, rules)
        for key, told in level.items():
            cell = cells[key]
            before = cell.contribution()
            if told is not None:
                cell.take(told, told.source_id in illustrative)
            for old, new in passed.pop(key, ()):
                cell.add(old, new)
            cell.recorded_at = recorded_at
            above = tree.roll_up(key.unit_id)
            after = cell.contribution()
            if above is not None and rules[key.indicator_id].adds and before != after:
                parent = key._replace(unit_id=above)
                passed[parent].append((before, after))
                pending[len(tree.chain(above))].setdefault(parent, None)
        _write(connection, cells, tree, again=again)
        written += len(cells)
    return written


def _load(
    connection: Connection,
    keys: Iterable[Key],
    tree: Tree,
    rules: Mapping[int, Rule],
) -> dict[Key, Cell]:
    cells = {key: Cell(rules[key.indicator_id], key.unit_id) for key in keys}
    slices: defaultdict[tuple[int, int, int], set[Key]] = defaultdict(set)
    for key in cells:
        slices[tree.roll_up(key.unit_id) or 0, key.indicator_id, key.grain].add(key)
    for (parent, indicator, grain), wanted in slices.items():
        table = summary.c
        query = select(summary).where(
            table.parent_id == parent, table.indicator_id == indicator, table.grain == grain
        )
        units = {key.unit_id for key in wanted}
        periods = {key.period for key in wanted}
        if len(units) <= FEW:
            query = query.where(table.unit_id.in_(units))
        query = query.where(table.period.between(min(periods), max(periods)))
        for row in connection.execute(query):
            key = Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
            if key in cells:
                _fill(cells[key], row)
    return cells


def _fill(cell: Cell, row: Any) -> None:
    cell.own = bool(row.own)
    if cell.own:
        cell.own_num, cell.own_den, cell.own_val = row.num, row.den, row.val
        cell.own_bound, cell.own_state = row.bound, row.state
        cell.own_illustrative = row.illustrative
        cell.source_id, cell.citation_id = row.source_id, row.citation_id
    cell.parts = row.parts
    cell.child_num, cell.child_den = row.child_num, row.child_den
    cell.child_leaves = row.child_leaves
    cell.child_illustrative, cell.child_loose = row.child_illustrative, row.child_loose
    cell.recorded_at = row.recorded_at
    cell.stood = tuple(row[len(KEY) : len(KEY) + len(FIGURE)])


def _write(connection: Connection, cells: Mapping[Key, Cell], tree: Tree, *, again: bool) -> None:
    rows = []
    versions = []
    changes = []
    for key, cell in cells.items():
        indicator, grain, period, unit, breakdown = key
        place = (tree.roll_up(unit) or 0, indicator, grain, unit, period, breakdown)
        figure = cell.figure()
        if cell.stood is not None:
            changes.append((key, cell.stood, figure))
        shown = (*place, *figure)
        versions.append(shown)
        rows.append((*shown, *cell.children()))
    write(connection, summary, (*KEY, *FIGURE, *CHILDREN), rows, keys=KEY)
    same = (*KEY, "recorded_at") if again else ()
    write(connection, summary_version, (*KEY, *FIGURE), versions, keys=same)
    revisions.keep(connection, changes, again=again)
    _write_latest(connection, [row for row in versions if row[5] == ""])


_Places = dict[tuple[int, ...], dict[int, tuple[Any, ...]]]


def _write_latest(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep, per unit and indicator, the two newest periods; nothing is ever deleted, so the top
    two of the old two and the touched ones are the top two of all."""
    touched: _Places = defaultdict(dict)
    for row in rows:
        touched[row[:4]][row[4]] = row[6:]
    _add_stored_latest(connection, touched)
    nothing = (None,) * len(FIGURE)
    fresh = []
    for place, by_period in touched.items():
        newest = sorted(by_period, reverse=True)[:2]
        earlier = newest[1] if len(newest) > 1 else None
        before = nothing if earlier is None else by_period[earlier]
        fresh.append((*place, newest[0], *by_period[newest[0]], earlier, *before))
    columns = (
        *PLACE, "period", *FIGURE, "prev_period", *(f"prev_{name}" for name in FIGURE),
    )  # fmt: skip
    write(connection, latest, columns, fresh, keys=PLACE)


def _add_stored_latest(connection: Connection, touched: _Places) -> None:
    slices: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for place in touched:
        slices[place[:3]].add(place[3])
    before = [latest.c[f"prev_{name}"] for name in FIGURE]
    columns = [latest.c.unit_id, latest.c.period, *(latest.c[name] for name in FIGURE)]
    for (parent, indicator, grain), units in slices.items():
        query = select(*columns, latest.c.prev_period, *before).where(
            latest.c.parent_id == parent,
            latest.c.indicator_id == indicator,
            latest.c.grain == grain,
        )
        if len(units) <= FEW:
            query = query.where(latest.c.unit_id.in_(units))
        size = len(FIGURE)
        for row in connection.execute(query):
            by_period = touched.get((parent, indicator, grain, row[0]))
            if by_period is None:
                continue
            by_period.setdefault(row[1], tuple(row[2 : 2 + size]))
            if row[2 + size] is not None:
                by_period.setdefault(row[2 + size], tuple(row[3 + size :]))
